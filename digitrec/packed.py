"""What comes from packed files: lines one at a time, and never more than such a file can mean.

Some hundred bytes can be made to unpack to a gigabyte. What people pack grows to ten times its
size; what grows a hundred times was made to fill memory.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path

LONGEST_LINE = 10_000_000  # bytes: a drawing of 50,000 points takes 2,000,000
_AT_ONCE = 1_000_000  # bytes
_GROWTH, _ALWAYS = 100, 10_000_000  # times, and bytes that the smallest file may grow to


def most_unpacked(packed: int) -> int:
    """How many bytes so many packed ones may become."""
    return _GROWTH * packed + _ALWAYS


def open_packed(path: Path) -> BufferedIOBase:
    """A file opened for reading bytes, unpacked on the way where its name ends in `.gz`."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file, plain or `.gz`, with their numbers from 1; blank ones are left out.

    Raises:
        EOFError, OSError, zlib.error: it cannot be read.
        ValueError: a line is longer than `LONGEST_LINE`, or it grows beyond `most_unpacked`.
    """
    most, taken, number, begun = most_unpacked(path.stat().st_size), 0, 0, b""
    with open_packed(path) as file:
        # Line by line, hundreds of millions of empty ones would take minutes.
        while piece := file.read(_AT_ONCE):
            taken += len(piece)
            if taken > most:
                raise ValueError(f"packed bytes that grow to more than {most:,}")
            piece = begun + piece
            if piece.isspace():
                number, begun = number + piece.count(b"\n"), b""
                continue
            *whole, begun = piece.split(b"\n")
            for place, line in enumerate(whole, start=number + 1):
                if line and not line.isspace():
                    yield place, _short(line, place)
            number += len(whole)
            _short(begun, number + 1)
        if begun and not begun.isspace():
            yield number + 1, begun


def _short(line: bytes, number: int) -> bytes:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"a longer line than {LONGEST_LINE:,} bytes, line {number:,}")
    return line
