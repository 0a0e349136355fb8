"""The whole input in numbered parts, always the same, and one part read into its file."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from digitrec.bulk.outcomes import outcomes_of
from digitrec.bulk.pieces import Piece, digits_of, pieces_of
from digitrec.bulk.places import Place
from digitrec.bulk.tables import TableWriter
from digitrec.errors import DigitrecError
from digitrec.records import columns

if TYPE_CHECKING:
    from digitrec.bulk.results import Results
    from digitrec.reading import Digit
    from digitrec.recognizer import Recognizer

PART_SIZE = 32_768  # digits of arrays in a part: seconds of work, megabytes of rows
_COSTS = {"picture": 128, "table": 16, "array": 1}  # of a picture, a row, a digit, about


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker reads in one go into one file.

    Attributes:
        number: from 0, in the order of the input.
        pieces: what it consists of.
    """

    number: int
    pieces: tuple[Piece, ...]

    def packed(self) -> bytes:
        """For the way to a worker, and to wait in memory: a tenth of its size."""
        plain = [self.number, [astuple(piece) for piece in self.pieces]]
        return zlib.compress(json.dumps(plain).encode(), 1)

    @classmethod
    def unpacked(cls, packed: bytes) -> Part:
        """What `packed` was made of."""
        number, pieces = json.loads(zlib.decompress(packed))
        return cls(number, tuple(Piece(Place(*place), *rest) for place, *rest in pieces))


@dataclass(frozen=True)
class Task:
    """What every worker needs to know.

    Attributes:
        artifact: the folder, the same on every machine; None for the shipped one.
        version: the hash of its card, which every worker checks.
        handwriting: samples of the hand that is read, as `Handwriting.to_bytes` gives them.
        results: where parts are written.
    """

    artifact: str | None
    version: str
    handwriting: bytes
    results: Results


@dataclass(frozen=True)
class Done:
    """A part that was read.

    Attributes:
        number: the part's.
        rows: in its file.
        errors: how many of them tell of something that cannot be read.
        told: what there is to say on stderr.
        failure: the sentence on why it was not read after all.
    """

    number: int
    rows: int = 0
    errors: int = 0
    told: list[str] = field(default_factory=list)
    failure: str = ""


class Digest:
    """The sha256 of an input: names, sizes, times and cuts of all that is read."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def add(self, piece: Piece) -> None:
        """Where it lies does not count: the same bucket may be reached in several ways."""
        place = piece.place
        named = replace(piece, place=Place(place.name, "", "", place.state()))
        self._sha256.update(json.dumps(astuple(named)).encode())

    def hexdigest(self) -> str:
        """64 hexadecimal digits."""
        return self._sha256.hexdigest()


def parts_of(places: Iterable[Place], digest: Digest) -> Iterator[Part]:
    """All that is to be read in parts of about the same work; at least one, which may be empty.

    Args:
        places: the files, in order.
        digest: gets all of it.
    """
    number, pieces, size = 0, [], 0
    for piece in (piece for place in places for piece in pieces_of(place)):
        digest.add(piece)
        pieces.append(piece)
        size += _COSTS[piece.form] * max(1, piece.count)
        if size >= PART_SIZE:
            yield Part(number, tuple(pieces))
            number, pieces, size = number + 1, [], 0
    if pieces or not number:
        yield Part(number, tuple(pieces))


def read_part(part: Part, recognizer: Recognizer, results: Results) -> Done:
    """Read a part into its file, which appears when all of it is written.

    Raises:
        OutputError: it cannot be written.
    """
    count = errors = 0
    told: list[str] = []
    with results.writing(part.number) as file, TableWriter(file) as table:
        for piece in part.pieces:
            digits = _digits(piece, recognizer)
            if digits:
                table.columns(columns(piece.place.name, piece.first + 1, digits))
                count += len(digits)
                continue
            for outcome in outcomes_of(piece, recognizer):
                rows: list[dict[str, Any]] = outcome.rows()
                table.rows(rows)
                count += len(rows)
                errors += bool(outcome.error)
                told += filter(None, (outcome.note, outcome.error))
    return Done(part.number, count, errors, told)


def _digits(piece: Piece, recognizer: Recognizer) -> list[Digit]:
    """Those of an array's slice; none where it cannot be read, or is anything else."""
    if piece.form != "array":
        return []
    try:
        return recognizer.read_digits(digits_of(piece))
    except DigitrecError:
        return []  # read again, for its sentence
