"""One training from data to a finished artifact folder."""

from __future__ import annotations

import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

import digitrec
from digitrec.classifier import Classifier, softmax
from digitrec.datasets import Mnist
from digitrec.learning import exporting
from digitrec.learning.evaluation import Evaluation, evaluate
from digitrec.learning.recipe import Recipe
from digitrec.learning.report import write_history, write_report
from digitrec.learning.training import Split, split, train
from digitrec.models import new_artifact, write_card

logger = logging.getLogger(__name__)

MNIST_CREDIT = {
    "name": "MNIST",
    "authors": "Yann LeCun, Corinna Cortes, Christopher J. C. Burges",
    "licence": "CC BY-SA 3.0",
    "source": "https://yann.lecun.com/exdb/mnist/",
}
_VERSIONED = ("keras", "tensorflow", "ai-edge-litert", "numpy", "opencv-python-headless")


def train_artifact(
    mnist: Mnist,
    recipe: Recipe,
    output: Path,
    *,
    command: Sequence[str] = (),
    progress: bool = True,
) -> dict[str, Any]:
    """Train, export, judge once on the test set, and write the artifact whole or not at all.

    Args:
        mnist: the data; its test part is used only after the last epoch.
        recipe: everything that decides the result.
        output: the artifact folder; an older one in its place is replaced at the very end.
        command: the command line that asked for it, for the card.
        progress: show a progress bar on stderr.

    Returns:
        The card.
    """
    started = time.monotonic()
    data = split(mnist.train, recipe)
    with new_artifact(output) as folder:
        trained = train(data, recipe, progress=progress)
        write_history(folder / "history.csv", trained.history)
        _without_optimizer(trained.model).save(folder / "model.keras")
        choice = _export(trained.model, data, recipe, folder)

        in_keras = predict(trained.model, mnist.test.digits)
        evaluation = evaluate(in_keras, mnist.test.labels)
        running = Classifier(folder / choice.file).classify(mnist.test.digits)
        write_report(folder / "report", trained.history, evaluation, mnist.test.digits)
        card = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "command": " ".join(command),
            "parameters": trained.model.count_params(),
            "temperature": 1.0,
            "runtime": {"file": choice.file, "reason": choice.reason},
            "figures": _figures(evaluation, evaluate(running, mnist.test.labels), trained.history),
            "recipe": asdict(recipe),
            "data": [_describe(mnist, data)],
            "versions": _versions(),
            "duration_seconds": round(time.monotonic() - started),
        }
        write_card(folder, card)
    return card


def predict(model: keras.Model, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What Keras itself answers: probabilities (N, 10) float32."""
    return softmax(model.predict(digits, batch_size=500, verbose=0))


def _without_optimizer(model: keras.Model) -> keras.Model:
    """The same layers and weights, less the optimizer's state, which is twice as large."""
    return keras.Model(model.inputs, model.outputs, name=model.name)


def _export(
    model: keras.Model, data: Split, recipe: Recipe, folder: Path
) -> exporting.RuntimeChoice:
    """Both LiteRT files, and which of them validation digits choose."""
    rng = np.random.default_rng(recipe.seed)
    calibration = exporting.calibration_digits(data.train, rng)
    (folder / exporting.FLOAT32).write_bytes(exporting.export_float32(model))
    (folder / exporting.INT8).write_bytes(exporting.export_int8(model, calibration))
    float32, int8 = (
        Classifier(folder / name).classify(data.validation.digits)
        for name in (exporting.FLOAT32, exporting.INT8)
    )
    choice = exporting.choose_runtime(float32, int8, data.validation.labels)
    logger.info("%s: %s", choice.file, choice.reason)
    return choice


def _figures(
    in_keras: Evaluation, running: Evaluation, history: Sequence[dict[str, float]]
) -> dict[str, Any]:
    return {
        "test_accuracy": in_keras.accuracy,
        "test_negative_log_likelihood": in_keras.negative_log_likelihood,
        "test_accuracy_at_run_time": running.accuracy,
        "validation_accuracy": history[-1]["validation_accuracy"],
        "test_digits": in_keras.count,
    }


def _describe(mnist: Mnist, data: Split) -> dict[str, Any]:
    credit = MNIST_CREDIT if mnist.genuine else {"name": "not MNIST: unchecked arrays"}
    sizes = {
        "training": len(data.train),
        "validation": len(data.validation),
        "test": len(mnist.test),
    }
    return {**credit, "digits": sizes, "sha256": dict(mnist.sha256)}


def _versions() -> dict[str, str]:
    versions = {"digitrec": digitrec.__version__, "python": platform.python_version()}
    for name in _VERSIONED:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
