"""From corrections to a new version of an artifact, or to the reason why there is none."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT, Correction
from digitrec.errors import ArtifactError, DatasetError, RetrainingError
from digitrec.learning import finetuning, promotion
from digitrec.learning.artifact import Ingredients
from digitrec.learning.finetuning import SHIPPED, FineTuning
from digitrec.learning.finishing import Exam, exam_of, library_versions, make_runnable, test_figures
from digitrec.learning.material import split
from digitrec.learning.mixture import Pools, draw_digits, prepare
from digitrec.learning.recipe import Recipe
from digitrec.learning.strangers import answers_of, running, strangers_logits
from digitrec.learning.training import Run, Trained
from digitrec.learning.verdict import Promotion, together
from digitrec.models import Artifact, load_artifact
from digitrec.versions import new_artifact, versions, write_card

Tell = Callable[[str, float], None]

_SHEETS = ("shapes.png", "outliers.png")  # of the generator: no network changes them
_DRAWN = 1_000  # of the generator's digits that judge
# How far a retraining is when a stage begins; about what the shipped network takes.
_PREPARING, _FOLDS, _LEARNING, _FINISHING, _JUDGING, _TESTING = 0.03, 0.25, 0.6, 0.8, 0.93, 0.96


@dataclass(frozen=True)
class Succession:
    """What a retraining is given.

    Attributes:
        folder: the artifact that learns.
        corrections: what it learns, at least one.
        ingredients: what it was trained on, as far as it is here.
        workplace: an empty folder for the candidate.
        command: the command line, for the card.
        settings: how corrections are learned.
        seed: of the learning; None for the recipe's.
        force: promote whatever the gate says.
        dry_run: promote nothing.
        progress: show bars on stderr.
    """

    folder: Path
    corrections: Sequence[Correction]
    ingredients: Ingredients
    workplace: Path
    command: Sequence[str] = ()
    settings: FineTuning = SHIPPED
    seed: int | None = None
    force: bool = False
    dry_run: bool = False
    progress: bool = True


def succeed(given: Succession, tell: Tell) -> tuple[Promotion, bool]:
    """Fine-tune, finish, judge, and let the better network take the place of the old one.

    Args:
        given: everything.
        tell: called with what is being done and how far all of it is, 0-1.

    Returns:
        The verdict, and whether the new network is in use.

    Raises:
        ArtifactError, DatasetError, RecipeError, RetrainingError: it cannot be done.
    """
    started = time.monotonic()
    artifact = load_artifact(given.folder)
    check_mnist(artifact, given.ingredients)
    corrections = _learnable(given, finetuning.recipe_of(artifact))
    images = np.stack([correction.image for correction in corrections])
    old = running(artifact.network, artifact.card)
    before = old(images)
    gain = promotion.room_for_gain(corrections, before)
    if not gain.promoted and not given.force:
        return gain, False
    candidate = _learn(given, artifact, corrections, tell)
    tell("Judging it", _JUDGING)
    new = running(given.workplace / candidate.card["runtime"]["file"], candidate.card)
    after = new(images)
    apart = [answers_of(some, candidate.card) for some in candidate.by_strangers]
    apart = apart or [after.some(fold) for fold in candidate.folds]
    verdict = together(
        promotion.judge_validation(old, new, candidate.judges, candidate.pools),
        promotion.judge_corrections(
            corrections, before, after, list(zip(candidate.folds, apart, strict=True))
        ),
    )
    if given.dry_run or not (verdict.promoted or given.force):
        return verdict, False
    tell("Reading the test set, once", _TESTING)
    about = _about(given, artifact, corrections, candidate, verdict)
    about["duration_seconds"] = round(time.monotonic() - started)
    _promote(given, artifact, candidate.learned, {**about, **candidate.card})
    return verdict, True


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A network that learned corrections, made ready to run, and what judges it.

    Attributes:
        learned: the network and its history.
        taught: how many corrections it was trained on.
        card: how it runs, see `finishing.make_runnable`.
        folds: places of corrections that were held out together.
        by_strangers: each fold's logits, by a network that learned from the others; none where the
            candidate itself is a stranger to the one fold.
        judges: digits that it was not trained on, by name.
        pools: with what is no digit, held out, too.
    """

    learned: Trained
    taught: int
    card: dict[str, Any]
    folds: list[list[int]]
    by_strangers: list[NDArray[np.float32]]
    judges: list[promotion.Judged]
    pools: Pools


def _learn(
    given: Succession, artifact: Artifact, corrections: list[Correction], tell: Tell
) -> _Candidate:
    """Fine-tune the artifact's network, once for each fold if they are several, and finish it."""
    tell("Preparing what is shown again", _PREPARING)
    recipe = finetuning.shortened(finetuning.recipe_of(artifact), given.settings)
    pools = prepare(given.ingredients.material(), recipe, progress=given.progress)
    learning = recipe if given.seed is None else replace(recipe, seed=given.seed)
    network = finetuning.load_network(artifact)
    school = finetuning.School(network, pools, learning, given.settings)
    folds = promotion.folds_of(corrections)
    in_turn = folds if len(folds) > 1 else []

    def for_fold(number: int) -> Run:
        step = (_LEARNING - _FOLDS) / len(folds)
        stage = f"Holding out corrections in turn, {number + 1} of {len(folds)}"
        return _run(given, tell, stage, _FOLDS + number * step, _FOLDS + (number + 1) * step)

    by_strangers = strangers_logits(school, corrections, in_turn, for_fold)
    apart = set(folds[0]) if len(folds) == 1 else set()
    taught = [correction for i, correction in enumerate(corrections) if i not in apart]
    begin = _LEARNING if in_turn else _FOLDS
    learned = school.teach(taught, _run(given, tell, "Learning the corrections", begin, _FINISHING))
    tell("Making it ready to run", _FINISHING)
    exam = exam_of(pools, recipe, given.ingredients.mnist.test)
    card = make_runnable(given.workplace, learned, exam)
    judges = _held_out_digits(pools, exam, recipe)
    return _Candidate(learned, len(taught), card, folds, by_strangers, judges, pools)


def check_mnist(artifact: Artifact, ingredients: Ingredients) -> None:
    """Refuse other digits than the artifact was trained on: what it held out would be unknown.

    Raises:
        DatasetError: they are others.
    """
    told = artifact.card.get("data") or [{}]
    trained_on = told[0].get("sha256", {})
    here = dict(ingredients.mnist.sha256)
    if any(trained_on.get(name) != here[name] for name in ("x_train", "y_train")):
        raise DatasetError(
            f"Expected the MNIST that {artifact.folder} was trained on. Received: other digits: "
            "which of them it has never seen is not known. Give the same file to --mnist."
        )


def _run(given: Succession, tell: Tell, stage: str, begin: float, end: float) -> Run:
    """A training that tells of itself as one stage."""
    return Run(
        keep=False,
        progress=given.progress,
        told=lambda share: tell(stage, begin + share * (end - begin)),
    )


def _learnable(given: Succession, recipe: Recipe) -> list[Correction]:
    """The corrections, less those that are digits of MNIST which judge.

    Raises:
        DatasetError: none is left.
    """
    mnist = given.ingredients.mnist
    _, validation = split(mnist.train, recipe)
    judges = {digit.tobytes() for part in (mnist.test, validation) for digit in part.digits}
    kept = [c for c in given.corrections if c.image.tobytes() not in judges]
    if not kept:
        raise DatasetError(
            f"Expected corrections to learn from. Received: {len(given.corrections):,}, all of "
            "them digits of MNIST that judge. Draw digits of your own."
        )
    return kept


def _held_out_digits(pools: Pools, exam: Exam, recipe: Recipe) -> list[promotion.Judged]:
    """What neither network was trained on, by name."""
    drawn = draw_digits(_DRAWN, recipe, np.random.default_rng((recipe.seed, 9)))
    return [
        ("MNIST, held out", pools.validation.mnist),
        ("the same, varied", exam.varied),
        ("pen strokes of other writers", pools.validation.strokes),
        ("the generator's drawings", drawn),
    ]


def _about(
    given: Succession,
    artifact: Artifact,
    corrections: Sequence[Correction],
    candidate: _Candidate,
    verdict: Promotion,
) -> dict[str, Any]:
    """What the card says besides figures."""
    old = versions(given.folder)[0]
    kinds = Counter("no digit" if c.label == NOT_A_DIGIT else str(c.label) for c in corrections)
    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(given.command),
        "recipe": artifact.card["recipe"],
        "data": artifact.card["data"],
        "fine_tuning": asdict(given.settings),
        "corrections": {
            "learned": candidate.taught,
            "held out": len(corrections) - candidate.taught,
            "confirmed": sum(c.confirmed for c in corrections),
            "labels": dict(sorted(kinds.items())),
        },
        "predecessor": {"name": old.name, "sha256": old.sha256},
        "promotion": {**verdict.plain(), "forced": not verdict.promoted},
        "versions": library_versions(),
    }


def _promote(given: Succession, old: Artifact, learned: Trained, card: dict[str, Any]) -> None:
    """Read the test set for the card's figures, and change places with the old artifact.

    Raises:
        RetrainingError: another network has come into use meanwhile.
    """
    with new_artifact(given.folder) as fresh:
        for file in given.workplace.iterdir():
            shutil.copyfile(file, fresh / file.name)
        card["parameters"] = learned.model.count_params()
        card["figures"] = test_figures(fresh, learned, given.ingredients.mnist.test, card)
        for sheet in _SHEETS:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(old.folder / "report" / sheet, fresh / "report" / sheet)
        write_card(fresh, card)
        try:
            unchanged = load_artifact(given.folder).card == old.card
        except ArtifactError:
            unchanged = False
        if not unchanged:
            raise RetrainingError(
                f"Expected the artifact in {given.folder} to stay as it was during the "
                "retraining. Received: another one. Retrain again."
            )
