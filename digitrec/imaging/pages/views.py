"""Ink from several sides: a digit is still one when it is turned or slanted, chance likeness not.

Characters of many scripts can be cut into parts that look like digits, the way they stand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.pages.cutting import LikenessOfInks
from digitrec.imaging.pages.marks import Ink

_TURNED = 15.0  # degrees, to either side
_SLANTED = 0.2  # aside, of the height
_LEAST = 1e-3


def likeness_from_all_sides(inks: Sequence[Ink], judge: LikenessOfInks) -> float:
    """How much all of them look like digits, as they are, turned and slanted: 0-1, geometric mean.

    Args:
        inks: one at least.
        judge: ink of candidates → how much each looks like one digit, (N,) in 0-1.
    """
    scores = judge([view for ink in inks for view in views(ink)])
    return float(np.exp(np.log(np.maximum(scores, _LEAST)).mean()))


def views(ink: Ink) -> list[Ink]:
    """The ink (H, W) as it is, turned to either side and slanted to either side: five inks."""
    lean = math.tan(math.radians(_TURNED))
    turns = [np.array([[1, -a], [a, 1]]) for a in (lean, -lean)]
    slants = [np.array([[1, a], [0, 1]]) for a in (_SLANTED, -_SLANTED)]
    return [ink, *(_moved(ink, matrix) for matrix in turns + slants)]


def _moved(ink: Ink, matrix: NDArray[np.float64]) -> Ink:
    """Ink (H, W) after a linear map of its pixels, on as much room as it then needs."""
    height, width = ink.shape
    corners = matrix @ np.array([[0, width, 0, width], [0, 0, height, height]], np.float64)
    low = corners.min(axis=1)
    room = np.ceil(np.ptp(corners, axis=1)).astype(int) + 1
    whole = np.column_stack([matrix, -low])
    moved = cv2.warpAffine(ink, whole, (int(room[0]), int(room[1])))
    return np.asarray(moved, np.uint8)
