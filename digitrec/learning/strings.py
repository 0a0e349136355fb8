"""Numbers composed of single digits of one writer, from well apart to overlapping.

Those of digits that may train set the constants of grouping, those of others judge it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from digitrec.datasets import Drawing
from digitrec.reading import Reading
from digitrec.recognizer import Recognizer

Points = NDArray[np.float32]

HEIGHT = 100.0  # units, a middling digit of the writer
_SHORTEST, _LONGEST = 2, 6  # digits
_SIZES = (0.75, 1.3)  # what a writer's digits are allowed to differ by, of the middling one
_WANDER = 0.03  # standard deviation of a digit's height above the line, of `HEIGHT`
_PENS = (0.05, 0.12)  # pen widths, in `HEIGHT`: from a ballpoint's to MNIST's
_PIXELS = 0.64  # px a unit, in the picture of a number


@dataclass(frozen=True, eq=False)
class ComposedString:
    """A number as one writer might have drawn it.

    Attributes:
        text: its digits.
        writer: whose digits they are.
        strokes: each (n, 2) float32, digit after digit; a digit is about `HEIGHT` tall.
        pen: the pen's width in the same unit.
    """

    text: str
    writer: str
    strokes: tuple[Points, ...]
    pen: float = _PENS[1] * HEIGHT


@dataclass(frozen=True)
class StringFigures:
    """How many numbers of one spacing were read, shares 0-1; a number is right or wrong as a whole.

    Attributes:
        name: of the drawings, and the spacing.
        count: how many numbers.
        drawn: share right, read as strokes.
        pictured: share right, read as a picture of the same drawing.
    """

    name: str
    count: int
    drawn: float
    pictured: float


def string_figures(
    recognizer: Recognizer,
    name: str,
    numbers: Sequence[ComposedString],
    *,
    progress: bool = True,
) -> StringFigures:
    """Numbers read as strokes and as pictures.

    Args:
        recognizer: who reads.
        name: of the numbers.
        numbers: one at least.
        progress: whether to show a bar.
    """
    right = [
        (
            _is(recognizer.read_strokes(number.strokes), number.text),
            _is(recognizer.read(picture_of(number)), number.text),
        )
        for number in tqdm(numbers, desc=name, disable=not progress, leave=False)
    ]
    drawn, pictured = np.mean(right, axis=0)
    return StringFigures(name, len(numbers), float(drawn), float(pictured))


def _is(reading: Reading, text: str) -> bool:
    """Whether just these digits were read; where groups were parted is a matter of taste."""
    return "".join(reading.text.split(" ")) == text


def picture_of(number: ComposedString) -> NDArray[np.uint8]:
    """The number in dark ink on white paper, its digits about 64 px tall: (H, W) uint8."""
    points = np.concatenate(number.strokes)
    margin = HEIGHT / 3
    low = points.min(axis=0) - margin
    width, height = np.ceil((np.ptp(points, axis=0) + 2 * margin) * _PIXELS).astype(int)
    picture = np.full((height, width), 255, np.uint8)
    pen = max(1, round(number.pen * _PIXELS))
    for stroke in number.strokes:
        path = np.rint((stroke - low) * _PIXELS * 16).astype(np.int32)
        path = np.repeat(path, 2, axis=0) if len(path) == 1 else path
        cv2.polylines(picture, [path], False, 0, pen, cv2.LINE_AA, 4)
    return picture


def compose_strings(
    drawings: Sequence[Drawing], spacing: str, count: int, rng: np.random.Generator
) -> Iterator[ComposedString]:
    """Numbers of two to six digits, each of one writer's own.

    Args:
        drawings: digits among them are taken.
        spacing: a name in `SPACINGS`.
        count: how many.
        rng: the randomness.
    """
    by_writer: dict[str, list[Drawing]] = {}
    for drawing in drawings:
        if drawing.digit is not None:
            by_writer.setdefault(drawing.writer, []).append(drawing)
    writers = sorted(by_writer)
    for _ in range(count if writers else 0):
        digits = by_writer[writers[rng.integers(len(writers))]]
        length = int(rng.integers(_SHORTEST, _LONGEST + 1))
        chosen = [digits[i] for i in rng.integers(len(digits), size=length)]
        middling = float(np.median([_height(drawing) for drawing in digits]))
        pen = HEIGHT * float(rng.uniform(*_PENS))
        strokes = _in_a_row(chosen, middling, SPACINGS[spacing], rng)
        text = "".join(drawing.label for drawing in chosen)
        yield ComposedString(text, chosen[0].writer, tuple(strokes), pen)


def _height(drawing: Drawing) -> float:
    return float(np.ptp(np.concatenate(drawing.strokes)[:, 1]))


def _in_a_row(
    digits: Sequence[Drawing], middling: float, gaps: tuple[float, float], rng: np.random.Generator
) -> list[Points]:
    row: list[Points] = []
    last: list[Points] = []
    for drawing in digits:
        height = _height(drawing)
        size = float(np.clip(height / max(middling, 1e-6), *_SIZES))
        scale = HEIGHT * size / max(height, 1e-6)
        points = np.concatenate(drawing.strokes)
        low = np.array([points[:, 0].min(), points[:, 1].mean()])
        rise = np.array([0.0, rng.normal(0, _WANDER * HEIGHT)])
        digit = [((stroke - low) * scale + rise).astype(np.float32) for stroke in drawing.strokes]
        if last:
            shift = np.array([_edge(last) + HEIGHT * rng.uniform(*gaps), 0], np.float32)
            digit = [stroke + shift for stroke in digit]
        row += digit
        last = digit
    return row


def _edge(strokes: Sequence[Points]) -> float:
    return float(max(stroke[:, 0].max() for stroke in strokes))


# Between the boxes of neighbouring digits, in `HEIGHT`; less than 0 where they overlap.
SPACINGS: Mapping[str, tuple[float, float]] = {
    "wide": (0.35, 0.8),
    "close": (0.1, 0.25),
    "touching": (-0.05, 0.05),
    "overlapping": (-0.2, -0.05),
}
