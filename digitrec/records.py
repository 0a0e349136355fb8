"""Readings as plain data: what JSON, CSV and Parquet hold of them, the same at every door."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from digitrec.reading import Box, Digit, Reading

# A row's names, in order.
COLUMNS = (
    *("file", "page", "line", "group", "place", "text", "status", "label", "confidence"),
    *("digit_score", "x", "y", "width", "height", "turned", "probabilities", "error"),
)
_DECIMALS = 6  # of probabilities: float32 has no more to tell
# What spreadsheets take for a formula (OWASP, "CSV Injection"), unless it is a plain number.
_SIGN = r"[=+\-@＝＋－＠](?!\s*$)"
_FORMULA = re.compile(rf"\s*{_SIGN}")
# Where the list separator is not the comma, quotation marks of CSV need not hold a cell together.
_LATER_FORMULA = re.compile(rf'([;\t\n](?:[^\S\t\n]|")*)(?={_SIGN})')
_NUMBER = re.compile(r"[+-][\d.,]+")


def csv_cell(value: Any) -> Any:
    """A value as a cell of CSV that no spreadsheet runs; text that it would run gets an apostrophe.

    So does every formula that follows a semicolon, a tab or the end of a line, at which some
    spreadsheets split a cell. Names of files come from strangers.
    """
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    text = value.replace("\r", " ")  # which some readers take for the end of a row
    safe = _LATER_FORMULA.sub(r"\1'", text)
    return f"'{safe}" if _FORMULA.match(text) else safe


def reading_record(reading: Reading) -> dict[str, Any]:
    """A reading with its own fields' names.

    Returns:
        `status`, `text`, `turned` (degrees clockwise) and `digits`, in reading order, each as of
        `digit_record` with its `line` and its `group` in that line, from 0.
    """
    return {
        "status": reading.status,
        "text": reading.text,
        "turned": reading.turned,
        "digits": [
            {**digit_record(digit), "line": line, "group": group}
            for line, group, digit in _in_order(reading)
        ],
    }


def page_record(file: str, page: int, reading: Reading) -> dict[str, Any]:
    """A page's reading as of `reading_record`, after its `file` and its `page`, from 1."""
    return {"file": file, "page": page, **reading_record(reading)}


def error_record(file: str, page: int | None, error: str) -> dict[str, Any]:
    """What stands for a file (`page` is None) or page that cannot be read: its sentence."""
    return {"file": file, "page": page, "status": "error", "error": error}


def digit_record(digit: Digit) -> dict[str, Any]:
    """A digit with its own fields' names.

    Returns:
        `label` (0-9, the likeliest class whatever the status), `confidence` (0-1),
        `probabilities` (ten, 0-1), `status`, `alternatives`, `digit_score` (0-1), and `box` with
        `x`, `y`, `width` and `height` in px of the picture as it was given.
    """
    return {
        "label": digit.label,
        "confidence": _rounded(digit.confidence),
        "probabilities": [_rounded(share) for share in digit.probabilities.tolist()],
        "status": digit.status,
        "alternatives": list(digit.alternatives),
        "digit_score": _rounded(digit.digit_score),
        "box": digit.box._asdict(),
    }


def rows(file: str, page: int, reading: Reading) -> Iterator[dict[str, Any]]:
    """A reading as rows of a table, one a digit; of one without digits a row that says so.

    Args:
        file: where it comes from.
        page: of the file, from 1.
        reading: what was read.

    Yields:
        A value for every name of `COLUMNS`; None where there is none.
    """
    empty = dict.fromkeys(COLUMNS) | {"file": file, "page": page, "turned": reading.turned}
    if not reading.digits:
        yield empty | {"status": reading.status}
    for place, (line, group, digit) in enumerate(_in_order(reading)):
        record = digit_record(digit)
        box = record.pop("box")
        del record["alternatives"]
        where = {"place": place, "line": line, "group": group, "text": digit.text}
        yield empty | where | record | box


def columns(file: str, first: int, digits: Sequence[Digit]) -> dict[str, list[Any]]:
    """What `rows` gives of readings that are one digit each, as columns and in less time.

    Args:
        file: where they come from.
        first: the page of the first one; the others follow.
        digits: at least one.

    Returns:
        As many values for every name of `COLUMNS`.
    """
    count = len(digits)
    shares = [[_rounded(share) for share in digit.probabilities.tolist()] for digit in digits]
    labels = [digit.label for digit in digits]
    zeros = [0] * count
    return {
        "file": [file] * count,
        "page": list(range(first, first + count)),
        **{"line": zeros, "group": zeros, "place": zeros, "turned": zeros},
        "text": [digit.text for digit in digits],
        "status": [digit.status for digit in digits],
        "label": labels,
        "confidence": [row[label] for row, label in zip(shares, labels, strict=True)],
        "digit_score": [_rounded(digit.digit_score) for digit in digits],
        **{name: [getattr(d.box, name) for d in digits] for name in Box._fields},
        "probabilities": shares,
        "error": [None] * count,
    }


def error_row(file: str, page: int | None, error: str) -> dict[str, Any]:
    """The row of a file or page that cannot be read: its sentence, and status "error"."""
    return dict.fromkeys(COLUMNS) | error_record(file, page, error)


def _in_order(reading: Reading) -> Iterator[tuple[int, int, Digit]]:
    """Every digit with its line and its group there."""
    for line, groups in enumerate(reading.lines):
        for group, digits in enumerate(groups):
            for digit in digits:
                yield line, group, digit


def _rounded(share: float) -> float:
    return round(share, _DECIMALS)
