"""A trained network on its way to a machine that has TensorFlow, with all that finishing needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits
from digitrec.datasets.archives import read_arrays
from digitrec.errors import CheckpointError
from digitrec.learning.finishing import Exam, library_versions, without_optimizer
from digitrec.learning.outliers import drawn_outliers
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import draw_digits
from digitrec.learning.training import Trained

EXAM, STATE = "exam.npz", "exam.json"


def save_unfinished(folder: Path, trained: Trained, exam: Exam, about: dict[str, Any]) -> None:
    """A trained network with all that `finish` needs, for a machine that has TensorFlow."""
    without_optimizer(trained.model).save(folder / "model.keras")
    arrays: dict[str, NDArray[Any]] = {"calibration": exam.calibration}
    named = [(f"validation{i}", group) for i, group in enumerate(exam.validation)]
    named.append(("varied", exam.varied))
    for name, group in [*named, *([("test", exam.test)] if exam.test else [])]:
        arrays |= {f"{name}_digits": group.digits, f"{name}_labels": group.labels}
    np.savez_compressed(folder / EXAM, **arrays)  # type: ignore[arg-type]
    state = {"about": {**about, "versions": library_versions()}, "history": trained.history}
    (folder / STATE).write_text(json.dumps(state), encoding="utf-8")


def load_unfinished(folder: Path) -> tuple[Exam, list[dict[str, float]], dict[str, Any]]:
    """What `save_unfinished` wrote beside the network: exam, history and the card's beginning.

    Raises:
        CheckpointError: damaged.
    """
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
        arrays: dict[str, Any] = read_arrays(folder / EXAM)
        groups = {
            name.removesuffix("_digits"): LabelledDigits(
                arrays[name], arrays[name.replace("_digits", "_labels")]
            )
            for name in arrays
            if name.endswith("_digits")
        }
        test = groups.pop("test", None)
        varied = groups.pop("varied")
        validation = tuple(groups[name] for name in sorted(groups))
        exam = Exam(arrays["calibration"], validation, varied, test)
        return exam, list(state["history"]), dict(state["about"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointError(
            f"Expected {EXAM} and {STATE} in {folder}, as `digitrec train` writes them. "
            f"Received: damaged ones ({error}). Copy the whole folder again."
        ) from error


def exam_of_drawings() -> Exam:
    """An exam of the project's own drawings: it measures ranges, it judges nothing."""
    rng = np.random.default_rng(0)
    drawn = draw_digits(1_000, Recipe(), rng)
    others = [image for kind in drawn_outliers(Recipe().hand, rng, 50).values() for image in kind]
    calibration = np.concatenate([drawn.digits, np.stack(others)])
    return Exam(calibration, (drawn,), drawn, None)
