"""Marks to digits: what belongs together, what is cut, and in which order it is read."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from digitrec.imaging.pages.cutting import LikenessOfInks, cut
from digitrec.imaging.pages.marks import Mark, corners, union
from digitrec.imaging.pages.views import likeness_from_all_sides
from digitrec.imaging.partition import Group, best_partition

_MOST_PIECES = 5  # in one digit
_SURE = 0.8  # a wide mark that looks this much like one digit is not cut
_NARROW = 0.5  # times as wide as high
_MOSTLY = 0.5  # likeness, in the mean, of the marks beside what stands among digits
_ALONE = 0.98  # from all sides, of the parts of what may be a letter or of any other script
_LETTER = 1.0  # times as wide as high: a letter is no wider, and most joined digits are
_WIDE, _WIDER = 0.7, 1.1  # of its own, of the typical height: wider marks may be several digits
_SMALLEST = 9  # px: of less, no cut makes anything legible
_MOST_CUT = 200  # marks, the widest ones: a page with more is no writing
_PARTS = 12_000  # on a page, about, that are tried: the more there is to cut, the coarser
_WIDEST = 1.5  # of one digit
_HIGHEST = 1.9
_NEAR = 0.22  # typical heights: marks farther apart are no parts of one digit
_DECAY = 0.1
_EXTRA = 0.85  # for every further mark in a digit
_LOW, _LOW_FACTOR = 0.5, 0.3
_TINY, _TINY_FACTOR = 0.28, 1e-3
_LEAST, _USUAL = 0.03, 0.8  # a mark of that many typical heights that is no digit counts as much


def segment(
    lines: Sequence[Sequence[Mark]], height: float, judge: LikenessOfInks
) -> list[list[list[Mark]]]:
    """Which marks, or parts of them, make up a digit.

    Args:
        lines: marks by line, left to right.
        height: px, typical.
        judge: ink of candidates → how much each looks like one digit, (N,) in 0-1.

    Returns:
        Lines of digits, left to right, each the marks or parts of marks that make it up.
    """
    pieces = _cut_wide(lines, height, judge)
    of_lines = [_Line(line, height) for line in pieces]
    candidates = [line.candidates() for line in of_lines]
    # Where no marks can belong together there is nothing to judge.
    open_lines = [
        (line, groups)
        for line, groups in zip(pieces, candidates, strict=True)
        if len(groups) > len(line)
    ]
    inks = [union([line[i] for i in group]) for line, groups in open_lines for group in groups]
    scores = iter(judge(inks) if inks else ())
    result = []
    for line, known, groups in zip(pieces, of_lines, candidates, strict=True):
        chosen = groups
        if len(groups) > len(line):
            chosen = known.best({group: next(scores) for group in groups})
        digits = [[line[i] for i in group] for group in chosen]
        result.append(sorted(digits, key=_middle))
    return result


def _middle(digit: Sequence[Mark]) -> float:
    return min(m.x for m in digit) + max(m.right for m in digit)


def _cut_wide(
    lines: Sequence[Sequence[Mark]], height: float, judge: LikenessOfInks
) -> list[list[Mark]]:
    holding_wide = [line for line in lines if any(_is_wide(mark, height) for mark in line)]
    marks = [mark for line in holding_wide for mark in line]
    judged = judge([mark.ink for mark in marks]) if marks else np.zeros(0)
    likeness = {id(mark): float(score) for mark, score in zip(marks, judged, strict=True)}
    wide = [mark for mark in marks if _is_wide(mark, height) and likeness[id(mark)] < _SURE]
    doubtful = {id(m): m for m in sorted(wide, key=lambda m: -m.width)[:_MOST_CUT]}
    beside = likeness.keys() - doubtful.keys()
    width = sum(m.width / min(height, m.height) for m in doubtful.values())
    paths = math.sqrt(_PARTS / max(width, 1.0))
    result = []
    for line in lines:
        sure = [mark for mark in line if id(mark) in beside]
        among_digits = _look_like_digits(sure, [likeness[id(mark)] for mark in sure], height)
        pieces: list[Mark] = []
        for mark in line:
            if id(mark) in doubtful:
                pieces += _cut_if_convincing(mark, height, judge, paths, among_digits)
            else:
                pieces.append(mark)
        result.append(sorted(pieces, key=lambda m: 2 * m.x + m.width))
    return result


def _look_like_digits(marks: Sequence[Mark], likeness: Sequence[float], height: float) -> bool:
    """Whether most do; small and narrow ones tell nothing: a bar or a bracket looks like a 1."""
    telling = [
        score
        for mark, score in zip(marks, likeness, strict=True)
        if max(mark.width, mark.height) >= _LOW * height and mark.width >= _NARROW * mark.height
    ]
    return bool(telling) and float(np.mean(telling)) >= _MOSTLY


def _cut_if_convincing(
    mark: Mark, height: float, judge: LikenessOfInks, paths: float, among_digits: bool
) -> list[Mark]:
    """The mark's parts, or it alone: what may be one letter has to look like digits all over."""
    size = min(height, mark.height)
    parts = cut(mark, size, judge, paths_a_height=paths)
    may_be_letter = not among_digits or mark.width < _LETTER * size
    if len(parts) > 1 and may_be_letter:
        seen = likeness_from_all_sides([part.ink for part in parts], judge)
        return parts if seen >= _ALONE else [mark]
    return parts


def _is_wide(mark: Mark, height: float) -> bool:
    wide = mark.width > min(_WIDE * mark.height, _WIDER * height)
    return wide and min(mark.width, mark.height) >= _SMALLEST


class _Line:
    """The marks of a line, and which of them may make up one digit.

    Args:
        marks: left to right.
        height: px, typical.
    """

    def __init__(self, marks: Sequence[Mark], height: float) -> None:
        self._marks, self._height = marks, height
        # Asked for again by every group that holds the two.
        self._gap = functools.cache(lambda a, b: _gap(marks[a], marks[b]))

    def candidates(self) -> list[Group]:
        """Every mark alone, and every few neighbours that may be one digit."""
        found: list[Group] = [(i,) for i in range(len(self._marks))]
        grown = set(found)
        for _ in range(_MOST_PIECES - 1):
            larger: set[Group] = set()
            for group in grown:
                for other in range(max(0, group[0] - 3), min(len(self._marks), group[-1] + 4)):
                    together = tuple(sorted({*group, other}))
                    if len(together) > len(group) and self._may_be_one(together):
                        larger.add(together)
            found += sorted(larger)
            grown = larger
        return found

    def best(self, scores: Mapping[Group, float]) -> list[Group]:
        """The groups that are likeliest to be the line's digits, of those that were judged."""
        values = {
            group: math.log(max(score * self._plausibility(group), self._least(group)))
            for group, score in scores.items()
        }
        return best_partition(range(len(self._marks)), values)

    def _may_be_one(self, group: Group) -> bool:
        if len({self._marks[i].whole for i in group}) < len(group):
            return False  # what was cut stays apart
        width, tallness = self._size(group)
        return (
            width <= _WIDEST * self._height
            and tallness <= _HIGHEST * self._height
            and _largest(group, self._gap) <= _NEAR * self._height
        )

    def _plausibility(self, group: Group) -> float:
        size = max(self._size(group)) / self._height
        factor = _TINY_FACTOR if size < _TINY else _LOW_FACTOR if size < _LOW else 1.0
        factor *= _EXTRA ** (len(group) - 1)
        return factor * float(np.exp(-_largest(group, self._gap) / (_DECAY * self._height)))

    def _least(self, group: Group) -> float:
        """What is no digit is something too and need not be torn into digits, if it is not wide."""
        width, _ = self._size(group)
        return float(_LEAST ** max(1.0, width / (_USUAL * self._height)))

    def _size(self, group: Group) -> tuple[int, int]:
        """Width and height of the box around its marks, px."""
        left, top, right, bottom = corners([self._marks[i] for i in group])
        return right - left, bottom - top


def largest_gap(marks: Sequence[Mark]) -> float:
    """px, between boxes along the shortest way through all of them."""
    return _largest(range(len(marks)), lambda a, b: _gap(marks[a], marks[b]))


def _largest(group: Sequence[int], gap: Callable[[int, int], float]) -> float:
    joined, rest, largest = [group[0]], list(group[1:]), 0.0
    while rest:
        away, nearest = min((gap(min(a, b), max(a, b)), b) for a in joined for b in rest)
        largest = max(largest, away)
        joined.append(nearest)
        rest.remove(nearest)
    return largest


def _gap(a: Mark, b: Mark) -> float:
    across = max(a.x - b.right, b.x - a.right, 0)
    down = max(a.y - b.bottom, b.y - a.bottom, 0)
    return float(np.hypot(across, down))
