"""Marks to lines of writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitrec.imaging.border import median
from digitrec.imaging.pages.marks import Mark

_SKEWS = np.deg2rad(np.arange(-8, 8.1, 0.5))
_FOR_SKEW = 6  # marks; fewer say nothing
_DOUBT = 0.4  # of a score, a radian of skew costs
_TALL = 0.45  # typical heights: such marks make lines, lower ones join them
_LEVEL = 0.55  # of the smaller height: marks on one line differ less,
_LEAST = 0.8  # the smaller height being no less than this, in typical heights
_LAST = 3  # marks that tell where a line goes on
_LOW_LEVEL = 0.8  # typical heights: low marks stand on a line that is as near


def find_skew(marks: Sequence[Mark], height: float) -> float:
    """By how much lines of writing fall to the right, radians.

    Args:
        marks: of the whole page.
        height: px, typical.
    """
    tall = [m for m in marks if m.height > _TALL * height]
    if len(tall) < _FOR_SKEW:
        return 0.0
    x = np.array([m.x + m.width / 2 for m in tall])
    y = np.array([m.y + m.height / 2 for m in tall])
    scores = []
    for angle in _SKEWS:
        level = y * np.cos(angle) - x * np.sin(angle)
        counts = np.bincount(np.floor((level - level.min()) * 4 / max(1.0, height)).astype(int))
        near = counts + np.append(counts[1:], 0)  # marks seldom fall into one bin
        scores.append(float((near.astype(float) ** 2).sum()) * (1 - _DOUBT * abs(float(angle))))
    return float(_SKEWS[int(np.argmax(scores))])


def find_lines(marks: Sequence[Mark], height: float) -> list[list[Mark]]:
    """Marks by line of writing, lines top to bottom, marks left to right.

    Args:
        marks: of the whole page; low ones that stand on no line are dropped.
        height: px, typical.
    """
    slope = np.tan(find_skew(marks, height))
    levels = {id(m): m.y + m.height / 2 - slope * (m.x + m.width / 2) for m in marks}
    tall = [m for m in marks if m.height > _TALL * height]
    lines: list[list[Mark]] = []
    ends: list[tuple[float, float]] = []  # level and height at the line's right end
    for mark in sorted(tall, key=lambda m: m.x):
        # A line is followed from left to right: what it drifts by, it drifts by slowly.
        level = levels[id(mark)]
        away = [
            abs(there - level) / max(min(size, mark.height), _LEAST * height)
            for there, size in ends
        ]
        nearest = min(range(len(away)), key=away.__getitem__, default=-1)
        if nearest < 0 or away[nearest] > _LEVEL:
            lines.append([])
            ends.append((level, mark.height))
            nearest = len(lines) - 1
        lines[nearest].append(mark)
        last = lines[nearest][-_LAST:]
        ends[nearest] = (
            sum(levels[id(m)] for m in last) / len(last),
            sum(m.height for m in last) / len(last),
        )
    for mark in marks:
        if mark.height <= _TALL * height and lines:
            away = [abs(levels[id(_nearest(line, mark))] - levels[id(mark)]) for line in lines]
            if min(away) < _LOW_LEVEL * height:
                lines[int(np.argmin(away))].append(mark)
    lines.sort(key=lambda line: median(np.array([levels[id(m)] for m in line])))
    return [sorted(line, key=lambda m: 2 * m.x + m.width) for line in lines]


def _nearest(line: Sequence[Mark], mark: Mark) -> Mark:
    return min(line, key=lambda m: abs(2 * m.x + m.width - 2 * mark.x - mark.width))
