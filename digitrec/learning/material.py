"""What a training may learn from, and how validation is held out of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.errors import DatasetError
from digitrec.learning.recipe import Recipe

NOT_A_DIGIT = -1  # the label of what is none
NONE = LabelledDigits(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))


@dataclass(frozen=True)
class Material:
    """Everything that a training may learn from or be watched with.

    Attributes:
        mnist: training digits.
        drawings: pen strokes of digits; may be empty.
        pictures: (M, 28, 28) uint8, other scripts in MNIST's form; M may be 0.
        characters: what each picture shows, M names; no character is both trained on and held
            out. Without them every picture is a character of its own.
    """

    mnist: LabelledDigits
    drawings: Sequence[Drawing] = ()
    pictures: NDArray[np.uint8] = field(default_factory=lambda: NONE.digits)
    characters: Sequence[str] = ()

    @cached_property
    def sha256(self) -> dict[str, str]:
        """Hashes of each kind's content: two trainings on equal data have equal ones."""
        drawings: list[bytes] = []
        for drawing in self.drawings:
            drawings += [drawing.label.encode(), drawing.writer.encode()]
            drawings += [stroke.tobytes() for stroke in drawing.strokes]
        parts = {
            "mnist": [self.mnist.digits.tobytes(), self.mnist.labels.tobytes()],
            "drawings": drawings,
            "pictures": [self.pictures.tobytes(), "\n".join(self.characters).encode()],
        }
        return {name: _hash(content) for name, content in parts.items()}


def take(digits: LabelledDigits, index: NDArray[np.int64]) -> LabelledDigits:
    """Those at `index`."""
    return LabelledDigits(digits.digits[index], digits.labels[index])


def split(digits: LabelledDigits, recipe: Recipe) -> tuple[LabelledDigits, LabelledDigits]:
    """Training and validation digits; the latter `recipe.validation_size`, drawn by the seed.

    Raises:
        DatasetError: too few digits are there.
    """
    if len(digits) <= recipe.validation_size:
        raise DatasetError(
            f"Expected more than {recipe.validation_size:,} training digits, as many are held out "
            f"for validation. Received: {len(digits):,}. Lower --validation-size."
        )
    order = np.random.default_rng(recipe.seed).permutation(len(digits))
    held_out, rest = np.split(order, [recipe.validation_size])
    if recipe.limit:
        rest = rest[: recipe.limit]
    return take(digits, rest), take(digits, held_out)


def split_writers(
    drawings: Sequence[Drawing], recipe: Recipe
) -> tuple[list[Drawing], list[Drawing]]:
    """Training and validation drawings, no writer in both.

    Where one writer drew everything, or none is known, a tenth of the drawings is held out.

    Raises:
        DatasetError: several writers, but too few.
    """
    writers = sorted({drawing.writer for drawing in drawings})
    count = recipe.validation_writers
    if len(writers) == 1:
        chosen = np.random.default_rng(recipe.seed).permutation(len(drawings))
        tenth = set(chosen[: max(1, len(drawings) // 10)].tolist())
        return (
            [drawing for i, drawing in enumerate(drawings) if i not in tenth],
            [drawing for i, drawing in enumerate(drawings) if i in tenth],
        )
    if drawings and len(writers) <= count:
        raise DatasetError(
            f"Expected drawings of more than {count} writers, as many are held out for "
            f"validation. Received: {len(writers)}. Lower --validation-writers."
        )
    order = np.random.default_rng(recipe.seed).permutation(len(writers))
    held_out = {writers[i] for i in order[:count]}
    return (
        [drawing for drawing in drawings if drawing.writer not in held_out],
        [drawing for drawing in drawings if drawing.writer in held_out],
    )


def split_characters(
    material: Material, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pictures to train on, and those of a tenth of the characters, held out."""
    names = np.array(material.characters or [str(i) for i in range(len(material.pictures))])
    characters = rng.permutation(np.unique(names)) if len(names) else names
    held_out = np.isin(names, characters[: len(characters) // 10])
    return material.pictures[~held_out], material.pictures[held_out]


def _hash(content: Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    for part in content:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
