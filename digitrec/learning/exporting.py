"""From a Keras network to LiteRT files, and the choice of the one that is run."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from digitrec.interpreters import FEATURES, LOGITS
from digitrec.learning.quiet import quiet

FLOAT32 = "model.tflite"
INT8 = "model.int8.tflite"

# The int8 network is run if it costs no more than this on validation digits.
MAX_POINTS_LOST = 0.02
MAX_MEAN_PROBABILITY_LOST = 0.01


def export_float32(model: keras.Model) -> bytes:
    """The network as LiteRT with float32 weights, and its last hidden layer as a second output."""
    import tensorflow as tf

    with quiet():
        return bytes(tf.lite.TFLiteConverter.from_keras_model(with_named_outputs(model)).convert())


def export_int8(model: keras.Model, calibration: NDArray[np.uint8]) -> bytes:
    """The network as LiteRT with int8 weights and activations, outputs as `export_float32`'s.

    Args:
        model: (N, 28, 28) uint8 → (N, 10) or (N, 11) float32 logits.
        calibration: (N, 28, 28) uint8, what the ranges of the activations are measured on.
    """
    import tensorflow as tf

    with quiet():
        converter = tf.lite.TFLiteConverter.from_keras_model(with_named_outputs(model))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([digit[None]] for digit in calibration)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        return bytes(converter.convert())


def with_named_outputs(model: keras.Model) -> keras.Model:
    """The same layers as a dict of outputs: logits (N, 10 or 11), features (N, D), both float32.

    Features are what the last layer sees; a network whose last layer is not dense, or stands in
    another network, gives logits alone.
    """
    last, logits = model.layers[-1], model.outputs[0]
    if not isinstance(last, keras.layers.Dense) or last.output is not logits:
        return keras.Model(model.inputs, {LOGITS: logits})
    return keras.Model(model.inputs, {LOGITS: logits, FEATURES: last.input})


def calibration_digits(
    pool: NDArray[np.uint8], rng: np.random.Generator, count: int = 3_000
) -> NDArray[np.uint8]:
    """A sample of all that a network has seen, so that int8 ranges also hold for scribbles.

    Args:
        pool: (N, 28, 28) uint8, digits and what is none.
        rng: the randomness.
        count: how many.

    Returns:
        (count, 28, 28) uint8.
    """
    return pool[rng.choice(len(pool), count, replace=len(pool) < count)]


@dataclass(frozen=True)
class RuntimeChoice:
    """Which network is run, and what decided it.

    Attributes:
        file: `FLOAT32` or `INT8`.
        points_lost: accuracy that int8 costs on validation digits, percentage points.
        mean_probability_lost: mean absolute change of the true class's probability.
    """

    file: str
    points_lost: float
    mean_probability_lost: float

    @property
    def reason(self) -> str:
        """One sentence for the card and the Model page."""
        verdict = "within" if self.file == INT8 else "beyond"
        return (
            f"On the validation digits int8 costs {self.points_lost:.3f} points of accuracy and "
            f"{self.mean_probability_lost:.5f} of mean probability, {verdict} the allowed "
            f"{MAX_POINTS_LOST} and {MAX_MEAN_PROBABILITY_LOST}."
        )


def choose_runtime(
    float32: NDArray[np.float32], int8: NDArray[np.float32], labels: NDArray[np.int64]
) -> RuntimeChoice:
    """Int8, if it costs next to nothing on validation digits.

    Args:
        float32: (N, 10) probabilities of the float32 network.
        int8: (N, 10) probabilities of the int8 network on the same digits.
        labels: (N,) true classes.
    """
    rows = np.arange(len(labels))
    right = [int((p.argmax(axis=1) == labels).sum()) for p in (float32, int8)]
    # Counted in whole digits first: a quotient of floats could cross the bound by itself.
    points = 100 * max(0, right[0] - right[1]) / len(labels)
    probability = float(np.abs(float32[rows, labels] - int8[rows, labels]).mean())
    good = points <= MAX_POINTS_LOST + 1e-9 and probability <= MAX_MEAN_PROBABILITY_LOST
    return RuntimeChoice(INT8 if good else FLOAT32, points, probability)
