"""Whether a drawing that might be cut into digits is rather one thing, such as a letter.

A drawing whose pieces cling together and which is hardly wider than tall is one character more
often than a number. It is cut into sure digits only; and hardly ever into lines, which are ones
to the network and parts of many a letter. The constants were set as those of `bonds`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from digitrec.imaging.bonds import Pair, Piece, clusters, piece_boxes

_STACKED = 1.5  # height over the tallest piece's: higher drawings are of several lines
# How wide, over the height; how strong the bonds, as log odds; how sure, 0-1, as judged.
_WIDE, _CLINGING, _REFUSED = 1.7, -6.0, 0.3
_COMPACT, _NEAR, _SURE = 1.2, -5.0, 0.95
_TOUCHING = -2.0
_STRAIGHT = 0.75  # distance of a line's ends over its length
_MEETING, _PARTING = 0.15, 0.3  # distance of ends over the longer line's length


def is_one(
    pieces: Sequence[Piece], links: Mapping[Pair, float], scores: Mapping[tuple[int, ...], float]
) -> bool:
    """Whether the cut should not be made.

    Args:
        pieces: each (n, 2), from left to right.
        links: log odds that two of them belong together.
        scores: the groups that it would be cut into, and how much each looks like a digit, 0-1.
    """
    boxes = piece_boxes(pieces)
    width, height = float(np.ptp(boxes[:, [0, 2]])), float(np.ptp(boxes[:, [1, 3]]))
    if height > _STACKED * float((boxes[:, 3] - boxes[:, 1]).max()) or width > _WIDE * height:
        return False

    def cling(weakest: float) -> bool:
        strong = [pair for pair, odds in links.items() if odds > weakest]
        return len(clusters(len(pieces), strong)) == 1

    lines = [_is_line(pieces[group[0]]) if len(group) == 1 else False for group in scores]
    least = min(scores.values())
    if least < _REFUSED and cling(_CLINGING):
        return True
    if all(lines) and _zigzag(pieces):
        return True
    if width > _COMPACT * height:
        return False
    return (least < _SURE and cling(_NEAR)) or (any(lines) and cling(_TOUCHING))


def _is_line(piece: Piece) -> bool:
    length = float(np.linalg.norm(np.diff(piece, axis=0), axis=1).sum())
    return float(np.linalg.norm(piece[-1] - piece[0])) >= _STRAIGHT * length


def _zigzag(pieces: Sequence[Piece]) -> bool:
    """Whether each line ends where the next one begins and then parts from it, as in V, N, M, W."""
    for first, second in itertools.pairwise(pieces):
        ends, others = first[[0, -1]], second[[0, -1]]
        longer = max(float(np.linalg.norm(e[1] - e[0])) for e in (ends, others))
        distances = np.linalg.norm(ends[:, None] - others[None], axis=-1)
        a, b = np.unravel_index(distances.argmin(), (2, 2))
        if distances[a, b] > _MEETING * longer or distances[1 - a, 1 - b] < _PARTING * longer:
            return False
    return True
