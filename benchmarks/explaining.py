"""How long it takes to look into one digit, also as a ratio against reading as many digits.

python -m benchmarks.explaining
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.sections import Section
from digitrec import Recognizer
from digitrec.explaining.ink import fade_ink
from digitrec.explaining.left_out import FEW, leave_strokes_out
from digitrec.handwriting import Handwriting, digit_from_strokes
from digitrec.rows import Aim, Quantity, Row
from digitrec.shapes import digit_strokes
from digitrec.timing import timed


class Look(NamedTuple):
    """One way to look into a digit.

    Attributes:
        what: in words.
        call: does it, for a class 0-9.
        beside: does what it is compared with.
        compared: that in words.
        aim: seconds.
    """

    what: str
    call: Callable[[int], object]
    beside: Callable[[int], object]
    compared: str
    aim: float


def rows(quick: bool) -> Iterator[Row]:
    """Every look, beside what it cannot do without."""
    for look in _looks():
        took, beside = _measured(look, 2 if quick else 10)
        slowest = max(statistics.median(took[label::10]) for label in range(10))
        yield Row(
            look.what,
            {
                "median": Quantity(statistics.median(took), "s"),
                "slowest digit": Quantity(slowest, "s"),
            },
            look.compared,
            Quantity(statistics.median(beside), "s"),
            aims=[Aim("median", "≤", look.aim)],
        )


def _looks() -> Iterator[Look]:
    """What is measured, one row each."""
    recognizer = Recognizer()
    drawings = [digit_strokes(label) for label in range(10)]
    digits = np.stack([digit_from_strokes(drawing) for drawing in drawings])
    hand = Handwriting()
    for label in np.repeat(np.arange(10), 5):
        hand = hand.with_digit(digits[label], int(label))
    readers = (
        ("importance map of one digit", recognizer),
        ("the same with 50 samples of a handwriting", recognizer.with_handwriting(hand)),
    )
    for what, reads in readers:
        counts = [1 + len(fade_ink(reads, digit).patches) for digit in digits]
        yield Look(
            what,
            lambda label, reads=reads: fade_ink(reads, digits[label]).importance(label),  # type: ignore[misc]
            lambda label, reads=reads, counts=counts: reads.classify(  # type: ignore[misc]
                np.tile(digits[label], (counts[label], 1, 1))
            ),
            f"`classify` of as many digits ({round(statistics.mean(counts))})",
            0.03,
        )
    cut = [_in_pieces(drawing, FEW) for drawing in drawings]
    read = [recognizer.read_strokes(drawing) for drawing in cut]
    yield Look(
        f"a digit of {FEW} strokes without each of them",
        lambda label: leave_strokes_out(recognizer, cut[label], read[label].digits[0]),
        lambda label: recognizer.read_strokes(cut[label]),
        "`read_strokes` of all of them",
        0.03,
    )


def _in_pieces(strokes: list[NDArray[np.float32]], count: int) -> list[NDArray[np.float32]]:
    """A drawing in so many strokes that go on where the one before ends."""
    points = np.concatenate(strokes)
    edges = np.linspace(0, len(points) - 1, count + 1).round().astype(int)
    return [points[a : b + 1] for a, b in itertools.pairwise(edges)]


def _measured(look: Look, times: int) -> tuple[list[float], list[float]]:
    """Seconds of every call and of what it is compared with, in turn, digit after digit."""
    took: list[float] = []
    beside: list[float] = []
    for label in [*range(10)] * (times + 1):
        for call, found in ((look.call, took), (look.beside, beside)):
            found.append(timed(partial(call, label)))
    return took[10:], beside[10:]  # the first round warms up


SECTION = Section(
    "Looking into one digit",
    "What the page's panels ask for, of ten digits; a map asks the network some 140 times. The "
    "ratio tells how many times as long as what it is compared with.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
