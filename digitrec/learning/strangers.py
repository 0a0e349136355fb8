"""Networks as judges of corrections: as they run, and those that learned from the others only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.classifier import CLASSES, Classifier, sigmoid, softmax
from digitrec.corrections import Correction
from digitrec.learning.finetuning import School
from digitrec.learning.promotion import Answers, Network
from digitrec.learning.training import Run, predict_logits

_REPLAYED = 0.5  # of what an epoch shows again, for networks that only judge


def running(network: Path, card: Mapping[str, Any]) -> Network:
    """A LiteRT file with its card's temperature and threshold: digits (N, 28, 28) → answers."""
    classifier = Classifier(network, temperature=float(card["temperature"]))
    threshold = float(card["digit_threshold"])

    def answer(digits: NDArray[np.uint8]) -> Answers:
        return Answers(*classifier.judge(digits), threshold)

    return answer


def answers_of(logits: NDArray[np.float32], card: Mapping[str, Any]) -> Answers:
    """What a network that is not exported would answer with a card's temperature and threshold."""
    probabilities = softmax(logits[:, :CLASSES] / np.float32(card["temperature"]))
    scores = probabilities.max(axis=1)
    if logits.shape[1] > CLASSES:
        scores = sigmoid(logits[:, CLASSES])
    return Answers(probabilities, scores, float(card["digit_threshold"]))


def strangers_logits(
    school: School,
    corrections: Sequence[Correction],
    folds: Sequence[Sequence[int]],
    run: Callable[[int], Run],
) -> list[NDArray[np.float32]]:
    """For each fold, the logits that a network gives it which learned from the others.

    Args:
        school: how corrections are learned.
        corrections: all of them.
        folds: places that are held out together.
        run: progress, by the fold's number.
    """
    logits = []
    for number, fold in enumerate(folds):
        apart = set(fold)
        others = [c for place, c in enumerate(corrections) if place not in apart]
        model = school.teach(others, run(number), replayed=_REPLAYED).model
        logits.append(predict_logits(model, np.stack([corrections[i].image for i in fold])))
    return logits
