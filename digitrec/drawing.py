"""A drawing → a `Reading`: which strokes make up which digit, as the network sees them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.grouping import group_pieces
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.ordering import reading_order
from digitrec.imaging.partition import Group
from digitrec.imaging.strokes import (
    PEN_SHARE,
    SMALLEST_DRAWING,
    Stroke,
    extent,
    ink_from_strokes,
)
from digitrec.reading import Box, Digit, Reading

Part = tuple[Group, tuple[bytes, ...]]  # which strokes of a drawing, and their points
# Images (28, 28) uint8, their boxes and the strokes of each → digits.
Judge = Callable[[Sequence[NDArray[np.uint8]], Sequence[Box], Sequence[Group]], list[Digit]]

_DOT = 0.1  # of the largest digit beside it: so small a mark is no digit, whatever its shape


def read_drawing(
    drawing: Sequence[Stroke], judge: Judge, known: dict[Part, Digit] | None = None
) -> Reading:
    """The digits of a drawing, every stroke in exactly one; none for a touch of the pen.

    Args:
        drawing: strokes (n, 2) float32, n > 0, canvas pixels.
        judge: what the network makes of several strokes taken as one digit.
        known: what it made of some of them before; what is new is added.
    """
    if not drawing:
        return Reading("empty", (), ink_from_strokes(drawing))
    if extent(drawing) < SMALLEST_DRAWING:
        return Reading("too little ink", (), ink_from_strokes(drawing))
    known = {} if known is None else known
    contents = [stroke.tobytes() for stroke in drawing]

    def look(groups: Sequence[Group]) -> list[Digit]:
        named = [(group, tuple(contents[i] for i in group)) for group in groups]
        new = [part for part in named if part not in known]
        parts = [[drawing[i] for i in group] for group, _ in new]
        images = [normalize_digit(ink_from_strokes(part)) for part in parts]
        digits = judge(images, [_box(part) for part in parts], [group for group, _ in new])
        known.update(zip(new, digits, strict=True))
        return [known[part] for part in named]

    def likeness(groups: Sequence[Group]) -> NDArray[np.float32]:
        return np.array([d.confidence * d.digit_score for d in look(groups)], np.float32)

    digits = _without_dots(look(group_pieces(drawing, likeness)))
    boxes = [(d.box.x, d.box.y, d.box.x + d.box.width, d.box.y + d.box.height) for d in digits]
    lines = tuple(
        tuple(tuple(digits[i] for i in group) for group in line) for line in reading_order(boxes)
    )
    # A pen for the digits, which the whole's larger side says nothing of.
    largest = max(_side(digit) for digit in digits)
    share = PEN_SHARE * min(1.0, largest / extent(drawing))
    return Reading("read", lines, ink_from_strokes(drawing, pen_share=share))


def _without_dots(digits: Sequence[Digit]) -> list[Digit]:
    """The same; a dot beside digits, which may look like a small 1, has no score."""
    least = _DOT * max(_side(digit) for digit in digits)
    return [d if _side(d) >= least else replace(d, digit_score=0.0) for d in digits]


def _side(digit: Digit) -> int:
    return max(digit.box.width, digit.box.height)


def _box(strokes: Sequence[Stroke]) -> Box:
    points = np.concatenate(strokes)
    x, y = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return Box(int(x), int(y), int(right - x), int(bottom - y))
