"""From corrections to a new version of an artifact, or to the reason why there is none."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.corrections import NOT_A_DIGIT, Correction
from digitrec.errors import ArtifactError, DatasetError, RetrainingError
from digitrec.learning import finetuning, promotion
from digitrec.learning.artifact import Ingredients
from digitrec.learning.candidate import Candidate, Lesson, Tell, make_candidate
from digitrec.learning.finishing import library_versions, test_figures
from digitrec.learning.labels import judge_beliefs, judge_ordinary
from digitrec.learning.material import split
from digitrec.learning.recipe import Recipe
from digitrec.learning.strangers import running
from digitrec.learning.training import Trained
from digitrec.learning.verdict import Promotion, together
from digitrec.models import Artifact, load_artifact
from digitrec.versions import new_artifact, versions, write_card

_SHEETS = ("shapes.png", "outliers.png")  # of the generator: no network changes them
_JUDGING, _TESTING = 0.93, 0.96  # how far a retraining is then


@dataclass(frozen=True)
class Succession:
    """What a retraining is given.

    Attributes:
        folder: the artifact that learns.
        corrections: what it learns, at least one.
        lesson: with what, how and where.
        command: the command line, for the card.
        force: promote whatever the gate says.
        dry_run: promote nothing.
    """

    folder: Path
    corrections: Sequence[Correction]
    lesson: Lesson
    command: Sequence[str] = ()
    force: bool = False
    dry_run: bool = False


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
    check_mnist(artifact, given.lesson.ingredients)
    corrections = _learnable(given, finetuning.recipe_of(artifact))
    images = np.stack([correction.image for correction in corrections])
    old = running(artifact.network, artifact.card)
    before = old(images)
    gain = promotion.room_for_gain(corrections, before)
    if not gain.promoted and not given.force:
        return gain, False
    candidate = make_candidate(artifact, corrections, given.lesson, tell)
    tell("Judging it", _JUDGING)
    new = running(given.lesson.workplace / candidate.card["runtime"]["file"], candidate.card)
    verdict = _judge(corrections, candidate, old, new)
    if given.dry_run or not (verdict.promoted or given.force):
        return verdict, False
    tell("Reading the test set, once", _TESTING)
    about = _about(given, artifact, corrections, candidate, verdict)
    about["duration_seconds"] = round(time.monotonic() - started)
    _promote(given, artifact, candidate.network, {**about, **candidate.card})
    return verdict, True


def _judge(
    corrections: Sequence[Correction],
    candidate: Candidate,
    old: promotion.Network,
    new: promotion.Network,
) -> Promotion:
    """The whole verdict: all else, the labels, the corrections."""
    images = np.stack([correction.image for correction in corrections])
    before, after = old(images), new(images)
    apart = candidate.strangers
    if len(apart) == 1:
        apart = [(fold, after.some(fold)) for fold, _ in apart]
    every = candidate.bench.everything
    verdict = together(
        promotion.judge_validation(old, new, candidate.bench),
        judge_ordinary(corrections, before, old, candidate.earnest, every),
        judge_beliefs(corrections, before, candidate.strangers),
        promotion.judge_corrections(corrections, before, after, apart),
    )
    if verdict.promoted and candidate.step < 1:
        return replace(verdict, notes=(*verdict.notes, _way(candidate.step)))
    return verdict


def _way(step: float) -> str:
    return (
        f"It went {100 * step:.0f} % of the way to what it learned: further on it would have "
        "forgotten other things."
    )


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


def _learnable(given: Succession, recipe: Recipe) -> list[Correction]:
    """The corrections, less those that are digits of MNIST which judge.

    Raises:
        DatasetError: none is left.
    """
    mnist = given.lesson.ingredients.mnist
    _, validation = split(mnist.train, recipe)
    judges = {digit.tobytes() for part in (mnist.test, validation) for digit in part.digits}
    kept = [c for c in given.corrections if c.image.tobytes() not in judges]
    if not kept:
        raise DatasetError(
            f"Expected corrections to learn from. Received: {len(given.corrections):,}, all of "
            "them digits of MNIST that judge. Draw digits of your own."
        )
    return kept


def _about(
    given: Succession,
    artifact: Artifact,
    corrections: Sequence[Correction],
    candidate: Candidate,
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
        "fine_tuning": {**asdict(given.lesson.settings), "step": candidate.step},
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
        for file in given.lesson.workplace.iterdir():
            shutil.copyfile(file, fresh / file.name)
        card["parameters"] = learned.model.count_params()
        card["figures"] = test_figures(fresh, learned, given.lesson.ingredients.mnist.test, card)
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
