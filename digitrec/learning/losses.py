"""What a training minimises and counts: digits, and what is none."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from digitrec.learning.architectures import CLASSES
from digitrec.learning.material import NOT_A_DIGIT


@keras.saving.register_keras_serializable("digitrec")
class DigitLoss(keras.losses.Loss):  # type: ignore[misc]  # Keras has no types
    """Cross-entropy of the classes, and of "is a digit" where the network has that logit.

    What is no digit has flat probabilities as its target ("outlier exposure": D. Hendrycks,
    M. Mazeika, T. Dietterich, "Deep anomaly detection with outlier exposure", ICLR 2019).

    Args:
        label_smoothing: share of a digit's target spread over all classes.
        outlier_weight: of what is no digit, in the classes' part.
        score_weight: of the "is a digit" part.
    """

    def __init__(
        self,
        label_smoothing: float = 0.0,
        outlier_weight: float = 0.5,
        score_weight: float = 0.5,
        name: str = "digit_loss",
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        self.label_smoothing = label_smoothing
        self.outlier_weight = outlier_weight
        self.score_weight = score_weight

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Loss of each example; `y_true` (N, 11) is one-hot, then 1 for a digit; 0s for none."""
        is_digit = y_true[:, CLASSES]
        flat = (1 - is_digit)[:, None] / CLASSES
        smooth = self.label_smoothing
        target = y_true[:, :CLASSES] * (1 - smooth) + smooth / CLASSES * is_digit[:, None] + flat
        classes = -ops.sum(target * ops.log_softmax(y_pred[:, :CLASSES]), axis=-1)
        # Flat probabilities still cost log(10): that part of it says nothing.
        classes = (classes - (1 - is_digit) * math.log(CLASSES)) * (
            is_digit + (1 - is_digit) * self.outlier_weight
        )
        if y_pred.shape[-1] == CLASSES:
            return classes
        score = y_pred[:, CLASSES]
        binary = ops.softplus(score) - is_digit * score
        return classes + self.score_weight * binary

    def get_config(self) -> dict[str, Any]:
        """What makes this loss again."""
        return {
            **super().get_config(),
            "label_smoothing": self.label_smoothing,
            "outlier_weight": self.outlier_weight,
            "score_weight": self.score_weight,
        }


@keras.saving.register_keras_serializable("digitrec")
class DigitAccuracy(keras.metrics.Mean):  # type: ignore[misc]  # Keras has no types
    """Share of the digits among the examples whose likeliest class is right."""

    def __init__(self, name: str = "accuracy", **options: Any) -> None:
        super().__init__(name=name, **options)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch; what is no digit does not count."""
        right = ops.argmax(y_true[:, :CLASSES], -1) == ops.argmax(y_pred[:, :CLASSES], -1)
        super().update_state(ops.cast(right, "float32"), sample_weight=y_true[:, CLASSES])


def targets(labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """Labels (N,) as (N, 11) float32: one-hot, then 1 for a digit; all 0 for what is none."""
    rows = np.zeros((len(labels), CLASSES + 1), np.float32)
    digits = np.flatnonzero(labels != NOT_A_DIGIT)
    rows[digits, labels[digits]] = 1
    rows[digits, CLASSES] = 1
    return rows
