"""A round of the game: ten test digits, guessed before the network's answer is shown. No Streamlit.

What is right and what the network answers stays here until a digit is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitrec.web.at_hand import Answered
from digitrec.web.data.sorting import OUTCOMES, SURENESS, outcomes, sureness

LENGTH = 10


@dataclass(frozen=True)
class Round:
    """How far somebody is.

    Attributes:
        digits: places in the test part, in the order in which they are asked.
        guesses: 0-9, of the first of them.
        shown: whether the truth about the last guess is being looked at.
    """

    digits: tuple[int, ...]
    guesses: tuple[int, ...] = ()
    shown: bool = False

    @property
    def number(self) -> int:
        """Which digit is on the table, from 0."""
        return len(self.guesses) - self.shown

    @property
    def over(self) -> bool:
        """Whether all of them were guessed and looked at."""
        return self.number == len(self.digits)

    def guess(self, label: int) -> Round:
        """With a guess for the digit on the table; the same where its truth is shown already."""
        if self.shown or self.over:
            return self
        return replace(self, guesses=(*self.guesses, label), shown=True)

    def go_on(self) -> Round:
        """With the next digit on the table; the same where it lies there already."""
        return replace(self, shown=False)


def new_round(found: Answered, rng: np.random.Generator, *, hard: bool = False) -> Round:
    """Ten digits by chance, or as many as there are.

    Args:
        found: the test part.
        rng: where chance comes from.
        hard: only those that the network is not sure of or refuses, if there are any.
    """
    of = np.arange(len(found.labels))
    if hard:
        doubtful = np.flatnonzero(
            (sureness(found) != SURENESS.index("sure")) | ~found.accepted,
        )
        of = doubtful if len(doubtful) else of
    return Round(tuple(int(i) for i in rng.permutation(of)[:LENGTH]))


def right_guesses(found: Answered, round_: Round) -> NDArray[np.bool_]:
    """(n,) whether each guess so far is right."""
    asked = list(round_.digits[: len(round_.guesses)])
    return np.asarray(found.labels[asked] == np.array(round_.guesses, np.int64))


def right_answers(found: Answered, round_: Round) -> NDArray[np.bool_]:
    """(n,) whether the network is right on each digit that was guessed; a refusal is not."""
    asked = list(round_.digits[: len(round_.guesses)])
    return np.asarray(outcomes(found)[asked] == OUTCOMES.index("right"))
