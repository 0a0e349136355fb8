"""What an epoch is made of: MNIST, drawings, pen strokes, and what is no digit."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.errors import DatasetError
from digitrec.learning.outliers import make_outliers
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import render, render_plain
from digitrec.shapes import random_digit

logger = logging.getLogger(__name__)

NOT_A_DIGIT = -1  # the label of what is none
_VALIDATION_OUTLIERS = 2_000
_NONE = LabelledDigits(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64))


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
    pictures: NDArray[np.uint8] = field(default_factory=lambda: _NONE.digits)
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


@dataclass(frozen=True)
class Validation:
    """What watches a training and sets temperature and threshold.

    Attributes:
        mnist: digits held out of MNIST's training part.
        strokes: digits of the writers held out, each drawn once as a user's would be.
        outliers: (K, 28, 28) uint8; their pictures are of characters held out.
    """

    mnist: LabelledDigits
    strokes: LabelledDigits
    outliers: NDArray[np.uint8]

    @property
    def digits(self) -> LabelledDigits:
        """MNIST's and the strokes' together."""
        return join([self.mnist, self.strokes])


@dataclass(frozen=True)
class Pools:
    """Examples to draw epochs from; the label -1 marks what is no digit.

    Attributes:
        mnist: every epoch shows each once.
        drawn: the generator's digits.
        strokes: renderings of pen strokes; only the last epochs show any.
        outliers: what is no digit.
        validation: disjoint from all of them.
        writers: those in `strokes` and those held out.
        sha256: of the material they were drawn from.
    """

    mnist: LabelledDigits
    drawn: LabelledDigits
    strokes: LabelledDigits
    outliers: LabelledDigits
    validation: Validation
    writers: Mapping[str, tuple[str, ...]]
    sha256: Mapping[str, str] = field(default_factory=dict)


def join(parts: Sequence[LabelledDigits]) -> LabelledDigits:
    """Several sets as one."""
    return LabelledDigits(
        np.concatenate([part.digits for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


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


def prepare(material: Material, recipe: Recipe, *, progress: bool = True) -> Pools:
    """Split, and draw every pool; a few minutes for the shipped recipe.

    Args:
        material: what is there.
        recipe: how much of each, how varied, and the seed.
        progress: show a bar on stderr.
    """
    mnist, mnist_validation = split(material.mnist, recipe)
    drawings, held_out = split_writers(material.drawings, recipe)
    rng = np.random.default_rng((recipe.seed, 1))
    pictures, held_out_pictures = split_characters(material, rng)
    bar = tqdm(unit="drawing", desc="drawing", disable=not progress)

    def drawn(count: int) -> LabelledDigits:
        labels = rng.integers(0, 10, count)
        images = np.zeros((count, 28, 28), np.uint8)
        for index, label in enumerate(labels):
            images[index] = render(random_digit(int(label), rng), recipe.hand, rng)
        bar.update(count)
        return LabelledDigits(images, labels)

    def outliers(count: int, digits: LabelledDigits, scripts: NDArray[np.uint8]) -> LabelledDigits:
        images = make_outliers(count, digits, scripts, recipe.hand, rng) if count else _NONE.digits
        bar.update(count)
        return LabelledDigits(images, np.full(count, NOT_A_DIGIT))

    size = len(mnist)
    pools = Pools(
        mnist=mnist,
        drawn=drawn(_pool_size(recipe.drawn_share, size)),
        strokes=_renderings(drawings, recipe, rng, bar),
        outliers=outliers(_pool_size(recipe.outlier_share, size), mnist, pictures),
        validation=Validation(
            mnist=mnist_validation,
            strokes=_plain(held_out),
            outliers=outliers(
                min(_VALIDATION_OUTLIERS, size), mnist_validation, held_out_pictures
            ).digits,
        ),
        writers={
            "training": tuple(sorted({d.writer for d in drawings})),
            "validation": tuple(sorted({d.writer for d in held_out})),
        },
        sha256=material.sha256,
    )
    bar.close()
    return pools


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


def _pool_size(share: float, mnist: int) -> int:
    """Three times what an epoch takes: seldom the same example in two epochs running."""
    return round(3 * share * mnist)


def _renderings(
    drawings: Sequence[Drawing], recipe: Recipe, rng: np.random.Generator, bar: tqdm[None]
) -> LabelledDigits:
    if not drawings:
        return _NONE
    images, labels = [], []
    for drawing in drawings:
        for _ in range(recipe.stroke_renderings):
            images.append(render(drawing.strokes, recipe.hand, rng))
            labels.append(drawing.digit)
        bar.update(recipe.stroke_renderings)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))


def _plain(drawings: Sequence[Drawing]) -> LabelledDigits:
    if not drawings:
        return _NONE
    # Larger coordinates than a sheet's make no difference: every drawing is scaled to its pen.
    images = np.stack([render_plain(drawing.strokes) for drawing in drawings])
    return LabelledDigits(images, np.array([drawing.digit for drawing in drawings], np.int64))


def compose(pools: Pools, recipe: Recipe, epoch: int) -> LabelledDigits:
    """One epoch's examples, shuffled; they depend on pools, recipe and epoch alone.

    Args:
        pools: what there is.
        recipe: the shares; pen strokes come only in the last `recipe.stroke_epochs`.
        epoch: from 0.
    """
    rng = np.random.default_rng((recipe.seed, 2, epoch))
    parts = [_some(pool, count, rng) for pool, count in _portions(pools, recipe, epoch)]
    whole = join([pools.mnist, *parts])
    return take(whole, rng.permutation(len(whole)))


def epoch_size(pools: Pools, recipe: Recipe, epoch: int) -> int:
    """How many examples `compose` gives."""
    return len(pools.mnist) + sum(count for _, count in _portions(pools, recipe, epoch))


def _portions(pools: Pools, recipe: Recipe, epoch: int) -> list[tuple[LabelledDigits, int]]:
    """What joins MNIST in an epoch, and how much of it."""
    shares = [(pools.drawn, recipe.drawn_share), (pools.outliers, recipe.outlier_share)]
    if epoch >= recipe.first_stroke_epoch:
        shares.append((pools.strokes, recipe.stroke_share))
    return [(pool, round(share * len(pools.mnist)) if len(pool) else 0) for pool, share in shares]


def _some(pool: LabelledDigits, count: int, rng: np.random.Generator) -> LabelledDigits:
    if not count:
        return _NONE
    return take(pool, rng.choice(len(pool), count, replace=count > len(pool)))
