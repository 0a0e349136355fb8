"""What the panel "Which ink" says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitrec.explaining.ink import Patch
from digitrec.explaining.left_out import FEW, SHOWN
from digitrec.reading import Digit, Reading
from digitrec.web.answer import NAMED, percent

DOT = (
    "This mark is so small beside the others that it is taken for a dot, whatever its shape: "
    "none of its ink decides."
)
_CLASSES = 3  # so many answers can be asked for
_NINTHS = (
    ("at the top left", "at the top", "at the top right"),
    ("at the left", "in the middle", "at the right"),
    ("at the bottom left", "at the bottom", "at the bottom right"),
)


def answers(digit: Digit) -> tuple[int | None, ...]:
    """What can be asked for, the given answer first; None is "a digit at all"."""
    likely = [int(label) for label in np.argsort(-digit.probabilities, kind="stable")]
    if digit.status == "not a digit":
        return (None, *likely[: _CLASSES - 1])
    return tuple(likely[:_CLASSES])


def is_given(digit: Digit, label: int | None) -> bool:
    """Whether it is what the digit was taken for."""
    return label == digit.label and digit.status != "not a digit"


def named(label: int | None) -> str:
    """An answer in words: "a 7", "an 8", "a digit"."""
    if label is None:
        return "a digit"
    return f"an {label}" if label == 8 else f"a {label}"


def place(patch: Patch, image: NDArray[np.uint8]) -> str:
    """Where on the digit (28, 28) a patch is, in words."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    # A square around the ink: what is narrow, as a 1, has no left and no right.
    half = max(np.ptp(rows), np.ptp(columns)) / 2 + 0.5
    row, column = (
        int(np.clip((at - (steps[0] + steps[-1]) / 2 + half) / (2 * half) * 3, 0, 2))
        for at, steps in ((patch.y, rows), (patch.x, columns))
    )
    return _NINTHS[row][column]


def of_the_ink(digit: Digit, label: int | None, patch: Patch | None) -> str:
    """What matters most, as HTML: `patch` speaks for the given answer, or against another one."""
    given = is_given(digit, label)
    if patch is None and given:
        return f"No part of the ink alone speaks for {named(label)}."
    if patch is None:
        return f"No ink speaks against {named(label)}: rather, something is missing."
    side = "for" if given else "against"
    return (
        f"What speaks most {side} {named(label)} is <b>{place(patch, digit.image)}</b>, "
        f"in the circle: {100 * patch.share:.0f} % of the ink."
    )


def of_the_strokes(count: int) -> str:
    """What is shown of so many strokes."""
    if count == 1:
        return "Drawn in one stroke: without it nothing is left."
    if count <= FEW:
        return f"Drawn in {count} strokes. If one of them had never been drawn:"
    shown = f"These {SHOWN} matter most" if count > SHOWN else "If one had never been drawn"
    return f"Drawn in {count} strokes. {shown}; what is left is read as one digit:"


def outcome(digit: Digit, rest: Reading) -> str:
    """What a digit would be, as HTML that goes on after "Without …"."""
    if not rest.digits:
        return "too little ink would be left."
    if len(rest.digits) == 1:
        return f"it would {_one(digit, rest.digits[0])}."
    count, found = len(rest.digits), [named(d.label) for d in rest.digits if d.text != "?"]
    if len(found) == count:
        return f"it would fall apart into {_listed(found)}."
    if not found:
        return f"it would fall apart into {count} pieces that are no digits."
    return f"it would fall apart into {_listed([*found, 'what is no digit'])}."


def _one(digit: Digit, rest: Digit) -> str:
    still = "still " if rest.text == digit.text else ""
    if rest.status == "not a digit":
        near = f"; nearest: {rest.label}" if rest.confidence >= NAMED else ""
        return f"{still}not look like a digit{near}"
    others = "".join(f" or maybe {named(label)}" for label in rest.alternatives[1:])
    return f"{still}be {named(rest.label)}{others} ({percent(rest.confidence)})"


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def short(rest: Reading) -> str:
    """The same in a few characters."""
    return "".join(digit.text for digit in rest.digits) or "–"
