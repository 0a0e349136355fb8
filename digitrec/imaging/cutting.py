"""Touching digits apart: the best way through paths from top to bottom that cross little ink."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.marks import Ink, Mark

Judge = Callable[[Sequence[Ink]], NDArray[np.float32]]
Path = NDArray[np.float64]  # (H,) columns, a row each

# In digit heights.
_STEP = 0.12  # between two tries
_REACH = 0.2  # to each side that a path may wander
_MARGIN = 0.1  # from the mark's sides
_MOST_INK = 0.6  # that a cut may cross
_SAME = 0.07  # paths that lie nearer to each other are one
_NARROWEST, _WIDEST = 0.06, 1.35  # a digit
_LONGEST = 7.0  # joined digits; longer is joined writing
_LOW, _LOW_FACTOR = 0.6, 0.1  # lower parts are seldom digits
_USUAL = 0.8  # a digit's width: so much of what is no digit is one such thing

_WORKING_HEIGHT = 32  # px of a digit while paths are looked for
_SLANTS = (0.0, 0.2, 0.4)  # columns a row: writing leans to the right
_SLANT_COST = 0.15  # of a pixel of ink, for a step aside
_MOST_PATHS = 40
_CUT, _CUT_INK = 0.6, 0.25  # what a cut costs, and the heights of ink by which it costs 1/e
_LEAST = 0.03  # what is no digit is something too: it need not be torn into digits


def cut(mark: Mark, height: float, judge: Judge) -> list[Mark]:
    """The mark as it is, or in parts that look more like digits, left to right.

    Args:
        mark: wider than a digit.
        height: px, of a typical digit.
        judge: ink of candidates → how much each looks like one digit, (N,) in 0-1.
    """
    if mark.width > _LONGEST * height:
        return [mark]
    scale = _WORKING_HEIGHT / max(height, 1)
    size = (max(2, round(mark.width * scale)), max(2, round(mark.height * scale)))
    covered = cv2.resize((mark.ink > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    found = [(c / scale, p) for c, p in _cheapest_paths(np.asarray(covered, np.float32))]
    rows = np.clip((np.arange(mark.height) * scale).astype(int), 0, size[1] - 1)
    edges = [np.zeros(mark.height), *(p[rows] / scale for _, p in found)]
    edges.append(np.full(mark.height, float(mark.width)))
    costs = [0.0, *(cost for cost, _ in found), 0.0]
    chosen = _best_way(mark, edges, costs, height, judge)
    parts = []
    for place, (left, right) in enumerate(itertools.pairwise(chosen)):
        part = _between(mark, edges[left], edges[right])
        if part is not None:
            x, y, ink = part
            parts.append(
                Mark(mark.x + x, mark.y + y, ink, mark.whole, place, (costs[left], costs[right]))
            )
    return parts


def _best_way(
    mark: Mark, edges: Sequence[Path], costs: Sequence[float], height: float, judge: Judge
) -> list[int]:
    """Indices of the edges at which to cut, the mark's own two included."""
    last = len(edges) - 1
    steps: list[tuple[int, int, float, float]] = []
    inks: list[Ink] = []
    for i in range(last):
        for j in range(i + 1, last + 1):
            gap = edges[j] - edges[i]
            width = float(gap.mean()) / height
            whole = i == 0 and j == last
            if not whole and not (_NARROWEST < width < _WIDEST and gap.min() > -0.5):
                continue
            part = _between(mark, edges[i], edges[j])
            if part is not None:
                low = _LOW_FACTOR if part[2].shape[0] < _LOW * height else 1.0
                steps.append((i, j, width, low))
                inks.append(part[2])
    best = [(-math.inf, 0)] * (last + 1)
    best[0] = (0.0, 0)
    scores = judge(inks)
    # Edges lie left to right: what leads to one is known before what leads on.
    for (i, j, width, low), score in sorted(
        zip(steps, scores, strict=True), key=lambda s: s[0][:2]
    ):
        value = max(float(score) * low, _LEAST ** max(1.0, width / _USUAL))
        if j < last:
            value *= _CUT * math.exp(-costs[j] / (_CUT_INK * height))
        total = best[i][0] + math.log(value)
        if total > best[j][0]:
            best[j] = (total, i)
    way = [last]
    while way[-1]:
        way.append(best[way[-1]][1])
    return way[::-1]


def _between(mark: Mark, left: Path, right: Path) -> tuple[int, int, Ink] | None:
    """A mark's ink between two paths: its place in the mark, and it."""
    first, last = max(0, int(left.min())), min(mark.width, int(np.ceil(right.max())))
    columns = np.arange(first, last)[None, :]
    inside = (columns >= left[:, None]) & (columns < right[:, None])
    part = np.where(inside, mark.ink[:, first:last], 0).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(part)
    return (first + x, y, part[y : y + h, x : x + w]) if w and h else None


def _cheapest_paths(ink: NDArray[np.float32]) -> list[tuple[float, Path]]:
    """Different paths, left to right, that cross little ink, and how much each crosses, px."""
    rows, width = ink.shape
    margin, reach = _MARGIN * _WORKING_HEIGHT, round(_REACH * _WORKING_HEIGHT)
    found: list[tuple[float, Path]] = []
    for slant in _SLANTS:
        # Upright paths through slanted ink are slanted paths.
        moved = np.rint(slant * (np.arange(rows) - rows / 2)).astype(int)
        room = int(np.abs(moved).max()) + reach
        slanted = np.zeros((rows, width + 2 * room), np.float32)
        for row in range(rows):
            slanted[row, room + moved[row] : room + moved[row] + width] = ink[row]
        centres = np.arange(margin, width - margin + 1e-6, _STEP * _WORKING_HEIGHT)
        lefts = room + np.rint(centres).astype(int) - reach
        windows = np.stack([slanted[:, left : left + 2 * reach + 1] for left in lefts])
        for left, cost, path in zip(lefts, *_paths(windows), strict=True):
            if cost <= _MOST_INK * _WORKING_HEIGHT:
                found.append((float(cost), np.clip(path + left - room - moved, 0, width)))
    chosen: list[tuple[float, Path]] = []
    for cost, path in sorted(found, key=lambda item: item[0]):
        others = np.array([other for _, other in chosen]).reshape(-1, rows)
        nearest = np.abs(others - path).mean(axis=1).min(initial=np.inf)
        if nearest > _SAME * _WORKING_HEIGHT and len(chosen) < _MOST_PATHS:
            chosen.append((cost, path))
    return sorted(chosen, key=lambda item: float(item[1].mean()))


def _paths(
    windows: NDArray[np.float32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The cheapest way from top to bottom of each window (N, H, W): its ink, and it, (N, H)."""
    count, rows, columns = windows.shape
    each, index = np.arange(count), np.arange(columns)
    best = windows[:, 0].astype(np.float64)
    came = np.zeros((rows, count, columns), np.int64)
    for row in range(1, rows):
        padded = np.pad(best, ((0, 0), (1, 1)), constant_values=np.inf)
        ways = np.stack(
            [padded[:, :-2] + _SLANT_COST, padded[:, 1:-1], padded[:, 2:] + _SLANT_COST]
        )
        choice = ways.argmin(axis=0)
        came[row] = index + choice - 1
        best = np.take_along_axis(ways, choice[None], 0)[0] + windows[:, row]
    column = best.argmin(axis=1)
    paths = np.zeros((count, rows))
    for row in range(rows - 1, -1, -1):
        paths[:, row] = column
        column = came[row, each, column]
    ink = np.take_along_axis(windows, paths.astype(int)[:, :, None], 2)[:, :, 0].sum(axis=1)
    return ink.astype(np.float64), paths
