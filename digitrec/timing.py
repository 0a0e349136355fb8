"""Things timed in turn, so that whatever slows the machine meets all of them."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path


def paired(
    first: Callable[[], object], second: Callable[[], object], *, pairs: int, inner: int = 1
) -> tuple[float, float]:
    """Median seconds of two calls, measured in turn after one of each that does not count.

    Args:
        first: the quicker one.
        second: what it is compared with.
        pairs: how many turns.
        inner: calls of `first` in each turn, timed one by one.
    """
    first(), second()
    a: list[float] = []
    b: list[float] = []
    for _ in range(pairs):
        a += [timed(first) for _ in range(inner)]
        b.append(timed(second))
    return statistics.median(a), statistics.median(b)


def in_turn(
    calls: Mapping[str, tuple[Callable[[], object], int]], *, rounds: int
) -> dict[str, list[float]]:
    """Seconds of several calls, one after the other in every round, by their names.

    Args:
        calls: each with how often it is timed in a round; once more before that does not count,
            as whatever ran before has taken the caches.
        rounds: how many.
    """
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, (call, times) in calls.items():
            call()
            seconds[name] += [timed(call) for _ in range(times)]
    return seconds


def percentile(values: list[float], percent: int) -> float:
    """What so many percent of the values do not exceed, between the nearest two."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def timed(call: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def machine() -> str:
    """What is measured on: processor, cores, memory, Python."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    parts = [processor, f"{os.cpu_count()} cores"]
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        parts.append(f"{memory / 2**30:.0f} GiB")
    return ", ".join([*parts, f"Python {platform.python_version()}"])
