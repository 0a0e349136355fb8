"""A digit as a picture of the page: every pixel a square."""

from __future__ import annotations

import base64
from html import escape

import numpy as np
from numpy.typing import NDArray

from digitrec.web.views import png


def data_url(image: NDArray[np.uint8]) -> str:
    """A grey picture (H, W) uint8 as an address that holds all of it."""
    return "data:image/png;base64," + base64.b64encode(png(image)).decode("ascii")


def picture_html(image: NDArray[np.uint8], alt: str, kind: str = "") -> str:
    """The same as an element; `kind` is its class."""
    return f'<img class="data-digit {kind}" src="{data_url(image)}" alt="{escape(alt)}">'
