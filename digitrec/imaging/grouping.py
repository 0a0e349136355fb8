"""Pieces to digits: which strokes of a drawing, or marks on a paper, make up one digit.

The places of the pieces propose candidates; a judge, the network behind a function, says how
much each looks like one digit; the partition wins whose digits look best together and which
keeps together what belongs together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.bonds import Pair, Piece, bonds, clusters, piece_boxes
from digitrec.imaging.oneness import is_one
from digitrec.imaging.partition import Group, best_partition

Judge = Callable[[Sequence[Group]], NDArray[np.float32]]

_MOST_PIECES = 300  # more are no numbers by hand: they are one thing
_SMALL = 4  # every set of so many connected pieces is a candidate,
_LARGE = 12  # larger ones if they cling most, and whole clusters whatever their size
_MOST_CANDIDATES = 500  # beside the single pieces
# Weights in units of the logarithm of a probability, set as those of `bonds`.
_WEAKEST = -8.0  # bonds below are none
_LEAST = 2e-6  # what a group that looks like no digit counts at least
_LOW, _LOW_COST = 0.6, 4.0  # a digit lower than this share of its neighbours
_TINY = 0.15  # of its neighbours' height, both sides: a dot, which is no digit
_FAR_DOT = 1.0  # of their height: dots farther away belong to nothing


def group_pieces(pieces: Sequence[Piece], judge: Judge) -> list[Group]:
    """Which pieces belong together.

    Args:
        pieces: each (n, 2), x right, y down, any unit; none empty.
        judge: groups → how much each looks like one digit, (N,) in 0-1.

    Returns:
        Groups in which every piece is once, by their lowest piece. Equal drawings give equal
        groups, whatever the order of their pieces.
    """
    if len(pieces) < 2 or len(pieces) > _MOST_PIECES:
        return [tuple(range(len(pieces)))] if pieces else []
    boxes = piece_boxes(pieces)
    # By place, not by time: who draws the bar of a 7 last means the same 7.
    order = sorted(range(len(pieces)), key=lambda i: (boxes[i, 0] + boxes[i, 2], *boxes[i]))
    placed, placed_boxes = [pieces[i] for i in order], boxes[order]
    links = {pair: odds for pair, odds in bonds(placed).items() if odds > _WEAKEST}
    values = _candidates(len(placed), links)
    groups = list(values)
    scores = dict(zip(groups, judge([_named(group, order) for group in groups]), strict=True))
    found: list[Group] = []
    for cluster in clusters(len(placed), links):
        inside = set(cluster)
        height = _height(placed_boxes[cluster])
        own = {
            group: values[group]
            + float(np.log(max(scores[group], _LEAST)))
            - _LOW_COST * _lowness(placed_boxes[list(group)], height)
            for group in groups
            if group[0] in inside
        }
        found += best_partition(cluster, own)
    if len(found) > 1 and is_one(placed, links, {group: scores[group] for group in found}):
        found = [tuple(range(len(placed)))]
    found = _with_dots(found, placed_boxes)
    return sorted(_named(group, order) for group in found)


def _with_dots(groups: Sequence[Group], boxes: NDArray[np.float64]) -> list[Group]:
    """Dots given to the nearest group; several dots alone, as a colon's, are one thing."""
    around = np.array([_box(boxes, group) for group in groups])
    sides = np.maximum(around[:, 2] - around[:, 0], around[:, 3] - around[:, 1])
    whole = float(max(np.ptp(around[:, [0, 2]]), np.ptp(around[:, [1, 3]])))
    if 1 < len(groups) <= 3 and sides.max() < _TINY * whole:
        return [tuple(sorted(i for group in groups for i in group))]
    large = np.flatnonzero(sides >= _TINY * sides.max())
    joined = {int(i): groups[int(i)] for i in large}
    for i in set(range(len(groups))) - set(joined):
        between = np.maximum(around[i, :2] - around[large, 2:], around[large, :2] - around[i, 2:])
        away = np.hypot(*between.clip(min=0).T) / sides[large]
        nearest = int(large[away.argmin()])
        if sides[i] < _TINY * sides[nearest] and away.min() < _FAR_DOT:
            joined[nearest] = tuple(sorted((*joined[nearest], *groups[i])))
        else:
            joined[i] = groups[i]
    return list(joined.values())


def _box(boxes: NDArray[np.float64], group: Group) -> NDArray[np.float64]:
    part = boxes[list(group)]
    return np.concatenate([part[:, :2].min(axis=0), part[:, 2:].max(axis=0)])


def _named(group: Group, order: Sequence[int]) -> Group:
    return tuple(sorted(order[i] for i in group))


def _height(boxes: NDArray[np.float64]) -> float:
    """The height of a cluster's tall pieces."""
    heights = boxes[:, 3] - boxes[:, 1]
    return max(float(np.median(heights[heights >= 0.6 * heights.max()])), 1e-6)


def _lowness(boxes: NDArray[np.float64], height: float) -> float:
    """By how much a group is too low for a digit beside its neighbours, in powers of e."""
    own = max(float(boxes[:, 3].max() - boxes[:, 1].min()), 0.02 * height)
    return max(0.0, float(np.log(_LOW * height / own)))


def _candidates(count: int, links: Mapping[Pair, float]) -> dict[Group, float]:
    """Groups, and how strongly each clings together: the bonds of its best tree, summed."""
    grown: dict[Group, float] = {(i,): 0.0 for i in range(count)}
    near: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    for (a, b), odds in links.items():
        near[a].append((b, odds))
        near[b].append((a, odds))
    larger = _clinging(count, links)
    for _ in range(_SMALL - 1):
        step: dict[Group, float] = {}
        for group, value in grown.items():
            for member in group:
                for other, odds in near[member]:
                    if other not in group:
                        both = tuple(sorted((*group, other)))
                        step[both] = max(step.get(both, -np.inf), value + odds)
        # The most clinging ones go on: a scribble has more sets than anyone can look at.
        best = sorted(step, key=lambda g: (-step[g], g))[:_MOST_CANDIDATES]
        grown = {group: step[group] for group in best if step[group] > _WEAKEST}
        larger |= grown
    best = sorted(larger, key=lambda g: (-larger[g] / (len(g) - 1), g))[:_MOST_CANDIDATES]
    return {(i,): 0.0 for i in range(count)} | {group: larger[group] for group in best}


def _clinging(count: int, links: Mapping[Pair, float]) -> dict[Group, float]:
    """What grows as the strongest bonds close first, up to whole clusters (Kruskal's trees)."""
    inside: list[Group] = [(i,) for i in range(count)]
    value = [0.0] * count
    found: dict[Group, float] = {}
    for (a, b), odds in sorted(links.items(), key=lambda item: (-item[1], item[0])):
        if inside[a] is inside[b]:
            continue
        total = value[a] + value[b] + odds
        joined = tuple(sorted(inside[a] + inside[b]))
        for i in joined:
            inside[i], value[i] = joined, total
        found[joined] = total
    largest = set(inside)
    return {g: v for g, v in found.items() if len(g) <= _LARGE or g in largest}
