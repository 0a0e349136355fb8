"""Strokes to digits: which strokes of a drawing make up one digit, and in which order they are read.

The geometry proposes groups of strokes; a judge, the network behind a function, says how much
each looks like one digit; the partition whose digits look best together wins.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.strokes import Stroke

Group = tuple[int, ...]  # indices of strokes
Pair = tuple[int, int]  # of strokes, the lower index first
Judge = Callable[[Sequence[Sequence[Stroke]]], NDArray[np.float32]]

_MOST_STROKES = 4  # of one digit
_MOST_CANDIDATES = 600  # judged in one line
# Shares of a line's height.
_TALL = 0.5  # strokes of this height make the line, lower ones join it
_OVERLAP = 0.4  # of two strokes' heights: they stand on one line
_NEAR = 0.4  # strokes farther apart than this are never one digit,
_TOUCHING = 0.1  # nearer than this they may well be,
_DECAY = 0.12  # and in between less and less
_WIDEST = 1.5  # a digit
_LOW = 0.5  # digits smaller than this are rare,
_TINY = 0.25  # and smaller than this they are dots, bars and slips of the pen
_LOW_FACTOR, _TINY_FACTOR = 0.2, 1e-3
_EXTRA_STROKE = 0.7  # two strokes that both look like digits are two digits
_LEAST = 1e-6


def group_strokes(strokes: Sequence[Stroke], judge: Judge) -> list[list[Group]]:
    """Which strokes belong together.

    Args:
        strokes: each (n, 2), x right, y down; at least one.
        judge: drawings → how much each looks like one digit, (N,) in 0-1.

    Returns:
        Lines from top to bottom, each with its digits from left to right, each with the
        indices of its strokes. Every stroke is in exactly one.
    """
    boxes = np.array([(*stroke.min(axis=0), *stroke.max(axis=0)) for stroke in strokes])
    result = []
    for line in _lines(boxes):
        groups = _line_groups(strokes, boxes, line, judge)
        result.append(sorted(groups, key=lambda group: _middle(boxes, group)))
    return result


def _middle(boxes: NDArray[np.float32], group: Sequence[int]) -> float:
    part = boxes[list(group)]
    return float(part[:, 0].min() + part[:, 2].max()) / 2


def _lines(boxes: NDArray[np.float32]) -> list[list[int]]:
    """Indices of strokes by line, top to bottom."""
    heights = boxes[:, 3] - boxes[:, 1]
    sides = np.maximum(heights, boxes[:, 2] - boxes[:, 0])
    tall = [int(i) for i in np.flatnonzero(heights >= _TALL * heights.max())] or [
        int(sides.argmax())
    ]
    lines: list[tuple[float, float, list[int]]] = []  # top, bottom, strokes
    for index in sorted(tall, key=lambda i: boxes[i, 1] + boxes[i, 3]):
        top, bottom = float(boxes[index, 1]), float(boxes[index, 3])
        for place, (start, end, members) in enumerate(lines):
            shared = min(end, bottom) - max(start, top)
            if shared > _OVERLAP * min(end - start, bottom - top):
                lines[place] = (min(start, top), max(end, bottom), [*members, index])
                break
        else:
            lines.append((top, bottom, [index]))
    for index in set(range(len(boxes))) - set(tall):
        middle = float(boxes[index, 1] + boxes[index, 3]) / 2
        away = [max(start - middle, middle - end, 0.0) for start, end, _ in lines]
        lines[int(np.argmin(away))][2].append(index)
    return [members for _, _, members in sorted(lines, key=lambda line: line[0] + line[1])]


def _line_groups(
    strokes: Sequence[Stroke], boxes: NDArray[np.float32], line: Sequence[int], judge: Judge
) -> list[Group]:
    height = max(float(np.median(_tallest(boxes[list(line)]))), 1.0)
    gaps = _gaps(strokes, boxes, line, height)
    candidates = _candidates(gaps, line, height)
    scores = judge([[strokes[i] for i in group] for group in candidates])
    values = {
        group: float(score) * _plausibility(boxes[list(group)], group, gaps, height)
        for group, score in zip(candidates, scores, strict=True)
    }
    return _best_partition(sorted(line, key=lambda i: boxes[i, 0] + boxes[i, 2]), values)


def _plausibility(
    box: NDArray[np.float32], group: Group, gaps: Mapping[Pair, float], height: float
) -> float:
    """How likely strokes of that size and distance make up a digit, whatever they look like."""
    size = max(float(np.ptp(box[:, [1, 3]])), float(np.ptp(box[:, [0, 2]]))) / height
    small = _TINY_FACTOR if size < _TINY else _LOW_FACTOR if size < _LOW else 1.0
    apart = _largest_gap(group, gaps) / height
    extra = _EXTRA_STROKE ** (len(group) - 1)
    return small * extra * float(np.exp(-max(0.0, apart - _TOUCHING) / _DECAY))


def _largest_gap(group: Group, gaps: Mapping[Pair, float]) -> float:
    """The largest step of the shortest way through all strokes of a group."""
    joined, largest = {group[0]}, 0.0
    while len(joined) < len(group):
        step, nearest = min(
            (gaps[_pair(a, b)], b) for a in joined for b in group if b not in joined
        )
        largest = max(largest, step)
        joined.add(nearest)
    return largest


def _tallest(part: NDArray[np.float32]) -> NDArray[np.float32]:
    heights = np.maximum(part[:, 3] - part[:, 1], 0)
    return heights[heights >= _TALL * heights.max()]


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _gaps(
    strokes: Sequence[Stroke], boxes: NDArray[np.float32], line: Sequence[int], height: float
) -> dict[Pair, float]:
    """The distance of every two strokes that are narrow enough together to be one digit."""
    return {
        (a, b): _gap(strokes[a], strokes[b])
        for a, b in itertools.combinations(sorted(line), 2)
        if boxes[[a, b], 2].max() - boxes[[a, b], 0].min() <= _WIDEST * height
    }


def _candidates(gaps: Mapping[Pair, float], line: Sequence[int], height: float) -> list[Group]:
    """Every stroke alone, and every small set of neighbours that may be one digit."""
    found: list[Group] = [(i,) for i in line]
    grown = set(found)
    for _ in range(_MOST_STROKES - 1):
        larger = set()
        for group in grown:
            for other in set(line) - set(group):
                pairs = [_pair(member, other) for member in group]
                if all(pair in gaps for pair in pairs) and min(
                    gaps[pair] for pair in pairs
                ) <= _NEAR * height:
                    larger.add(tuple(sorted((*group, other))))
        found += sorted(larger)
        grown = larger
        if len(found) > _MOST_CANDIDATES:
            break
    return found[:_MOST_CANDIDATES]


def _gap(first: Stroke, second: Stroke) -> float:
    """The smallest distance between two strokes' points, canvas pixels."""
    difference = first[:, None, :] - second[None, :, :]
    return float(np.sqrt((difference**2).sum(axis=-1)).min())


def _best_partition(order: Sequence[int], values: dict[Group, float]) -> list[Group]:
    """The groups that cover every stroke once with the largest product of values."""
    position = {index: place for place, index in enumerate(order)}
    by_first: dict[int, list[tuple[int, Group, float]]] = {i: [] for i in order}
    for group, value in values.items():
        mask = sum(1 << position[i] for i in group)
        first = min(group, key=lambda i: position[i])
        by_first[first].append((mask, group, float(np.log(max(value, _LEAST)))))
    full = (1 << len(order)) - 1
    best: dict[int, tuple[float, list[Group]]] = {0: (0.0, [])}
    # Masks grow with their lowest free stroke: each is final when it is reached in this order.
    queue = [0]
    for used in queue:
        if used == full:
            continue
        total, groups = best[used]
        free = next(i for place, i in enumerate(order) if not used >> place & 1)
        for mask, group, value in by_first[free]:
            if mask & used:
                continue
            reached = used | mask
            if reached not in best:
                queue.append(reached)
                best[reached] = (total + value, [*groups, group])
            elif total + value > best[reached][0]:
                best[reached] = (total + value, [*groups, group])
    return best[full][1]
