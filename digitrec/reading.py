"""What is read: lines of groups of digits, each with its place and its ten probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

# From here on another class is worth naming: one answer in five would be it.
_WORTH_NAMING = 0.2
_CLEAR = 0.5  # less than this for the likeliest class is no clear answer

Status = Literal["empty", "too little ink", "read"]
DigitStatus = Literal["digit", "ambiguous", "not a digit"]


class Box(NamedTuple):
    """Where a digit is: pixels of the picture or canvas, from its top left corner.

    On a page that was straightened it may reach a little beyond the picture.
    """

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit as it was read.

    Attributes:
        probabilities: (10,) float32, sums to 1.
        box: where it is.
        image: (28, 28) uint8, what the network saw.
        digit_score: how much it looks like a digit at all, 0-1.
        threshold: the least score that is accepted, 0-1, from the artifact's card; it keeps
            99 % of the digits that the training held out.
        strokes: which of the strokes that have points it consists of, from 0; () in a picture.
    """

    probabilities: NDArray[np.float32]
    box: Box
    image: NDArray[np.uint8]
    digit_score: float = 1.0
    threshold: float = 0.0
    strokes: tuple[int, ...] = ()

    @cached_property
    def label(self) -> int:
        """The likeliest class, 0-9."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The likeliest class' probability, 0-1."""
        return float(self.probabilities[self.label])

    @cached_property
    def status(self) -> DigitStatus:
        """One of "digit", "ambiguous" (accepted, see `alternatives`), "not a digit"."""
        if self.digit_score < self.threshold:
            return "not a digit"
        runner_up = sorted(self.probabilities.tolist())[-2]
        if runner_up >= _WORTH_NAMING or self.confidence < _CLEAR:
            return "ambiguous"
        return "digit"

    @property
    def alternatives(self) -> tuple[int, ...]:
        """What an ambiguous digit may be, the likeliest first, two or more; else empty."""
        if self.status != "ambiguous":
            return ()
        order = np.argsort(-self.probabilities, kind="stable")
        worth = int((self.probabilities >= _WORTH_NAMING).sum())
        return tuple(int(label) for label in order[: max(2, worth)])

    @property
    def named(self) -> tuple[int, ...]:
        """The classes that the answer names: the label, or all alternatives; none for no digit."""
        if self.status == "not a digit":
            return ()
        return self.alternatives or (self.label,)

    @property
    def text(self) -> str:
        """The label, or `?` for what is no digit."""
        return "?" if self.status == "not a digit" else str(self.label)


@dataclass(frozen=True, eq=False)
class Reading:
    """A whole picture or drawing as it was read.

    Attributes:
        status: "empty", "too little ink" (a touch, no digit) or "read".
        lines: top to bottom; a line holds groups, a group holds digits, left to right.
        ink: (H, W) uint8, what the digits were cut from; of a picture of more than 2,000 px scaled
            down to them, of a page whose lines lean straightened.
        turned: degrees by which the picture was turned clockwise to be read, 0, 90, 180 or 270;
            each `box`, and `ink`, is as the picture was before.
    """

    status: Status
    lines: tuple[tuple[tuple[Digit, ...], ...], ...]
    ink: NDArray[np.uint8]
    turned: int = 0

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Every digit in reading order."""
        return tuple(digit for line in self.lines for group in line for digit in group)

    @property
    def text(self) -> str:
        """The labels, `?` for what is no digit; a space parts groups, a newline lines."""
        return "\n".join(
            " ".join("".join(digit.text for digit in group) for group in line)
            for line in self.lines
        )
