"""What others do with a drawing: the pixels of the canvas made small. Nothing here reads digits.

Many a demonstration of MNIST squeezes its whole canvas into 28×28 pixels, or crops the drawing and
centres it by its box, with the pen as wide as it was drawn. `digitrec.imaging.strokes` and
`mnist_format` do neither; this is kept to show beside them, and to measure, what that costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import INNER_SIDE, SIDE, crop_to_ink
from digitrec.imaging.strokes import Stroke

_SHIFT = 4  # OpenCV draws with 4 bits of fraction
_VISIBLE = 0.25  # of the strongest pixel: what is weaker is the soft edge of a line
_MIDDLE = 14.0  # index of the pixel where MNIST's digits have their centre of mass


class Standing(NamedTuple):
    """How ink stands in 28×28 pixels.

    Attributes:
        width: of what is to be seen, px.
        height: of the same, px.
        right: how far its centre of mass is right of where MNIST's digits have theirs, px.
        down: how far it is below that, px.
    """

    width: int
    height: int
    right: float
    down: float


def squeeze(strokes: Sequence[Stroke], size: tuple[int, int], pen_width: int) -> NDArray[np.uint8]:
    """The whole canvas in 28×28 pixels, its sides scaled each by itself.

    Args:
        strokes: each (n, 2) float32, canvas px.
        size: width and height of the canvas, px.
        pen_width: as the canvas draws it, px.

    Returns:
        (28, 28) uint8, white on black.
    """
    canvas = _painted(strokes, size, pen_width)
    return _resized(canvas, (SIDE, SIDE))


def centre_by_box(strokes: Sequence[Stroke], pen_width: int) -> NDArray[np.uint8]:
    """The drawing cropped and scaled to 20 pixels, the middle of its box in the middle of 28×28.

    Args:
        strokes: each (n, 2) float32, canvas px; one point or more.
        pen_width: as the canvas draws it, px.

    Returns:
        (28, 28) uint8, white on black.
    """
    points = np.concatenate(strokes)
    low = points.min(axis=0) - pen_width
    width, height = np.ceil(points.max(axis=0) + pen_width - low).astype(int) + 1
    crop = crop_to_ink(_painted([s - low for s in strokes], (int(width), int(height)), pen_width))
    scale = INNER_SIDE / max(crop.shape)
    inner = _resized(crop, tuple(max(1, round(side * scale)) for side in crop.shape[::-1]))
    top, left = ((SIDE - side) // 2 for side in inner.shape)
    digit = np.zeros((SIDE, SIDE), np.uint8)
    digit[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return digit


def standing(digit: NDArray[np.uint8]) -> Standing:
    """How large the ink of a (28, 28) uint8 picture is and where it stands; all 0 without ink."""
    if not digit.any():
        return Standing(0, 0, 0.0, 0.0)
    _, _, width, height = cv2.boundingRect((digit >= _VISIBLE * digit.max()).astype(np.uint8))
    weights = digit / digit.sum(dtype=float)
    steps = np.arange(SIDE)
    right, down = (float(weights.sum(axis=axis) @ steps) - _MIDDLE for axis in (0, 1))
    return Standing(width, height, right, down)


def _painted(strokes: Sequence[Stroke], size: tuple[int, int], pen_width: int) -> NDArray[np.uint8]:
    """The canvas (H, W), white on black; what leaves it is cut off."""
    canvas = np.zeros(size[::-1], np.uint8)
    for stroke in strokes:
        path = np.rint(stroke * (1 << _SHIFT)).astype(np.int32)
        path = np.repeat(path, 2, axis=0) if len(path) == 1 else path
        cv2.polylines(canvas, [path], False, 255, pen_width, cv2.LINE_AA, _SHIFT)
    return canvas


def _resized(image: NDArray[np.uint8], size: Sequence[int]) -> NDArray[np.uint8]:
    # INTER_AREA averages when it shrinks; enlarging with it would make blocks.
    shrinks = max(image.shape) >= max(size)
    how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, tuple(size), interpolation=how), np.uint8)
