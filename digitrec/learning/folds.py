"""Leave writers out: the fine-tuning stage again without some hands, and theirs read after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.datasets import Drawing
from digitrec.errors import CheckpointError, DatasetError
from digitrec.learning.artifact import Ingredients
from digitrec.learning.checkpoints import BEFORE_STROKES
from digitrec.learning.finishing import Exam, exam_of, finish
from digitrec.learning.mixture import prepare
from digitrec.learning.recipe import Recipe, recipe_from
from digitrec.learning.rendering import render_plain
from digitrec.learning.training import Run, Trained, predict_logits, train
from digitrec.models import CARD
from digitrec.versions import new_artifact, write_card

LEFT_OUT = "writers_left_out"  # the card's field


def load_recipe(checkpoints: Path) -> Recipe:
    """The recipe of the training whose checkpoints these are.

    Raises:
        CheckpointError: none there, or damaged.
    """
    try:
        state = json.loads((checkpoints / f"{BEFORE_STROKES}.json").read_text(encoding="utf-8"))
        return recipe_from(state["recipe"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"Expected a training's checkpoints in {checkpoints}, with the point where pen "
            f"strokes join. Received: none ({error}). Run `digitrec train` with --strokes first."
        ) from error


def split_folds(drawings: Sequence[Drawing], folds: int) -> list[list[str]]:
    """The writers in as many groups, as equal as can be.

    Raises:
        DatasetError: fewer writers than folds.
    """
    writers = sorted({drawing.writer for drawing in drawings}, key=lambda w: (len(w), w))
    if not 2 <= folds <= len(writers):
        raise DatasetError(
            f"Expected between 2 folds and one for each of the {len(writers)} writers. Received: "
            f"{folds}. Change --folds."
        )
    return [list(map(str, part)) for part in np.array_split(writers, folds)]


def one_fold(
    ingredients: Ingredients,
    recipe: Recipe,
    run: Run,
    writers: Sequence[str],
    networks: Path | None = None,
) -> dict[str, Any]:
    """Fine-tune without these writers, then read theirs.

    Args:
        ingredients: all the data.
        recipe: of the training.
        run: its checkpoints hold the training's point before pen strokes.
        writers: those left out.
        networks: where the network is kept as an artifact, see `network_folder`.

    Returns:
        `digits`, `right` (a share) and `writers` (the share of each).
    """
    kept = [d for d in ingredients.drawings if d.writer not in writers]
    out = [d for d in ingredients.drawings if d.writer in writers]
    material = replace(ingredients.material(), drawings=kept)
    # Nothing is chosen here: one writer is held out for the sake of the history's column only.
    pools = prepare(material, replace(recipe, validation_writers=1), progress=run.progress)
    trained = train(pools, recipe, replace(run, begin_with=BEFORE_STROKES, keep=False))
    if networks is not None:
        exam = exam_of(pools, recipe, ingredients.mnist.test)
        about = {"recipe": asdict(recipe), LEFT_OUT: list(writers)}
        _keep(network_folder(networks, writers), trained, exam, about)
    digits = np.stack([render_plain(drawing.strokes) for drawing in out])
    labels = np.array([drawing.digit for drawing in out])
    right = predict_logits(trained.model, digits)[:, :10].argmax(axis=1) == labels
    hands = np.array([drawing.writer for drawing in out])
    return {
        "digits": len(out),
        "right": float(right.mean()),
        "writers": {writer: float(right[hands == writer].mean()) for writer in writers},
    }


def network_folder(networks: Path, writers: Sequence[str]) -> Path:
    """Where the network of a fold is kept; its card tells the writers, too."""
    return networks / f"without-{'-'.join(writers)}"


def is_kept(networks: Path, writers: Sequence[str]) -> bool:
    """Whether a fold's network is there."""
    return (network_folder(networks, writers) / CARD).is_file()


def _keep(folder: Path, trained: Trained, exam: Exam, about: dict[str, Any]) -> None:
    """Write the network as an artifact that a `Recognizer` takes."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with new_artifact(folder) as fresh:
        write_card(fresh, finish(fresh, trained, exam, {"created": now, **about}))
