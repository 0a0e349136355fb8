"""How good probabilities are, against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

CLASSES = np.arange(10)


@dataclass(frozen=True)
class ClassFigures:
    """Precision, recall and F1 of one class, 0-1, and how many digits it has."""

    label: int
    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True)
class Mistake:
    """A digit that was read wrongly: where it stands, and with which probability each way."""

    index: int
    truth: int
    answer: int
    confidence: float
    probability_of_truth: float


@dataclass(frozen=True)
class Evaluation:
    """Everything that a report says of one set.

    Attributes:
        accuracy: share read rightly, 0-1.
        negative_log_likelihood: mean, nats.
        confusion: (10, 10) counts, rows are truth, columns are answers; (10, 11) where some
            were not answered with one digit, those in the last column.
        classes: figures a class.
        mistakes: every wrong answer, the surest first.
        count: how many digits.
    """

    accuracy: float
    negative_log_likelihood: float
    confusion: NDArray[np.int64]
    classes: tuple[ClassFigures, ...]
    mistakes: tuple[Mistake, ...]
    count: int


def evaluate(
    probabilities: NDArray[np.float32],
    labels: NDArray[np.int64],
    answers: NDArray[np.int64] | None = None,
) -> Evaluation:
    """Compare probabilities with the truth.

    Args:
        probabilities: (N, 10).
        labels: (N,), 0-9.
        answers: (N,), 0-9 or -1 where none was given; without them the likeliest classes.
    """
    answers = probabilities.argmax(axis=1) if answers is None else answers
    columns = CLASSES if (answers >= 0).all() else np.append(CLASSES, -1)
    precision, recall, f1, count = precision_recall_fscore_support(
        labels, answers, labels=CLASSES, zero_division=0
    )
    exact = probabilities.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    return Evaluation(
        accuracy=float((answers == labels).mean()),
        negative_log_likelihood=float(log_loss(labels, exact, labels=CLASSES)),
        confusion=confusion_matrix(labels, answers, labels=columns)[: len(CLASSES)],
        classes=tuple(
            ClassFigures(int(c), float(precision[c]), float(recall[c]), float(f1[c]), int(count[c]))
            for c in CLASSES
        ),
        mistakes=_mistakes(probabilities, labels, answers),
        count=len(labels),
    )


def _mistakes(
    probabilities: NDArray[np.float32], labels: NDArray[np.int64], answers: NDArray[np.int64]
) -> tuple[Mistake, ...]:
    wrong = np.flatnonzero((answers != labels) & (answers >= 0))
    surest_first = wrong[np.argsort(-probabilities[wrong, answers[wrong]], kind="stable")]
    return tuple(
        Mistake(
            index=int(i),
            truth=int(labels[i]),
            answer=int(answers[i]),
            confidence=float(probabilities[i, answers[i]]),
            probability_of_truth=float(probabilities[i, labels[i]]),
        )
        for i in surest_first
    )
