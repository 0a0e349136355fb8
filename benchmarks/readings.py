"""Strokes and small pictures to their `Reading`, with the share of each step.

python -m benchmarks.readings
"""

from __future__ import annotations

import io
import statistics
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.sections import Section
from benchmarks.steps import shares
from digitrec import Recognizer
from digitrec.cli.benching import picture_of
from digitrec.rows import Aim, Quantity, Row
from digitrec.shapes import digit_strokes
from digitrec.timing import in_turn, percentile

_SIDE = 280  # px


def rows(quick: bool) -> Iterator[Row]:
    """A drawn digit, a drawn number, a picture of one digit."""
    recognizer = Recognizer()
    times = 5 if quick else 100
    drawings = {
        "a drawn digit": ([digit_strokes(label) for label in range(10)], 0.003),
        "a drawn number of four digits": ([_number("2047"), _number("1893")], None),
    }
    for what, (each, most) in drawings.items():
        calls = {str(n): (partial(recognizer.read_strokes, one), 1) for n, one in enumerate(each)}
        seconds = [took for found in in_turn(calls, rounds=times).values() for took in found]
        aims = [] if most is None else [Aim("median", "≤", most)]
        yield Row(what, _told(seconds, _reads_all(recognizer.read_strokes, each)), aims=aims)
    grey = picture_of("7", _SIDE)
    for what, picture in {"in grey": grey, "as a canvas saves it, RGBA": _rgba(grey)}.items():
        yield _picture_row(
            recognizer, f"a picture of one digit, {_SIDE} px, {what}", picture, times
        )


def _picture_row(recognizer: Recognizer, what: str, picture: bytes, times: int) -> Row:
    read, decoded = (lambda: recognizer.read(picture)), (lambda: _decode(picture))
    found = in_turn({"read": (read, 5), "decoded": (decoded, 5)}, rounds=times)
    return Row(
        what,
        _told(found["read"], read),
        "decoding its PNG",
        Quantity(statistics.median(found["decoded"]), "s"),
        aims=[Aim("ratio", "≤", 3)],
    )


def _rgba(picture: bytes) -> bytes:
    saved = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.convert("RGBA").save(saved, "PNG")
    return saved.getvalue()


def _told(seconds: list[float], call: Callable[[], object]) -> dict[str, Quantity]:
    times = {"median": statistics.median(seconds), "p99": percentile(seconds, 99)}
    return {name: Quantity(number, "s") for name, number in times.items()} | shares(
        lambda: [call() for _ in range(10)]
    )


def _reads_all(
    read: Callable[[list[NDArray[np.float32]]], object], drawings: list[list[NDArray[np.float32]]]
) -> Callable[[], object]:
    return lambda: [read(drawing) for drawing in drawings]


def _number(text: str) -> list[NDArray[np.float32]]:
    """Its digits side by side."""
    return [
        stroke
        for place, label in enumerate(text)
        for stroke in digit_strokes(int(label), height=120, left=20 + 130 * place, top=90)
    ]


def _decode(picture: bytes) -> None:
    """What Pillow does alone."""
    with Image.open(io.BytesIO(picture)) as image:
        image.load()


SECTION = Section(
    "A drawing and a picture",
    "Strokes, or the bytes of a PNG, to the `Reading`, and the share of each step; the ratio tells "
    "how many times as long as Pillow takes to decode the same bytes.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
