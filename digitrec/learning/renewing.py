"""An artifact's LiteRT files made anew from its own network; nothing that it learned changes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras

from digitrec.classifier import Classifier
from digitrec.datasets.sources import DRAWN
from digitrec.errors import ArtifactError, DatasetError
from digitrec.learning.artifact import Ingredients
from digitrec.learning.evaluation import evaluate
from digitrec.learning.finishing import digit_threshold, exam_of, export, temperature_of
from digitrec.learning.mixture import prepare
from digitrec.learning.recipe import Recipe, recipe_from
from digitrec.learning.training import Run
from digitrec.models import load_artifact
from digitrec.versions import PREDECESSORS, new_artifact, write_card


def renew(
    folder: Path, model: keras.Model, ingredients: Ingredients, output: Path, run: Run
) -> dict[str, Any]:
    """Finish an artifact's network again, with the exam of its training.

    Ranges of int8, temperature and threshold come from examples that recipe and data determine;
    they are drawn anew, which takes minutes. Weights, history and report stay.

    Args:
        folder: the artifact.
        model: its `model.keras`.
        ingredients: the data that it was trained on.
        output: the new artifact's folder; may be the same.
        run: the command line that asked for it, for the card, and whether bars are shown.

    Returns:
        The new card.

    Raises:
        ArtifactError: the card tells no recipe.
        DatasetError: other data than the card names.
    """
    old = dict(load_artifact(folder).card)
    recipe = _recipe(old, folder)
    _check_data(old, ingredients)
    pools = prepare(ingredients.material(), recipe, progress=run.progress)
    exam = exam_of(pools, recipe, ingredients.mnist.test)
    with new_artifact(output) as fresh:
        own = shutil.ignore_patterns(PREDECESSORS)
        shutil.copytree(folder, fresh, dirs_exist_ok=True, ignore=own)
        temperature = temperature_of(model, exam)
        choice = export(model, exam, temperature, fresh)
        running = Classifier(fresh / choice.file, temperature=temperature)
        test = ingredients.mnist.test
        at_run_time = evaluate(running.classify(test.digits), test.labels).accuracy
        card = {
            **old,
            "exported": {
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "command": " ".join(run.command),
            },
            "temperature": temperature,
            "digit_threshold": digit_threshold(running.judge, exam),
            "runtime": {"file": choice.file, "reason": choice.reason},
            "figures": {**old["figures"], "test_accuracy_at_run_time": at_run_time},
        }
        write_card(fresh, card)
    return card


def _recipe(card: Mapping[str, Any], folder: Path) -> Recipe:
    try:
        return recipe_from(card["recipe"])
    except (KeyError, TypeError) as error:
        raise ArtifactError(
            f"Expected the card in {folder} to tell the whole recipe of its training. Received: "
            f"one that does not ({error}). Finish it without --again."
        ) from error


def _check_data(card: Mapping[str, Any], ingredients: Ingredients) -> None:
    """Before anything is drawn: the card's sets and those given, by their content."""
    mnist = {"sha256": dict(ingredients.mnist.sha256)}
    given = sorted(map(_content, [mnist, *ingredients.credits]))
    told = sorted(_content(item) for item in card["data"] if item["name"] != DRAWN["name"])
    if given != told:
        raise DatasetError(
            "Expected the data that the network was trained on. Received: "
            f"{' and '.join(given)}, where its card says {' and '.join(told)}. Give the same "
            "files with --mnist, --strokes and --not-digits."
        )


def _content(item: Mapping[str, Any]) -> str:
    """What tells one set from another, whatever its files are called."""
    hashes = " ".join(sorted(digest[:8] for digest in dict(item.get("sha256", {})).values()))
    counts = [f"{item[kind]} {kind}" for kind in ("drawings", "pictures") if kind in item]
    return ", ".join([*counts, *([f"sha256 {hashes}"] if hashes else [])])
