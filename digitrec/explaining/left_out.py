"""What a digit would be if one of its strokes had never been drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.explaining.ink import log_odds
from digitrec.handwriting import digit_from_strokes
from digitrec.reading import Digit, Reading
from digitrec.recognizer import Recognizer

# More strokes than these take long to read, and there are as many readings as strokes: of more
# than `FEW` what is left is read as one digit, and the `SHOWN` that matter most are told.
FEW, SHOWN = 4, 6
_TRIED = 16  # strokes, the longest ones


class LeftOut(NamedTuple):
    """A stroke that is left out.

    Attributes:
        stroke: its place among the digit's strokes, from 0.
        reading: what the others are.
    """

    stroke: int
    reading: Reading


def leave_strokes_out(
    recognizer: Recognizer, strokes: Sequence[NDArray[np.float32]], digit: Digit
) -> list[LeftOut]:
    """What is read of a digit without each of its strokes, in the order of drawing.

    Args:
        recognizer: whose answers are looked into.
        strokes: the digit's own, each (n, 2) in canvas pixels, n > 0.
        digit: as they were read.

    Returns:
        Every stroke of up to `FEW`, as if it had never been drawn: what is left may be several
        digits, none, or too little ink. Of more strokes the `SHOWN` without which the answer (for
        what is no digit, the score) changes most, and what is left is read as one digit.

    Raises:
        StrokesError: not strokes.
    """
    others = [[*strokes[:i], *strokes[i + 1 :]] for i in range(len(strokes))]
    if len(strokes) <= FEW:
        # They have much in common, which is looked at once.
        return [LeftOut(i, rest) for i, rest in enumerate(recognizer.read_growing(others))]
    lengths = [float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes]
    tried = sorted(np.argsort(lengths, kind="stable")[-_TRIED:])
    images = np.stack([digit_from_strokes(others[i]) for i in tried])
    read = recognizer.read_digits(images)
    label = None if digit.status == "not a digit" else digit.label
    odds = log_odds([digit, *read], label)
    most = np.argsort(-np.abs(odds[1:] - odds[0]), kind="stable")[:SHOWN]
    return [
        LeftOut(int(tried[i]), Reading("read", (((read[i],),),), read[i].image))
        for i in sorted(most)
    ]
