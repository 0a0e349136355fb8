"""How likely two pieces of a drawing belong to one character, by their places alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Piece = NDArray[np.float32]  # (n, 2) points, x right, y down; not empty
Pair = tuple[int, int]  # of pieces, the lower index first

_FINENESS = 0.04  # shares of the larger piece's side: how exact a distance is
_MOST_POINTS = 100  # along one piece
_NEIGHBOURS = 10  # of a piece, the nearest boxes; more are not looked at
_FARTHEST = 0.6  # shares of the larger piece's side: beyond, two pieces share nothing
_SLIM = 0.15  # a share of the larger side: the least width that an overlap is compared with
# Logarithm of the odds that two pieces are one character's: a logistic regression on pairs of
# strokes. Half come from numbers composed of pendigits' and the project's own digits at every
# spacing, in one row and two, half from single characters: those digits, letters and signs.
_CONSTANT, _GAP, _OVERLAP, _LOWER, _WIDTH = 3.07, -5.39, 2.30, -3.26, -2.96


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


def _log_odds(
    first: NDArray[np.float64], second: NDArray[np.float64], gap: float, side: float
) -> float:
    widths, heights = np.ptp([first[[0, 2]], second[[0, 2]]], axis=1), (
        np.ptp([first[[1, 3]], second[[1, 3]]], axis=1)
    )
    shared = min(first[2], second[2]) - max(first[0], second[0])
    overlap = float(np.clip(shared / max(widths.min(), _SLIM * side), -1, 1))
    lower = float(heights.min()) / side
    width = (max(first[2], second[2]) - min(first[0], second[0])) / side
    return float(
        _CONSTANT + _GAP * gap + _OVERLAP * overlap + _LOWER * lower + _WIDTH * width
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
