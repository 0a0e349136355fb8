"""The waist: a picture or strokes in, a `Reading` out. Every door calls this and nothing else."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.classifier import Classifier
from digitrec.drawing import Part, read_drawing
from digitrec.handwriting import Handwriting
from digitrec.imaging.ink import Picture, ink_from_image, load_image
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.ordering import wide_apart
from digitrec.imaging.pages.layout import Layout, box_on_picture, lay_out
from digitrec.imaging.pages.marks import Mark, corners, union
from digitrec.imaging.pages.neighbours import scores_among_neighbours
from digitrec.imaging.pages.page import Page, ink_on_paper, read_page
from digitrec.imaging.partition import Group
from digitrec.imaging.strokes import checked_strokes
from digitrec.models import load_artifact
from digitrec.prototypes import Prototypes
from digitrec.reading import Box, Digit, Reading
from digitrec.seen import SeenInks

_FREED = 32_000_000  # bytes
_ONE_DIGIT = 64  # px: a smaller picture holds one digit, in MNIST's way
# Less than this is a touch of the pen, not a digit.
_SMALLEST_PICTURE = 4  # px, larger side of the ink


class Recognizer:
    """Reads handwritten digits; safe to share between threads.

    Args:
        artifact: an artifact folder; without it what `DIGITREC_ARTIFACT` names, else the
            shipped one.
        handwriting: samples of the hand that it reads, or the file that holds them: answers
            move towards what is near to them.
        threads: cores that a batch of digits may use; without it all, up to four. The answers do
            not depend on it.

    Attributes:
        artifact: what it reads with.
        handwriting: those samples; without any it reads as the network does.

    Raises:
        ArtifactNotFoundError, ArtifactError: see `digitrec.models.load_artifact`; with a
            handwriting also, if the network has no features.
        HandwritingNotFoundError, HandwritingError: see `Handwriting.load`.
    """

    def __init__(
        self,
        artifact: str | os.PathLike[str] | None = None,
        *,
        handwriting: Handwriting | str | os.PathLike[str] | None = None,
        threads: int | None = None,
    ) -> None:
        _keep_freed_memory()
        self.artifact = load_artifact(artifact)
        self._classifier = Classifier(
            self.artifact.network, temperature=self.artifact.temperature, threads=threads
        )
        self._adapt(handwriting)

    def with_handwriting(
        self, handwriting: Handwriting | str | os.PathLike[str] | None
    ) -> Recognizer:
        """The same network for another hand; shares all that is loaded, takes milliseconds.

        Args:
            handwriting: as of `Recognizer`; None for none.

        Raises:
            ArtifactError: the network has no features.
            HandwritingNotFoundError, HandwritingError: see `Handwriting.load`.
        """
        other = copy.copy(self)
        other._adapt(handwriting)
        return other

    def _adapt(self, handwriting: Handwriting | str | os.PathLike[str] | None) -> None:
        if handwriting is None:
            handwriting = Handwriting()
        elif not isinstance(handwriting, Handwriting):
            handwriting = Handwriting.load(handwriting)
        self.handwriting = handwriting
        threshold = self.artifact.digit_threshold
        self._prototypes = (
            Prototypes(self._classifier, handwriting, threshold) if len(handwriting) else None
        )

    @property
    def adapts(self) -> bool:
        """Whether its network gives features, which `with_handwriting` needs."""
        return self._classifier.has_features

    @property
    def model(self) -> str:
        """The sha256 of the network in use, a LiteRT file, as 64 hex digits."""
        return str(self.artifact.card["files"][self.artifact.network.name]["sha256"])

    def read(self, picture: Picture) -> Reading:
        """Read a picture.

        Args:
            picture: a path, bytes, binary file, PIL image or array; see
                `digitrec.imaging.ink.load_image`.

        Returns:
            The digits in it, in reading order, with what is no digit; a picture of up to 64 px
            holds one. No digit for an empty picture.

        Raises:
            PictureNotFoundError, PictureError: it cannot be read.
        """
        image = load_image(picture)
        if image.size and max(image.shape[:2]) > _ONE_DIGIT:
            return self._read_page(image)
        ink = ink_from_image(image)
        if not ink.any():
            return Reading("empty", (), ink)
        box = Box(*cv2.boundingRect(ink))
        if max(box.width, box.height) < _SMALLEST_PICTURE:
            return Reading("too little ink", (), ink)
        return Reading("read", ((tuple(self._digits([normalize_digit(ink)], [box])),),), ink)

    def read_strokes(
        self, strokes: Iterable[ArrayLike], known: dict[Part, Digit] | None = None
    ) -> Reading:
        """Read a drawing.

        Args:
            strokes: each (n, 2) in canvas pixels, x right, y down.
            known: what this recognizer made of parts of the drawing before, {} at first; what is
                new is added. With it a drawing that grows stroke by stroke is looked at once.

        Returns:
            The digits drawn, every stroke in exactly one; what belongs together is told by the
            strokes' places and by what the network makes of them, never by their order. No
            digit for an empty drawing or a touch.

        Raises:
            StrokesError: not strokes.
        """
        return read_drawing(checked_strokes(strokes), self._digits, known)

    def read_growing(self, drawings: Iterable[Iterable[ArrayLike]]) -> Iterator[Reading]:
        """Read a drawing at several moments, one when it is asked for.

        Args:
            drawings: the drawing at each moment, as of `read_strokes`.

        Yields:
            What `read_strokes` gives. What several of them hold is looked at once, so that a
            number that grows takes half the time or less.

        Raises:
            StrokesError: not strokes.
        """
        known: dict[Part, Digit] = {}
        for strokes in drawings:
            yield self.read_strokes(strokes, known)

    def _read_page(self, image: NDArray[np.uint8]) -> Reading:
        page = read_page(image)
        ink = ink_on_paper(page)
        if not page.marks:
            return Reading("empty", (), ink)
        if max(max(m.width, m.height) for m in page.marks) < _SMALLEST_PICTURE:
            return Reading("too little ink", (), ink)
        seen = SeenInks(self._judge)
        layout = lay_out(page, seen.likeness, self._likeness)
        lines = [self._read_line(line, layout, page, seen) for line in layout.lines]
        return Reading("read", tuple(lines), ink, 90 * layout.quarters)

    def _likeness(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """How much each of digits (N, 28, 28) looks like one digit, 0-1."""
        probabilities, scores = self._judge(digits)
        return np.asarray(probabilities.max(axis=1) * scores, np.float32)

    def _read_line(
        self, line: Sequence[Sequence[Mark]], layout: Layout, page: Page, seen: SeenInks
    ) -> tuple[tuple[Digit, ...], ...]:
        """A line's digits in groups, each judged with its neighbours."""
        looks = seen.look([union(marks) for marks in line])
        boxes = [corners(marks) for marks in line]
        scores = scores_among_neighbours(
            np.array([look.score for look in looks], np.float32),
            [(left, right) for left, _, right, _ in boxes],
            [any(any(mark.cuts) for mark in marks) for marks in line],
            layout.height,
            self.artifact.digit_threshold,
        )
        digits = [
            Digit(
                look.probabilities,
                Box(*box_on_picture(marks, layout, page)),
                look.image,
                float(score),
                self.artifact.digit_threshold,
            )
            for look, marks, score in zip(looks, line, scores, strict=True)
        ]
        return tuple(tuple(digits[i] for i in group) for group in wide_apart(boxes))

    def classify(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Digits (N, 28, 28) uint8 in MNIST's form → probabilities (N, 10) float32.

        Raises:
            DigitsError: another shape or type.
        """
        return self._judge(digits)[0]

    def features(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the network's last layer sees of digits (N, 28, 28) uint8: (N, D) float32.

        Raises:
            DigitsError: another shape or type.
            ArtifactError: the network has no features; `adapts` tells.
        """
        return self._classifier.look(digits).features

    def _judge(self, digits: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities (N, 10) and digit scores (N,), as `Classifier.judge` tells them."""
        if self._prototypes is None:
            return self._classifier.judge(digits)
        return self._prototypes.blend(digits, self._classifier.look(digits))

    def read_digits(self, digits: NDArray[np.uint8]) -> list[Digit]:
        """Read what is in MNIST's form already, each as the one digit that it is.

        Args:
            digits: (N, 28, 28) uint8, any N including 0.

        Returns:
            N digits; the box of each is its whole image.

        Raises:
            DigitsError: another shape or type.
        """
        return self._judged(digits, repeat(Box(0, 0, 28, 28)))

    def _digits(
        self,
        images: Sequence[NDArray[np.uint8]],
        boxes: Sequence[Box],
        strokes: Sequence[Group] = (),
    ) -> list[Digit]:
        """Each image (28, 28), in MNIST's form, as a digit, of these strokes of a drawing."""
        if not images:
            return []
        return self._judged(np.stack(images), boxes, strokes)

    def _judged(
        self, digits: NDArray[np.uint8], boxes: Iterable[Box], strokes: Sequence[Group] = ()
    ) -> list[Digit]:
        threshold = self.artifact.digit_threshold
        judged = zip(*self._judge(digits), digits, boxes, strict=False)
        return [
            Digit(probabilities, box, digit, float(score), threshold, *strokes[i : i + 1])
            for i, (probabilities, score, digit, box) in enumerate(judged)
        ]


def _keep_freed_memory() -> None:
    """Make the C library keep what arrays free for the next ones, up to twice this much.

    glibc hands larger blocks back to the system at once and asks for them again, which takes a
    third of the time of reading a small picture. It stops that for blocks as large as one that
    it has seen freed, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD). Untouched, the block costs
    no memory.
    """
    np.empty(_FREED, np.uint8)  # freed right away
