"""Whether the labels of corrections can be right, all in all.

Some wrong ones do no harm. Many would teach nonsense: by chance, which no other correction then
speaks for, or by system, which makes the network take ordinary digits for others. Both are looked
for in a network that has learned them in earnest, all the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT, Correction
from digitrec.datasets import LabelledDigits
from digitrec.learning.promotion import Answers, Judged, Network
from digitrec.learning.verdict import Measure, Promotion
from digitrec.logits import CLASSES

_CHANCE = 1 / CLASSES  # a label that is given less than this is contradicted
_LEAST = 3  # labels that make a crowd
_DOUBTFUL = 0.6  # share of contradicted labels that nothing speaks for, from which on they refuse
# Ordinary digits that are taken for others: share of their class, and number.
_TAKEN, _LEAST_TAKEN = 0.1, 5
_WHERE = (
    "Look through them on the page Corrections, or with `python -m digitrec corrections`, and mend "
    "those that are wrong."
)


def judge_beliefs(
    corrections: Sequence[Correction],
    before: Answers,
    strangers: Sequence[tuple[Sequence[int], Answers]],
) -> Promotion:
    """Labels that the network in use contradicts, and how many others like them speak for.

    A hand that is new to the network is contradicted at first, too; what was learned from its
    other digits then speaks for it. A label given at random finds no such neighbours.

    Args:
        corrections: all of them.
        before: of the network in use, to all.
        strangers: each fold's places, and the answers to them of a network that learned others.
    """
    if not strangers:
        return Promotion(())
    labels = _labels(corrections)
    places = np.concatenate([np.array(fold, np.int64) for fold, _ in strangers])
    beliefs = np.concatenate([answers.belief(labels[list(fold)]) for fold, answers in strangers])
    contradicted = before.belief(labels)[places] < _CHANCE
    doubtful = contradicted & (beliefs < _CHANCE)
    count, number = int(doubtful.sum()), int(contradicted.sum())
    refused = count >= _LEAST and count >= _DOUBTFUL * number
    verdict = "too few" if refused else "enough" if number else "none contradicted"
    name = "labels that the old network contradicts, and others speak for"
    row = Measure(name, 0, number - count, number, verdict, not refused)
    sentence = (
        f"{count:,} of the {len(places):,} corrections that were held out have labels that neither "
        "the old network nor one that learned from the others believes."
    )
    keys = tuple(corrections[int(place)].key for place in places[doubtful])
    if not refused:
        return Promotion((row,), suspicious=keys)
    return Promotion((row,), (sentence,), (_WHERE,), keys)


def judge_ordinary(
    corrections: Sequence[Correction],
    before: Answers,
    old: Network,
    learned: Network,
    judges: Sequence[Judged],
) -> Promotion:
    """Whether corrections of one kind are what the network in use takes them for.

    Learning them then spoils what is known well: of all 7s labelled 1 ordinary 7s become 1s.

    Args:
        corrections: all of them.
        before: of the network in use, to all.
        old: the network in use.
        learned: the network that learned them in earnest.
        judges: what neither was trained on, by name; the label -1 for what is no digit.
    """
    labels, refusals = _labels(corrections), []
    suspicious: list[str] = []
    kinds = np.stack([before.said, labels], axis=1)
    for answer, label in np.unique(kinds[before.said != labels], axis=0):
        places = np.flatnonzero((before.said == answer) & (labels == label))
        if len(places) < _LEAST:
            continue
        spoiled = [
            (name, taken, number)
            for name, judge in judges
            for taken, number in [_taken(judge, old, learned, int(answer), int(label))]
            if taken >= max(_LEAST_TAKEN, _TAKEN * number)
        ]
        if spoiled:
            name, taken, number = max(spoiled, key=lambda one: one[1] / one[2])
            refusals.append(
                f"{len(places):,} corrections labelled {_word(label)} look like {_word(answer)}, "
                f"as which the old network reads them: after learning them, {taken:,} of "
                f"{number:,} examples of {_word(answer)} ({name}) become {_word(label)}."
            )
            suspicious += [corrections[int(place)].key for place in places]
    return Promotion((), tuple(refusals), (_WHERE,) if refusals else (), tuple(suspicious))


def _taken(
    judge: LabelledDigits, old: Network, learned: Network, answer: int, label: int
) -> tuple[int, int]:
    """How many of what is `answer`, and was read so, are taken for `label` since; of how many."""
    if not len(judge):
        return 0, 0
    truth: NDArray[np.bool_] = judge.labels == answer
    lost = (old(judge.digits).said == answer) & (learned(judge.digits).said == label)
    return int((truth & lost).sum()), int(truth.sum())


def _labels(corrections: Sequence[Correction]) -> NDArray[np.int64]:
    return np.array([correction.label for correction in corrections], np.int64)


def _word(label: int) -> str:
    return "no digit" if label == NOT_A_DIGIT else str(label)
