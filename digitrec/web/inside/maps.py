"""Every layer's maps, to look at from close by: a component of the project's own."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.explaining.layers import Inside, Layer
from digitrec.web.component import component
from digitrec.web.inside.layer_words import caption, told, unit, words

_HERE = Path(__file__).parent
_HTML = """
<div class="maps">
  <div class="chain" role="group" aria-label="Layers"></div>
  <p class="words"></p>
  <div class="stage">
    <div class="probe">
      <div class="frame">
        <canvas class="drawing" role="img"
          aria-label="The 28×28 digit, with the part that the marked point looks at"></canvas>
      </div>
      <p class="said"></p>
      <div class="product" hidden>
        <canvas role="img" aria-label="What it looks at"></canvas><span>×</span>
        <canvas role="img" aria-label="Its filter"></canvas><span></span><b></b>
      </div>
    </div>
    <div class="beside">
      <div class="sheet" role="application" tabindex="0"><canvas></canvas></div>
      <div class="key" aria-hidden="true">
        <span class="answers"><i></i> none to strongest answer</span>
        <span class="filters"><i></i> filter: ink counts against to for</span>
      </div>
    </div>
  </div>
</div>
"""


def show(inside: Inside, answer: str) -> None:
    """A row of all layers, the maps of the chosen one, and what a point of them looks at.

    Args:
        inside: what the network made of the digit.
        answer: what the digit was read as, one character.
    """
    shown = component(
        "maps", _HTML, _HERE / "maps.css", _HERE / "maps_drawing.js", _HERE / "maps.js"
    )
    shown(
        key="inside_maps",
        data={
            "digit": _encoded(inside.digit),
            "answer": answer,
            "layers": [_layer(inside.layers, place) for place in range(len(inside.layers))],
        },
    )


def _layer(layers: tuple[Layer, ...], place: int) -> dict[str, Any]:
    layer = layers[place]
    values, signed = _shares(layer.maps)
    return {
        "words": words(layers, place),
        "caption": caption(layer),
        "told": told(layer),
        "unit": unit(layer),
        "shape": list(layer.maps.shape),
        "values": _encoded(values),
        "signed": signed,
        "view": layer.view,
        "filters": _filters(layer),
    }


def _shares(maps: NDArray[np.float32]) -> tuple[NDArray[np.uint8], bool]:
    """Values as shares of the largest in a byte each: 0-255, or around 128 if any is below 0."""
    peak = max(float(np.abs(maps).max(initial=0)), 1e-9)
    if maps.min(initial=0) < 0:
        return np.rint(128 + 127 * maps / peak).astype(np.uint8), True
    return np.rint(255 * maps / peak).astype(np.uint8), False


def _filters(layer: Layer) -> dict[str, Any] | None:
    if layer.filters is None or layer.bias is None:
        return None
    peak = max(float(np.abs(layer.filters).max()), 1e-9)
    return {
        "shape": list(layer.filters.shape),
        "values": _encoded(np.rint(127 * layer.filters / peak).astype(np.int8)),
        "peak": peak,
        "bias": layer.bias.tolist(),
    }


def _encoded(values: NDArray[np.uint8] | NDArray[np.int8]) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
