"""The project's own drawings of the ten digits: the plainest, and any that a hand might make."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitrec.shapes.curves import SHEET, Stroke, given_points, smooth, wobbled
from digitrec.shapes.variants import VARIANTS

_WOBBLE = 2.2  # sheet units: about the scatter of one hand's own repetitions


def digit_strokes(
    label: int, *, height: float = 200.0, left: float = 0.0, top: float = 0.0
) -> list[Stroke]:
    """The plainest drawing of one digit.

    Args:
        label: 0-9.
        height: of the whole sheet, px; the digit itself is about 120/140 of it.
        left: of the sheet, px.
        top: of the sheet, px.

    Returns:
        Strokes (n, 2) float32 in the order of writing.

    Raises:
        KeyError: no such digit.
    """
    scale = height / SHEET[1]
    offset = np.array([left, top])
    plainest = next(iter(VARIANTS[label].values()))
    return [
        (smooth(points) * scale + offset).astype(np.float32)
        for points in given_points(plainest.template)
    ]


def random_digit(
    label: int, rng: np.random.Generator, *, variant: str | None = None
) -> list[NDArray[np.float64]]:
    """A digit in one of the ways that people write it, before any variation of its strokes.

    Args:
        label: 0-9.
        rng: chooses the variant, the place between its extremes and the wobble.
        variant: a name in `VARIANTS[label]`, to have just that one.

    Returns:
        Strokes (n, 2) float64 on the 100×140 sheet.
    """
    names = list(VARIANTS[label])
    if variant is None:
        weights = np.array([VARIANTS[label][name].weight for name in names])
        variant = names[rng.choice(len(names), p=weights / weights.sum())]
    chosen = VARIANTS[label][variant]
    first, second = given_points(chosen.template), given_points(chosen.other or chosen.template)
    blend = rng.uniform() if chosen.other else 0.0
    between = [(1 - blend) * a + blend * b for a, b in zip(first, second, strict=True)]
    return wobbled(between, _WOBBLE, rng)
