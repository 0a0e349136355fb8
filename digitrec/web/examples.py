"""Examples below the canvas, for whoever cannot draw just now: a component of the project's own.

An example is taken, not chosen. Streamlit's own choices keep a value, which a browser that comes
back to a restarted server loses at times, or gives back: either would pass for a click.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.shapes import SHEET, digit_strokes
from digitrec.web.component import component
from digitrec.web.size import HEIGHT, WIDTH

_NUMBER = "2026"
_TEXTS = [*"0123456789", _NUMBER]
_DIGIT_HEIGHT, _NUMBER_HEIGHT = 250.0, 105.0  # px: a phone shows all of the number
_HERE = Path(__file__).parent
_HTML = f"""
<p id="words">Cannot draw just now? Try one of these.</p>
<div role="group" aria-labelledby="words">
  {"".join(f'<button type="button">{text}</button>' for text in _TEXTS)}
</div>
"""


def show(name: str, on_taken: Callable[[], None]) -> None:
    """Show them.

    Args:
        name: the widget's key.
        on_taken: called when the visitor takes one; `taken` tells which.
    """
    shown = component("examples", _HTML, _HERE / "examples.css", _HERE / "examples.js")
    shown(key=name, width=WIDTH, on_taken_change=on_taken)


def taken(name: str) -> list[NDArray[np.float32]] | None:
    """The strokes of the one that the browser tells, each (n, 2) in the canvas' pixels, if any."""
    text = (st.session_state.get(name) or {}).get("taken")
    if not isinstance(text, str) or text not in _TEXTS:
        return None
    height = _NUMBER_HEIGHT if text == _NUMBER else _DIGIT_HEIGHT
    width = height * SHEET[0] / SHEET[1]
    left, top = (WIDTH - len(text) * width) / 2, (HEIGHT - height) / 2
    return [
        stroke
        for place, label in enumerate(text)
        for stroke in digit_strokes(int(label), height=height, left=left + place * width, top=top)
    ]
