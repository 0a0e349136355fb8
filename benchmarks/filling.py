"""Stores with many corrections of random drawings."""

from __future__ import annotations

import numpy as np

from digitrec.corrections import Correction, CorrectionStore

_AT_ONCE = 5_000
_RNG = np.random.default_rng(0)


def fill(store: CorrectionStore, count: int) -> None:
    """Keep more, until there are so many."""
    while (missing := count - len(store)) > 0:
        store.save_all(new_correction() for _ in range(min(_AT_ONCE, missing)))


def new_correction() -> Correction:
    """Of a random image and a stroke of 40 points."""
    return Correction(
        image=_RNG.integers(0, 256, (28, 28), np.uint8),
        label=int(_RNG.integers(10)),
        predicted=1,
        probabilities=np.full(10, 0.1, np.float32),
        digit_score=0.5,
        model="0" * 64,
        strokes=(_RNG.uniform(0, 300, (40, 2)).astype(np.float32),),
    )
