"""One training from data to a finished artifact folder."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing, Mnist, sources
from digitrec.learning.finishing import exam_of, finish, save_unfinished
from digitrec.learning.mixture import Material, Pools, prepare
from digitrec.learning.recipe import Recipe
from digitrec.learning.report import write_contact_sheet
from digitrec.learning.training import Run, train
from digitrec.models import new_artifact, write_card


@dataclass(frozen=True)
class Ingredients:
    """All the data of one training.

    Attributes:
        mnist: training and test digits.
        drawings: pen strokes of digits, to train on.
        pictures: (M, 28, 28) uint8, other scripts in MNIST's form, to train on as no digits.
        credits: what the card says of strokes and pictures, see `datasets.sources`.
    """

    mnist: Mnist
    drawings: Sequence[Drawing]
    pictures: NDArray[np.uint8]
    credits: Sequence[dict[str, Any]] = ()


def train_artifact(
    ingredients: Ingredients,
    recipe: Recipe,
    output: Path,
    run: Run,
) -> dict[str, Any]:
    """Train, export, judge once on the test set, and write the artifact whole or not at all.

    On another Keras backend than TensorFlow the folder lacks the LiteRT files and the card
    until `scripts/export.py` has finished it.

    Args:
        ingredients: the data; the test part is used only after the last epoch.
        recipe: everything else that decides the result.
        output: the artifact folder; an older one in its place is replaced at the very end.
        run: the command line, checkpoints and progress.

    Returns:
        The card; without figures where it is not finished.
    """
    started = time.monotonic()
    material = Material(ingredients.mnist.train, ingredients.drawings, ingredients.pictures)
    pools = prepare(material, recipe, progress=run.progress)
    with new_artifact(output) as folder:
        trained = train(pools, recipe, run)
        about: dict[str, Any] = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": " ".join(run.command),
            "recipe": asdict(recipe),
            "data": _describe(ingredients, pools),
            "duration_seconds": round(time.monotonic() - started),
        }
        exam = exam_of(pools, ingredients.mnist.test)
        write_contact_sheet(folder / "report", pools, recipe)
        if keras.backend.backend() != "tensorflow":
            save_unfinished(folder, trained, exam, about)
            return about
        card = finish(folder, trained, exam, about)
        write_card(folder, card)
    return card


def _describe(ingredients: Ingredients, pools: Pools) -> list[dict[str, Any]]:
    """Each set's credit, and how much of it was used for what."""
    mnist = ingredients.mnist
    credit = sources.MNIST if mnist.genuine else {"name": "not MNIST: unchecked arrays"}
    sizes = {
        "training": len(pools.mnist),
        "validation": len(pools.validation.mnist),
        "test": len(mnist.test),
    }
    described = [{**credit, "digits": sizes, "sha256": dict(mnist.sha256)}]
    described += [dict(item) for item in ingredients.credits]
    if len(pools.drawn) or len(pools.outliers):
        drawn = {"digits": len(pools.drawn), "not digits": len(pools.outliers)}
        described.append({**sources.DRAWN, "drawings": drawn})
    return described
