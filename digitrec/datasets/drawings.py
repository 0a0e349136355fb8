"""Drawings as JSON lines: one object a line, plain or gzip-compressed.

    {"label": "7", "writer": 12, "strokes": [[[x, y], …], …]}

x right, y down, in canvas pixels or any unit of which a drawing spans 8 or more: below that a
drawing counts as a touch of the pen. `writer` may be left out.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.errors import DatasetError, DatasetNotFoundError, StrokesError
from digitrec.imaging.strokes import SMALLEST_DRAWING, checked_strokes, extent
from digitrec.packed import read_lines


@dataclass(frozen=True, eq=False)
class Drawing:
    """One character that somebody drew.

    Attributes:
        label: what it is: "0" to "9", or another character.
        writer: who drew it; "" where nobody noted it.
        strokes: each (n, 2) float32, x right, y down.
    """

    label: str
    writer: str
    strokes: tuple[NDArray[np.float32], ...]

    @property
    def digit(self) -> int | None:
        """0-9, or None for any other character."""
        return int(self.label) if self.label in set("0123456789") else None


def load_drawings(path: str | os.PathLike[str]) -> list[Drawing]:
    """Every drawing of a file.

    Args:
        path: JSON lines, plain or `.gz`.

    Raises:
        DatasetNotFoundError: no such file.
        DatasetError: a line is malformed (the message names its number), or there is none.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise DatasetNotFoundError(
            f"Expected drawings as JSON lines in {file}. Received: "
            f"{'a folder' if file.is_dir() else 'no such file'}. Check the path."
        )
    drawings = [_drawing(line, f"line {number} of {file}") for number, line in _lines(file)]
    if not drawings:
        raise DatasetError(
            f"Expected at least one drawing in {file}. Received: none. Fetch the file again."
        )
    middle = float(np.median([extent(drawing.strokes) for drawing in drawings]))
    if middle < SMALLEST_DRAWING:
        raise DatasetError(
            f"Expected drawings that span {SMALLEST_DRAWING:g} units or more in {file}. Received: "
            f"{middle:.3g} for the middle one. Multiply all coordinates, say by 1,000."
        )
    return drawings


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        for number, line in read_lines(file):
            yield number, line.decode("utf-8")
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise DatasetError(
            f"Expected JSON lines in UTF-8 in {file}. Received: a file that cannot be read "
            f"({error}). Fetch it again."
        ) from error


def _drawing(line: str, where: str) -> Drawing:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DatasetError(
            f"Expected JSON in {where}. Received: {line.strip()[:60]!r} ({error}). "
            "Mend or remove the line."
        ) from error
    if not isinstance(item, dict) or not {"label", "strokes"} <= item.keys():
        raise DatasetError(
            f'Expected an object with "label" and "strokes" in {where}. Received: '
            f"{line.strip()[:60]!r}. Mend or remove the line."
        )
    label = str(item["label"])
    if len(label) != 1:
        raise DatasetError(
            f"Expected one character as the label in {where}. Received: {label[:20]!r}. "
            "Mend or remove the line."
        )
    try:
        strokes = checked_strokes(item["strokes"])
    except StrokesError as error:
        raise DatasetError(f"{error} This is in {where}.") from error
    if not strokes:
        raise DatasetError(
            f"Expected at least one point in {where}. Received: no stroke. Remove the line."
        )
    writer = item.get("writer")
    return Drawing(label, "" if writer is None else str(writer), tuple(strokes))


def write_drawings(path: str | os.PathLike[str], drawings: Iterable[Drawing]) -> int:
    """Write JSON lines, compressed if the name ends in `.gz`, whole or not at all.

    Returns:
        How many drawings were written.
    """
    file = Path(path)
    temporary = file.with_name(f".{file.name}.part")
    count = 0
    try:
        # Without a time in its head a compressed file depends on its content alone.
        with temporary.open("wb") as raw:
            out: Any = gzip.GzipFile("", "wb", 9, raw, mtime=0) if file.suffix == ".gz" else raw
            for drawing in drawings:
                strokes = [np.round(s.astype(float), 2).tolist() for s in drawing.strokes]
                item = {"label": drawing.label, "writer": drawing.writer, "strokes": strokes}
                out.write((json.dumps(item, separators=(",", ":")) + "\n").encode())
                count += 1
            if out is not raw:
                out.close()
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return count
