"""What a handful of taught digits gives: a hand's other digits read before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.errors import DatasetError
from digitrec.handwriting import Handwriting
from digitrec.learning.folds import LEFT_OUT
from digitrec.learning.rendering import render_plain
from digitrec.models import CARD, load_artifact
from digitrec.recognizer import Recognizer


@dataclass(frozen=True)
class Lesson:
    """One hand taught once, and its other digits.

    Attributes:
        writer: whose hand.
        samples: taught of each class.
        digits: the others.
        before: of them read wrongly without the samples.
        after: with them.
    """

    writer: str
    samples: int
    digits: int
    before: int
    after: int


@dataclass(frozen=True)
class Summary:
    """All lessons with equally many samples a class.

    Attributes:
        samples: taught of each class.
        writers: how many hands.
        with_errors: those of which anything was read wrongly.
        digits: the others of a hand, over all lessons.
        before: errors without the samples, over all lessons.
        after: with them.
        reduction: share of the errors that is gone, over the lessons that had any, 0-1.
        worst: by how many digits the lesson that did most harm made reading worse; less than 0
            where each made it better.
    """

    samples: int
    writers: int
    with_errors: int
    digits: int
    before: int
    after: int
    reduction: float
    worst: int


def summarize(lessons: Sequence[Lesson]) -> Summary:
    """The lessons, which all have equally many samples, as one line of a table."""
    flawed = [lesson for lesson in lessons if lesson.before]
    before = sum(lesson.before for lesson in flawed)
    left = sum(lesson.after for lesson in flawed)
    return Summary(
        samples=lessons[0].samples,
        writers=len({lesson.writer for lesson in lessons}),
        with_errors=len({lesson.writer for lesson in flawed}),
        digits=sum(lesson.digits for lesson in lessons),
        before=before,
        after=sum(lesson.after for lesson in lessons),
        reduction=1 - left / before if before else 0.0,
        worst=max(lesson.after - lesson.before for lesson in lessons),
    )


def teach(
    recognizer: Recognizer, hand: LabelledDigits, writer: str, samples: int, draws: int
) -> list[Lesson]:
    """Teach random samples of a hand, again and again, and read its other digits.

    Args:
        recognizer: without handwriting, of a network that never saw this hand.
        hand: all its digits; more than `samples` of each class.
        writer: its name; the draws depend on it.
        samples: taught of each class.
        draws: how often.

    Raises:
        DatasetError: too few digits of a class.
    """
    counts = np.bincount(hand.labels, minlength=10)
    if counts.min() <= samples:
        raise DatasetError(
            f"Expected more than {samples} of each digit by writer {writer}. Received: "
            f"{counts.min()} of {counts.argmin()}. Lower --samples."
        )
    plain = recognizer.classify(hand.digits).argmax(axis=1) != hand.labels
    rng = np.random.default_rng([samples, *writer.encode()])
    lessons = []
    for _ in range(draws):
        taught = _draw(hand.labels, samples, rng)
        others = np.setdiff1d(np.arange(len(hand)), taught)
        own = recognizer.with_handwriting(Handwriting(hand.digits[taught], hand.labels[taught]))
        read = own.classify(hand.digits[others]).argmax(axis=1)
        wrong = int((read != hand.labels[others]).sum())
        lessons.append(Lesson(writer, samples, len(others), int(plain[others].sum()), wrong))
    return lessons


def _draw(labels: NDArray[np.int64], samples: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Where so many of each class are, at random."""
    of_class = [np.flatnonzero(labels == label) for label in range(10)]
    return np.concatenate([rng.choice(places, samples, replace=False) for places in of_class])


def hand_of(drawings: Sequence[Drawing]) -> LabelledDigits:
    """Drawings of digits in MNIST's form; what is none is left out."""
    digits = [drawing for drawing in drawings if drawing.digit is not None]
    return LabelledDigits(
        np.stack([render_plain(drawing.strokes) for drawing in digits]),
        np.array([drawing.digit for drawing in digits], np.int64),
    )


def strangers(networks: Path) -> list[tuple[Recognizer, list[str]]]:
    """The networks that scripts/leave_writers_out.py kept, and whom each never saw.

    Raises:
        DatasetError: none there.
        ArtifactError: one is damaged.
    """
    folders = sorted(path.parent for path in networks.glob(f"*/{CARD}"))
    found = [(folder, load_artifact(folder).card.get(LEFT_OUT)) for folder in folders]
    known = [(Recognizer(folder), list(writers)) for folder, writers in found if writers]
    if not known:
        raise DatasetError(
            f"Expected networks of left-out writers in {networks}. Received: none. Run "
            "scripts/leave_writers_out.py with --networks first."
        )
    return known
