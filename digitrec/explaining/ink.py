"""Which ink of a digit speaks for an answer: round patches of it fade, one after another.

What the recognizer reads without a patch tells what that patch is worth (occlusion: M. Zeiler,
R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014). Nothing but its
answers is needed, so that a handwriting that it was taught counts as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.reading import Digit
from digitrec.recognizer import Recognizer

# Radius of the patches and the distance between their centres, px of the 28×28; a stroke is
# about three wide. Of the sizes, mixtures and random masks that were tried on the project's own
# drawings these need few patches, and to lose the fifth of the ink that they call the most
# important costs the answer as much as with any other. The larger ones hold about a quarter of a
# digit's ink, the smaller ones an eighth.
_SIZES = ((2.5, 1.5), (3.5, 2.0))
_MOST = 192  # patches, whatever the ink: what is read in 20 ms
_WIDER = 1.1  # by which centres move apart until there are no more
_INKED = 64  # 0-255: a patch's centre lies on ink of this strength or beside it
_LEAST = 1e-12  # a class' share
_LEAST_SCORE = 1e-7  # float32 tells no larger score from 1


class Patch(NamedTuple):
    """A round patch of a digit's ink, and what is read without it.

    Attributes:
        x: its centre's column, px of the 28×28; 0 is the middle of the first one.
        y: its centre's row.
        radius: px; at its edge ink fades within a pixel.
        share: of all the digit's ink, 0-1.
        without: the digit less the patch; its `image` is what was read.
    """

    x: float
    y: float
    radius: float
    share: float
    without: Digit


@dataclass(frozen=True, eq=False)
class FadedInk:
    """A digit, and what is read of it when a patch of its ink fades.

    Attributes:
        digit: all of it.
        patches: N of them; none where there is no ink.
        gone: (N, 28, 28) float32, 0-1, the share of each pixel's ink that a patch takes.
    """

    digit: Digit
    patches: tuple[Patch, ...]
    gone: NDArray[np.float32]

    def importance(self, label: int | None) -> NDArray[np.float32]:
        """What each pixel's ink is worth for an answer.

        By how much the answer's log-odds (natural logarithm) fall when a patch that holds the
        pixel fades, in the mean of those patches.

        Args:
            label: the answer, 0-9; None for that it is a digit at all.

        Returns:
            (28, 28) float32: above 0 it speaks for the answer, below against it; 0 without ink.
        """
        total = self.gone.sum(axis=0)
        worth = np.tensordot(self._falls(label), self.gone, axes=1) / np.maximum(total, _LEAST)
        return np.where(self.digit.image > 0, worth, 0).astype(np.float32)

    def weightiest(self, label: int | None, *, against: bool = False) -> Patch | None:
        """The patch without which an answer loses most.

        Args:
            label: the answer, 0-9; None for that it is a digit at all.
            against: the patch without which it gains most.

        Returns:
            A smaller patch if something else is read without it, else a larger one; None if no
            patch speaks for the answer, or against it.
        """
        falls = self._falls(label) * (-1 if against else 1)
        found = None
        for radius, _ in _SIZES:
            worth = [
                (float(fall), patch)
                for fall, patch in zip(falls, self.patches, strict=True)
                if patch.radius == radius and fall > 0
            ]
            if worth:
                _, found = max(worth, key=lambda pair: pair[0])
                if found.without.text != self.digit.text:
                    break
        return found

    def _falls(self, label: int | None) -> NDArray[np.float32]:
        """By how much an answer's log-odds fall without each patch: (N,)."""
        odds = log_odds([self.digit, *(patch.without for patch in self.patches)], label)
        return np.asarray(odds[0] - odds[1:], np.float32)


def fade_ink(recognizer: Recognizer, image: NDArray[np.uint8]) -> FadedInk:
    """A digit, and what is read of it when a patch of its ink fades; the same for the same digit.

    Args:
        recognizer: whose answers are looked into.
        image: (28, 28) uint8 in MNIST's form.

    Raises:
        DigitsError: another shape or type.
    """
    (digit,) = recognizer.read_digits(image[None])
    places = _places(image)
    rows, columns = np.mgrid[:28, :28].astype(np.float32)
    x, y, radii = (part[:, None, None] for part in places.T)
    gone = np.clip(radii + 0.5 - np.hypot(columns - x, rows - y), 0, 1)
    faded = np.rint(image * (1 - gone)).astype(np.uint8)
    without = recognizer.read_digits(faded)
    shares = 1 - faded.sum(axis=(1, 2)) / max(1, int(image.sum()))
    patches = tuple(
        Patch(float(x), float(y), float(radius), float(share), read)
        for (x, y, radius), share, read in zip(places, shares, without, strict=True)
    )
    return FadedInk(digit, patches, gone)


def log_odds(digits: Sequence[Digit], label: int | None) -> NDArray[np.float32]:
    """How likely an answer is for each digit: (N,) natural logarithms of its odds.

    Args:
        digits: as they were read, one or more.
        label: the answer, 0-9; None for that it is a digit at all.
    """
    if label is None:
        scores = np.array([digit.digit_score for digit in digits])
        likely = np.clip(scores, _LEAST_SCORE, 1 - _LEAST_SCORE)
        unlikely = 1 - likely
    else:
        shares = np.maximum([digit.probabilities for digit in digits], _LEAST)
        likely, unlikely = shares[:, label], np.delete(shares, label, axis=1).sum(axis=1)
    return np.asarray(np.log(likely) - np.log(unlikely), np.float32)


def _places(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Column, row and radius of each patch, (N, 3): on even grids, where there is ink."""
    inked = np.pad(image > _INKED, 1)
    near = np.zeros((28, 28), bool)
    for i, j in np.ndindex(3, 3):
        near |= inked[i : i + 28, j : j + 28]
    wider = 1.0
    while True:
        grids = [_grid(near, radius, wider * pitch) for radius, pitch in _SIZES]
        if sum(map(len, grids)) <= _MOST:
            return np.concatenate(grids)
        wider *= _WIDER


def _grid(near: NDArray[np.bool_], radius: float, pitch: float) -> NDArray[np.float32]:
    """Patches of one size, (N, 3), as far apart as told, from the first ink on."""
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    if not len(rows):
        return np.zeros((0, 3), np.float32)
    y, x = np.meshgrid(
        np.arange(rows[0], rows[-1] + 1, pitch),
        np.arange(columns[0], columns[-1] + 1, pitch),
        indexing="ij",
    )
    kept = near[np.rint(y).astype(int).clip(0, 27), np.rint(x).astype(int).clip(0, 27)]
    return np.stack([x[kept], y[kept], np.full(kept.sum(), radius)], axis=1).astype(np.float32)
