"""Touching digits apart: the best way through paths from top to bottom that cross little ink."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.pages.marks import Ink, Mark

LikenessOfInks = Callable[[Sequence[Ink]], NDArray[np.float32]]
Columns = NDArray[np.float64]  # (H,), a row each

# In digit heights.
_MARGIN = 0.1  # from the mark's sides
_MOST_INK = 1.0  # that a cut may cross
_SAME = 0.15  # times a pixel: paths that part no more ink differently are one
_NARROWEST, _WIDEST = 0.06, 1.35  # a digit
_LONGEST = 7.0  # joined digits; longer is joined writing
_LOW, _HIGH, _UNUSUAL = 0.6, 1.3, 0.1  # lower and higher parts are seldom digits
_USUAL = 0.8  # a digit's width: so much of what is no digit is one such thing

_WORKING_HEIGHT = 32  # px of a digit while paths are looked for
_HALF = 0.5  # covered by so much, a pixel is ink
_LEVELS = 9  # rows in which ways are looked for
_ASIDE = 0.2  # of a pixel of ink a row, for a digit's height to one side
_SLANT_COST = 0.15  # of a pixel of ink, for a step aside
_CUT, _CUT_INK = 0.8, 3.0  # what a cut costs, and the heights of ink by which it costs 1/e
_SHARED = 0.25  # digit heights that two parts may share
_LEAST = 0.03  # what is no digit is something too: it need not be torn into digits
_CONVINCING = 0.7  # the parts' likeness: no digit may be torn into what looks a little like several


@dataclass(frozen=True)
class Path:
    """A way from top to bottom through a mark.

    Attributes:
        columns: (H,) px, a row each.
        cost: px of ink that it crosses.
    """

    columns: Columns
    cost: float = 0.0


@dataclass(frozen=True)
class Part:
    """What lies between two paths through a mark.

    Attributes:
        left, right: numbers of the paths, 0 and the last being the mark's own sides.
        x, y: px, the place of its box in the mark.
        ink: (H, W) uint8, its crop.
        width: of the strip between the paths, in digit heights.
    """

    left: int
    right: int
    x: int
    y: int
    ink: Ink
    width: float


def cut(
    mark: Mark, height: float, judge: LikenessOfInks, *, paths_a_height: float = 50
) -> list[Mark]:
    """The mark as it is, or in parts that look more like digits, left to right.

    Args:
        mark: wider than a digit.
        height: px, of a typical digit.
        judge: ink of candidates → how much each looks like one digit, (N,) in 0-1.
        paths_a_height: see `candidate_parts`.
    """
    parts, paths = candidate_parts(mark, height, paths_a_height=paths_a_height)
    if len(parts) < 2:
        return [mark]
    chosen, likeness = _best_way(parts, paths, height, judge)
    if len(chosen) < 2 or likeness < _CONVINCING:
        return [mark]
    costs = [path.cost for path in paths]
    return [
        Mark(
            mark.x + part.x,
            mark.y + part.y,
            part.ink,
            mark.whole,
            place,
            (costs[part.left], costs[part.right]),
        )
        for place, part in enumerate(chosen)
    ]


def candidate_parts(
    mark: Mark, height: float, *, paths_a_height: float = 50
) -> tuple[list[Part], list[Path]]:
    """What may be one digit of a mark, and the mark as a whole.

    Args:
        mark: of any width; longer than seven digits it is joined writing and has one part.
        height: px, of a typical digit.
        paths_a_height: how many paths are tried at most for a digit's height of width; there are
            seldom more than 25, and the parts grow with their square.

    Returns:
        Parts by their left path, and the paths, the mark's own sides included.
    """
    sides = [Path(np.zeros(mark.height)), Path(np.full(mark.height, float(mark.width)))]
    found: list[Path] = []
    if mark.width <= _LONGEST * height:
        scale = _WORKING_HEIGHT / max(height, 1)
        size = (max(2, round(mark.width * scale)), max(2, round(mark.height * scale)))
        covered = cv2.resize((mark.ink > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
        rows = np.clip((np.arange(mark.height) * scale).astype(int), 0, size[1] - 1)
        found = [
            Path(columns[rows] / scale, cost / scale)
            for cost, columns in _cheapest_paths(np.asarray(covered, np.float32), paths_a_height)
        ]
    paths = [sides[0], *found, sides[1]]
    parts = []
    for left, right in itertools.combinations(range(len(paths)), 2):
        gap = paths[right].columns - paths[left].columns
        width = float(gap.mean()) / height
        whole = left == 0 and right == len(paths) - 1
        if whole or (_NARROWEST < width < _WIDEST and gap.min() > -0.5):
            part = _between(mark, paths[left].columns, paths[right].columns)
            if part is not None:
                parts.append(Part(left, right, *part, width))
    return parts, paths


def _best_way(
    parts: Sequence[Part], paths: Sequence[Path], height: float, judge: LikenessOfInks
) -> tuple[list[Part], float]:
    """The parts that look best together, left to right, and how much they look like digits.

    Where strokes of two digits run along each other, both parts may hold them.
    """
    last = len(paths) - 1
    scores = judge([part.ink for part in parts])
    fit = [
        1.0 if _LOW * height <= part.ink.shape[0] <= _HIGH * height else _UNUSUAL for part in parts
    ]
    places = [float(path.columns.mean()) / height for path in paths]
    ending: list[list[int]] = [[] for _ in paths]  # numbers of the parts that end at a path
    totals, before = [-math.inf] * len(parts), [-1] * len(parts)
    # Paths lie left to right: what may lead to a part is known before it.
    for index, (part, score) in enumerate(zip(parts, scores, strict=True)):
        value = math.log(max(float(score) * fit[index], _LEAST ** max(1.0, part.width / _USUAL)))
        if part.left == 0:
            totals[index] = value
        for end in range(part.left, part.right) if part.left else ():
            shared = places[end] - places[part.left]
            if shared > _SHARED:
                break
            crossed = (paths[end].cost + paths[part.left].cost) / 2 / height
            cost = math.log(_CUT) - crossed / _CUT_INK
            for other in ending[end]:
                if parts[other].left < part.left and totals[other] + value + cost > totals[index]:
                    totals[index], before[index] = totals[other] + value + cost, other
        ending[part.right].append(index)
    best = max(ending[last], key=lambda index: totals[index])
    chosen = [best]
    while before[chosen[-1]] >= 0:
        chosen.append(before[chosen[-1]])
    chosen.reverse()
    likely = [max(float(scores[index]) * fit[index], 1e-3) for index in chosen]
    return [parts[index] for index in chosen], float(np.exp(np.mean(np.log(likely))))


def _between(mark: Mark, left: Columns, right: Columns) -> tuple[int, int, Ink] | None:
    """A mark's ink between two paths: its place in the mark, and it."""
    first, last = max(0, int(left.min())), min(mark.width, int(np.ceil(right.max())))
    columns = np.arange(first, last)[None, :]
    inside = (columns >= left[:, None]) & (columns < right[:, None])
    part = np.where(inside, mark.ink[:, first:last], 0).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(part)
    return (first + x, y, part[y : y + h, x : x + w]) if w and h else None


def _cheapest_paths(ink: NDArray[np.float32], most: float) -> list[tuple[float, Columns]]:
    """Different ways from top to bottom that cross little ink, left to right, and how much, px."""
    rows, width = ink.shape
    margin = round(_MARGIN * _WORKING_HEIGHT)
    # Through loops, as the ink alone allows, and through necks, where strokes lie side by side;
    # where there is room, along the ink on the left as well as along that on the right.
    aside = _ASIDE * np.arange(width, dtype=np.float32) / _WORKING_HEIGHT
    both = [ink, _filled(ink)]
    ways = _ways(np.stack([c + a for c in both for a in (aside, aside[::-1])]))
    costs = ink[np.arange(rows), ways].sum(axis=1)
    middles = ways.mean(axis=1)
    possible = (costs <= _MOST_INK * _WORKING_HEIGHT) & (middles >= margin)
    possible &= middles < width - margin
    chosen: list[tuple[float, Columns]] = []
    for i in sorted(np.flatnonzero(possible), key=lambda i: costs[i]):
        if len(chosen) >= most * width / _WORKING_HEIGHT:
            break
        path = ways[i] + 0.5
        others = np.array([other for _, other in chosen]).reshape(-1, rows)
        if _ink_between(ink, path, others).min(initial=np.inf) > _SAME * _WORKING_HEIGHT:
            chosen.append((float(costs[i]), path))
    return sorted(chosen, key=lambda item: float(item[1].mean()))


def _ways(costs: NDArray[np.float32]) -> NDArray[np.int64]:
    """Ways from top to bottom that are cheaper than those beside them.

    Of all ways through a pixel the cheapest is known by those from above and from below; where a
    row's pixels have cheaper ways than those beside them, a way is worth trying.

    Args:
        costs: (N, H, W) of a pixel, in N versions.

    Returns:
        (K, H) columns, different ones.
    """
    count, rows, _ = costs.shape
    down, came = _ways_down(np.concatenate([costs, costs[:, ::-1]]))
    through = down[:count] + down[count:, ::-1] - costs
    from_above, from_below = came[:count], came[count:, ::-1]
    levels = np.linspace(0, rows - 1, _LEVELS + 2)[1:-1].astype(int)
    starts = [
        (version, row, column)
        for version in range(count)
        for row in levels
        for column in _valleys(through[version, row])
    ]
    if not starts:
        return np.zeros((0, rows), np.int64)
    version, row, column = np.array(starts).T
    ways = np.zeros((len(starts), rows), np.int64)
    ways[np.arange(len(starts)), row] = column
    for below in range(rows - 1, 0, -1):
        up = row >= below
        ways[up, below - 1] = from_above[version[up], below, ways[up, below]]
    for above in range(rows - 1):
        on = row <= above
        ways[on, above + 1] = from_below[version[on], above, ways[on, above]]
    return np.unique(ways, axis=0)


def _filled(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ink whose loops are full."""
    paper = np.pad((ink < _HALF).astype(np.uint8), 1, constant_values=1)
    cv2.floodFill(paper, None, (0, 0), 0)
    return np.maximum(ink, paper[1:-1, 1:-1])


def _ink_between(ink: NDArray[np.float32], path: Columns, others: Columns) -> NDArray[np.float64]:
    """How much ink a way (H,) parts differently from each of others (N, H), px²."""
    columns = np.arange(ink.shape[1])
    mine = columns < path[:, None]
    theirs = columns < others[:, :, None]
    return np.asarray(((mine != theirs) * ink).sum(axis=(1, 2)), np.float64)


def _valleys(costs: NDArray[np.float64]) -> list[int]:
    """Columns that are cheaper than those beside them; of level ground the middle."""
    starts = np.flatnonzero(np.diff(costs, prepend=np.nan) != 0)
    ends = np.append(starts[1:], len(costs))
    levels = np.concatenate([[np.inf], costs[starts], [np.inf]])
    low = (levels[1:-1] < levels[:-2]) & (levels[1:-1] < levels[2:])
    return [int(i) for i in (starts[low] + ends[low] - 1) // 2]


def _ways_down(costs: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """What the cheapest way from the top to each pixel (N, H, W) costs, and its column above."""
    count, rows, width = costs.shape
    totals = costs.astype(np.float64)
    came = np.tile(np.arange(width), (count, rows, 1))
    before = np.full((count, width + 2), np.inf)
    for row in range(1, rows):
        before[:, 1:-1] = totals[:, row - 1]
        ways = np.stack(
            [before[:, 1:-1], before[:, :-2] + _SLANT_COST, before[:, 2:] + _SLANT_COST]
        )
        totals[:, row] += ways.min(axis=0)
        came[:, row] += np.array([0, -1, 1])[ways.argmin(axis=0)]
    return totals, came
