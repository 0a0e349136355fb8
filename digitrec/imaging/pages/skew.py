"""Small skew: how far the rules, frames and boxes of a page lean, and the picture turned back."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.pages.marks import Mark

_WORKING_SIDE = 1_000  # px
_CONTAINER = 2.2  # typical heights: smaller patches of ink hold no rule, frame or box
_LONGEST, _SHORTEST, _LEAST = 2.0, 1.2, 40  # typical heights, and px: the longest line, and all
_GAP, _VOTES = 4, 60  # px that may be missing from a line, and that have to be there
_BIN, _AROUND = 0.25, 6  # degrees; bins to each side that agree
_AGREEING = 0.5  # share of the lines' length: less is no page's skew
_MOST = 20.0  # degrees: more is no small skew


def skew(mask: NDArray[np.uint8], marks: Sequence[Mark], height: float) -> float:
    """By how many degrees, clockwise, the straight lines of a page lean; 0 where there are none.

    Args:
        mask: (H, W) uint8, ink is 255.
        marks: its patches.
        height: px, typical, of writing.

    Returns:
        Degrees from -20 to 20. Level and upright lines count alike.
    """
    scale = min(1.0, _WORKING_SIDE / max(mask.shape))
    longest = max((max(mark.width, mark.height) for mark in marks), default=0)
    if scale == 1 and longest < _CONTAINER * height:
        return 0.0
    size = [max(1, round(side * scale)) for side in mask.shape[::-1]]
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    patches = _large(np.where(small > 60, 255, 0).astype(np.uint8), _CONTAINER * height * scale)
    shortest = max(_LEAST, _SHORTEST * height * scale)
    found = cv2.HoughLinesP(patches, 1, np.deg2rad(_BIN), _VOTES, None, shortest, _GAP)
    if found is None:
        return 0.0
    x, y = (found.reshape(-1, 4)[:, 2:] - found.reshape(-1, 4)[:, :2]).T.astype(np.float64)
    angles = (np.rad2deg(np.arctan2(y, x)) + 45) % 90 - 45
    lengths = np.hypot(x, y)
    # Across a thick line a short one may lean: the longer, the truer.
    weights = lengths**2
    places = np.rint((angles + 45) / _BIN).astype(int)
    counts = np.bincount(places, weights, minlength=round(90 / _BIN) + 1)
    smooth = np.convolve(counts, np.hanning(2 * _AROUND + 3)[1:-1], mode="same")
    near = np.abs(places - smooth.argmax()) <= _AROUND
    angle = float(np.average(angles[near], weights=weights[near]))
    told = lengths[near].max() >= _LONGEST * height * scale
    told &= weights[near].sum() >= _AGREEING * weights.sum()
    return angle if told and abs(angle) <= _MOST else 0.0


def _large(mask: NDArray[np.uint8], side: float) -> NDArray[np.uint8]:
    """The patches of ink whose longer side is at least so many px."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    large = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= side
    large[0] = False
    return np.where(large[labels], 255, 0).astype(np.uint8)


def straighten(
    image: NDArray[np.uint8], angle: float
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """A picture turned counter-clockwise, with room for its corners.

    Args:
        image: (H, W) or (H, W, C) uint8.
        angle: degrees, see `skew`.

    Returns:
        The turned picture, and (2, 3) the way from its pixels back to the picture's.
    """
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    room = round(width * cos + height * sin), round(width * sin + height * cos)
    matrix[:, 2] += (room[0] - width) / 2, (room[1] - height) / 2
    turned = cv2.warpAffine(
        image, matrix, room, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, np.uint8), np.asarray(cv2.invertAffineTransform(matrix), np.float64)
