"""Curves through a few points.

A template gives each stroke by a few points on a 100×140 sheet, x right, y down, written
"x,y x,y …". A Catmull-Rom curve (E. Catmull, R. Rom, "A class of local interpolating
splines", 1974) passes through every one of them; a point given twice in a row makes a corner.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]
Template = Sequence[str]

SHEET = (100.0, 140.0)  # width and height that the templates are drawn on
_STEPS = 8  # points between two given ones


def smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A curve (m, 2) through the points (n, 2), with corners where a point stands twice."""
    corners = np.flatnonzero((np.diff(points, axis=0) == 0).all(axis=1)) + 1
    return np.concatenate([_curve(part) for part in np.split(points, corners)])


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(points) < 2:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - 3 * c + d - a) * t**3
        )
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack([*pieces, points[-1:]])


@cache
def _parsed(template: tuple[str, ...]) -> tuple[NDArray[np.float64], ...]:
    strokes = ([pair.split(",") for pair in stroke.split()] for stroke in template)
    return tuple(np.array(stroke, np.float64) for stroke in strokes)


def given_points(template: Template) -> tuple[NDArray[np.float64], ...]:
    """Each stroke's points (n, 2) on the sheet; not to be changed in place."""
    return _parsed(tuple(template))


def wobbled(
    strokes: Sequence[NDArray[np.float64]], amount: float, rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Each given point moved at random, and curves through them.

    Args:
        strokes: given points (n, 2) on the sheet.
        amount: standard deviation of the move, sheet units.
        rng: the randomness.
    """
    curves = []
    for points in strokes:
        moves = rng.normal(0, amount, points.shape)
        # Both copies of a corner move together, else it would come undone.
        twice = np.flatnonzero((np.diff(points, axis=0) == 0).all(axis=1))
        moves[twice + 1] = moves[twice]
        curves.append(smooth(points + moves))
    return curves
