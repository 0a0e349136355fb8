"""`digitrec handwriting`: one hand's own digits from pictures, as a file for `digitrec read`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from digitrec.errors import DigitrecError
from digitrec.programs import tell

if TYPE_CHECKING:
    from digitrec.datasets import PictureFile
    from digitrec.handwriting import Handwriting


@click.command()
@click.argument("folder")
@click.argument("output", metavar="OUT")
def command(folder: str, output: str) -> int:
    """Make a file of your own digits, for `read --handwriting`.

    FOLDER holds folders named 0 to 9 with pictures of one digit each; OUT is the file to write,
    mine.json. The first few pictures of each digit are taken; a bad one is told on stderr and the
    rest goes on.
    """
    from digitrec.datasets import labelled_pictures
    from digitrec.errors import HandwritingError

    pictures = labelled_pictures(folder)
    handwriting, problems = _taught(pictures)
    for problem in problems:
        tell(problem)
    if not len(handwriting):
        raise HandwritingError(
            f"Expected pictures of digits in {folder}. Received: none that can be used. "
            f"{output} is not written."
        )
    try:
        handwriting.save(output)
    except OSError as error:
        raise HandwritingError(
            f"Expected to write {output}. Received: {error}. Give another OUT."
        ) from error
    counts = [f"{n} of {label}" for label, n in enumerate(handwriting.counts) if n]
    print(f"{', '.join(counts)} in {output}")
    return 1 if problems else 0


def _taught(pictures: Sequence[PictureFile]) -> tuple[Handwriting, list[str]]:
    from digitrec.handwriting import MOST, Handwriting

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
            tell(f"{label}: the first {MOST} are taken, {count} left out")
    return handwriting, problems
