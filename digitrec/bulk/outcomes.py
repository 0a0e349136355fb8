"""A piece of input, read: what comes of each page, digit or row of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from digitrec.bulk.pieces import Piece, digits_of, pictures_of
from digitrec.errors import DigitrecError, PictureError
from digitrec.imaging.contents import readable
from digitrec.imaging.files import File, open_file
from digitrec.imaging.ink import load_image
from digitrec.reading import Reading
from digitrec.records import error_row, rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitrec.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class Outcome:
    """One picture that was read, or that cannot be.

    Attributes:
        file: as it was given.
        page: from 1, of an array the digit, of a table the row; None where the whole file cannot
            be read.
        name: what to call it.
        reading: None where there is none.
        error: the sentence on what went wrong, with the reading or with its picture.
        note: a sentence on what is left out of the file.
        image: what was read, as `load_image` gives it.
    """

    file: str
    page: int | None
    name: str
    reading: Reading | None = None
    error: str = ""
    note: str = ""
    image: NDArray[np.uint8] | None = None

    def rows(self) -> list[dict[str, Any]]:
        """As rows of a table."""
        if self.reading is None:
            return [error_row(self.file, self.page, self.error)]
        return list(rows(self.file, self.page or 1, self.reading))


def outcomes_of(piece: Piece, recognizer: Recognizer) -> Iterator[Outcome]:
    """What comes of a piece, in order; a bad file, page or row has a sentence instead."""
    file = piece.place.name
    try:
        if piece.error:
            yield Outcome(file, None, file, error=piece.error)
        elif piece.form == "array":
            yield from _read_array(piece, recognizer)
        elif piece.form == "table":
            yield from _read_table(piece, recognizer)
        else:
            with readable(file), piece.place.open() as content:
                opened = open_file(content, name=file)
            yield from outcomes_of_file(file, opened, recognizer)
    except DigitrecError as error:
        yield Outcome(file, None, file, error=str(error))


def outcomes_of_file(path: str, file: File, recognizer: Recognizer) -> Iterator[Outcome]:
    """What comes of every page of a file that was looked into; `path` as it was given."""
    note = f"{file.name}: {file.note}" if file.note else ""
    for page in range(file.pages):
        name = file.page_name(page)
        try:
            image = file.load(page)
            reading = recognizer.read(image)
            yield Outcome(path, page + 1, name, reading, "", note, image)
        except DigitrecError as error:
            yield Outcome(path, page + 1, name, None, str(error), note)
        note = ""


def _read_array(piece: Piece, recognizer: Recognizer) -> Iterator[Outcome]:
    file = piece.place.name
    for number, digit in enumerate(recognizer.read_digits(digits_of(piece)), piece.first + 1):
        reading = Reading("read", (((digit,),),), digit.image)
        yield Outcome(file, number, f"{file}, digit {number}", reading, image=digit.image)


def _read_table(piece: Piece, recognizer: Recognizer) -> Iterator[Outcome]:
    file, last = piece.place.name, piece.first + piece.count
    contents = pictures_of(piece)
    for number in range(piece.first + 1, last + 1):
        name = f"{file}, row {number}"
        try:
            content = next(contents)
        except DigitrecError as error:
            sentence = f"{error} Rows {number} to {last} are not read."
            yield Outcome(file, number, name, error=sentence)
            return
        try:
            image = load_image(_named(content, name))
            yield Outcome(file, number, name, recognizer.read(image), image=image)
        except DigitrecError as error:
            yield Outcome(file, number, name, error=str(error))


def _named(content: bytes | None, name: str) -> IO[bytes]:
    if content is None:
        raise PictureError(f"Expected a picture in {name}. Received: nothing (null).")
    file = io.BytesIO(content)
    file.name = name
    return file
