"""Scribbles of five kinds, for teaching a network that they are no digits.

Random splines are left out on purpose: the evaluation draws its scribbles with them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitrec.learning.rendering import random_pen, render_plain


def random_scribble(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A zigzag, a coil, a Lissajous figure, straight chaos, hatching, or several of them."""
    shapes = (_zigzag, _coil, _lissajous, _chaos, _hatching)
    parts = [shapes[rng.integers(len(shapes))](rng) for _ in range(1 + (rng.uniform() < 0.3))]
    strokes = [stroke + rng.normal(0, 0.15, 2) for part in parts for stroke in part]
    return render_plain(_turned_strokes(strokes, rng), random_pen(rng))


def _turned_strokes(
    strokes: list[NDArray[np.float64]], rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    angle = rng.uniform(0, 2 * np.pi)
    cos, sin = np.cos(angle), np.sin(angle)
    return [stroke @ np.array([[cos, sin], [-sin, cos]]) for stroke in strokes]


def _zigzag(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    # From five turns on: a zigzag of two is a Z, and so nearly a 2.
    turns = int(rng.integers(5, 14))
    x = np.linspace(0, rng.uniform(0.4, 1.2), turns) + rng.normal(0, 0.05, turns)
    y = np.where(np.arange(turns) % 2, 1.0, 0.0) * rng.uniform(0.3, 1) + rng.normal(0, 0.1, turns)
    return [np.stack([x, y], axis=1)]


def _coil(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    turns = rng.uniform(2.3, 6)
    t = np.linspace(0, 2 * np.pi * turns, 120)
    radius = 0.5 + rng.uniform(-0.07, 0.07) * t
    drift = rng.uniform(0, 0.35, 2)
    return [np.stack([radius * np.cos(t) + drift[0] * t, radius * np.sin(t)], axis=1)]


def _lissajous(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    a, b = rng.choice([(1, 3), (2, 3), (3, 4), (3, 2), (3, 5), (4, 3), (5, 4)])
    t = np.linspace(0, 2 * np.pi * rng.uniform(0.7, 1), 120)
    phase = rng.uniform(0, np.pi)
    return [np.stack([np.sin(a * t + phase), rng.uniform(0.5, 1) * np.sin(b * t)], axis=1)]


def _chaos(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    return [rng.uniform(0, 1, (int(rng.integers(6, 16)), 2))]


def _hatching(rng: np.random.Generator) -> list[NDArray[np.float64]]:
    lines = int(rng.integers(3, 8))
    place = np.linspace(0, 1, lines)
    ends = rng.normal(0, 0.08, (lines, 2, 2))
    return [np.array([[x, 0.0], [x, 1.0]]) + e for x, e in zip(place, ends, strict=True)]
