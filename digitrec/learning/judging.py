"""Sets that judge: MNIST as it is and spoilt, pictures, drawings, and what is no digit.

Every example goes through `Recognizer.read` or `read_strokes`, as a user's would; an answer
of no digit, or of more than one, is wrong. What is no digit is refused if no digit of the
answer is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from digitrec.datasets import Drawing, LabelledDigits, PictureFile
from digitrec.errors import DatasetError, PictureError
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.learning.spoiling import SPOILS
from digitrec.reading import Reading
from digitrec.recognizer import Recognizer

Image = NDArray[np.uint8]
# An example as the recognizer reads it.
Read = Callable[[Recognizer], Reading]

NOT_A_DIGIT = -1
_PICTURE_SIDE = 280  # px, the larger side of a drawing that is judged as a picture


@dataclass(frozen=True)
class JudgedSet:
    """Examples of one kind.

    Attributes:
        name: what it is, for tables.
        reads: one function an example.
        labels: (N,) int64, 0-9 or -1 for what is no digit.
        groups: who made each; "" where nobody knows.
        names: of each example, for the report.
        variant: whether it is another set, spoilt, or a part of one.
    """

    name: str
    reads: Sequence[Read]
    labels: NDArray[np.int64]
    groups: Sequence[str]
    names: Sequence[str]
    variant: bool = False

    @property
    def is_digits(self) -> bool:
        """Whether the set holds digits; else all of it should be refused."""
        return bool((self.labels != NOT_A_DIGIT).all())


@dataclass
class Outcome:
    """What an artifact answered on one set.

    Attributes:
        judged: the set, less what cannot be read as a picture.
        probabilities: (N, 10) float32; rows of 0.1 where not exactly one digit came.
        scores: (N,) float32, the highest digit score of the answer; 0 where none came.
        answers: (N,) int64; -1 where not exactly one digit came.
        accepted: (N,) bool, any digit that is not "not a digit".
        images: (N, 28, 28) uint8, what the network saw; black where not exactly one digit came.
        skipped: names of unreadable pictures.
    """

    judged: JudgedSet
    probabilities: NDArray[np.float32]
    scores: NDArray[np.float32]
    answers: NDArray[np.int64]
    accepted: NDArray[np.bool_]
    images: Image
    skipped: list[str] = field(default_factory=list)


def read_set(recognizer: Recognizer, judged: JudgedSet, *, progress: bool = True) -> Outcome:
    """Every example read; pictures that cannot be read are left out and listed.

    Raises:
        DatasetError: not one example can be read.
    """
    readings, kept, skipped = [], [], []
    examples = tqdm(judged.reads, desc=judged.name, disable=not progress, leave=False)
    for index, read in enumerate(examples):
        try:
            readings.append(read(recognizer))
            kept.append(index)
        except PictureError:
            skipped.append(judged.names[index])
    if not readings:
        raise DatasetError(
            f"Expected pictures that can be read in {judged.name}. Received: "
            f"{len(skipped)} that cannot. Check the files."
        )
    whole = JudgedSet(
        judged.name,
        [judged.reads[i] for i in kept],
        judged.labels[kept],
        [judged.groups[i] for i in kept],
        [judged.names[i] for i in kept],
        judged.variant,
    )
    return _outcome(whole, readings, skipped)


def _outcome(judged: JudgedSet, readings: Sequence[Reading], skipped: list[str]) -> Outcome:
    count = len(readings)
    outcome = Outcome(
        judged,
        np.full((count, 10), 0.1, np.float32),
        np.zeros(count, np.float32),
        np.full(count, -1, np.int64),
        np.zeros(count, bool),
        np.zeros((count, 28, 28), np.uint8),
        skipped,
    )
    for row, reading in enumerate(readings):
        outcome.scores[row] = max((d.digit_score for d in reading.digits), default=0)
        outcome.accepted[row] = any(d.status != "not a digit" for d in reading.digits)
        if len(reading.digits) != 1:
            continue
        digit = reading.digits[0]
        outcome.probabilities[row] = digit.probabilities
        outcome.answers[row] = digit.label
        outcome.images[row] = digit.image
    return outcome


# --- MNIST ------------------------------------------------------------------------------


def mnist_sets(digits: LabelledDigits, rng: np.random.Generator) -> Iterator[JudgedSet]:
    """MNIST's test digits as they are, and spoilt in ten ways."""
    yield _digit_set("MNIST test", digits.digits, digits.labels, variant=False)
    for name, spoil in SPOILS.items():
        spoilt = np.stack([spoil(digit, rng) for digit in digits.digits])
        yield _digit_set(f"MNIST, {name}", spoilt, digits.labels, variant=True)


def _digit_set(name: str, images: Image, labels: NDArray[np.int64], *, variant: bool) -> JudgedSet:
    reads = [_read_picture(image) for image in images]
    names = [f"{index}" for index in range(len(images))]
    return JudgedSet(name, reads, labels, [""] * len(images), names, variant)


def _read_picture(picture: Any) -> Read:
    return lambda recognizer: recognizer.read(picture)


# --- pictures ---------------------------------------------------------------------------


def picture_set(name: str, pictures: Sequence[PictureFile], *, variant: bool = False) -> JudgedSet:
    """Pictures from files; without a label they should be refused."""
    labels = [NOT_A_DIGIT if p.label is None else p.label for p in pictures]
    return JudgedSet(
        name,
        [_read_picture(picture.path) for picture in pictures],
        np.array(labels, np.int64),
        [picture.group for picture in pictures],
        [str(Path(*picture.path.parts[-2:])) for picture in pictures],
        variant,
    )


# --- drawings ---------------------------------------------------------------------------


def drawing_sets(name: str, drawings: Sequence[Drawing]) -> Iterator[JudgedSet]:
    """Digits among the drawings: as they are, small, large, and as pictures of a fat pen."""
    digits = [d for d in drawings if d.digit is not None]
    if not digits:
        return
    yield _drawing_set(name, digits, _drawn)
    yield _drawing_set(f"{name}, 24 px small", digits, _resized(24), variant=True)
    yield _drawing_set(f"{name}, 2,000 px large", digits, _resized(2_000), variant=True)
    yield _drawing_set(f"{name}, picture, fat pen", digits, _fat, variant=True)


def not_digit_drawings(name: str, drawings: Sequence[Drawing]) -> JudgedSet | None:
    """What among the drawings is no digit and does not look like one; None if there is none."""
    others = [d for d in drawings if d.digit is None and d.label not in LOOK_ALIKES]
    return _drawing_set(name, others, _drawn) if others else None


# Letters and a sign that a fair reader may take for a digit.
LOOK_ALIKES = frozenset("oOlIiJjsSzZgqbBDQyYtT|")


def _drawing_set(
    name: str, drawings: Sequence[Drawing], how: Callable[[Drawing], Read], *, variant: bool = False
) -> JudgedSet:
    labels = [NOT_A_DIGIT if d.digit is None else d.digit for d in drawings]
    return JudgedSet(
        name,
        [how(drawing) for drawing in drawings],
        np.array(labels, np.int64),
        [drawing.writer for drawing in drawings],
        [f"{drawing.label} by {drawing.writer or 'somebody'}" for drawing in drawings],
        variant,
    )


def _drawn(drawing: Drawing) -> Read:
    return lambda recognizer: recognizer.read_strokes(drawing.strokes)


def _resized(side: float) -> Callable[[Drawing], Read]:
    def how(drawing: Drawing) -> Read:
        points = np.concatenate(drawing.strokes)
        scale = side / max(1.0, float(np.ptp(points, axis=0).max()))
        strokes = [_on_pixels(stroke * scale) for stroke in drawing.strokes]
        return lambda recognizer: recognizer.read_strokes(strokes)

    return how


def _on_pixels(stroke: NDArray[np.floating]) -> NDArray[np.float32]:
    """Whole pixels, none twice running, as a mouse gives them."""
    points = np.rint(stroke).astype(np.float32)
    moved = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    return np.asarray(points[moved])


def _fat(drawing: Drawing) -> Read:
    return lambda recognizer: recognizer.read(ink_from_strokes(drawing.strokes, pen_share=0.2))


# --- scribbles --------------------------------------------------------------------------


def scribble_set(count: int, rng: np.random.Generator) -> JudgedSet:
    """Random splines: a smooth curve through random points, once or twice; never trained on."""
    from digitrec.shapes.curves import smooth

    drawings = []
    for _ in range(count):
        strokes = []
        for _ in range(1 + int(rng.uniform() < 0.3)):
            points = rng.uniform(0, 200, (int(rng.integers(7, 16)), 2))
            strokes.append(smooth(points).astype(np.float32))
        drawings.append(Drawing("~", "", tuple(strokes)))
    return _drawing_set("scribbles (random splines)", drawings, _drawn)
