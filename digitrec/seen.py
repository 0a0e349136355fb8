"""What the network made of the inks of one picture, so that it looks at none of them twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import normalize_digit

Ink = NDArray[np.uint8]
# Digits (N, 28, 28) uint8 → probabilities (N, 10) and digit scores (N,), float32.
JudgeDigits = Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]


@dataclass(frozen=True)
class Seen:
    """One ink in MNIST's form, (28, 28) uint8, and what the network made of it.

    Attributes:
        image: (28, 28) uint8.
        probabilities: (10,) float32.
        score: 0-1, how much it looks like a digit.
    """

    image: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    score: float

    @property
    def likeness(self) -> float:
        """How much it looks like one digit, 0-1."""
        return float(self.probabilities.max() * np.float32(self.score))


class SeenInks:
    """Judges inks, each once, however often it is asked; for one picture, and one thread.

    Most of what a page holds is a candidate first and a digit of the answer afterwards.

    Args:
        judge: what the network makes of digits.
    """

    def __init__(self, judge: JudgeDigits) -> None:
        self._judge = judge
        self._known: dict[tuple[tuple[int, ...], bytes], Seen] = {}

    def look(self, inks: Sequence[Ink]) -> list[Seen]:
        """What the network makes of each ink (H, W) uint8."""
        keys = [_key(ink) for ink in inks]
        new = {key: ink for key, ink in zip(keys, inks, strict=True) if key not in self._known}
        if new:
            digits = np.stack([normalize_digit(ink) for ink in new.values()])
            judged = zip(digits, *self._judge(digits), strict=True)
            for key, (image, probabilities, score) in zip(new, judged, strict=True):
                self._known[key] = Seen(image, probabilities, float(score))
        return [self._known[key] for key in keys]

    def likeness(self, inks: Sequence[Ink]) -> NDArray[np.float32]:
        """How much each ink (H, W) uint8 looks like one digit: (N,) float32, 0-1."""
        return np.array([seen.likeness for seen in self.look(inks)], np.float32)


def _key(ink: Ink) -> tuple[tuple[int, ...], bytes]:
    """Tells inks apart without keeping them: a page has thousands of candidates."""
    content = np.ascontiguousarray(ink)
    return ink.shape, hashlib.sha256(content.data).digest()
