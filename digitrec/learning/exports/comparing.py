"""What an exported network answers beside the original, on digits that neither was made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits, Mnist
from digitrec.errors import ArtifactError
from digitrec.learning.augmentation import augment
from digitrec.learning.exports.runtimes import Answers
from digitrec.learning.material import split
from digitrec.learning.recipe import Recipe, recipe_from
from digitrec.learning.rendering import draw_digits
from digitrec.logits import judged

# float32 on both sides: only the order of sums differs, which moves a probability by some 1e-6.
# An answer that changes within this bound was a tie to begin with.
MAX_DIFFERENCE = 1e-4
MAX_POINTS_LOST = 0.05  # of int8, percentage points
# Of MNIST's 3,000 held-out digits one weighs 0.03 points; varied four times over, 0.007.
_VARIATIONS = 4
_DRAWN = 4_000


@dataclass(frozen=True)
class Yardstick:
    """Digits to compare by.

    Attributes:
        digits: with their labels.
        words: what they are.
    """

    digits: LabelledDigits
    words: str


@dataclass(frozen=True)
class Comparison:
    """How far an exported network is from the original.

    Attributes:
        digits: how many were compared.
        largest_difference: of a probability or a digit score, 0-1.
        features_difference: the largest, as a share of the largest feature.
        changed_answers: digits whose likeliest class is another one.
        points_lost: of accuracy, percentage points; below 0 where more are right.
    """

    digits: int
    largest_difference: float
    features_difference: float
    changed_answers: int
    points_lost: float

    def objection(self, *, exact: bool) -> str:
        """Why it must not be used, as the end of "Received: …"; "" where it may.

        Args:
            exact: whether it computes in float32, as the original.
        """
        if not exact:
            # Counted in whole digits: a quotient of floats could cross the bound by itself.
            if self.points_lost <= MAX_POINTS_LOST + 1e-9:
                return ""
            return f"{self.points_lost:.3f} points of accuracy lost, at most {MAX_POINTS_LOST} are"
        # Written so that what is no number is refused, too.
        if self.largest_difference <= MAX_DIFFERENCE and self.features_difference <= MAX_DIFFERENCE:
            return ""
        return (
            f"probabilities that differ by up to {self.largest_difference:.6f} and features by "
            f"{self.features_difference:.6f}, at most {MAX_DIFFERENCE} is"
        )


def compare(
    original: Answers, exported: Answers, labels: NDArray[np.int64], temperature: float
) -> Comparison:
    """Both networks' answers to the same N digits.

    Args:
        original: the network that was trained.
        exported: what was made of it; features of width 0 are not compared.
        labels: (N,) the truth.
        temperature: the artifact's.
    """
    before, after = (judged(answers.logits, temperature) for answers in (original, exported))
    differences = [np.abs(a - b).max(initial=0.0) for a, b in zip(before, after, strict=True)]
    features = 0.0
    if original.features.size and exported.features.size:
        largest = max(float(np.abs(original.features).max()), 1e-9)
        features = float(np.abs(original.features - exported.features).max()) / largest
    one, other = (probabilities.argmax(axis=1) for probabilities, _ in (before, after))
    lost = int((one == labels).sum()) - int((other == labels).sum())
    return Comparison(
        digits=len(labels),
        largest_difference=float(np.max(differences)),
        features_difference=features,
        changed_answers=int((one != other).sum()),
        points_lost=100 * lost / len(labels),
    )


def held_out(card: Mapping[str, Any], mnist: Mnist) -> Yardstick:
    """MNIST's digits that the training held out, as they are and varied; the test set is not read.

    They are varied otherwise than those that chose among int8 networks when the artifact was made.

    Raises:
        ArtifactError: the card's recipe cannot be read.
    """
    recipe = _recipe(card)
    size = min(recipe.validation_size, len(mnist.train) // 2)
    digits = split(mnist.train, replace(recipe, validation_size=size))[1]
    rng = np.random.default_rng((recipe.seed, 11))
    varied = [augment(digits.digits, recipe.augmentation, rng) for _ in range(_VARIATIONS)]
    every = LabelledDigits(
        np.concatenate([digits.digits, *varied]), np.tile(digits.labels, 1 + _VARIATIONS)
    )
    name = "MNIST's" if mnist.genuine else "the given data's"
    return Yardstick(
        every, f"{name} {size:,} held-out ones, as they are and varied {_VARIATIONS} times"
    )


def drawn() -> Yardstick:
    """Digits of the project's own generator, others than those int8 ranges are measured on."""
    digits = draw_digits(_DRAWN, Recipe(), np.random.default_rng(11))
    return Yardstick(digits, "drawn by the project's own generator, as MNIST is not at hand")


def _recipe(card: Mapping[str, Any]) -> Recipe:
    try:
        return recipe_from(card["recipe"]) if card.get("recipe") else Recipe()
    except (KeyError, TypeError) as error:
        raise ArtifactError(
            "Expected the artifact's card to tell the recipe of its training. Received: one that "
            f"does not ({error}). Use the digitrec that wrote it."
        ) from error
