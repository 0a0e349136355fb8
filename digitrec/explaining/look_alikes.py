"""Which drawings a digit is most alike to, for the network that reads it.

What it is compared with are the project's own drawings of every digit in the ways that people
write it, and whatever else a caller has: no sample of a data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.prototypes import INK_WEIGHT, blurred, directions
from digitrec.recognizer import Recognizer
from digitrec.shapes import VARIANTS, StrokeVariation, random_digit, vary_strokes

HANDS = 8  # drawings of each variant: some four hundred of all, in half a second
_SEED = 5
# What the next of the same kind has to be more alike by, so that other kinds have their turn.
_PRICE = 0.02


@dataclass(frozen=True, eq=False)
class Drawings:
    """Digits that are known, each of some kind.

    Attributes:
        digits: (N, 28, 28) uint8 in MNIST's form.
        labels: (N,) int64, 0-9.
        kinds: N names in `VARIANTS[label]`.
    """

    digits: NDArray[np.uint8]
    labels: NDArray[np.int64]
    kinds: tuple[str, ...]


def own_drawings() -> Drawings:
    """Every variant of every digit as `HANDS` hands draw it; always the same ones."""
    rng = np.random.default_rng(_SEED)
    settings = StrokeVariation()
    digits, labels, kinds = [], [], []
    for label, variants in VARIANTS.items():
        for kind in variants:
            for _ in range(HANDS):
                drawn = vary_strokes(random_digit(label, rng, variant=kind), settings, rng)
                strokes = [stroke.astype(np.float32) for stroke in drawn]
                digits.append(normalize_digit(ink_from_strokes(strokes)))
                labels.append(label)
                kinds.append(kind)
    return Drawings(np.stack(digits), np.array(labels, np.int64), tuple(kinds))


class Bank:
    """Digits, and what one network sees of each.

    Args:
        recognizer: whose network it is.
        digits: (N, 28, 28) uint8 in MNIST's form, any N including 0.

    Attributes:
        features: (N, D) float32, what its last layer sees of each.

    Raises:
        DigitsError: another shape or type.
        ArtifactError: the network has no features.
    """

    def __init__(self, recognizer: Recognizer, digits: NDArray[np.uint8]) -> None:
        self._recognizer = recognizer
        self.features = recognizer.features(digits)
        self._directions = directions(self.features)
        self._inks = directions(blurred(digits))

    def likeness(self, digit: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How alike each is to a digit (28, 28) uint8: (N,) float32, 0-1, 1 for the same.

        The mean of two cosines: of what the network's last layer sees, and, with less weight, of
        the ink. It ranks as the page Teach does (see `prototypes`), on a scale that ends at 1.
        """
        one = digit[None]
        features = directions(self._recognizer.features(one))
        return np.ravel(self._alike(features, directions(blurred(one))))

    def likeness_among(self, labels: NDArray[np.int64]) -> tuple[float, float]:
        """How alike two of one label are in the middle, and two of different ones, 0-1 each."""
        alike_to = self._alike(self._directions, self._inks)
        same = labels[:, None] == labels
        pairs = ~np.eye(len(labels), dtype=np.bool_)
        return float(np.median(alike_to[same & pairs])), float(np.median(alike_to[~same]))

    def _alike(
        self, features: NDArray[np.float32], inks: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        seen, drawn = features @ self._directions.T, inks @ self._inks.T
        return np.asarray(np.clip((seen + INK_WEIGHT * drawn) / (1 + INK_WEIGHT), 0, 1), np.float32)


def nearest(likeness: NDArray[np.float32], kinds: Sequence[object], count: int) -> list[int]:
    """The most alike, not many of one kind unless no other comes near.

    Args:
        likeness: (N,) 0-1.
        kinds: what each is; N of them.
        count: how many, at most.

    Returns:
        Their places, the most alike first.
    """
    left = likeness.astype(np.float64)
    of_kind: dict[object, list[int]] = {}
    for place, kind in enumerate(kinds):
        of_kind.setdefault(kind, []).append(place)
    chosen: list[int] = []
    while len(chosen) < min(count, len(left)):
        best = int(left.argmax())
        chosen.append(best)
        left[of_kind[kinds[best]]] -= _PRICE
        left[best] = -np.inf
    return sorted(chosen, key=lambda place: (-likeness[place], place))


def nearest_of_each(likeness: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[int, int]:
    """The place of the most alike of each label that there is, by label."""
    return {
        int(label): int(np.flatnonzero(labels == label)[likeness[labels == label].argmax()])
        for label in np.unique(labels)
    }
