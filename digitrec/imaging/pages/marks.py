"""Marks: the connected patches of ink that a page is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.uint8]

_MARKS = 2_000  # more are grain, whatever they look like
_SMALLEST = 6  # px, a digit's height
_HELD = 3  # marks, itself included, whose middles a digit's box may hold
_LONG = 2.2  # times as long as wide
_STROKE = 0.5  # share of its box that a lone stroke fills
_SLENDER = 3  # times as long as across: a 1, whichever way it leans
_SPECK = 0.15  # of the only stroke's length
_ONCE = 1.5  # times its length and thickness: the ink of a stroke that does not turn back
_WRITTEN = 4  # times as large as the stroke's pen is thick: a speck that may be a digit
_RULE = 12  # times as long as thick


@dataclass(frozen=True)
class Mark:
    """A connected patch of ink, or a part of one that was cut.

    Attributes:
        x, y: px, its box' top left corner on the page.
        ink: (H, W) uint8, other marks' ink in the box left out.
        whole: number of the patch that it is, or was cut from.
        place: its place among that patch' parts, left to right.
        cuts: px of ink that the cuts at its left and right crossed; 0 where none was made.
    """

    x: int
    y: int
    ink: Ink
    whole: int = 0
    place: int = 0
    cuts: tuple[float, float] = (0.0, 0.0)

    @property
    def width(self) -> int:
        """Px."""
        return int(self.ink.shape[1])

    @property
    def height(self) -> int:
        """Px."""
        return int(self.ink.shape[0])

    @property
    def right(self) -> int:
        """px, one beyond its last column."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """px, one beyond its last row."""
        return self.y + self.height


def find_marks(ink: Ink) -> list[Mark]:
    """Connected patches of ink, the largest 2,000 at most."""
    left, top, inked = within(ink)
    if not inked.size:
        return []
    mask = (inked > 0).astype(np.uint8)
    if cv2.connectedComponents(mask, connectivity=8)[0] == 2:
        # A lone digit needs no statistics, which take most of the time.
        x, y, w, h = cv2.boundingRect(mask)
        return [Mark(left + x, top + y, inked[y : y + h, x : x + w].copy(), 1)]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    order = np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[:_MARKS] + 1
    marks = []
    for index in order:
        x, y, w, h = (int(v) for v in stats[index, :4])
        own = labels[y : y + h, x : x + w] == index
        part = np.where(own, inked[y : y + h, x : x + w], 0)
        marks.append(Mark(left + x, top + y, part, int(index)))
    return marks


def on_page(page: Ink, mark: Mark) -> Ink:
    """The part of a page (H, W) that a mark's box holds; a view."""
    return page[mark.y : mark.bottom, mark.x : mark.right]


def within(ink: Ink) -> tuple[int, int, Ink]:
    """The part of a picture that holds all of its ink, and its left and top, px.

    Patches are sought there, as most of a page is paper. Both are even: so the patches, which are
    numbered by blocks of two pixels, have the same order as on the whole.
    """
    x, y, w, h = cv2.boundingRect(ink)
    left, top = x - x % 2, y - y % 2
    return left, top, ink[top : y + h, left : x + w]


def typical_height(marks: Sequence[Mark], *, upright: bool = True) -> float:
    """The height, px, that most of the writing has; 0 for no mark.

    Where it is not known which side is up, the larger sides are taken for heights, but of long
    marks that are no strokes: those are joined digits.
    """
    if not marks:
        return 0.0
    if not upright and is_stroke(marks):
        return float(max(max(m.width, m.height) for m in marks))
    if len(marks) == 1:
        return float(marks[0].height) if upright else _extent(marks[0])
    boxes = np.array([(m.x, m.y, m.right, m.bottom) for m in marks], float)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    inside = ((low < middles[None]) & (middles[None] < high)).all(axis=2)
    sides = boxes[:, 2:] - boxes[:, :2]
    heights = sides[:, 1] if upright else np.array([_extent(m) for m in marks])
    # What goes around several marks is a frame, what is thin and long a rule.
    sizeable = heights >= max(_SMALLEST, 0.02 * heights.max())
    frames = (inside & sizeable[None]).sum(axis=1) > _HELD
    rules = sides.max(axis=1) > _RULE * sides.min(axis=1)
    writing = sizeable & ~frames & ~rules
    values = np.sort(heights[writing] if writing.any() else heights)
    # Every mark weighs as much as it is tall: there are always more specks than digits.
    return float(values[np.searchsorted(values.cumsum(), values.sum() / 2)])


def is_stroke(marks: Sequence[Mark]) -> bool:
    """Whether one long thin stroke, and specks, are all: a 1, for a rule has something to rule."""
    if not marks:
        return False
    *others, largest = sorted(marks, key=lambda m: max(m.width, m.height))
    longest = max(largest.width, largest.height)
    if longest < _SLENDER * min(largest.width, largest.height):
        return False
    if any(max(m.width, m.height) >= _SPECK * longest for m in others):
        return False
    inside = np.pad((largest.ink > 0).astype(np.uint8), 1)
    pen = 2 * float(cv2.distanceTransform(inside, cv2.DIST_L2, 3).max())
    # Beside a rule across the page, all the writing may be as small as specks.
    if sum(max(m.width, m.height) > _WRITTEN * pen for m in others) > 1:
        return False
    return float(inside.sum()) < _ONCE * longest * pen  # joined digits have more ink


def _extent(mark: Mark) -> float:
    longer, shorter = max(mark.width, mark.height), min(mark.width, mark.height)
    if longer < _LONG * shorter:
        return float(longer)
    filled = float(np.count_nonzero(mark.ink)) / (longer * shorter)
    return float(longer if filled > _STROKE else shorter)


def corners(marks: Sequence[Mark]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the box around several marks, px."""
    return (
        min(m.x for m in marks),
        min(m.y for m in marks),
        max(m.right for m in marks),
        max(m.bottom for m in marks),
    )


def union(marks: Sequence[Mark]) -> Ink:
    """Several marks' ink in one crop."""
    x, y, right, bottom = corners(marks)
    whole = np.zeros((bottom - y, right - x), np.uint8)
    for m in marks:
        part = whole[m.y - y : m.bottom - y, m.x - x : m.right - x]
        np.maximum(part, m.ink, out=part)
    return whole


def turn_marks(marks: Sequence[Mark], shape: tuple[int, int], quarters: int) -> list[Mark]:
    """The marks of a page (H, W) turned clockwise by so many quarters."""
    height, width = shape
    turned = []
    for mark in marks:
        x, y = {
            0: (mark.x, mark.y),
            1: (height - mark.bottom, mark.x),
            2: (width - mark.right, height - mark.bottom),
            3: (mark.y, width - mark.right),
        }[quarters % 4]
        ink = np.ascontiguousarray(np.rot90(mark.ink, -quarters))
        turned.append(replace(mark, x=x, y=y, ink=ink))
    return turned
