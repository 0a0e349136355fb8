"""Speed as ratios: two things timed in turn, so that whatever slows the machine meets both."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Comparison:
    """A row of a table of speed.

    Attributes:
        what: was measured.
        ours: its median, in seconds.
        beside: what it was compared with; "" for nothing.
        theirs: the median of that, in seconds.
        aim: what is aimed at, in words.
    """

    what: str
    ours: float
    beside: str = ""
    theirs: float = 0.0
    aim: str = ""

    def cells(self, *, inverse: bool = False) -> list[str]:
        """The row as a table shows it: name, time, comparison, ratio, aim.

        Args:
            inverse: tell how many times as fast it is as the other; else how many times as long
                it takes.
        """
        if not self.beside:
            return [self.what, told(self.ours), "", "", self.aim]
        ratio = self.theirs / self.ours if inverse else self.ours / self.theirs
        digits = 2 if ratio < 10 else 1
        compared = f"{self.beside}: {told(self.theirs)}"
        return [self.what, told(self.ours), compared, f"{ratio:.{digits}f}", self.aim]


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


def timed(call: Callable[[], object]) -> float:
    """The seconds that a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def told(seconds: float) -> str:
    """A time with a unit that suits it."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    milliseconds = 1000 * seconds
    return f"{milliseconds:.{0 if milliseconds >= 100 else 1 if milliseconds >= 10 else 3}f} ms"


def table(rows: Iterable[Iterable[str]]) -> str:
    """Rows of five cells, as of `Comparison.cells`, in Markdown."""
    head = [
        "| what | digitrec | compared with | ratio | aim |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in rows)])


def machine() -> str:
    """What was measured on: processor, cores, Python."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                processor = line.partition(":")[2].strip()
                break
    return f"{processor}, {os.cpu_count()} cores, Python {platform.python_version()}"
