"""Numbers composed of single digits of one writer, from well apart to overlapping.

Nothing is learned from them: they set the constants of grouping, and judge it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing

Points = NDArray[np.float32]

HEIGHT = 100.0  # units, a middling digit of the writer
_SHORTEST, _LONGEST = 2, 6  # digits
_SIZES = (0.75, 1.3)  # what a writer's digits are allowed to differ by, of the middling one
_WANDER = 0.03  # standard deviation of a digit's height above the line, of `HEIGHT`
_STEP = 0.02 * HEIGHT
_TOUCH = 0.05 * HEIGHT  # paths so near touch as ink, whose pen is 12 % of a digit
_DEEPEST = 0.5  # of the narrower digit's width: no hand pushes digits further into each other


@dataclass(frozen=True, eq=False)
class ComposedString:
    """A number as one writer might have drawn it.

    Attributes:
        text: its digits.
        writer: whose digits they are.
        strokes: each (n, 2) float32, digit after digit.
    """

    text: str
    writer: str
    strokes: tuple[Points, ...]


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
        strokes = _in_a_row(chosen, middling, SPACINGS[spacing], rng)
        text = "".join(drawing.label for drawing in chosen)
        yield ComposedString(text, chosen[0].writer, tuple(strokes))


def _height(drawing: Drawing) -> float:
    return float(np.ptp(np.concatenate(drawing.strokes)[:, 1]))


Place = Callable[[Sequence[Points], Sequence[Points], np.random.Generator], float]


def _in_a_row(
    digits: Sequence[Drawing], middling: float, place: Place, rng: np.random.Generator
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
            shift = np.array([place(last, digit, rng), 0], np.float32)
            digit = [stroke + shift for stroke in digit]
        row += digit
        last = digit
    return row


def _edge(strokes: Sequence[Points]) -> float:
    return float(max(stroke[:, 0].max() for stroke in strokes))


def _width(strokes: Sequence[Points]) -> float:
    return float(np.ptp(np.concatenate(strokes)[:, 0]))


def _apart(least: float, most: float) -> Place:
    """So far right of the digit before, in shares of `HEIGHT`."""
    return lambda last, digit, rng: _edge(last) + HEIGHT * float(rng.uniform(least, most))


def _until_touching(
    last: Sequence[Points], digit: Sequence[Points], rng: np.random.Generator
) -> float:
    """As far left as the paths allow without touching, or as any hand would go."""
    fixed, moved = _dense(last), _dense(digit)
    shift = _edge(last) + _TOUCH
    least = _edge(last) - _DEEPEST * min(_width(last), _width(digit)) - _TOUCH
    while shift > least and _distance(fixed, moved + np.array([shift, 0])) > _TOUCH:
        shift -= _STEP
    return shift


def _pushed_together(
    last: Sequence[Points], digit: Sequence[Points], rng: np.random.Generator
) -> float:
    """Further than touching, by a tenth to a quarter of the narrower one's width."""
    slim = max(min(_width(last), _width(digit)), 0.2 * HEIGHT)
    return _until_touching(last, digit, rng) - slim * float(rng.uniform(0.1, 0.25))


def _dense(strokes: Sequence[Points]) -> NDArray[np.float64]:
    """Points (n, 2) along the strokes, about as near as a step."""
    parts = []
    for stroke in strokes:
        lengths = np.linalg.norm(np.diff(stroke, axis=0), axis=1)
        along = np.concatenate([[0.0], np.cumsum(lengths)])
        at = np.linspace(0, along[-1], 2 + int(along[-1] / _STEP))
        parts.append(np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1))
    return np.concatenate(parts)


def _distance(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    return float(np.sqrt(((first[:, None] - second[None]) ** 2).sum(axis=-1)).min())


SPACINGS: Mapping[str, Place] = {
    "wide": _apart(0.35, 0.8),
    "close": _apart(0.1, 0.25),
    "touching": _until_touching,
    "overlapping": _pushed_together,
}
