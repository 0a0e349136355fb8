"""How likely two pieces of a drawing belong to one character, by their places alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Piece = NDArray[np.float32]  # (n, 2) points, x right, y down; not empty
Pair = tuple[int, int]  # of pieces, the lower index first

_FINENESS = 0.04  # shares of the larger piece's side: how exact a distance is
_MOST_POINTS = 100  # along one piece
_NEIGHBOURS = 10  # of a piece, the nearest boxes; more are not looked at
_FARTHEST = 0.6  # shares of the larger piece's side: beyond, two pieces share nothing
_SLIM = 0.15  # a share of the larger side: the least length that an overlap is compared with
# The logarithm of the odds that two pieces are one character's, from lengths as shares of the
# larger piece's side. Set so that numbers composed of pendigits' and of the project's own digits,
# at every spacing, in one line and two, come apart, while single digits, letters and signs of the
# project's own and scribbles stay whole (a random search on what the whole grouping made of them).
_CONSTANT = 3.0
_GAP = -7.0  # a length of distance
_BESIDE, _ABOVE = 1.15, -1.35  # what both share from left to right, and from top to bottom
_DEEP, _FROM, _TOUCH = 2.5, 0.7, 0.1  # sharing nearly all the width, and that within a touch
_LOWER = -3.0  # the height of the lower one
_WIDTH, _HEIGHT = -3.2, 1.2  # of both together


def bonds(pieces: Sequence[Piece]) -> dict[Pair, float]:
    """Log odds that neighbouring pieces are of one character.

    Args:
        pieces: each (n, 2), any unit.

    Returns:
        By pair; pairs that are far apart are left out.
    """
    boxes = piece_boxes(pieces)
    sides = np.maximum(np.ptp(boxes[:, [0, 2]], axis=1), np.ptp(boxes[:, [1, 3]], axis=1))
    sides = np.maximum(sides, max(1e-6, 1e-3 * float(sides.max())))
    points = [_along(piece, _FINENESS * side) for piece, side in zip(pieces, sides, strict=True)]
    found: dict[Pair, float] = {}
    for a, b in _neighbours(boxes, sides):
        side = float(max(sides[a], sides[b]))
        gap = _distance(points[a], points[b]) / side
        if gap <= _FARTHEST:
            found[a, b] = _log_odds(boxes[a], boxes[b], gap, side)
    return found


def piece_boxes(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """Left, top, right, bottom of each piece: (N, 4)."""
    return np.array([(*piece.min(axis=0), *piece.max(axis=0)) for piece in pieces], np.float64)


def clusters(count: int, links: Iterable[Pair]) -> list[list[int]]:
    """Pieces that are linked, directly or by others: each cluster's indices, rising."""
    root = list(range(count))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = i = root[root[i]]
        return i

    for a, b in links:
        root[find(a)] = find(b)
    members: dict[int, list[int]] = {}
    for i in range(count):
        members.setdefault(find(i), []).append(i)
    return list(members.values())


def _log_odds(
    first: NDArray[np.float64], second: NDArray[np.float64], gap: float, side: float
) -> float:
    sizes = np.stack([first[2:] - first[:2], second[2:] - second[:2]]) / side
    low, high = np.minimum(first[:2], second[:2]), np.maximum(first[2:], second[2:])
    width, height = (high - low) / side
    shared = (np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2])) / side
    beside, above = np.clip(shared / np.maximum(sizes.min(axis=0), _SLIM), -1, 1)
    deep = max(0.0, beside - _FROM) / (1 - _FROM) * max(0.0, 1 - gap / _TOUCH)
    return float(
        _CONSTANT
        + _GAP * gap
        + _BESIDE * beside
        + _ABOVE * above
        + _DEEP * deep
        + _LOWER * sizes[:, 1].min()
        + _WIDTH * width
        + _HEIGHT * height
    )


def _neighbours(boxes: NDArray[np.float64], sides: NDArray[np.float64]) -> list[Pair]:
    """Pairs of boxes near each other; of each box the nearest few."""
    low, high = boxes[:, :2], boxes[:, 2:]
    between = np.maximum(low[:, None] - high[None], low[None] - high[:, None]).clip(min=0)
    away = np.hypot(between[..., 0], between[..., 1])
    reach = _FARTHEST * np.maximum(sides[:, None], sides[None])
    centres = (low + high) / 2
    # Of overlapping boxes those with near centres come first.
    order = away + 1e-3 * np.linalg.norm(centres[:, None] - centres[None], axis=-1)
    np.fill_diagonal(order, np.inf)
    pairs: set[Pair] = set()
    for a in range(len(boxes)):
        for b in np.argsort(order[a], kind="stable")[:_NEIGHBOURS]:
            if a != b and away[a, b] <= reach[a, b]:
                pairs.add((min(a, int(b)), max(a, int(b))))
    return sorted(pairs)


def _along(piece: Piece, step: float) -> NDArray[np.float64]:
    """Points (m, 2) along a piece, at most `step` apart unless that were too many."""
    lengths = np.linalg.norm(np.diff(piece, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths, dtype=np.float64)])
    at = np.linspace(0, along[-1], min(_MOST_POINTS, 2 + int(along[-1] / step)))
    return np.stack([np.interp(at, along, piece[:, axis]) for axis in (0, 1)], axis=1)


def _distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """The smallest distance between the points of two pieces."""
    squares = (first**2).sum(axis=1)[:, None] + (second**2).sum(axis=1) - 2 * first @ second.T
    return float(np.sqrt(max(squares.min(), 0.0)))
