"""The best way to share pieces out among digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Group = tuple[int, ...]  # indices of pieces, rising

_MOST_STATES = 200  # partial partitions that are kept at a time: a scribble has no end of them

_States = dict[int, tuple[float, tuple[Group, ...]]]  # pieces used → best value, its groups


def best_partition(pieces: Sequence[int], values: Mapping[Group, float]) -> list[Group]:
    """The groups that cover every piece once with the largest sum of values.

    Args:
        pieces: rising, roughly left to right: what is far apart here is in no common group.
        values: of the groups that come into question, every single piece among them.
    """
    position = {piece: place for place, piece in enumerate(pieces)}
    by_first: list[list[tuple[int, Group, float]]] = [[] for _ in pieces]
    for group, value in values.items():
        mask = sum(1 << position[i] for i in group)
        by_first[position[group[0]]].append((mask, group, value))
    states: _States = {0: (0.0, ())}
    for place in range(len(pieces)):
        reached: _States = {}
        best = sorted(states.items(), key=lambda state: -state[1][0])[:_MOST_STATES]
        for used, (total, groups) in best:
            if used >> place & 1:
                _keep(reached, used, total, groups)
                continue
            for mask, group, value in by_first[place]:
                if not mask & used:
                    _keep(reached, used | mask, total + value, (*groups, group))
        states = reached
    return list(states[(1 << len(pieces)) - 1][1])


def _keep(states: _States, used: int, value: float, groups: tuple[Group, ...]) -> None:
    if used not in states or value > states[used][0]:
        states[used] = (value, groups)
