"""A file in pieces, each small enough to be read at once and always the same.

A picture is one piece. An array of digits (.npy) and a table of pictures (.parquet) are read in
slices, so that no more than a slice is ever held and a slice can be read without those before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from digitrec.bulk.places import ARRAY, TABLE, Place
from digitrec.errors import DigitrecError, DigitsError, PictureError
from digitrec.imaging.contents import readable

DIGITS_AT_ONCE, PICTURES_AT_ONCE = 16_384, 1_024  # of an array, of a table
_BYTES = 28 * 28  # of a digit
_LARGEST_GROUP = 1_000_000_000  # bytes, of a table's row group as they are unpacked
_COLUMNS = ("image", "bytes")
_ROWS_AT_ONCE = 16  # unpacked of a table: each may be as large as a picture's file


@dataclass(frozen=True, slots=True)
class Piece:
    """What is read at once.

    Attributes:
        place: the file.
        form: "picture" for all of its pages, or what it is a slice of.
        first: the slice's first digit or row, from 0.
        count: how many there are in it.
        start: where to find it: the byte of an array's slice, the row group of a table's.
        skip: rows of that row group before the slice.
        error: the sentence on why there is nothing to read.
    """

    place: Place
    form: Literal["picture", "array", "table"] = "picture"
    first: int = 0
    count: int = 0
    start: int = 0
    skip: int = 0
    error: str = ""


def pieces_of(place: Place) -> Iterator[Piece]:
    """A file's pieces in order; of one that cannot be looked into a piece that says why."""
    try:
        if place.ending == ARRAY:
            yield from _slices_of_array(place)
        elif place.ending == TABLE:
            yield from _slices_of_table(place)
        else:
            yield Piece(place)
    except DigitrecError as error:
        yield Piece(place, error=str(error))


def _slices_of_array(place: Place) -> Iterator[Piece]:
    with _array(place) as file:
        count = _count_of(file)
        start = file.tell()
        if file.seek(0, 2) - start < count * _BYTES:
            raise ValueError(f"{count:,} digits, but not all their bytes")
    for first in range(0, count, DIGITS_AT_ONCE):
        size = min(DIGITS_AT_ONCE, count - first)
        yield Piece(place, "array", first, size, start + first * _BYTES)


def digits_of(piece: Piece) -> NDArray[np.uint8]:
    """The digits (N, 28, 28) uint8 of an array's slice.

    Raises:
        PictureNotFoundError, DigitsError: the file is not there any more, or is another one.
    """
    with _array(piece.place) as file:
        file.seek(piece.start)
        content = file.read(piece.count * _BYTES)
        return np.frombuffer(content, np.uint8).reshape(piece.count, 28, 28)


@contextmanager
def _array(place: Place) -> Iterator[IO[bytes]]:
    try:
        with place.open() as file:
            yield file
    except FileNotFoundError as error:
        with readable(place.name):
            raise FileNotFoundError from error
    except (OSError, ValueError) as error:
        raise DigitsError(
            f"Expected digits as an array (N, 28, 28) of uint8 in {place.name}. Received: "
            f"{getattr(error, 'strerror', None) or error}. Save it with numpy.save."
        ) from error


def _count_of(file: IO[bytes]) -> int:
    """How many digits a .npy file's header tells of; nothing in it is ever executed."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"a file of version {version[0]}.{version[1]}")
    try:
        shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file)
    except Exception as error:  # NumPy takes it for Python, which can be wrong in many ways
        raise ValueError(f"a damaged head ({type(error).__name__})") from error
    if dtype != np.uint8 or len(shape) != 3 or shape[1:] != (28, 28) or shape[0] < 0 or by_columns:
        order = " by columns" if by_columns else ""
        raise ValueError(f"{shape} of {dtype}{order}")
    return int(shape[0])


def _slices_of_table(place: Place) -> Iterator[Piece]:
    first = 0
    with _table(place) as (table, column):
        groups = [table.metadata.row_group(i) for i in range(table.num_row_groups)]
        for number, group in enumerate(groups):
            chunks = (group.column(i) for i in range(group.num_columns))
            size = sum(c.total_uncompressed_size for c in chunks if c.path_in_schema == column)
            if size > _LARGEST_GROUP:
                raise ValueError(f"a row group of {size:,} bytes; write it with smaller ones")
            for skip in range(0, group.num_rows, PICTURES_AT_ONCE):
                count = min(PICTURES_AT_ONCE, group.num_rows - skip)
                yield Piece(place, "table", first + skip, count, number, skip)
            first += group.num_rows


def pictures_of(piece: Piece) -> Iterator[bytes | None]:
    """The content of each picture of a table's slice, None where there is none.

    Raises:
        PictureNotFoundError, PictureError: the file is not there any more, or is damaged.
    """
    with _table(piece.place) as (table, column):
        batches = table.iter_batches(
            _ROWS_AT_ONCE, row_groups=[piece.start], columns=[column], use_threads=False
        )
        values = chain.from_iterable(map(partial(_contents, column=column), batches))
        yield from islice(values, piece.skip, piece.skip + piece.count)


def _contents(batch: Any, column: str) -> Iterator[bytes | None]:
    values = batch.column(0)
    for value in values.field("bytes") if "." in column else values:
        yield value.as_py()


@contextmanager
def _table(place: Place) -> Iterator[tuple[Any, str]]:
    """A Parquet file and its column of pictures, as a path in its schema."""
    from pyarrow import parquet

    try:
        with place.open() as file:
            table = parquet.ParquetFile(file, buffer_size=1 << 20)
            yield table, _column_of(table.schema_arrow)
    except FileNotFoundError as error:
        with readable(place.name):
            raise FileNotFoundError from error
    except (OSError, ValueError) as error:
        raise PictureError(
            f"Expected a table of pictures in {place.name}: Parquet with a column image or bytes "
            f"that holds their files' bytes. Received: {getattr(error, 'strerror', None) or error}."
        ) from error


def _column_of(schema: Any) -> str:
    from pyarrow import types

    def holds_bytes(kind: Any) -> bool:
        return bool(types.is_binary(kind) or types.is_large_binary(kind))

    for name in _COLUMNS:
        if name not in schema.names:
            continue
        kind = schema.field(name).type
        if holds_bytes(kind):
            return name
        # As Hugging Face's datasets hold pictures: {"bytes": …, "path": …}.
        inner = [each for each in kind if each.name == "bytes"] if types.is_struct(kind) else []
        if any(holds_bytes(each.type) for each in inner):
            return f"{name}.bytes"
    raise ValueError("columns " + ", ".join(f"{f.name} ({f.type})" for f in schema))
