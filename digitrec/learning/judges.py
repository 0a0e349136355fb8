"""From the files that an evaluation is given to the sets that judge."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitrec.datasets import (
    MNIST_VARIABLE,
    LabelledDigits,
    labelled_pictures,
    load_drawings,
    load_mnist,
    pictures_in,
    sources,
)
from digitrec.errors import DatasetError
from digitrec.learning import judging
from digitrec.learning.judged_pages import JudgedPage, load_pages
from digitrec.learning.judging import JudgedSet
from digitrec.learning.strings import SPACINGS, StringFigures, compose_strings, string_figures
from digitrec.models import sha256
from digitrec.recognizer import Recognizer


@dataclass(frozen=True)
class Judges:
    """What an evaluation is given.

    Attributes:
        mnist: MNIST's place; None for `DIGITREC_MNIST`, and without that none.
        no_mnist: leave MNIST out even so.
        images: folders of pictures, one a class.
        strokes: files of drawings.
        not_digits: folders of pictures, or files of drawings, that should be refused.
        pages: folders of pages with their labels.
        scribbles: how many random splines.
        strings: how many numbers of each spacing are composed of each file of drawings.
        limit: MNIST digits at most; 0 for all.
        seed: of shifts, noise, scribbles and numbers.
    """

    mnist: str | None = None
    no_mnist: bool = False
    images: Sequence[str] = ()
    strokes: Sequence[str] = ()
    not_digits: Sequence[str] = ()
    pages: Sequence[str] = ()
    scribbles: int = 0
    strings: int = 0
    limit: int = 0
    seed: int = 1

    def sets(self) -> list[JudgedSet]:
        """All sets of single digits and of what is none.

        Raises:
            DatasetNotFoundError, DatasetError: something is missing or malformed, nothing is
                given, or two sets have the same name.
        """
        return _named_once(list(self._sets()))

    def _sets(self) -> Iterator[JudgedSet]:
        rng = np.random.default_rng(self.seed)
        has_mnist = not self.no_mnist and bool(self.mnist or os.environ.get(MNIST_VARIABLE))
        if not (has_mnist or self.images or self.strokes or self.not_digits or self.pages):
            raise DatasetError(
                "Expected something to read. Received: no set. Give --mnist, --images, "
                "--strokes, --not-digits or --pages."
            )
        if has_mnist:
            test = load_mnist(self.mnist).test
            count = self.limit or len(test)
            few = LabelledDigits(test.digits[:count], test.labels[:count])
            yield from judging.mnist_sets(few, rng)
        for place in self.images:
            yield judging.picture_set(Path(place).name, labelled_pictures(place))
        for place in self.strokes:
            name, drawings = _stem(place), load_drawings(place)
            yield from judging.drawing_sets(name, drawings)
            others = judging.not_digit_drawings(f"{name}, others", drawings)
            if others:
                yield others
        for place in self.not_digits:
            yield from _not_digits(place)
        if self.scribbles:
            yield judging.scribble_set(self.scribbles, rng)

    def read_strings(self, recognizer: Recognizer, *, progress: bool) -> list[StringFigures]:
        """How many numbers composed of the drawings are read; none if none are asked for."""
        found = []
        for place in self.strokes if self.strings else []:
            drawings = load_drawings(place)
            for spacing in SPACINGS:
                rng = np.random.default_rng(self.seed)
                numbers = list(compose_strings(drawings, spacing, self.strings, rng))
                if numbers:
                    name = f"{_stem(place)}, {spacing}"
                    found.append(string_figures(recognizer, name, numbers, progress=progress))
        return found

    def whole_pages(self) -> list[JudgedPage]:
        """The pages of all folders.

        Raises:
            DatasetNotFoundError, DatasetError: see `load_pages`.
        """
        return [page for place in self.pages for page in load_pages(place)]

    def refuse_known(self, recognizer: Recognizer) -> None:
        """What a network has learned from judges nothing.

        Raises:
            DatasetError: its card names one of the files of drawings.
        """
        learned = [credit.get("sha256", {}) for credit in recognizer.artifact.card.get("data", [])]
        hashes = {digest for credit in learned for digest in dict(credit).values()}
        for place in self.strokes:
            if Path(place).is_file() and sha256(Path(place)) in hashes:
                raise DatasetError(
                    f"Expected drawings that the artifact has not learned from. Received: {place}, "
                    "which its card names as training data. Give other writers' drawings."
                )


def _named_once(sets: list[JudgedSet]) -> list[JudgedSet]:
    """The sets; figures are told by names, so that two of one name would be one."""
    names = [judged.name for judged in sets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DatasetError(
            f"Expected files and folders of different names. Received: several named "
            f"{', '.join(twice)}. Rename one."
        )
    return sets


def _not_digits(place: str) -> Iterator[JudgedSet]:
    name = _stem(place)
    if Path(place).is_dir():
        yield from _not_digit_pictures(name, place)
        return
    drawings = judging.not_digit_drawings(name, load_drawings(place))
    if drawings is None:
        raise DatasetError(
            f"Expected something that is no digit in {place}. Received: digits and look-alikes "
            "only. Give it to --strokes."
        )
    yield drawings


def _not_digit_pictures(name: str, place: str) -> Iterator[JudgedSet]:
    """A folder's pictures; of Omniglot the alphabets that only judge, also without look-alikes."""
    pictures = pictures_in(place)
    if not any(sources.is_omniglot(picture.path.name) for picture in pictures):
        yield judging.picture_set(name, pictures)
        return
    pictures = [p for p in pictures if p.path.name.startswith(sources.OMNIGLOT_JUDGES)]
    if not pictures:
        raise DatasetError(
            f"Expected one of the alphabets {', '.join(sources.OMNIGLOT_JUDGES)} in {place}. "
            "Received: only alphabets that networks learn from. Give the whole of Omniglot."
        )
    yield judging.picture_set(name, pictures)
    clear = [p for p in pictures if not sources.looks_like_a_digit(p.path.name)]
    yield judging.picture_set(f"{name} without look-alikes", clear, variant=True)


def _stem(place: str) -> str:
    return Path(place).name.partition(".")[0]
