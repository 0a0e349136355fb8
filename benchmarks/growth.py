"""How time grows with what is read, kept or learned: no worse than linearly.

    python -m benchmarks.growth

Needs the extra `train`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from benchmarks.drawn_pages import draw_page
from benchmarks.filling import filled_store, new_correction
from benchmarks.learning import trainings
from benchmarks.sections import Section
from digitrec import Recognizer
from digitrec.corrections import CorrectionStore
from digitrec.rows import Aim, Quantity, Row
from digitrec.timing import timed

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


def rows(quick: bool) -> Iterator[Row]:
    """Each with the exponent of its growth."""
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        for growing in _all(Path(folder), quick):
            seconds = []
            for size in growing.sizes:
                work = growing.prepare(size)
                seconds.append(min(timed(work) for _ in range(growing.times)))
            least, most = growing.sizes[0], growing.sizes[-1]
            yield Row(
                f"{growing.what}, {least:,g} to {most:,g}",
                {
                    "exponent": Quantity(exponent(growing.sizes, seconds)),
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


def _all(folder: Path, quick: bool) -> Iterator[Growing]:
    yield from _readings(folder, quick)
    yield from _stores(folder, quick)
    for what, sizes, prepare in trainings(quick):
        yield Growing(what, sizes, prepare, times=1)


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


def _stores(folder: Path, quick: bool) -> Iterator[Growing]:
    sizes = (10, 100) if quick else (100, 1_000, 10_000, 30_000, 100_000)
    stores = {count: filled_store(folder / f"{count}.sqlite", count) for count in sizes}

    def work(do: Callable[[CorrectionStore], object]) -> Callable[[float], Callable[[], object]]:
        return lambda rows: lambda: do(stores[round(rows)])

    jobs: dict[str, Callable[[CorrectionStore], object]] = {
        "keeping one more": lambda store: store.save(new_correction()),
        "counting them": lambda store: store.counts(),
        "the newest 60": lambda store: store.all(limit=60),
        "reading all": lambda store: store.all(),
    }
    for what, do in jobs.items():
        yield Growing(f"corrections kept: {what}", sizes, work(do))
    for store in stores.values():
        store.close()


SECTION = Section(
    "Growth",
    "The quickest of a few trials at each size, and the exponent of a power law fitted to the "
    "sizes from a tenth of the largest on: 1 is linear, and noise is allowed a tenth.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
