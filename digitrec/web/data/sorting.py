"""What a visitor looks for among many answered digits: filters, and how many match."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.web.at_hand import Answered

OUTCOMES = ("right", "wrong", "refused")
SURENESS = ("unsure", "fairly sure", "sure")
_SURE_FROM = (0.8, 0.99)  # of the likeliest class; what is "fairly sure" lies between


class Filter(NamedTuple):
    """What is looked for; None is anything.

    Attributes:
        label: the truth, 0-9.
        outcome: a place in `OUTCOMES`.
        sureness: a place in `SURENESS`.
    """

    label: int | None = None
    outcome: int | None = None
    sureness: int | None = None


def outcomes(found: Answered) -> NDArray[np.int64]:
    """(N,) places in `OUTCOMES`; what is refused is neither right nor wrong."""
    wrong = found.answers != found.labels
    return np.where(found.accepted, wrong, OUTCOMES.index("refused"))


def sureness(found: Answered) -> NDArray[np.int64]:
    """(N,) places in `SURENESS`, by the likeliest class' probability."""
    # As float64 a 0.99 of float32 would lie below 0.99.
    edges = np.array(_SURE_FROM, np.float32)
    return np.asarray(np.digitize(found.confidences, edges), np.int64)


def table(found: Answered) -> NDArray[np.int64]:
    """(10, 3, 3) how many digits there are of each label, outcome and sureness."""
    places = (found.labels * 3 + outcomes(found)) * 3 + sureness(found)
    return np.asarray(np.bincount(places, minlength=90), np.int64).reshape(10, 3, 3)


def count(counts: NDArray[np.int64], wanted: Filter) -> int:
    """How many match, by a `table`."""
    place = tuple(slice(None) if value is None else value for value in wanted)
    return int(counts[place].sum())


def matching(found: Answered, wanted: Filter) -> NDArray[np.int64]:
    """Which match, in their order in the set."""
    mask = np.ones(len(found.labels), bool)
    for value, known in zip(wanted, (found.labels, outcomes(found), sureness(found)), strict=True):
        if value is not None:
            mask &= known == value
    return np.flatnonzero(mask)
