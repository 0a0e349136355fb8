"""Digits as visitors draw them, stroke by stroke, each with the answer that it must have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec import Recognizer
from digitrec.imaging.strokes import strokes_from_canvas
from digitrec.shapes import StrokeVariation, random_digit, vary_strokes
from digitrec.web.answer import answer_html
from digitrec.web.size import HEIGHT, WIDTH

Told = Callable[[list[dict[str, Any]]], str]  # what lies on the canvas → the answer's HTML
_SIDE = 220.0  # px
_VARIATION = StrokeVariation(stroke_lifts=0.0)


@dataclass(frozen=True)
class Moment:
    """What lies on the canvas when the pen goes up.

    Attributes:
        objects: Fabric.js' own.
        answer: the HTML that a page must answer with.
    """

    objects: list[dict[str, Any]]
    answer: str


def digits(told: Told, seed: int) -> Iterator[list[Moment]]:
    """Digit after digit without end, no two alike: a clean canvas, then stroke for stroke.

    Only such as the network reads rightly: what it makes of a page's load is no matter of taste.

    Args:
        told: what the page answers.
        seed: another one draws others.
    """
    rng, reader = np.random.default_rng(seed), Recognizer(threads=1)
    while True:
        label = int(rng.integers(10))
        strokes = drawing(label, rng)
        read = reader.read_strokes(strokes)
        if read.text != str(label) or read.digits[0].status != "digit":
            continue
        objects = [as_fabric(stroke) for stroke in strokes]
        grown = [objects[:count] for count in range(len(objects) + 1)]
        yield [Moment(so_far, told(so_far)) for so_far in grown]


def drawing(label: int, rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """A digit in the middle of the canvas, in strokes (n, 2), px."""
    varied = vary_strokes(random_digit(label, rng), _VARIATION, rng)
    return [(_SIDE * s + [WIDTH / 2, HEIGHT / 2]).astype(np.float32) for s in varied]


def counted(objects: list[dict[str, Any]]) -> str:
    """What the empty page answers."""
    return f'<div data-testid="answer">{len(objects)}</div>'


def read() -> Told:
    """What the page Draw answers: the engine's own reading of the very same drawing."""
    reader = Recognizer(threads=1)

    def told(objects: list[dict[str, Any]]) -> str:
        return answer_html(reader.read_strokes(strokes_from_canvas({"objects": objects})))

    return told


def as_fabric(stroke: NDArray[np.float32]) -> dict[str, Any]:
    """A stroke (n, 2) as Fabric.js' pencil makes it of a mouse's places: curves through them."""
    points = np.asarray(stroke, float).round(2)
    middles = ((points[:-1] + points[1:]) / 2).round(2)
    curves = [["Q", *p, *m] for p, m in zip(points.tolist(), middles.tolist(), strict=False)]
    path = [["M", *points[0].tolist()], *curves, ["L", *points[-1].tolist()]]
    return {"type": "Path", "version": "7.4.0", "strokeWidth": 18, "path": path}
