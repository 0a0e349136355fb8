"""One correction: what was drawn, what was answered, and what it really is."""

from __future__ import annotations

import hashlib
import math
import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.errors import CorrectionFormatError

NOT_A_DIGIT = -1  # the label of what is none
CLASSES = 10
SIDE = 28  # px
MAX_POINTS = 50_000  # of a drawing, and
MAX_COORDINATE = 100_000.0  # px: as much as can be read, and no more
_SUM_SLACK = 0.01  # float32, and probabilities that were rounded for people
_HELD_OUT_SHARE = 5  # one correction in so many
_SHA256 = re.compile("[0-9a-f]{64}")
_TICK = timedelta(microseconds=1)  # what a kept time tells apart
_LAST = datetime.max.replace(tzinfo=UTC)
_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Correction:
    """A digit that somebody confirmed or corrected; nothing tells who.

    Attributes:
        image: (28, 28) uint8 in MNIST's form, read-only.
        label: what it is: 0-9, or `NOT_A_DIGIT`.
        predicted: what was answered: 0-9, or `NOT_A_DIGIT`.
        probabilities: (10,) float32, sums to 1, read-only.
        digit_score: how much it looked like a digit at all, 0-1.
        model: the sha256 of the LiteRT file that answered, 64 hex digits.
        strokes: each (n, 2) float32, x right, y down, canvas px, read-only; () for a picture.
        time: when it was confirmed or corrected, UTC.

    Raises:
        CorrectionFormatError: one of them is something else.
    """

    image: NDArray[np.uint8]
    label: int
    predicted: int
    probabilities: NDArray[np.float32]
    digit_score: float
    model: str
    strokes: tuple[NDArray[np.float32], ...] = ()
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        checked = {
            "image": _image(self.image),
            "label": checked_label(self.label),
            "predicted": checked_label(self.predicted),
            "probabilities": _probabilities(self.probabilities),
            "digit_score": _digit_score(self.digit_score),
            "model": _model(self.model),
            "strokes": _strokes(self.strokes),
            "time": _time(self.time),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)  # the dataclass is frozen

    @cached_property
    def key(self) -> str:
        """The sha256 of the image's bytes, 64 hex digits: the same drawing has the same key."""
        return hashlib.sha256(self.image.tobytes()).hexdigest()

    @property
    def held_out(self) -> bool:
        """Whether it judges and is never trained on: a fixed fifth of all drawings, by key."""
        return int(self.key[:8], 16) % _HELD_OUT_SHARE == 0

    @property
    def confirmed(self) -> bool:
        """Whether the answer was right."""
        return self.label == self.predicted


def later_than(before: Correction | None) -> datetime:
    """The time of a change: now, and never before what it changes, though a clock was set back.

    Else an older export of the same drawing, imported again, would count as the later word.
    """
    now = datetime.now(UTC)
    if before is None or before.time < now:
        return now
    return min(before.time, _LAST - _TICK) + _TICK


def checked_label(label: Any) -> int:
    """The label as an int: 0-9, or `NOT_A_DIGIT`.

    Raises:
        CorrectionFormatError: anything else.
    """
    try:
        number = operator.index(label)
    except TypeError:
        number = CLASSES
    if isinstance(label, bool) or not NOT_A_DIGIT <= number < CLASSES:
        raise CorrectionFormatError(
            f"Expected a label from 0 to 9, or {NOT_A_DIGIT} for what is no digit. "
            f"Received: {label!r:.40}. Give one of those."
        )
    return number


def _image(image: Any) -> NDArray[np.uint8]:
    if not isinstance(image, np.ndarray):
        received = type(image).__name__
    elif image.shape != (SIDE, SIDE) or image.dtype != np.uint8:
        received = f"{image.shape} {image.dtype}"
    else:
        return _kept(image)
    raise CorrectionFormatError(
        f"Expected the image as an array ({SIDE}, {SIDE}) of uint8. Received: {received}. "
        "Give Digit.image."
    )


def _probabilities(values: Any) -> NDArray[np.float32]:
    numbers = _floats(values, "ten probabilities")
    if (
        numbers.shape != (CLASSES,)
        or not ((numbers >= 0) & (numbers <= 1)).all()
        or abs(float(numbers.sum()) - 1) > _SUM_SLACK
    ):
        raise CorrectionFormatError(
            f"Expected {CLASSES} probabilities from 0 to 1 that sum to 1. Received: "
            f"{f'shape {numbers.shape}' if numbers.shape != (CLASSES,) else numbers.tolist()}. "
            "Give Digit.probabilities."
        )
    return numbers


def _digit_score(score: Any) -> float:
    try:
        number = float(score) if isinstance(score, (int, float, np.number)) else math.nan
    except OverflowError:
        number = math.inf
    if not 0 <= number <= 1:
        raise CorrectionFormatError(
            f"Expected a digit score from 0 to 1. Received: {score!r:.40}. Give Digit.digit_score."
        )
    return number


def _model(model: Any) -> str:
    if not isinstance(model, str) or not _SHA256.fullmatch(model):
        raise CorrectionFormatError(
            "Expected the model's sha256 as 64 hex digits in small letters. Received: "
            f"{model!r:.80}. Give Recognizer.model."
        )
    return model


def _strokes(strokes: Any) -> tuple[NDArray[np.float32], ...]:
    if isinstance(strokes, (str, bytes, dict)) or not isinstance(strokes, Iterable):
        raise CorrectionFormatError(
            "Expected strokes as a sequence of arrays (n, 2). Received: "
            f"{type(strokes).__name__}. Give the drawing's strokes, or () for a picture."
        )
    drawn = (_floats(stroke, "a stroke as (n, 2) numbers") for stroke in strokes)
    checked = tuple(stroke for stroke in drawn if stroke.size)
    for stroke in checked:
        if stroke.ndim != 2 or stroke.shape[1] != 2:
            received = f"shape {stroke.shape}"
        elif not (np.abs(stroke) <= MAX_COORDINATE).all():
            received = "NaN or a larger number"
        else:
            continue
        raise CorrectionFormatError(
            f"Expected each stroke as (n, 2) coordinates within ±{MAX_COORDINATE:,.0f} px. "
            f"Received: {received}. Give the drawing's strokes."
        )
    if sum(map(len, checked)) > MAX_POINTS:
        raise CorrectionFormatError(
            f"Expected at most {MAX_POINTS:,} points in a drawing. Received: "
            f"{sum(map(len, checked)):,}. Leave the strokes out."
        )
    return checked


def _time(time: Any) -> datetime:
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise CorrectionFormatError(
            f"Expected a time with its zone. Received: {time!r:.60}. Give datetime.now(UTC)."
        )
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise CorrectionFormatError(
            f"Expected a time from year 1 to 9999 in UTC. Received: {time!r:.60}. "
            "Give datetime.now(UTC)."
        ) from error


def _floats(values: ArrayLike, what: str) -> NDArray[np.float32]:
    try:
        with np.errstate(over="ignore"):  # what float32 cannot hold is refused as infinity
            return _kept(np.asarray(values, np.float32))
    except (TypeError, ValueError, OverflowError) as error:
        raise CorrectionFormatError(
            f"Expected {what}. Received: something else ({error}). Give numbers."
        ) from error


def _kept(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """A copy that nobody changes: the key is the hash of what it holds."""
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy
