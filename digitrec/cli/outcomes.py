"""What `digitrec read` writes of every page, as soon as it is read: text, JSON, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from digitrec.bulk.outcomes import Outcome
from digitrec.errors import OutputError
from digitrec.programs import printable
from digitrec.records import COLUMNS, csv_cell, error_record, page_record

Write = Callable[[Outcome, str], None]  # an outcome, and its name before its text, "" for none


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
        path = Path(os.path.realpath(path))  # what a link leads to, even in a circle
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
    def write(outcome: Outcome, name: str) -> None:
        if outcome.reading is not None:
            text = outcome.reading.text
            print(f"{printable(name)}: {text}" if name else text, file=file)

    yield write


@contextmanager
def _json(file: TextIO) -> Iterator[Write]:
    """An array with an object a page, on a line each."""
    before = "[\n"

    def write(outcome: Outcome, name: str) -> None:
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

    def write(outcome: Outcome, name: str) -> None:
        for row in outcome.rows():
            probabilities = row.pop("probabilities") or [None] * 10
            row |= dict(zip(shares, probabilities, strict=True))
            table.writerow({name: csv_cell(value) for name, value in row.items()})

    yield write


@contextmanager
def _parquet(file: BinaryIO) -> Iterator[Write]:
    """The same with the probabilities as a list of float32."""
    from digitrec.bulk.tables import TableWriter

    with TableWriter(file) as table:
        yield lambda outcome, name: table.rows(outcome.rows())


_FORMS: dict[str, Callable[[Any], Any]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "parquet": _parquet,
}
