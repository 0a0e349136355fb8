"""A network that learned corrections: fine-tuned, held back where need be, made ready to run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.corrections import Correction
from digitrec.learning import finetuning
from digitrec.learning.artifact import Ingredients
from digitrec.learning.finetuning import SHIPPED, FineTuning
from digitrec.learning.finishing import Exam, exam_of, make_runnable
from digitrec.learning.mixture import Pools, prepare
from digitrec.learning.promotion import Answers, Bench, Judged, Network, folds_of
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import draw_digits
from digitrec.learning.stepping import step_back
from digitrec.learning.strangers import answering, in_keras, strangers
from digitrec.learning.training import Run, Trained
from digitrec.models import Artifact

Tell = Callable[[str, float], None]

_DRAWN = 1_000  # of the generator's digits that judge
# How far a retraining is when a stage begins; about what the shipped network takes.
_PREPARING, _FOLDS, _LEARNING, _STEPPING, _FINISHING = 0.03, 0.25, 0.6, 0.75, 0.82


@dataclass(frozen=True)
class Lesson:
    """With what, how and where corrections are learned.

    Attributes:
        ingredients: what the network was trained on, as far as it is here.
        workplace: an empty folder for the candidate.
        settings: how corrections are learned.
        seed: of the learning; None for the recipe's.
        progress: show bars on stderr.
    """

    ingredients: Ingredients
    workplace: Path
    settings: FineTuning = SHIPPED
    seed: int | None = None
    progress: bool = True


@dataclass(frozen=True, eq=False)
class Candidate:
    """A network that learned corrections, made ready to run, and what judges it.

    Attributes:
        network: as it will run, and its history.
        step: how far it went of the way to what it learned, 0-1.
        earnest: the network that went all the way.
        taught: how many corrections it was trained on.
        card: how it runs, see `finishing.make_runnable`.
        strangers: places of corrections that were held out together, and the answers of a network
            that learned from others only.
        bench: what judges it.
    """

    network: Trained
    step: float
    earnest: Network
    taught: int
    card: dict[str, Any]
    strangers: list[tuple[list[int], Answers]]
    bench: Bench


def make_candidate(
    artifact: Artifact, corrections: Sequence[Correction], lesson: Lesson, tell: Tell
) -> Candidate:
    """Fine-tune the artifact's network, once for each fold if they are several, and finish it.

    Args:
        artifact: what learns; it stays as it is.
        corrections: what it learns, at least one.
        lesson: with what, how and where.
        tell: called with what is being done and how far the whole retraining is, 0-1.

    Raises:
        ArtifactError, DatasetError, RecipeError: it cannot be done.
    """
    tell("Preparing what is shown again", _PREPARING)
    recipe = finetuning.shortened(finetuning.recipe_of(artifact), lesson.settings)
    pools = prepare(lesson.ingredients.material(), recipe, progress=lesson.progress)
    learning = recipe if lesson.seed is None else replace(recipe, seed=lesson.seed)
    network = finetuning.load_network(artifact)
    school = finetuning.School(network, pools, learning, lesson.settings)
    folds = folds_of(corrections)
    in_turn = folds if len(folds) > 1 else []

    def for_fold(number: int) -> Run:
        step = (_LEARNING - _FOLDS) / len(folds)
        stage = f"Holding out corrections in turn, {number + 1} of {len(folds)}"
        return _run(lesson, tell, stage, _FOLDS + number * step, _FOLDS + (number + 1) * step)

    answers = strangers(school, corrections, in_turn, artifact.card, for_fold)
    apart = set(folds[0]) if len(folds) == 1 else set()
    taught = [correction for i, correction in enumerate(corrections) if i not in apart]
    begin = _LEARNING if in_turn else _FOLDS
    learned = school.teach(taught, _run(lesson, tell, "Learning the corrections", begin, _STEPPING))
    judge = in_keras(learned.model, artifact.temperature)
    earnest = answering(judge, artifact.digit_threshold)
    if apart:
        answers = [earnest(np.stack([corrections[place].image for place in folds[0]]))]
    tell("Finding how far it may go", _STEPPING)
    exam = exam_of(pools, recipe, lesson.ingredients.mnist.test)
    bench = Bench(_held_out_digits(pools, exam, recipe), pools.validation)
    stepped, step = step_back(network, learned, artifact.card, exam, bench)
    tell("Making it ready to run", _FINISHING)
    card = make_runnable(lesson.workplace, stepped, exam)
    pairs = list(zip(folds, answers, strict=True))
    return Candidate(stepped, step, earnest, len(taught), card, pairs, bench)


def _run(lesson: Lesson, tell: Tell, stage: str, begin: float, end: float) -> Run:
    """A training that tells of itself as one stage."""
    return Run(
        keep=False,
        progress=lesson.progress,
        told=lambda share: tell(stage, begin + share * (end - begin)),
    )


def _held_out_digits(pools: Pools, exam: Exam, recipe: Recipe) -> list[Judged]:
    """What neither network was trained on, by name."""
    drawn = draw_digits(_DRAWN, recipe, np.random.default_rng((recipe.seed, 9)))
    return [
        ("MNIST, held out", pools.validation.mnist),
        ("the same, varied", exam.varied),
        ("pen strokes of other writers", pools.validation.strokes),
        ("the generator's drawings", drawn),
    ]
