"""A drawing once more in the order of the pen: how the answer comes about step by step."""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.strokes import Stroke, extent
from digitrec.reading import Digit, Reading
from digitrec.recognizer import Recognizer

STEPS = 48
_SECONDS = 0.08
# A pen leaves more points than its way needs, and every one costs time in each step. Those that
# change it by less than so much are left out: a share of the drawing's larger side, at most so
# many px.
_FINE, _FINEST = 1e-3, 0.25
_GROWTH = 2  # the time to read a drawing goes with this power of its number of strokes


class Moment(NamedTuple):
    """The drawing at the end of a step.

    Attributes:
        pieces: what was drawn in this step, one piece a stroke, each (n, 2) float32, n > 0; the
            first one begins where the step before ended, if the pen stayed down.
        reading: of all that was drawn so far.
        digit: the one that the pen is at; None while there is too little ink.
    """

    pieces: tuple[Stroke, ...]
    reading: Reading
    digit: Digit | None

    @property
    def length(self) -> float:
        """The way that the pen went on the paper, px."""
        return sum(map(_length, self.pieces))


class Stretch(NamedTuple):
    """Moments on end with one answer for one digit.

    Attributes:
        first: index of the first of them.
        last: index of the last of them.
        text: the answer: a label, `?` for what is no digit, "" while there is too little ink.
    """

    first: int
    last: int
    text: str


class _Cut(NamedTuple):
    """A place on the way of the pen: so far along this stroke, px."""

    stroke: int
    along: float


def replay(
    recognizer: Recognizer,
    strokes: Sequence[Stroke],
    reading: Reading,
    *,
    steps: int = STEPS,
    seconds: float = _SECONDS,
) -> list[Moment]:
    """The drawing at the end of every step, the last one the whole drawing.

    The pen's way is cut into steps of about equal length, each end of a stroke among them. A
    drawing that takes long to read, as one of many strokes does, gets fewer and longer steps the
    more of it there is.

    Args:
        recognizer: what reads each step.
        strokes: each (n, 2) float32, n > 0, in the order of drawing; one or more.
        reading: of the whole drawing, by this recognizer; it is not read again.
        steps: about how many.
        seconds: of this thread's computing, about as many at most.

    Returns:
        One moment or more; their pieces on end are the strokes, less points that hardly matter.
    """
    fine = min(_FINEST, _FINE * extent(strokes))
    strokes = [_thinned(stroke, fine) for stroke in strokes]
    lengths = [_lengths(stroke) for stroke in strokes]
    cuts = _cuts([float(along[-1]) for along in lengths], steps)
    moments: list[Moment] = []
    before = _Cut(0, 0.0)
    for index, read in _readings(recognizer, strokes, lengths, cuts, seconds):
        cut = cuts[index]
        pieces = _pieces(strokes, lengths, before, cut)
        now = read or reading
        moments.append(Moment(pieces, now, _at_the_pen(now, cut.stroke)))
        before = cut
    return moments


def stretches(moments: Sequence[Moment]) -> list[Stretch]:
    """Where the answer changes, or the pen goes on to another digit."""
    found: list[Stretch] = []
    answers = [(m.digit.text, min(m.digit.strokes)) if m.digit else ("", -1) for m in moments]
    first = 0
    for answer, group in itertools.groupby(answers):
        count = len(list(group))
        found.append(Stretch(first, first + count - 1, answer[0]))
        first += count
    return found


def _at_the_pen(reading: Reading, stroke: int) -> Digit | None:
    return next((digit for digit in reading.digits if stroke in digit.strokes), None)


# --- the steps --------------------------------------------------------------------------


def _cuts(lengths: Sequence[float], steps: int) -> list[_Cut]:
    """Where steps end, from the lengths of the strokes; at the end of each, unless too many."""
    if len(lengths) > steps:
        ends = np.linspace(0, len(lengths) - 1, steps).round().astype(int)
        return [_Cut(int(stroke), math.inf) for stroke in ends]
    whole = sum(lengths)
    cuts = []
    for stroke, length in enumerate(lengths):
        parts = max(1, round(steps * length / whole)) if whole else 1
        cuts += [_Cut(stroke, length * part / parts) for part in range(1, parts)]
        cuts.append(_Cut(stroke, math.inf))
    return cuts


def _readings(
    recognizer: Recognizer,
    strokes: Sequence[Stroke],
    lengths: Sequence[NDArray[np.float64]],
    cuts: Sequence[_Cut],
    seconds: float,
) -> Iterator[tuple[int, Reading | None]]:
    """Cuts, in their order, with what is read up to each; None for the last, which is known.

    Each costs more than the one before. How many are left out before the next one follows from
    what the last ones took and from the time that is left.
    """
    now, last = 0, len(cuts) - 1

    def drawings() -> Iterator[list[Stroke]]:
        while True:  # one for each that is asked for; `now` goes on in between
            cut = cuts[now]
            yield [*strokes[: cut.stroke], _part(strokes, lengths, cut)]

    readings = recognizer.read_growing(drawings())
    costs: list[float] = []
    while now < last:
        started = time.thread_time()
        yield now, next(readings)
        costs.append(time.thread_time() - started)
        left = seconds - sum(costs)
        cost = max(costs[-1], statistics.median(costs[-3:]), 1e-6)
        coming = _next(cuts, now, math.ceil((last - now) * cost / max(left, cost)))
        growth = (1 + cuts[coming].stroke) / (1 + cuts[now].stroke)
        if cost * growth**_GROWTH > left:
            break
        now = coming
    yield last, None


def _next(cuts: Sequence[_Cut], now: int, stride: int) -> int:
    """The cut to go on with, at most `stride` on; the end of a stroke if one is on the way."""
    way = range(now + 1, min(now + stride, len(cuts) - 1) + 1)
    return next((i for i in reversed(way) if cuts[i].along == math.inf), way[-1])


# --- the way of the pen -----------------------------------------------------------------


def _thinned(stroke: Stroke, fine: float) -> Stroke:
    points = cv2.approxPolyDP(stroke.reshape(-1, 1, 2), fine, closed=False)
    return np.asarray(points.reshape(-1, 2), np.float32)


def _lengths(stroke: Stroke) -> NDArray[np.float64]:
    """How far along the stroke each point is: (n,), px, from 0."""
    steps = np.linalg.norm(np.diff(stroke.astype(np.float64), axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _length(stroke: Stroke) -> float:
    return float(_lengths(stroke)[-1])


def _part(
    strokes: Sequence[Stroke],
    lengths: Sequence[NDArray[np.float64]],
    end: _Cut,
    start: float = 0.0,
) -> Stroke:
    """A stroke from one place along it to another."""
    stroke, along = strokes[end.stroke], lengths[end.stroke]
    if start == 0 and end.along == math.inf:
        return stroke
    places = [start, min(end.along, float(along[-1]))]
    inner = stroke[(along > places[0]) & (along < places[1])]
    ends = np.stack([np.interp(places, along, stroke[:, axis]) for axis in (0, 1)], axis=1)
    return np.concatenate([ends[:1], inner, ends[1:]]).astype(np.float32)


def _pieces(
    strokes: Sequence[Stroke],
    lengths: Sequence[NDArray[np.float64]],
    start: _Cut,
    end: _Cut,
) -> tuple[Stroke, ...]:
    """What lies between two cuts, one piece a stroke."""
    whole = [_Cut(stroke, math.inf) for stroke in range(start.stroke, end.stroke)]
    pieces = []
    for cut in (*whole, end):
        begins = start.along if cut.stroke == start.stroke else 0.0
        if begins < math.inf:
            pieces.append(_part(strokes, lengths, cut, begins))
    return tuple(pieces)
