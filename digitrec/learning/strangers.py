"""Networks as judges of corrections: as they run, and those that learned from the others only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from digitrec.classifier import Classifier
from digitrec.corrections import Correction
from digitrec.learning.finetuning import School
from digitrec.learning.finishing import Judge
from digitrec.learning.promotion import Answers, Network
from digitrec.learning.training import Run, predict_logits
from digitrec.logits import CLASSES, sigmoid, softmax

_REPLAYED = 0.5  # of what an epoch shows again, for networks that only judge


def in_keras(model: keras.Model, temperature: float) -> Judge:
    """What a network that is not exported judges as it would run: see `Classifier.judge`."""

    def judge(digits: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        logits = predict_logits(model, digits)
        probabilities = softmax(logits[:, :CLASSES] / np.float32(temperature))
        if logits.shape[1] == CLASSES:
            return probabilities, probabilities.max(axis=1, initial=0)
        return probabilities, sigmoid(logits[:, CLASSES])

    return judge


def answering(judge: Judge, threshold: float) -> Network:
    """A judge with a threshold: digits (N, 28, 28) → answers; it judges the same array once."""
    seen: dict[int, tuple[NDArray[np.uint8], Answers]] = {}

    def answer(digits: NDArray[np.uint8]) -> Answers:
        if id(digits) not in seen:  # the array is kept, too: no other one gets its id
            seen[id(digits)] = digits, Answers(*judge(digits), threshold)
        return seen[id(digits)][1]

    return answer


def running(network: Path, card: Mapping[str, Any]) -> Network:
    """A LiteRT file with its card's temperature and threshold."""
    classifier = Classifier(network, temperature=float(card["temperature"]))
    return answering(classifier.judge, float(card["digit_threshold"]))


def strangers(
    school: School,
    corrections: Sequence[Correction],
    folds: Sequence[Sequence[int]],
    card: Mapping[str, Any],
    run: Callable[[int], Run],
) -> list[Answers]:
    """For each fold, the answers of a network that learned from the others.

    Args:
        school: how corrections are learned.
        corrections: all of them.
        folds: places that are held out together.
        card: of the network in use, whose temperature and threshold count.
        run: progress, by the fold's number.
    """
    answers = []
    for number, fold in enumerate(folds):
        apart = set(fold)
        others = [c for place, c in enumerate(corrections) if place not in apart]
        model = school.teach(others, run(number), replayed=_REPLAYED).model
        judge = in_keras(model, card["temperature"])
        images = np.stack([corrections[place].image for place in fold])
        answers.append(Answers(*judge(images), card["digit_threshold"]))
    return answers
