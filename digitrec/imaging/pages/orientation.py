"""Which way up a page is: tried with the network, as no shape tells it surely."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.pages.lines import find_lines
from digitrec.imaging.pages.marks import Mark, turn_marks, typical_height

LikenessOfDigits = Callable[[NDArray[np.uint8]], NDArray[np.float32]]

_SAMPLE = 120  # marks at most
_SMALL, _LARGE = 0.45, 2.0  # typical heights: other marks tell nothing
_FEW = 3
_NUMBER = 0.6  # share of a line's marks that look like digits in a line of digits
_BETTER, _MARGIN = 1.15, 2.0  # most pictures are upright: another way has to be clearly better


def quarters_to_upright(
    marks: Sequence[Mark], shape: tuple[int, int], judge: LikenessOfDigits
) -> int:
    """By how many quarters, clockwise, a page has to be turned; 0 if in doubt.

    Args:
        marks: of the page.
        shape: (H, W) of the page.
        judge: digits (N, 28, 28) → how much each looks like one digit, (N,) in 0-1.
    """
    size = typical_height(marks, upright=False)
    telling = [m for m in marks if _SMALL * size < max(m.width, m.height) < _LARGE * size]
    telling = telling[:: max(1, -(-len(telling) // _SAMPLE))]
    if len(telling) < _FEW:
        return 0
    digits = np.stack([normalize_digit(m.ink) for m in telling])
    found = []
    for quarters in range(4):
        values = judge(np.ascontiguousarray(np.rot90(digits, -quarters, (1, 2))))
        turned = turn_marks(telling, shape, quarters)
        found.append(_digits_in_lines(turned, values))
    best = int(np.argmax(found))
    return best if found[best] > _BETTER * found[0] + _MARGIN else 0


def _digits_in_lines(marks: Sequence[Mark], values: NDArray[np.float32]) -> float:
    """How many digits stand in lines that are mostly digits; words look like some anywhere."""
    value = {id(m): float(v) for m, v in zip(marks, values, strict=True)}
    total = 0.0
    for line in find_lines(marks, typical_height(marks)):
        there = np.array([value[id(m)] for m in line])
        if (there > 0.5).mean() >= _NUMBER:
            total += float(there.sum())
    return total
