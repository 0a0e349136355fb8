"""How processor time grows with what is read, kept or learned: no worse than linearly.

    python -m benchmarks.growth

Needs the extra `train`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from benchmarks.drawn_pages import draw_page
from benchmarks.filling import fill, new_correction
from benchmarks.learning import trainings
from benchmarks.sections import Section
from digitrec import Recognizer
from digitrec.corrections import CorrectionStore
from digitrec.rows import Aim, Quantity, Row

_LINEAR = 1.1  # an exponent of 1, and what noise adds to it
_RANGE = 10.0  # the fit is over sizes from a tenth of the largest on


class Growing(NamedTuple):
    """Something of several sizes.

    Attributes:
        what: in words.
        sizes: growing.
        prepare: makes one size's work, which is what is timed.
        times: how often each is timed; the quickest counts.
    """

    what: str
    sizes: Sequence[float]
    prepare: Callable[[float], Callable[[], object]]
    times: int = 3

    def seconds(self, size: float) -> float:
        """What one size takes."""
        return _least(self.prepare(size), self.times)


def rows(quick: bool) -> Iterator[Row]:
    """Each with the exponent of its growth."""
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        for growing in _readings(Path(folder), quick):
            yield _row(growing.what, growing.sizes, list(map(growing.seconds, growing.sizes)))
        yield from _stores(Path(folder), quick)
        for what, sizes, prepare in trainings(quick):
            growing = Growing(what, sizes, prepare, times=1)
            yield _row(what, sizes, list(map(growing.seconds, sizes)))


def _row(what: str, sizes: Sequence[float], seconds: Sequence[float]) -> Row:
    return Row(
        f"{what}, {sizes[0]:,g} to {sizes[-1]:,g}",
        {
            "exponent": Quantity(exponent(sizes, seconds)),
            "time of the least": Quantity(seconds[0], "s"),
            "of the most": Quantity(seconds[-1], "s"),
        },
        aims=[Aim("exponent", "≤", _LINEAR)],
    )


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The k of seconds ≈ c·size^k, by least squares of their logarithms over the largest sizes."""
    known = [
        (size, took)
        for size, took in zip(sizes, seconds, strict=True)
        if size >= sizes[-1] / _RANGE
    ]
    logs = np.log(np.array(known))
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def _least(work: Callable[[], object], times: int) -> float:
    """Processor seconds of all threads: what else the machine does hardly changes them."""
    found = []
    for _ in range(times):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def _readings(folder: Path, quick: bool) -> Iterator[Growing]:
    recognizer = Recognizer()

    def read(file: Path) -> Callable[[], object]:
        return lambda: recognizer.read(file)

    def page(digits: float) -> Callable[[], object]:
        file = folder / "digits.jpg"
        draw_page(file, (1600, 2200), (50, 40), round(digits))
        return read(file)

    whole = folder / "whole.jpg"
    draw_page(whole, (1200, 900) if quick else (4000, 3000), (5, 8))

    def pixels(millions: float) -> Callable[[], object]:
        width = round(np.sqrt(1e6 * millions * 4 / 3))
        file = folder / "pixels.jpg"
        with Image.open(whole) as picture:
            picture.resize((width, round(1e6 * millions / width))).save(file, quality=90)
        return read(file)

    def stroke(points: float) -> Callable[[], object]:
        angles = np.linspace(0, 2 * np.pi, round(points))
        ring = np.stack([250 + 90 * np.cos(angles), 160 + 120 * np.sin(angles)], 1)
        return lambda: recognizer.read_strokes([ring.astype(np.float32)])

    counts = (1, 10, 20) if quick else (1, 10, 50, 200, 500, 1000, 2000)
    megapixels = (0.1, 0.5) if quick else (0.1, 0.5, 2, 5, 12, 25, 49.9)
    points = (10, 100, 1000) if quick else (10, 100, 1000, 5000, 10_000, 25_000, 50_000)
    yield Growing("digits on a page", counts, page)
    yield Growing("megapixels of a picture", megapixels, pixels)
    yield Growing("points of a stroke", points, stroke, times=7)


def _stores(folder: Path, quick: bool) -> Iterator[Row]:
    """One store that grows."""
    sizes = (10, 100) if quick else (100, 1_000, 10_000, 30_000, 100_000)
    jobs: dict[str, Callable[[CorrectionStore], object]] = {
        "keeping one more": lambda store: store.save(new_correction()),
        "counting them": lambda store: store.counts(),
        "the newest 60": lambda store: store.all(limit=60),
        "reading all": lambda store: store.all(),
    }
    seconds: dict[str, list[float]] = {what: [] for what in jobs}
    with CorrectionStore(folder / "corrections.sqlite") as store:
        for size in sizes:
            fill(store, size)
            for what, job in jobs.items():
                seconds[what].append(_least(partial(job, store), 3))
    for what, each in seconds.items():
        yield _row(f"corrections kept: {what}", sizes, each)


SECTION = Section(
    "Growth",
    "Processor time, the least of a few trials at each size (trainings once), and the exponent of "
    "a power law fitted to the sizes from a tenth of the largest on: 1 is linear, and noise is "
    "allowed 0.1.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
