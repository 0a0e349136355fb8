"""The waist: a picture or strokes in, a `Reading` out. Every door calls this and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.classifier import Classifier
from digitrec.imaging.grouping import group_pieces
from digitrec.imaging.ink import Picture, ink_from_image, load_image
from digitrec.imaging.layout import Layout, box_on_picture, lay_out
from digitrec.imaging.marks import Mark, corners, union
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.neighbours import scores_among_neighbours
from digitrec.imaging.ordering import reading_order, wide_apart
from digitrec.imaging.pages import Page, ink_on_paper, read_page
from digitrec.imaging.partition import Group
from digitrec.imaging.strokes import (
    PEN_SHARE,
    SMALLEST_DRAWING,
    Stroke,
    checked_strokes,
    extent,
    ink_from_strokes,
)
from digitrec.models import load_artifact

_ONE_DIGIT = 64  # px: a smaller picture holds one digit, in MNIST's way
# Less than this is a touch of the pen, not a digit.
_SMALLEST_PICTURE = 4  # px, larger side of the ink

_DOT = 0.1  # of the largest digit beside it: so small a mark is no digit, whatever its shape

# From here on another class is worth naming: one answer in five would be it.
_WORTH_NAMING = 0.2
_CLEAR = 0.5  # less than this for the likeliest class is no clear answer

Status = Literal["empty", "too little ink", "read"]
DigitStatus = Literal["digit", "ambiguous", "not a digit"]


class Box(NamedTuple):
    """Where a digit is: pixels of the picture or canvas, from its top left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit as it was read.

    Attributes:
        probabilities: (10,) float32, sums to 1.
        box: where it is.
        image: (28, 28) uint8, what the network saw.
        digit_score: how much it looks like a digit at all, 0-1.
        threshold: the least score that is accepted, 0-1, from the artifact's card; it keeps
            99 % of the digits that the training held out.
    """

    probabilities: NDArray[np.float32]
    box: Box
    image: NDArray[np.uint8]
    digit_score: float = 1.0
    threshold: float = 0.0

    @cached_property
    def label(self) -> int:
        """The likeliest class, 0-9."""
        return int(self.probabilities.argmax())

    @property
    def confidence(self) -> float:
        """The likeliest class' probability, 0-1."""
        return float(self.probabilities[self.label])

    @cached_property
    def status(self) -> DigitStatus:
        """One of "digit", "ambiguous" (accepted, see `alternatives`), "not a digit"."""
        if self.digit_score < self.threshold:
            return "not a digit"
        runner_up = float(np.partition(self.probabilities, -2)[-2])
        if runner_up >= _WORTH_NAMING or self.confidence < _CLEAR:
            return "ambiguous"
        return "digit"

    @property
    def alternatives(self) -> tuple[int, ...]:
        """What an ambiguous digit may be, the likeliest first, two or more; else empty."""
        if self.status != "ambiguous":
            return ()
        order = np.argsort(-self.probabilities, kind="stable")
        worth = int((self.probabilities >= _WORTH_NAMING).sum())
        return tuple(int(label) for label in order[: max(2, worth)])

    @property
    def text(self) -> str:
        """The label, or `?` for what is no digit."""
        return "?" if self.status == "not a digit" else str(self.label)


@dataclass(frozen=True, eq=False)
class Reading:
    """A whole picture or drawing as it was read.

    Attributes:
        status: "empty", "too little ink" (a touch, no digit) or "read".
        lines: top to bottom; a line holds groups, a group holds digits, left to right.
        ink: (H, W) uint8, what the digits were cut from.
        turned: degrees by which the picture was turned clockwise to be read; `box` and `ink` are
            as the picture was.
    """

    status: Status
    lines: tuple[tuple[tuple[Digit, ...], ...], ...]
    ink: NDArray[np.uint8]
    turned: int = 0

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Every digit in reading order."""
        return tuple(digit for line in self.lines for group in line for digit in group)

    @property
    def text(self) -> str:
        """The labels, `?` for what is no digit; a space parts groups, a newline lines."""
        return "\n".join(
            " ".join("".join(digit.text for digit in group) for group in line)
            for line in self.lines
        )


class Recognizer:
    """Reads handwritten digits; safe to share between threads.

    Args:
        artifact: an artifact folder; without it what `DIGITREC_ARTIFACT` names, else the
            shipped one.

    Raises:
        ArtifactNotFoundError, ArtifactError: see `digitrec.models.load_artifact`.
    """

    def __init__(self, artifact: str | os.PathLike[str] | None = None) -> None:
        self.artifact = load_artifact(artifact)
        self._classifier = Classifier(self.artifact.network, temperature=self.artifact.temperature)

    def read(self, picture: Picture) -> Reading:
        """Read a picture.

        Args:
            picture: a path, bytes, binary file, PIL image or array; see
                `digitrec.imaging.ink.load_image`.

        Returns:
            The digit in it; no digit for an empty picture.

        Raises:
            PictureNotFoundError, PictureError: it cannot be read.
        """
        image = load_image(picture)
        if max(image.shape[:2]) > _ONE_DIGIT:
            return self._read_page(image)
        ink = ink_from_image(image)
        if not ink.any():
            return Reading("empty", (), ink)
        box = Box(*cv2.boundingRect(ink))
        if max(box.width, box.height) < _SMALLEST_PICTURE:
            return Reading("too little ink", (), ink)
        return self._read_one(ink, box)

    def read_strokes(self, strokes: Iterable[ArrayLike]) -> Reading:
        """Read a drawing.

        Args:
            strokes: each (n, 2) in canvas pixels, x right, y down.

        Returns:
            The digits drawn, every stroke in exactly one; what belongs together is told by the
            strokes' places and by what the network makes of them, never by their order. No
            digit for an empty drawing or a touch.

        Raises:
            StrokesError: not strokes.
        """
        drawing = checked_strokes(strokes)
        if not drawing:
            return Reading("empty", (), ink_from_strokes(drawing))
        if extent(drawing) < SMALLEST_DRAWING:
            return Reading("too little ink", (), ink_from_strokes(drawing))
        return self._read_drawing(drawing)

    def _read_page(self, image: NDArray[np.uint8]) -> Reading:
        page = read_page(image)
        ink = ink_on_paper(page)
        if not page.marks:
            return Reading("empty", (), ink)
        if max(max(m.width, m.height) for m in page.marks) < _SMALLEST_PICTURE:
            return Reading("too little ink", (), ink)
        layout = lay_out(page, self._likeness)
        lines = [self._read_line(line, layout, page) for line in layout.lines]
        return Reading("read", tuple(lines), ink, 90 * layout.quarters)

    def _likeness(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How much each of digits (N, 28, 28) looks like one digit, 0-1."""
        probabilities, scores = self._classifier.judge(digits)
        return np.asarray(probabilities.max(axis=1) * scores, np.float32)

    def _read_line(
        self, line: Sequence[Sequence[Mark]], layout: Layout, page: Page
    ) -> tuple[tuple[Digit, ...], ...]:
        """A line's digits in groups, each judged with its neighbours."""
        images = np.stack([normalize_digit(union(marks)) for marks in line])
        probabilities, scores = self._classifier.judge(images)
        boxes = [corners(marks) for marks in line]
        spans = [(left, right) for left, _, right, _ in boxes]
        torn = [any(any(m.cuts) for m in d) for d in line]
        threshold = self.artifact.digit_threshold
        scores = scores_among_neighbours(scores, spans, torn, layout.height, threshold)
        digits = [
            Digit(
                probabilities[i],
                Box(*box_on_picture(d, layout, page)),
                images[i],
                float(scores[i]),
                threshold,
            )
            for i, d in enumerate(line)
        ]
        return tuple(tuple(digits[i] for i in group) for group in wide_apart(boxes))

    def classify(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Digits (N, 28, 28) uint8 in MNIST's form → probabilities (N, 10) float32.

        Raises:
            DigitsError: another shape or type.
        """
        return self._classifier.classify(digits)

    def _read_one(self, ink: NDArray[np.uint8], box: Box) -> Reading:
        image = normalize_digit(ink)
        probabilities, scores = self._classifier.judge(image[None])
        threshold = self.artifact.digit_threshold
        digit = Digit(probabilities[0], box, image, float(scores[0]), threshold)
        return Reading("read", (((digit,),),), ink)

    def _read_drawing(self, drawing: list[Stroke]) -> Reading:
        seen: dict[Group, Digit] = {}

        def judge(groups: Sequence[Group]) -> NDArray[np.float32]:
            parts = [[drawing[i] for i in group] for group in groups]
            digits = self._judged(parts)
            seen.update(zip(groups, digits, strict=True))
            return np.array([d.confidence * d.digit_score for d in digits], np.float32)

        groups = group_pieces(drawing, judge)
        judge([group for group in groups if group not in seen])
        digits = _without_dots([seen[group] for group in groups])
        boxes = [(d.box.x, d.box.y, d.box.x + d.box.width, d.box.y + d.box.height) for d in digits]
        lines = tuple(
            tuple(tuple(digits[i] for i in group) for group in line)
            for line in reading_order(boxes)
        )
        # A pen for the digits, which the whole's larger side says nothing of.
        largest = max(_side(digit) for digit in digits)
        share = PEN_SHARE * min(1.0, largest / extent(drawing))
        return Reading("read", lines, ink_from_strokes(drawing, pen_share=share))

    def _judged(self, parts: Sequence[list[Stroke]]) -> list[Digit]:
        """Each part of a drawing as one digit."""
        if not parts:
            return []
        images = np.stack([normalize_digit(ink_from_strokes(part)) for part in parts])
        probabilities, scores = self._classifier.judge(images)
        threshold = self.artifact.digit_threshold
        return [
            Digit(probabilities[i], _box(part), images[i], float(scores[i]), threshold)
            for i, part in enumerate(parts)
        ]


def _without_dots(digits: Sequence[Digit]) -> list[Digit]:
    """The same; a dot beside digits, which may look like a small 1, has no score."""
    least = _DOT * max(_side(digit) for digit in digits)
    return [d if _side(d) >= least else replace(d, digit_score=0.0) for d in digits]


def _side(digit: Digit) -> int:
    return max(digit.box.width, digit.box.height)


def _box(drawing: list[Stroke]) -> Box:
    points = np.concatenate(drawing)
    x, y = np.floor(points.min(axis=0)).astype(int)
    right, bottom = np.ceil(points.max(axis=0)).astype(int)
    return Box(int(x), int(y), int(right - x), int(bottom - y))
