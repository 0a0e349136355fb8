"""From a trained network to an artifact: exported, calibrated, judged, described.

Training may run on any Keras backend; this step needs TensorFlow, whose converter makes the
LiteRT files. What it needs of the data travels in an `Exam` (see `unfinished`).
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

import digitrec
from digitrec.classifier import Classifier
from digitrec.datasets import LabelledDigits
from digitrec.learning import exporting
from digitrec.learning.augmentation import augment
from digitrec.learning.calibration import set_temperature
from digitrec.learning.evaluation import Evaluation, evaluate
from digitrec.learning.mixture import Pools, join
from digitrec.learning.recipe import Recipe
from digitrec.learning.report import write_history, write_report
from digitrec.learning.training import Trained, predict_logits
from digitrec.logits import CLASSES, softmax

logger = logging.getLogger(__name__)

Judge = Callable[[NDArray[np.uint8]], tuple[NDArray[np.float32], NDArray[np.float32]]]

ACCEPTED = 0.99  # share of the validation digits that the threshold keeps
_CALIBRATIONS = 3  # int8 networks that are tried, each with ranges of its own
_VERSIONED = (
    "keras",
    "tensorflow",
    "jax",
    "torch",
    "ai-edge-litert",
    "numpy",
    "opencv-python-headless",
    "scikit-learn",
    "scipy",
)


@dataclass(frozen=True)
class Exam:
    """What a trained network is calibrated and judged with.

    Attributes:
        calibration: (N, 28, 28) uint8, what int8 ranges are measured on.
        validation: MNIST's held-out digits, and those of held-out writers if any; the first set
            the temperature.
        varied: MNIST's held-out digits again, varied as a training varies them; with the others
            they tell what int8 costs, and which digit score is kept.
        test: read once, for the card's figures; None where there is none.
    """

    calibration: NDArray[np.uint8]
    validation: tuple[LabelledDigits, ...]
    varied: LabelledDigits
    test: LabelledDigits | None


def exam_of(pools: Pools, recipe: Recipe, test: LabelledDigits) -> Exam:
    """The exam of a training."""
    seen = (pools.mnist, pools.drawn, pools.strokes, pools.touching, pools.outliers)
    whole = np.concatenate([part.digits for part in seen])
    calibration = exporting.calibration_digits(whole, np.random.default_rng(0))
    held_out = pools.validation.mnist
    groups = tuple(group for group in (held_out, pools.validation.strokes) if len(group))
    rng = np.random.default_rng((recipe.seed, 6))
    varied = LabelledDigits(augment(held_out.digits, recipe.augmentation, rng), held_out.labels)
    return Exam(calibration, groups, varied, test)


def finish(folder: Path, trained: Trained, exam: Exam, about: dict[str, Any]) -> dict[str, Any]:
    """Write all of an artifact's files but its card.

    Args:
        folder: the artifact that is being written.
        trained: the network's last weights and its history.
        exam: see there.
        about: what the card says besides.

    Returns:
        The card.
    """
    card = {
        **about,
        "parameters": trained.model.count_params(),
        **make_runnable(folder, trained, exam),
        "figures": {},
        "versions": {**library_versions(), **about.get("versions", {})},
    }
    if exam.test:
        card["figures"] = test_figures(folder, trained, exam.test, card)
    return card


def make_runnable(folder: Path, trained: Trained, exam: Exam) -> dict[str, Any]:
    """Write the network in Keras' form and in LiteRT's, and set how it runs; no test is read.

    Args:
        folder: where the files are written.
        trained: the network's last weights and its history.
        exam: without a test nothing is calibrated: its digits are nobody's.

    Returns:
        The card's `temperature`, `digit_threshold` and `runtime`.
    """
    model = trained.model
    without_optimizer(model).save(folder / "model.keras")
    if trained.history:
        write_history(folder / "history.csv", trained.history)
    temperature = temperature_of(model, exam) if exam.test else 1.0
    choice = export(model, exam, temperature, folder)
    running = Classifier(folder / choice.file, temperature=temperature)
    return {
        "temperature": temperature,
        "digit_threshold": digit_threshold(running.judge, exam) if exam.test else 0.0,
        "runtime": {"file": choice.file, "reason": choice.reason},
    }


def test_figures(
    folder: Path, trained: Trained, test: LabelledDigits, card: Mapping[str, Any]
) -> dict[str, Any]:
    """The card's figures on the test set, with the report on it written.

    Args:
        folder: with the files of `make_runnable`.
        trained: the network's last weights and its history.
        test: the test set.
        card: with what `make_runnable` gave.
    """
    temperature = float(card["temperature"])
    running = Classifier(folder / card["runtime"]["file"], temperature=temperature)
    in_keras = softmax(predict_logits(trained.model, test.digits)[:, :CLASSES] / temperature)
    tested = evaluate(in_keras.astype(np.float32), test.labels)
    write_report(folder / "report", trained.history, tested, test.digits)
    at_run_time = evaluate(running.classify(test.digits), test.labels)
    return _figures(tested, at_run_time, trained.history)


def temperature_of(model: keras.Model, exam: Exam) -> float:
    """By MNIST's held-out digits alone.

    Of the few hundred strokes held out two or three are misread: those alone would set it.
    """
    digits = exam.validation[0]
    return set_temperature(predict_logits(model, digits.digits)[:, :CLASSES], digits.labels)


def digit_threshold(judge: Judge, exam: Exam) -> float:
    """The digit score that 99 % of the digits of each kind reach: MNIST's, and strokes.

    Half of MNIST's are varied as in training: users' digits vary more than MNIST's.

    Args:
        judge: from digits to probabilities and digit scores, see `Classifier.judge`.
        exam: what it is measured on.
    """
    mnist, *strokes = exam.validation
    scores = [judge(kind.digits)[1] for kind in (join([mnist, exam.varied]), *strokes)]
    return float(min(np.quantile(kind, 1 - ACCEPTED) for kind in scores))


def without_optimizer(model: keras.Model) -> keras.Model:
    """The same layers and weights, less the optimizer's state, which is twice as large."""
    return keras.Model(model.inputs, model.outputs, name=model.name)


def export(
    model: keras.Model, exam: Exam, temperature: float, folder: Path
) -> exporting.RuntimeChoice:
    """Both LiteRT files, and which of them validation digits choose.

    Ranges measured on other examples round other digits away: the int8 network that costs least
    is kept, the first one that costs next to nothing.
    """
    validation = join([*exam.validation, exam.varied])

    def answers(file: Path) -> NDArray[np.float32]:
        return Classifier(file, temperature=temperature).classify(validation.digits)

    int8_file, float32_file = folder / exporting.INT8, folder / exporting.FLOAT32
    float32_file.write_bytes(exporting.export_float32(model))
    float32 = answers(float32_file)
    tries: list[tuple[exporting.RuntimeChoice, bytes]] = []
    for examples in np.array_split(exam.calibration, _CALIBRATIONS):
        network = exporting.export_int8(model, examples)
        int8_file.write_bytes(network)
        choice = exporting.choose_runtime(float32, answers(int8_file), validation.labels)
        tries.append((choice, network))
        if choice.file == exporting.INT8:
            break
    choice, network = min(tries, key=lambda tried: tried[0].points_lost)
    int8_file.write_bytes(network)
    logger.info("%s: %s", choice.file, choice.reason)
    return choice


def _figures(
    in_keras: Evaluation, running: Evaluation, history: Sequence[dict[str, float]]
) -> dict[str, Any]:
    last = history[-1] if history else {}
    watched = {
        name: last[key]
        for name, key in (
            ("validation_accuracy", "validation_accuracy"),
            ("validation_strokes_accuracy", "strokes_accuracy"),
            ("validation_refused", "refused"),
        )
        if key in last
    }
    return {
        "test_accuracy": in_keras.accuracy,
        "test_negative_log_likelihood": in_keras.negative_log_likelihood,
        "test_accuracy_at_run_time": running.accuracy,
        **watched,
        "test_digits": in_keras.count,
    }


def library_versions() -> dict[str, str]:
    """What a network was made with: each library's version."""
    versions = {
        "digitrec": digitrec.__version__,
        "python": platform.python_version(),
        "keras backend": keras.backend.backend(),
    }
    for name in _VERSIONED:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions
