"""Truth against answer: the matrix of counts, and what it says of each class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLASSES = 10


@dataclass(frozen=True)
class ClassFigures:
    """One class, or the mean of all; shares are 0-1.

    Attributes:
        name: the digit, or "mean".
        count: how many digits of it there are.
        precision: of what was answered with it, the share that was it.
        recall: of what was it, the share that was answered with it.
        f1: the harmonic mean of both.
    """

    name: str
    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Confusion:
    """How often each digit was answered with which.

    Attributes:
        counts: (10, 10) int64, rows are truth, columns are answers; (10, 11) where some were
            not answered with one digit, those in the last column.
    """

    counts: NDArray[np.int64]

    @property
    def number(self) -> int:
        """How many digits."""
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """How many of them were answered rightly."""
        return int(np.trace(self.counts))

    @property
    def answers(self) -> tuple[str, ...]:
        """What the columns are."""
        return (*map(str, range(CLASSES)), "none")[: self.counts.shape[1]]

    def classes(self) -> list[ClassFigures]:
        """Figures of the ten classes; what has no example, or no answer, has the share 0."""
        hits = np.diagonal(self.counts).astype(float)
        there, answered = self.counts.sum(axis=1), self.counts[:, :CLASSES].sum(axis=0)
        precision = hits / np.maximum(answered, 1)
        recall = hits / np.maximum(there, 1)
        f1 = 2 * hits / np.maximum(there + answered, 1)
        return [
            ClassFigures(str(c), int(there[c]), precision[c], recall[c], f1[c])
            for c in range(CLASSES)
        ]

    def mean(self) -> ClassFigures:
        """Their plain mean, each class alike."""
        rows = np.array([(c.precision, c.recall, c.f1) for c in self.classes()])
        return ClassFigures("mean", self.number, *map(float, rows.mean(axis=0)))


def confusion_of(labels: NDArray[np.int64], answers: NDArray[np.int64]) -> Confusion:
    """The matrix of (N,) truths and (N,) answers, both 0-9."""
    places = CLASSES * labels + answers
    counts = np.bincount(places, minlength=CLASSES * CLASSES)
    return Confusion(np.asarray(counts, np.int64).reshape(CLASSES, CLASSES))


def confusion_from(plain: object) -> Confusion:
    """The matrix that a report holds as rows of counts.

    Raises:
        ValueError, TypeError: it is none.
    """
    counts = np.array(plain)
    if counts.dtype.kind not in "iu" or counts.shape not in {(10, 10), (10, 11)}:
        raise ValueError("not a matrix of counts")
    if counts.min() < 0 or not counts.sum():
        raise ValueError("counts of nothing")
    return Confusion(counts.astype(np.int64))
