"""What the panels of "See inside" look at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.reading import Digit, Reading


class Subject(NamedTuple):
    """A drawing, how it was read, and the one digit of it that is looked into.

    Attributes:
        strokes: all of the drawing's, in the order of drawing, each (n, 2) float32, n > 0.
        reading: of the whole drawing.
        digit: one of `reading.digits`; its `strokes` count in `strokes`.
        pen_width: of the canvas, px.
    """

    strokes: Sequence[NDArray[np.float32]]
    reading: Reading
    digit: Digit
    pen_width: int

    @property
    def own_strokes(self) -> list[NDArray[np.float32]]:
        """The strokes of `digit` alone, in the order of drawing."""
        return [self.strokes[index] for index in sorted(self.digit.strokes)]
