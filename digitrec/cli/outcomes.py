"""What `digitrec read` writes of every page, as soon as it is read: text, JSON, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from digitrec.errors import OutputError
from digitrec.records import COLUMNS, error_record, error_row, page_record, rows

if TYPE_CHECKING:
    from digitrec.reading import Reading

_ROWS_AT_ONCE = 20_000  # of a Parquet file's row group


@dataclass(frozen=True)
class Outcome:
    """One page that was read, or that cannot be.

    Attributes:
        file: as it was given.
        page: from 1; None where the whole file cannot be read.
        name: what to call it before its text, "" where nothing else is read.
        reading: None where there is none.
        error: the sentence on what went wrong, with the reading or with its picture.
    """

    file: str
    page: int | None
    name: str
    reading: Reading | None
    error: str = ""

    def rows(self) -> list[dict[str, Any]]:
        """As rows of a table."""
        if self.reading is None:
            return [error_row(self.file, self.page, self.error)]
        return list(rows(self.file, self.page or 1, self.reading))


Write = Callable[[Outcome], None]


@contextmanager
def writer(form: str, output: str | None) -> Iterator[Write]:
    """What writes outcomes in a form, to a file or to standard output.

    Args:
        form: text, json, csv or parquet.
        output: the file; it appears when all is written, and is as it was if that fails.

    Raises:
        OutputError: the file cannot be written.
    """
    if output is None:
        with _FORMS[form](sys.stdout.buffer if form == "parquet" else sys.stdout) as write:
            yield write
        return
    path = Path(output)
    if path.exists() and not path.is_file():
        beside = path  # a pipe or a device, to be written to and never replaced
    else:
        path = path.resolve()  # what a link leads to
        beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with _open(beside, form) as file, _FORMS[form](file) as write:
            yield write
        if beside != path:
            beside.replace(path)
    except OSError as error:
        raise OutputError(
            f"Expected to write {output}. Received: {error}. Give another --output."
        ) from error
    finally:
        if beside != path:
            beside.unlink(missing_ok=True)


def _open(path: Path, form: str) -> Any:
    if form == "parquet":
        return path.open("wb")
    return path.open("w", encoding="utf-8", newline="" if form == "csv" else None)


@contextmanager
def _text(file: TextIO) -> Iterator[Write]:
    def write(outcome: Outcome) -> None:
        if outcome.reading is not None:
            text = outcome.reading.text
            print(f"{outcome.name}: {text}" if outcome.name else text, file=file)

    yield write


@contextmanager
def _json(file: TextIO) -> Iterator[Write]:
    """An array with an object a page, on a line each."""
    before = "[\n"

    def write(outcome: Outcome) -> None:
        nonlocal before
        if outcome.reading is None:
            record = error_record(outcome.file, outcome.page, outcome.error)
        else:
            record = page_record(outcome.file, outcome.page or 1, outcome.reading)
        file.write(before + json.dumps(record, ensure_ascii=False))
        before = ",\n"

    yield write
    file.write("[]\n" if before == "[\n" else "\n]\n")


@contextmanager
def _csv(file: TextIO) -> Iterator[Write]:
    """A row a digit, probabilities in ten columns p0 to p9."""
    shares = [f"p{label}" for label in range(10)]
    names = [name for name in COLUMNS if name not in {"probabilities", "error"}]
    table = csv.DictWriter(file, [*names, *shares, "error"], lineterminator="\n")
    table.writeheader()

    def write(outcome: Outcome) -> None:
        for row in outcome.rows():
            probabilities = row.pop("probabilities") or [None] * 10
            table.writerow(row | dict(zip(shares, probabilities, strict=True)))

    yield write


@contextmanager
def _parquet(file: BinaryIO) -> Iterator[Write]:
    """The same with the probabilities as a list of float32."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet_schema()
    kept: list[dict[str, Any]] = []
    with parquet.ParquetWriter(file, schema) as table:

        def flush() -> None:
            table.write_table(pa.Table.from_pylist(kept, schema=schema))
            kept.clear()

        def write(outcome: Outcome) -> None:
            kept.extend(outcome.rows())
            if len(kept) >= _ROWS_AT_ONCE:
                flush()

        yield write
        flush()


def parquet_schema() -> Any:
    """The types of `COLUMNS`, a pyarrow.Schema."""
    import pyarrow as pa

    whole = {"page", "line", "group", "place", "label", "x", "y", "width", "height", "turned"}
    types = dict.fromkeys(COLUMNS, pa.string()) | dict.fromkeys(whole, pa.int32())
    types |= {"confidence": pa.float32(), "digit_score": pa.float32()}
    types |= {"probabilities": pa.list_(pa.float32())}
    return pa.schema([(name, types[name]) for name in COLUMNS])


_FORMS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
}
