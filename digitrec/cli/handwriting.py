"""`digitrec handwriting`: one hand's own digits from pictures, as a file for `digitrec read`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from digitrec.datasets import PictureFile, labelled_pictures
from digitrec.errors import DigitrecError, HandwritingError
from digitrec.handwriting import MOST, Handwriting


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    parser = commands.add_parser(
        "handwriting", help="make a file of your own digits from pictures, for read --handwriting"
    )
    parser.add_argument(
        "folder", metavar="FOLDER", help="holds folders named 0 to 9 with pictures of one digit"
    )
    parser.add_argument("output", metavar="OUT", help="the file to write, mine.json")
    parser.set_defaults(run=_make)


def _make(options: argparse.Namespace) -> int:
    """The first few pictures of each class; a bad one is told on stderr and the rest goes on."""
    pictures = labelled_pictures(options.folder)
    handwriting, problems = _taught(pictures)
    for problem in problems:
        print(f"digitrec: {problem}", file=sys.stderr)
    if not len(handwriting):
        raise HandwritingError(
            f"Expected pictures of digits in {options.folder}. Received: none that can be used. "
            f"{options.output} is not written."
        )
    try:
        handwriting.save(options.output)
    except OSError as error:
        raise HandwritingError(
            f"Expected to write {options.output}. Received: {error}. Give another OUT."
        ) from error
    counts = [f"{n} of {label}" for label, n in enumerate(handwriting.counts) if n]
    print(f"{', '.join(counts)} in {options.output}")
    return 1 if problems else 0


def _taught(pictures: Sequence[PictureFile]) -> tuple[Handwriting, list[str]]:
    handwriting, problems = Handwriting(), []
    left_out = [0] * 10
    for picture in pictures:
        label = picture.label or 0
        if handwriting.counts[label] == MOST:
            left_out[label] += 1
            continue
        try:
            handwriting = handwriting.with_picture(picture.path, label)
        except DigitrecError as error:
            sentence = str(error)
            named = str(picture.path) in sentence
            problems.append(sentence if named else f"{picture.path}: {sentence}")
    for label, count in enumerate(left_out):
        if count:
            print(
                f"digitrec: {label}: the first {MOST} are taken, {count} left out", file=sys.stderr
            )
    return handwriting, problems
