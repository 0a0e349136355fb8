"""What stands beside a mark tells whether it is a digit: the O of POST, the 0 of 205."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORD_GAP = 1.0  # typical heights: marks nearer than this are one word or number
_STRONG = 6.0  # nats: surer than this counts as no surer
_TORN = 0.5  # the weight of a digit that was cut out of a larger mark
_EVEN = 2.0  # nats: a word whose marks are digits by this on the average stays as it is;
_STEEP, _MOST, _GAIN = 4.0, 12.0, 1.5  # below, its marks lose, above, they gain a little


def scores_among_neighbours(
    scores: NDArray[np.float32],
    spans: Sequence[tuple[int, int]],
    torn: Sequence[bool],
    height: float,
    threshold: float,
) -> NDArray[np.float32]:
    """Digit scores of a line's marks, each moved by those of the word that it stands in.

    Args:
        scores: (N,) 0-1, each mark by itself.
        spans: left and right end of each, px, left to right.
        torn: which were cut out of larger marks, as letters may be.
        height: px, typical.
        threshold: the digit score that digits reach.

    Returns:
        (N,) 0-1; a mark that stands alone keeps its own.
    """
    moved = np.array(scores, np.float32)
    above = _logit(scores) - _logit(np.float32(threshold))
    weights = np.where(np.asarray(torn, bool), _TORN, 1.0)
    for word in _words(spans, height):
        if len(word) < 2:
            continue
        clipped = np.clip(above[word], -_STRONG, _STRONG)
        mean = float((clipped * weights[word]).sum() / weights[word].sum())
        doubt = -_MOST if (clipped < 0).any() else 0.0
        shift = float(np.clip(_STEEP * (mean - _EVEN), doubt, _GAIN))
        moved[word] = 1 / (1 + np.exp(-(_logit(np.float32(threshold)) + clipped + shift)))
    return moved


def _words(spans: Sequence[tuple[int, int]], height: float) -> list[list[int]]:
    words: list[list[int]] = []
    for i, (left, _) in enumerate(spans):
        if words and left - spans[i - 1][1] < _WORD_GAP * height:
            words[-1].append(i)
        else:
            words.append([i])
    return words


def _logit(share: NDArray[np.float32] | np.float32) -> NDArray[np.float64]:
    clipped = np.clip(np.asarray(share, np.float64), 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))
