"""What comes of judging a candidate: rows of before and after, and reasons to refuse.

What may not get worse is compared pair by pair, with the exact form of the test of Q. McNemar,
"Note on the sampling error of the difference between correlated proportions", Psychometrika 12,
1947: a digit that both networks read alike says nothing, and of those that one of them misreads
about half should be the candidate's.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.05  # a chance smaller than this that both are as good is no chance any more


@dataclass(frozen=True)
class Measure:
    """One row of the comparison.

    Attributes:
        name: what was counted.
        before: how many the network in use has right.
        after: how many the candidate has right.
        number: of how many.
        verdict: in words.
        passed: whether it speaks for the candidate, or at least not against it.
    """

    name: str
    before: int
    after: int
    number: int
    verdict: str
    passed: bool = True


@dataclass(frozen=True)
class Promotion:
    """The gate's verdict.

    Attributes:
        rows: before and after.
        refusals: a sentence for each reason to keep the old network; none promotes the new one.
        notes: what else should be known, in sentences.
        suspicious: keys of the corrections whose labels are in doubt.
    """

    rows: tuple[Measure, ...]
    refusals: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    suspicious: tuple[str, ...] = ()

    @property
    def promoted(self) -> bool:
        """Whether the candidate takes the place of the network in use."""
        return not self.refusals

    @property
    def sentence(self) -> str:
        """The verdict and its reasons."""
        if self.promoted:
            last = self.rows[-1]
            gain = f"{last.after:,} of {last.number:,} corrections are read rightly, before"
            return " ".join([f"{gain} {last.before:,}; nothing else is worse.", *self.notes])
        return " ".join([*self.refusals, *self.notes])

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "promoted": self.promoted}


def chance(lost: int, gained: int) -> float:
    """How likely so many or more are lost, 0-1, if losing were as likely as gaining."""
    total = lost + gained
    as_bad = sum(math.comb(total, count) for count in range(lost, total + 1))
    return float(as_bad / 2**total)


def within_noise(
    name: str, before: NDArray[np.bool_], after: NDArray[np.bool_], least_chance: float = ALPHA
) -> Measure:
    """What may not get worse: a row that passes unless that is beyond chance.

    Args:
        name: what is counted.
        before: (N,) what the network in use has right.
        after: (N,) what the candidate has right.
        least_chance: of such a loss, if both were as good: less is beyond chance.
    """
    lost, gained = int((before & ~after).sum()), int((~before & after).sum())
    p = chance(lost, gained)
    worse = p < least_chance
    words = f"{'worse' if worse else 'within chance' if lost or gained else 'the same'}"
    if lost or gained:
        words += f" (lost {lost:,}, gained {gained:,}, p = {p:.2g})"
    return Measure(name, int(before.sum()), int(after.sum()), len(before), words, not worse)


def together(*parts: Promotion) -> Promotion:
    """One verdict of several: it promotes where all do."""
    return Promotion(
        rows=tuple(row for part in parts for row in part.rows),
        refusals=tuple(sentence for part in parts for sentence in part.refusals),
        notes=tuple(dict.fromkeys(sentence for part in parts for sentence in part.notes)),
        suspicious=tuple(dict.fromkeys(key for part in parts for key in part.suspicious)),
    )
