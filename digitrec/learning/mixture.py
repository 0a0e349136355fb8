"""What an epoch is made of: MNIST, drawings, pen strokes, and what is no digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.learning.material import (
    NONE,
    NOT_A_DIGIT,
    Material,
    split,
    split_characters,
    split_writers,
    take,
)
from digitrec.learning.outliers import make_outliers
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import draw_digits, render, render_plain
from digitrec.learning.touching import Writing, touching_digits

_VALIDATION_OUTLIERS = 2_000


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


@dataclass(frozen=True)
class Pools:
    """Examples to draw epochs from; the label -1 marks what is no digit.

    Attributes:
        mnist: every epoch shows each once.
        drawn: the generator's digits.
        strokes: renderings of pen strokes; only the last epochs show any.
        touching: parts cut out of touching digits, see `touching`; only the last epochs, too.
        outliers: what is no digit.
        validation: disjoint from all of them.
        writers: those in `strokes` and those held out.
        sha256: of the material they were drawn from.
        corrections: what users corrected, with its share of an epoch; every epoch shows each once.
    """

    mnist: LabelledDigits
    drawn: LabelledDigits
    strokes: LabelledDigits
    touching: LabelledDigits
    outliers: LabelledDigits
    validation: Validation
    writers: Mapping[str, tuple[str, ...]]
    sha256: Mapping[str, str] = field(default_factory=dict)
    corrections: LabelledDigits = NONE


def join(parts: Sequence[LabelledDigits]) -> LabelledDigits:
    """Several sets as one."""
    return LabelledDigits(
        np.concatenate([part.digits for part in parts]),
        np.concatenate([part.labels for part in parts]),
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

    size = len(mnist)
    drawn = draw_digits(_pool_size(recipe.drawn_share, size), recipe, rng)
    bar.update(len(drawn))
    strokes = _renderings(drawings, recipe, rng, bar)
    count = _pool_size(recipe.outlier_share, size)
    outliers = _outliers(count, mnist, pictures, recipe, rng)
    bar.update(count)
    count = round(recipe.touching_share * size)  # they take long to make, and vary in every epoch
    own_rng = np.random.default_rng((recipe.seed, 6))
    touching = touching_digits(count, Writing(mnist, drawings, pictures), recipe.hand, own_rng)
    bar.update(count)
    count = min(_VALIDATION_OUTLIERS, size)
    watched = _outliers(count, mnist_validation, held_out_pictures, recipe, rng).digits
    bar.update(count)
    pools = Pools(
        mnist=mnist,
        drawn=drawn,
        strokes=strokes,
        touching=touching,
        outliers=outliers,
        validation=Validation(mnist_validation, _plain(held_out), watched),
        writers={
            "training": tuple(sorted({d.writer for d in drawings})),
            "validation": tuple(sorted({d.writer for d in held_out})),
        },
        sha256=material.sha256,
    )
    bar.close()
    return pools


def _pool_size(share: float, mnist: int) -> int:
    """Three times what an epoch takes: seldom the same example in two epochs running."""
    return round(3 * share * mnist)


def _outliers(
    count: int,
    digits: LabelledDigits,
    scripts: NDArray[np.uint8],
    recipe: Recipe,
    rng: np.random.Generator,
) -> LabelledDigits:
    images = make_outliers(count, digits, scripts, recipe.hand, rng) if count else NONE.digits
    return LabelledDigits(images, np.full(count, NOT_A_DIGIT))


def _renderings(
    drawings: Sequence[Drawing], recipe: Recipe, rng: np.random.Generator, bar: tqdm[None]
) -> LabelledDigits:
    if not drawings:
        return NONE
    images, labels = [], []
    for drawing in drawings:
        for _ in range(recipe.stroke_renderings):
            images.append(render(drawing.strokes, recipe.hand, rng))
            labels.append(drawing.digit)
        bar.update(recipe.stroke_renderings)
    return LabelledDigits(np.stack(images), np.array(labels, np.int64))


def _plain(drawings: Sequence[Drawing]) -> LabelledDigits:
    if not drawings:
        return NONE
    # Larger coordinates than a sheet's make no difference: every drawing is scaled to its pen.
    images = np.stack([render_plain(drawing.strokes) for drawing in drawings])
    return LabelledDigits(images, np.array([drawing.digit for drawing in drawings], np.int64))


def compose(pools: Pools, recipe: Recipe, epoch: int) -> LabelledDigits:
    """One epoch's examples, shuffled; they depend on pools, recipe and epoch alone.

    Args:
        pools: what there is.
        recipe: the shares; pen strokes and touching digits come only in the last
            `recipe.stroke_epochs`.
        epoch: from 0.
    """
    rng = np.random.default_rng((recipe.seed, 2, epoch))
    parts = [_some(pool, count, rng) for pool, count in _portions(pools, recipe, epoch)]
    whole = join([pools.mnist, pools.corrections, *parts])
    return take(whole, rng.permutation(len(whole)))


def epoch_size(pools: Pools, recipe: Recipe, epoch: int) -> int:
    """How many examples `compose` gives."""
    shown_whole = len(pools.mnist) + len(pools.corrections)
    return shown_whole + sum(count for _, count in _portions(pools, recipe, epoch))


def _portions(pools: Pools, recipe: Recipe, epoch: int) -> list[tuple[LabelledDigits, int]]:
    """What joins MNIST in an epoch, and how much of it."""
    shares = [(pools.drawn, recipe.drawn_share), (pools.outliers, recipe.outlier_share)]
    if epoch >= recipe.first_stroke_epoch:
        shares += [(pools.strokes, recipe.stroke_share), (pools.touching, recipe.touching_share)]
    return [(pool, round(share * len(pools.mnist)) if len(pool) else 0) for pool, share in shares]


def _some(pool: LabelledDigits, count: int, rng: np.random.Generator) -> LabelledDigits:
    if not count:
        return NONE
    return take(pool, rng.choice(len(pool), count, replace=count > len(pool)))
