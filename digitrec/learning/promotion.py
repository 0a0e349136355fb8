"""The gate: whether a network that learned corrections may take the place of the one in use.

Both are judged as they run, on what neither was trained on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT, Correction
from digitrec.datasets import LabelledDigits
from digitrec.learning.mixture import Validation
from digitrec.learning.verdict import ALPHA, Measure, Promotion, within_noise

FEW = 10  # corrections: fewer are held out in turn
_FOLDS = 5
_LEAST_HELD_OUT = 2  # a fixed fifth that holds fewer says nothing


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network answers to some digits, as it runs.

    Attributes:
        probabilities: (N, 10) float32.
        scores: (N,) float32, how much each looks like a digit.
        threshold: the least score that is accepted.
    """

    probabilities: NDArray[np.float32]
    scores: NDArray[np.float32]
    threshold: float

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """(N,): whether each is taken for a digit."""
        return np.asarray(self.scores >= self.threshold)

    def reads(self, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(N,): whether the likeliest class is the label, accepted or not."""
        return np.asarray(self.probabilities.argmax(axis=1) == labels)

    def right(self, labels: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(N,): whether the label is answered, or what is no digit is refused."""
        none = labels == NOT_A_DIGIT
        return np.where(none, ~self.accepted, self.reads(labels) & self.accepted)

    @property
    def said(self) -> NDArray[np.int64]:
        """(N,): the likeliest class, or `NOT_A_DIGIT`."""
        return np.where(self.accepted, self.probabilities.argmax(axis=1), NOT_A_DIGIT)

    def belief(self, labels: NDArray[np.int64]) -> NDArray[np.float32]:
        """(N,) float32, 0-1: how probable each label is."""
        of_class = self.probabilities[np.arange(len(labels)), labels.clip(0)]
        return np.where(labels == NOT_A_DIGIT, 1 - self.scores, of_class)

    def some(self, places: Sequence[int]) -> Answers:
        """The answers to the digits at these places."""
        chosen = list(places)
        return Answers(self.probabilities[chosen], self.scores[chosen], self.threshold)


Network = Callable[[NDArray[np.uint8]], Answers]  # (N, 28, 28) digits → answers
Judged = tuple[str, LabelledDigits]  # a set that judges, by its name


@dataclass(frozen=True)
class Bench:
    """What judges: neither network was trained on any of it.

    Attributes:
        digits: sets of digits, by name.
        validation: what watches a training; its outliers are no digits.
    """

    digits: Sequence[Judged]
    validation: Validation

    @property
    def everything(self) -> list[Judged]:
        """The digits, and what is none with the label -1."""
        none = self.validation.outliers
        no_digits = LabelledDigits(none, np.full(len(none), NOT_A_DIGIT))
        return [*self.digits, ("what is no digit", no_digits)]


def folds_of(corrections: Sequence[Correction]) -> list[list[int]]:
    """Which corrections are held out together, by their place; each list needs a network.

    The fixed fifth where there are enough; few are held out in turn, a fifth each or one by one.
    A single one cannot be held out.
    """
    fixed = [place for place, correction in enumerate(corrections) if correction.held_out]
    if len(corrections) >= FEW and len(fixed) >= _LEAST_HELD_OUT:
        return [fixed]
    if len(corrections) < 2:
        return []
    order = sorted(range(len(corrections)), key=lambda place: corrections[place].key)
    count = min(_FOLDS, len(corrections))
    return [order[fold::count] for fold in range(count)]


def judge_corrections(
    corrections: Sequence[Correction],
    before: Answers,
    after: Answers,
    strangers: Sequence[tuple[Sequence[int], Answers]],
) -> Promotion:
    """The corrections' part of the verdict.

    Args:
        corrections: all of them.
        before: of the network in use, to all.
        after: of the candidate, to all.
        strangers: each fold's places, and the answers to them of what was not trained on them: the
            candidate itself where there is one fold.
    """
    labels = np.array([correction.label for correction in corrections], np.int64)
    places = np.array([place for fold, _ in strangers for place in fold], np.int64)
    apart = [answers.right(labels[list(fold)]) for fold, answers in strangers]
    rows, refusals, notes = [], [], []
    if len(places):
        in_turn = len(strangers) > 1
        held_out = _held_out(before.right(labels)[places], np.concatenate(apart), in_turn=in_turn)
        rows.append(held_out)
        if not held_out.passed:
            refusals.append("Corrections that were held out are read worse than before.")
    if len(strangers) != 1:
        notes.append(_few(len(corrections)))
    whole = _gain(before.right(labels), after.right(labels))
    rows.append(whole)
    if not whole.passed:
        refusals.append("No more corrections are read rightly than before: there is no gain.")
    return Promotion(tuple(rows), tuple(refusals), tuple(notes))


def _held_out(before: NDArray[np.bool_], after: NDArray[np.bool_], *, in_turn: bool) -> Measure:
    had, has = int(before.sum()), int(after.sum())
    name = "corrections, each held out in turn" if in_turn else "corrections held out"
    verdict = "worse" if has < had else "better" if has > had else "the same"
    return Measure(name, had, has, len(before), verdict, has >= had)


def _gain(before: NDArray[np.bool_], after: NDArray[np.bool_]) -> Measure:
    had, has = int(before.sum()), int(after.sum())
    verdict = "better" if has > had else "no better"
    return Measure("all corrections", had, has, len(before), verdict, has > had)


def _few(count: int) -> str:
    if count == 1:
        return "There is one correction: nothing could be held out to judge what was learned."
    return (
        f"There are only {count} corrections: each was judged by a network that had learned "
        "from others, and the new network has learned from all."
    )


def room_for_gain(corrections: Sequence[Correction], before: Answers) -> Promotion:
    """Whether the network in use has anything to learn of the corrections."""
    right = before.right(np.array([correction.label for correction in corrections], np.int64))
    if not right.all():
        return Promotion(())
    row = Measure("all corrections", len(right), len(right), len(right), "all right", False)
    sentence = f"The network in use reads all {len(right):,} corrections rightly: nothing to gain."
    return Promotion((row,), (sentence,))


def judge_validation(
    before: Network, after: Network, bench: Bench, *, least_chance: float = ALPHA
) -> Promotion:
    """The part of the verdict that is about everything else.

    Args:
        before: the network in use.
        after: the candidate.
        bench: what neither was trained on; an empty set is left out.
        least_chance: see `verdict.within_noise`.
    """

    def compared(name: str, had: NDArray[np.bool_], has: NDArray[np.bool_]) -> None:
        rows.append(within_noise(name, had, has, least_chance))

    rows: list[Measure] = []
    refusals = []
    accepted = []
    for name, held_out in bench.digits:
        if len(held_out):
            old, new = before(held_out.digits), after(held_out.digits)
            labels = held_out.labels
            compared(name, old.reads(labels), new.reads(labels))
            accepted.append((old.accepted, new.accepted))
    had, has = (np.concatenate(part) for part in zip(*accepted, strict=True))
    compared("all of these, accepted as digits", had, has)
    old, new = before(bench.validation.outliers), after(bench.validation.outliers)
    compared("what is no digit, refused", ~old.accepted, ~new.accepted)
    worse = [row.name for row in rows if not row.passed]
    if worse:
        refusals.append(f"The new network is worse beyond chance on: {'; '.join(worse)}.")
    return Promotion(tuple(rows), tuple(refusals))
