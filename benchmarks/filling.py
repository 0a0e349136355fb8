"""Stores with many corrections of random drawings."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from digitrec.corrections import Correction, CorrectionStore

_AT_ONCE = 5_000
_RNG = np.random.default_rng(0)


def filled_store(file: Path, count: int) -> CorrectionStore:
    """A new one with so many corrections."""
    store = CorrectionStore(file)
    for start in range(0, count, _AT_ONCE):
        store.save_all(new_correction() for _ in range(min(_AT_ONCE, count - start)))
    return store


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
