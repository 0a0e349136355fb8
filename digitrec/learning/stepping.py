"""How far a network goes towards what it learned: as far as nothing gets worse.

Between the weights of a network and those it has after fine-tuning lie networks that know most of
the new and have forgotten little of the old: M. Wortsman et al., "Robust fine-tuning of zero-shot
models", CVPR 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import keras

from digitrec.learning.finishing import Exam, digit_threshold
from digitrec.learning.promotion import Bench, judge_validation
from digitrec.learning.strangers import answering, in_keras
from digitrec.learning.training import Trained, watch

STEPS = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3)  # of the way
# A stricter bound than the gate's: what it judges is chosen here by digits that it judges with.
_CAUTIOUS = 0.1


def step_back(
    network: keras.Model, learned: Trained, card: Mapping[str, Any], exam: Exam, bench: Bench
) -> tuple[Trained, float]:
    """The furthest of `STEPS` at which nothing that judges is worse; else the shortest.

    Args:
        network: before it learned.
        learned: after it did; stays as it is.
        card: of the network before.
        exam: sets the threshold of each step.
        bench: what judges.

    Returns:
        The network there, and how far of the way that is, 0-1.
    """
    before = answering(in_keras(network, card["temperature"]), card["digit_threshold"])
    old, new = network.get_weights(), learned.model.get_weights()
    model = keras.models.clone_model(learned.model)
    step = 0.0
    for step in STEPS:
        model.set_weights([a + step * (b - a) for a, b in zip(old, new, strict=True)])
        judge = in_keras(model, card["temperature"])
        after = answering(judge, digit_threshold(judge, exam))
        if judge_validation(before, after, bench, least_chance=_CAUTIOUS).promoted:
            break
    row = {**learned.history[-1], **watch(model, bench.validation)}
    return replace(learned, model=model, history=[*learned.history[:-1], row]), step
