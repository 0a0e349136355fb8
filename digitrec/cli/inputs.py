"""What `digitrec read` is given, read: files, folders, or standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.bulk.outcomes import Outcome, outcomes_of, outcomes_of_file
from digitrec.bulk.pieces import pieces_of
from digitrec.bulk.places import Place, files_of
from digitrec.errors import PictureError
from digitrec.imaging.files import open_file

if TYPE_CHECKING:
    from digitrec.recognizer import Recognizer

STANDARD_INPUT = "-"
_ITS_NAME = "standard input"
_NAMELESS = "page"  # what is called `..`


def places_of(given: Sequence[str], problems: list[str], *, but: Sequence[Path]) -> list[Place]:
    """As `places.files_of`, with standard input among them."""
    places: list[Place] = []
    for each in given:
        if each == STANDARD_INPUT:
            places.append(Place(STANDARD_INPUT, STANDARD_INPUT))
        else:
            places += files_of([each], problems, but=but)
    return places


def read_place(place: Place, recognizer: Recognizer) -> Iterator[Outcome]:
    """What comes of a file, page by page; a bad one has a sentence instead."""
    if place.name != STANDARD_INPUT:
        for piece in pieces_of(place):
            yield from outcomes_of(piece, recognizer)
        return
    try:
        file = open_file(sys.stdin.buffer, name=_ITS_NAME)
    except PictureError as error:
        yield Outcome(STANDARD_INPUT, None, _ITS_NAME, error=str(error))
        return
    yield from outcomes_of_file(STANDARD_INPUT, file, recognizer)


def is_alone(outcome: Outcome) -> bool:
    """Whether it is all of its file, so that its name has nothing to add."""
    return outcome.name in {outcome.file, _ITS_NAME}


def annotated_path(
    folder: Path, path: str, page: int, given: Sequence[str], number: int = 1
) -> Path:
    """Where a page with its boxes is written: below `folder` as the file lies below what was given,
    and never elsewhere, whatever files and folders are called.

    Args:
        folder: for all of them.
        path: the file's.
        page: from 1; the first page of a file bears its name alone.
        given: the paths on the command line.
        number: from 1, of files that would be written to one place; the first has none in its name.
    """
    source = Path(_ITS_NAME if path == STANDARD_INPUT else path)
    roots = [Path(root) for root in given if Path(root).is_dir()]
    beneath = [source.relative_to(root) for root in roots if source.is_relative_to(root)]
    below = next((path for path in beneath if path.name and ".." not in path.parts), None)
    own = source.name if source.name not in {"", ".."} else _NAMELESS
    target = folder / (below or own)
    which = (f"-{number}" if number > 1 else "") + (f"-page-{page}" if page > 1 else "")
    return target.with_name(f"{target.name}{which}.png")
