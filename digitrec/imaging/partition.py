"""The best way to share pieces out among digits."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence

Group = tuple[int, ...]  # indices of pieces, rising


def best_partition(order: Sequence[int], values: Mapping[Group, float]) -> list[Group]:
    """The groups that cover every piece once with the largest product of values.

    Args:
        order: the pieces, roughly left to right: what is far apart here is in no common group.
        values: of the groups that come into question, every single piece among them; above 0.
    """
    position = {index: place for place, index in enumerate(order)}
    by_first: list[list[tuple[int, Group, float]]] = [[] for _ in order]
    for group, value in values.items():
        places = [position[i] for i in group]
        mask = sum(1 << place for place in places)
        by_first[min(places)].append((mask, group, math.log(value)))
    full = (1 << len(order)) - 1
    best: dict[int, tuple[float, int, Group]] = {0: (0.0, 0, ())}  # total, from where, by which
    # A set of pieces is reached from smaller ones only: smallest first, each is final in its turn.
    waiting = [(0, 0)]
    while waiting:
        _, used = heapq.heappop(waiting)
        total = best[used][0]
        free = (~used & (used + 1)).bit_length() - 1
        if used == full:
            break
        for mask, group, value in by_first[free]:
            if mask & used:
                continue
            reached = used | mask
            if reached not in best:
                heapq.heappush(waiting, (reached.bit_count(), reached))
            if reached not in best or total + value > best[reached][0]:
                best[reached] = (total + value, used, group)
    chosen = []
    while full:
        _, full, group = best[full]
        chosen.append(group)
    return chosen[::-1]
