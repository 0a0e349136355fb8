"""A digit as a picture of the page: every pixel a square."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray

from digitrec.web.views import data_url


def picture_html(image: NDArray[np.uint8], alt: str, kind: str = "") -> str:
    """A grey picture (H, W) uint8 as an element; `kind` is its class."""
    return f'<img class="data-digit {kind}" src="{data_url(image)}" alt="{escape(alt)}">'
