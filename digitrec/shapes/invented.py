"""Characters of scripts that do not exist: a few strokes put together at random.

The world has thousands of letters, and no list of templates holds them. Straight lines, arcs,
hooks and rings between the nodes of a grid are what most of them are made of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_COLUMNS, _ROWS = np.array([12.0, 50.0, 88.0]), np.array([10.0, 50.0, 90.0, 130.0])
_WOBBLE = 5.0  # sheet units
_GOES_ON = 0.6  # chance that a stroke begins where the last one ended
_PARTS = (2, 3, 3, 4, 4, 5)


def random_character(rng: np.random.Generator) -> list[Points]:
    """Strokes (n, 2) float64 on the 100×140 sheet."""
    strokes: list[Points] = []
    place = _node(rng)
    for _ in range(_PARTS[rng.integers(len(_PARTS))]):
        if strokes and rng.uniform() > _GOES_ON:
            place = _somewhere_on(strokes, rng) if rng.uniform() < 0.5 else _node(rng)
            strokes.append(place[None])
        elif not strokes:
            strokes.append(place[None])
        part = _part(place, rng)
        strokes[-1] = np.concatenate([strokes[-1], part])
        place = part[-1]
    return strokes


def _node(rng: np.random.Generator) -> Points:
    node = np.array([_COLUMNS[rng.integers(3)], _ROWS[rng.integers(4)]])
    return np.asarray(node + rng.normal(0, _WOBBLE, 2), np.float64)


def _somewhere_on(strokes: list[Points], rng: np.random.Generator) -> Points:
    stroke = strokes[rng.integers(len(strokes))]
    return np.asarray(stroke[rng.integers(len(stroke))], np.float64)


def _part(start: Points, rng: np.random.Generator) -> Points:
    """A line, an arc, a wave or a ring from `start` on: points (n, 2)."""
    end = _node(rng)
    while np.linalg.norm(end - start) < 25:
        end = _node(rng)
    t = np.linspace(0, 1, 16)[:, None]
    along, across = end - start, np.array([-(end - start)[1], (end - start)[0]])
    kind = rng.uniform()
    if kind < 0.45:
        return np.asarray(start + t * along)
    if kind < 0.75:
        bulge = rng.uniform(-0.6, 0.6) * np.sin(np.pi * t)
        return np.asarray(start + t * along + bulge * across)
    if kind < 0.85:
        swing = rng.uniform(-0.3, 0.3) * np.sin(2 * np.pi * t)
        return np.asarray(start + t * along + swing * across)
    radius, turn = rng.uniform(10, 28), 2 * np.pi * (t + rng.uniform())
    ring = radius * np.concatenate([np.cos(turn), np.sin(turn)], axis=1)
    return np.asarray(start + ring - ring[0])
