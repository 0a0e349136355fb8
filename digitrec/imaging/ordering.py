"""Boxes to reading order: lines from top to bottom, groups at wide gaps, left to right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.imaging.border import median

_SAME_LINE = 0.4  # of the lower of two boxes' heights that both share
_FLAT = 0.3  # of the middling height: lower boxes, dashes and dots, count as that high
# A gap parts groups if it is as wide as this share of the line's height
_WIDE, _WIDE_ALONE = 0.7, 1.2  # (where no other gap of the line can be compared with it)
_WIDER = 2.0  # and so many times as wide as the line's other gaps


def reading_order(boxes: ArrayLike) -> list[list[list[int]]]:
    """In which order boxes are read.

    Args:
        boxes: (N, 4) left, top, right, bottom, y down, any unit.

    Returns:
        Lines from top to bottom; a line holds groups, a group holds indices of boxes, from
        left to right. Every box is in exactly one.
    """
    corners = np.asarray(boxes, np.float64).reshape(-1, 4)
    lines = _lines(corners)
    middles = [np.mean([corners[i, 1] + corners[i, 3] for i in line]) for line in lines]
    order = np.argsort(middles, kind="stable")
    ordered = [lines[i] for i in order]
    return [[[line[i] for i in group] for group in wide_apart(corners[line])] for line in ordered]


def _lines(boxes: NDArray[np.float64]) -> list[list[int]]:
    """Each line's boxes from left to right.

    Lines may rise or fall: a box joins the line whose last box it stands beside.
    """
    heights = boxes[:, 3] - boxes[:, 1]
    least = _FLAT * float(np.median(heights)) if len(heights) else 0.0
    centres = (boxes[:, 1] + boxes[:, 3]) / 2
    sizes = np.maximum(heights, max(least, 1e-6))
    lines: list[list[int]] = []
    last: list[int] = []  # the box of each line that the next one is compared with
    for index in _left_to_right(boxes, range(len(boxes))):
        shares = [_shared(centres, sizes, index, other) for other in last]
        if not shares or max(shares) < _SAME_LINE:
            lines.append([index])
            last.append(index)
            continue
        line = int(np.argmax(shares))
        lines[line].append(index)
        if sizes[index] >= 0.5 * sizes[last[line]]:
            last[line] = index
    return lines


def _shared(
    centres: NDArray[np.float64], sizes: NDArray[np.float64], first: int, second: int
) -> float:
    """How much of the lower box's height the other one shares, less than 0 for none."""
    together = (sizes[first] + sizes[second]) / 2 - abs(centres[first] - centres[second])
    return float(together / min(sizes[first], sizes[second]))


def _left_to_right(boxes: NDArray[np.float64], indices: Sequence[int]) -> list[int]:
    return sorted(indices, key=lambda i: (boxes[i, 0] + boxes[i, 2], *boxes[i]))


def wide_apart(boxes: ArrayLike) -> list[list[int]]:
    """One line split into groups at gaps that are wide, and wider than its others.

    Args:
        boxes: (N, 4) left, top, right, bottom, from left to right.

    Returns:
        Indices of boxes by group.
    """
    corners = np.asarray(boxes, np.float64).reshape(-1, 4)
    if not len(corners):
        return []
    height = median(corners[:, 3] - corners[:, 1])
    gaps = corners[1:, 0] - np.maximum.accumulate(corners[:, 2])[:-1]
    groups = [[0]]
    for index, gap in enumerate(gaps, 1):
        others = np.delete(gaps, index - 1)
        usual = median(others) if len(others) else (_WIDE_ALONE / _WIDER) * height
        if gap > max(_WIDE * height, _WIDER * usual):
            groups.append([])
        groups[-1].append(index)
    return groups
