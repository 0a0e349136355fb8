"""Variations of pen strokes that keep their meaning: how else the same hand might have moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class StrokeVariation:
    """How far strokes are varied; 0 switches a variation off.

    Lengths are shares of the drawing's larger side.

    Attributes:
        stroke_slant: standard deviation of the horizontal slant, as a tangent.
        stroke_turn: standard deviation of the turn, degrees.
        stroke_aspect: standard deviation of the logarithm of width over height.
        stroke_curvature: standard deviation of the bend of the whole drawing.
        stroke_scale: standard deviation of the logarithm of each stroke's own size.
        stroke_shift: standard deviation of each stroke's own shift.
        stroke_overshoot: largest length by which a stroke's end is drawn out or cut short.
        stroke_jitter: standard deviation of a smooth tremor.
        stroke_lifts: chance that the pen is not lifted between two strokes, 0-1, and the
            same chance that it is lifted once within a stroke.
    """

    stroke_slant: float = 0.15
    stroke_turn: float = 5.0
    stroke_aspect: float = 0.15
    stroke_curvature: float = 0.05
    stroke_scale: float = 0.05
    stroke_shift: float = 0.02
    stroke_overshoot: float = 0.06
    stroke_jitter: float = 0.01
    stroke_lifts: float = 0.04


def vary_strokes(
    strokes: Sequence[NDArray[np.floating]], settings: StrokeVariation, rng: np.random.Generator
) -> list[Points]:
    """The same drawing by a slightly different hand.

    Args:
        strokes: each (n, 2), any unit, x right, y down.
        settings: how far.
        rng: the randomness.

    Returns:
        Strokes (n, 2) float64; the larger side is about 1, the centre of the box is at 0.
    """
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max()) or 1.0
    drawn = [(np.asarray(stroke, np.float64) - (low + high) / 2) / side for stroke in strokes]
    drawn = _lifted(drawn, settings, rng)
    drawn = [_one_stroke(stroke, settings, rng) for stroke in drawn]
    return _bent(drawn, settings, rng)


def _lifted(
    strokes: list[Points], settings: StrokeVariation, rng: np.random.Generator
) -> list[Points]:
    """Now and then two strokes become one, or one becomes two."""
    if not settings.stroke_lifts:
        return strokes
    drawn = [strokes[0]]
    for stroke in strokes[1:]:
        if rng.uniform() < settings.stroke_lifts:
            drawn[-1] = np.concatenate([drawn[-1], stroke])
        else:
            drawn.append(stroke)
    longest = max(range(len(drawn)), key=lambda i: len(drawn[i]))
    stroke = drawn[longest]
    if len(stroke) >= 8 and rng.uniform() < settings.stroke_lifts:
        at = int(rng.integers(2, len(stroke) - 2))
        drawn[longest : longest + 1] = [stroke[:at], stroke[at:]]
    return drawn


def _one_stroke(stroke: Points, settings: StrokeVariation, rng: np.random.Generator) -> Points:
    """A stroke's own size, place, tremor and ends."""
    if len(stroke) < 2:
        return stroke
    centre = stroke.mean(axis=0)
    size = np.exp(rng.normal(0, settings.stroke_scale, 2))
    moved = (stroke - centre) * size + centre + rng.normal(0, settings.stroke_shift, 2)
    moved = moved + _tremor(len(moved), settings.stroke_jitter, rng)
    for end in (0, -1):
        length = rng.uniform(-settings.stroke_overshoot, settings.stroke_overshoot)
        moved = _end_moved(moved, end, length)
    return np.asarray(moved, np.float64)


def _tremor(count: int, amount: float, rng: np.random.Generator) -> Points:
    """Smooth noise (count, 2): a few random moves along the stroke, joined by lines."""
    knots = max(3, count // 6)
    moves = rng.normal(0, amount, (knots, 2))
    where, at = np.linspace(0, 1, count), np.linspace(0, 1, knots)
    return np.stack([np.interp(where, at, moves[:, axis]) for axis in (0, 1)], axis=1)


def _end_moved(stroke: Points, end: int, length: float) -> Points:
    """The stroke drawn out past its start (0) or end (-1), or cut short if `length` < 0."""
    path = stroke if end == -1 else stroke[::-1]
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    total = float(steps.sum())
    if total < 0.3:  # a dot or a short bar would change its nature
        return stroke
    if length < 0:
        kept = np.concatenate([[0.0], np.cumsum(steps)]) <= total + length
        path = path[kept] if kept.sum() >= 2 else path
    else:
        back = max(2, len(path) // 8)
        direction = path[-1] - path[-back]
        norm = float(np.linalg.norm(direction))
        if norm > 0:
            path = np.vstack([path, path[-1] + direction / norm * length])
    return path if end == -1 else path[::-1]


def _bent(
    strokes: list[Points], settings: StrokeVariation, rng: np.random.Generator
) -> list[Points]:
    """Slant, turn, aspect and bend of the whole drawing."""
    slant, angle = rng.normal(0, settings.stroke_slant), rng.normal(0, settings.stroke_turn)
    aspect = np.exp(rng.normal(0, settings.stroke_aspect) / 2)
    bend = rng.normal(0, settings.stroke_curvature, 2)
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    matrix = (
        np.array([[cos, -sin], [sin, cos]])
        @ np.array([[1.0, slant], [0.0, 1.0]])
        @ np.diag([aspect, 1 / aspect])
    )
    bent = []
    for stroke in strokes:
        x, y = (stroke @ matrix.T).T
        bent.append(np.stack([x + bend[0] * 4 * y * y, y + bend[1] * 4 * x * x], axis=1))
    return bent
