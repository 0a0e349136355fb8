"""What lasts: thousands of different drawings in one process, and what memory they leave.

    python -m benchmarks.lasting

Needs the extra `dev`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from benchmarks import hands, load
from benchmarks.sections import Section
from benchmarks.visitors import visitor
from digitrec import Recognizer
from digitrec.rows import Aim, Quantity, Row

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import served

_WARM_UP = 500  # drawings, until every interpreter and cache is there
_MOST = 10.0  # MB


def rows(quick: bool) -> Iterator[Row]:
    """The engine in a process of its own, then one visit of the page."""
    drawings = 1_000 if quick else 10_000
    yield _row(f"{drawings:,} drawings read in one process", *read_in_own_process(drawings))
    strokes = 50 if quick else 3_000
    with served() as address:
        server = load.serving_process(address)
        asyncio.run(one_visit(address, 50 if quick else _WARM_UP))
        before = memory(server)
        asyncio.run(one_visit(address, strokes, seed=2))
        after = memory(server)
        yield _row(f"{strokes:,} drawings in one visit of the page", before, after)


def memory(process: int) -> float:
    """What a process has in memory, MB."""
    return float(psutil.Process(process).memory_info().rss / 1e6)


def _row(what: str, before: float, after: float) -> Row:
    values = {
        "grown by": Quantity(after - before, "MB"),
        "before": Quantity(before, "MB"),
        "after": Quantity(after, "MB"),
    }
    return Row(what, values, aims=[Aim("grown by", "≤", _MOST)])


def read_in_own_process(drawings: int) -> tuple[float, float]:
    """Memory after the warm-up, and after so many drawings more, MB."""
    command = [sys.executable, "-m", "benchmarks.lasting", "--read", str(drawings)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, after = json.loads(done.stdout.splitlines()[-1])
    return before, after


def _read(drawings: int) -> tuple[float, float]:
    """The same, in this process."""
    reader, rng = Recognizer(), np.random.default_rng(0)

    def read(count: int) -> float:
        for number in range(count):
            reader.read_strokes(hands.drawing(number % 10, rng))
        return memory(os.getpid())

    return read(_WARM_UP), read(drawings)


async def one_visit(address: str, drawings: int, seed: int = 1) -> None:
    """Draw so many, each over the last, as fast as they are answered."""
    rng, told = np.random.default_rng(seed), hands.read()
    async with visitor(address) as guest:
        for number in range(drawings):
            strokes = hands.drawing(number % 10, rng)
            objects = [hands.as_fabric(stroke) for stroke in strokes]
            if await guest.answered(told(objects), await guest.draw(objects)) is None:
                raise TimeoutError(f"drawing {number} was never answered")


def _main() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--read", type=int)
    options, _ = parser.parse_known_args()
    if options.read is None:
        SECTION.main()
    else:
        print(json.dumps(_read(options.read)))


SECTION = Section(
    "Memory that lasts",
    f"No two drawings alike; resident memory after a warm-up of {_WARM_UP} drawings, and after "
    "so many more.",
    rows,
)

if __name__ == "__main__":
    _main()
