"""Leave writers out: the fine-tuning stage again without some hands, and theirs read after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from digitrec.datasets import Drawing
from digitrec.errors import CheckpointError, DatasetError
from digitrec.learning.artifact import Ingredients
from digitrec.learning.checkpoints import BEFORE_STROKES
from digitrec.learning.mixture import prepare
from digitrec.learning.recipe import Recipe, recipe_from
from digitrec.learning.rendering import render_plain
from digitrec.learning.training import Run, predict_logits, train


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
            f"strokes join. Received: none ({error}). Run scripts/train.py with --strokes first."
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
    checkpoints: Path,
    writers: Sequence[str],
    *,
    progress: bool = True,
) -> dict[str, Any]:
    """Fine-tune without these writers, then read theirs.

    Args:
        ingredients: all the data.
        recipe: of the training.
        checkpoints: where its point before pen strokes lies.
        writers: those left out.
        progress: show bars on stderr.

    Returns:
        `digits`, `right` (a share) and `writers` (the share of each).
    """
    kept = [d for d in ingredients.drawings if d.writer not in writers]
    out = [d for d in ingredients.drawings if d.writer in writers]
    material = replace(ingredients.material(), drawings=kept)
    # Nothing is chosen here: one writer is held out for the sake of the history's column only.
    pools = prepare(material, replace(recipe, validation_writers=1), progress=progress)
    run = Run(checkpoints=checkpoints, begin_with=BEFORE_STROKES, keep=False, progress=progress)
    model = train(pools, recipe, run).model
    digits = np.stack([render_plain(drawing.strokes) for drawing in out])
    labels = np.array([drawing.digit for drawing in out])
    right = predict_logits(model, digits)[:, :10].argmax(axis=1) == labels
    hands = np.array([drawing.writer for drawing in out])
    return {
        "digits": len(out),
        "right": float(right.mean()),
        "writers": {writer: float(right[hands == writer].mean()) for writer in writers},
    }
