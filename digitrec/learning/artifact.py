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
from digitrec.errors import ArtifactError
from digitrec.learning import architectures
from digitrec.learning.checkpoints import check_checkpoint
from digitrec.learning.finishing import exam_of, finish
from digitrec.learning.material import Material
from digitrec.learning.mixture import Pools, prepare
from digitrec.learning.recipe import Recipe
from digitrec.learning.report import write_contact_sheet
from digitrec.learning.training import Run, train
from digitrec.learning.unfinished import save_unfinished
from digitrec.models import CARD
from digitrec.versions import new_artifact, write_card


@dataclass(frozen=True)
class Ingredients:
    """All the data of one training.

    Attributes:
        mnist: training and test digits.
        drawings: pen strokes of digits, to train on.
        pictures: (M, 28, 28) uint8, other scripts in MNIST's form, to train on as no digits.
        characters: what each picture shows; M names.
        credits: what the card says of strokes and pictures, see `datasets.sources`.
    """

    mnist: Mnist
    drawings: Sequence[Drawing]
    pictures: NDArray[np.uint8]
    characters: Sequence[str] = ()
    credits: Sequence[dict[str, Any]] = ()

    def material(self) -> Material:
        """What a training may see of it: not the test part."""
        return Material(self.mnist.train, self.drawings, self.pictures, self.characters)


def train_artifact(
    ingredients: Ingredients,
    recipe: Recipe,
    output: Path,
    run: Run,
) -> dict[str, Any]:
    """Train, export, judge once on the test set, and write the artifact whole or not at all.

    On another Keras backend than TensorFlow the folder lacks the LiteRT files and the card
    until `scripts/finish.py` has finished it.

    Args:
        ingredients: the data; the test part is used only after the last epoch.
        recipe: everything else that decides the result.
        output: the artifact folder; an older one in its place is replaced at the very end.
        run: the command line, checkpoints and progress.

    Returns:
        The card; without figures where it is not finished.

    Raises:
        ArtifactError: an artifact would give way to one that is not finished.
        CheckpointError, DatasetError, RecipeError: see `training.train` and `mixture.prepare`.
    """
    # Drawing the examples takes minutes: what can be refused before is.
    architectures.check(recipe.architecture)
    if run.begin_with:
        check_checkpoint(run.checkpoints, recipe, run.begin_with)
    finished_here = keras.backend.backend() == "tensorflow"
    if not finished_here and (output / CARD).is_file():
        raise ArtifactError(
            f"Expected an --output without a finished artifact, as {keras.backend.backend()} "
            f"cannot finish one. Received: {output}, which holds one. Give another folder, then "
            "run scripts/finish.py where TensorFlow is."
        )
    started = time.monotonic()
    pools = prepare(ingredients.material(), recipe, progress=run.progress)
    preparing = time.monotonic() - started
    with new_artifact(output) as folder:
        trained = train(pools, recipe, run)
        about: dict[str, Any] = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": " ".join(run.command),
            "recipe": asdict(recipe),
            "data": _describe(ingredients, pools),
            "duration_seconds": round(preparing + trained.seconds),
        }
        exam = exam_of(pools, recipe, ingredients.mnist.test)
        write_contact_sheet(folder / "report", pools, recipe)
        if not finished_here:
            save_unfinished(folder, trained, exam, about)
            return about
        card = finish(folder, trained, exam, about)
        write_card(folder, card)
    return card


def _describe(ingredients: Ingredients, pools: Pools) -> list[dict[str, Any]]:
    """Each set's credit, and how much of it was used for what."""
    mnist = ingredients.mnist
    credit = sources.MNIST if mnist.genuine else sources.UNCHECKED
    sizes = {
        "training": len(pools.mnist),
        "validation": len(pools.validation.mnist),
        "test": len(mnist.test),
    }
    described = [{**credit, "digits": sizes, "sha256": dict(mnist.sha256)}]
    for item in ingredients.credits:
        held_out = {"validation_writers": list(pools.writers["validation"])}
        described.append({**item, **(held_out if "writers" in item else {})})
    if len(pools.drawn) or len(pools.outliers):
        drawn = {"digits": len(pools.drawn), "not digits": len(pools.outliers)}
        described.append({**sources.DRAWN, "drawings": drawn})
    return described
