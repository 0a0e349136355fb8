"""A page's marks to digits in reading order: turned upright, in lines, cut and joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitrec.imaging.pages.cutting import LikenessOfInks
from digitrec.imaging.pages.lines import find_lines
from digitrec.imaging.pages.marks import Mark, corners, turn_marks, typical_height, union
from digitrec.imaging.pages.orientation import LikenessOfDigits, quarters_to_upright
from digitrec.imaging.pages.page import Page
from digitrec.imaging.pages.segmentation import largest_gap, segment

_FEW = 4  # strokes of one digit
_CLOSE = 0.1  # of the largest one's size, between them
_SURE, _LIKELY = 0.8, 0.5  # what looks like one digit by this is one, or sooner one than not


@dataclass(frozen=True)
class Layout:
    """Where a page's digits are.

    Attributes:
        quarters: by how many the page was turned, clockwise, to be read.
        height: px, typical, of writing.
        lines: digits by line, left to right, each the marks that make it up, in pixels of the
            turned page.
    """

    quarters: int
    height: float
    lines: list[list[list[Mark]]]


def lay_out(page: Page, judge: LikenessOfInks, judge_digits: LikenessOfDigits) -> Layout:
    """Find the digits of a page.

    Args:
        page: see `pages.read_page`.
        judge: ink of candidates → how much each looks like one digit, (N,) in 0-1.
        judge_digits: the same of digits (N, 28, 28) uint8.
    """
    if _may_be_one(page.marks) and _is_sooner_one(page.marks, judge):
        size = max(max(m.width, m.height) for m in page.marks)
        return Layout(0, float(size), [[list(page.marks)]])
    shape = (page.mask.shape[0], page.mask.shape[1])
    quarters = quarters_to_upright(page.marks, shape, judge_digits)
    marks = turn_marks(page.marks, shape, quarters)
    height = typical_height(marks)
    return Layout(quarters, height, segment(find_lines(marks, height), height, judge))


def _may_be_one(marks: Sequence[Mark]) -> bool:
    """Whether a few marks stand so close that they may be the strokes of one digit."""
    if not 1 < len(marks) <= _FEW:
        return False
    size = max(max(m.width, m.height) for m in marks)
    return largest_gap(marks) <= _CLOSE * size


def _is_sooner_one(marks: Sequence[Mark], judge: LikenessOfInks) -> bool:
    """Whether they look like one digit together, or at least sooner than like several."""
    together, *apart = judge([union(marks), *(mark.ink for mark in marks)])
    # Apart they may still be several digits each: that they look like none says little.
    return bool(together >= _SURE or together >= max(_LIKELY, np.prod(apart)))


def box_on_picture(digit: Sequence[Mark], layout: Layout, page: Page) -> tuple[int, int, int, int]:
    """Left, top, width and height of a digit, px of the picture as it was before it was turned."""
    left, top, right, bottom = corners(digit)
    height, width = page.mask.shape
    left, top, right, bottom = {
        0: (left, top, right, bottom),
        1: (top, height - right, bottom, height - left),
        2: (width - right, height - bottom, width - left, height - top),
        3: (width - bottom, left, width - top, right),
    }[layout.quarters]
    scale = float(np.hypot(*page.to_picture[:, 0]))
    wide, high = round((right - left) * scale), round((bottom - top) * scale)
    x, y = page.to_picture @ ((left + right) / 2, (top + bottom) / 2, 1.0)
    return int(x - wide / 2), int(y - high / 2), wide, high
