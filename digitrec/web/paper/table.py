"""Every number in a table: the doubtful ones first, to be corrected in place."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.records import csv_cell
from digitrec.web.paper import pile
from digitrec.web.paper.pile import Entry

_ROW, _HEADER = 40, 38  # px
_MOST_ROWS = 12  # before the table scrolls
_PICTURE = 64  # px high: crops are shown at about half of that
_WIDEST = 3.4  # times as wide as high: a cell's form, wider crops would be cut off
_PICTURES = 400  # rows; in a longer table the last ones go without a crop
_SHOWN = "paper_rows"


def show(entries: Sequence[Entry]) -> None:
    """The table of these numbers; an edit becomes a correction at once."""
    rows = in_order(entries)
    st.session_state[_SHOWN] = rows
    cut_out(rows[:_PICTURES])
    # Edits are told by row: other rows make another table.
    places = "".join(map(repr, (entry.at for entry in rows)))
    key = "paper_table_" + hashlib.sha256(places.encode()).hexdigest()[:16]
    named = len({entry.sheet.name for entry in rows}) > 1
    st.data_editor(
        [_row(i, entry, named=named) for i, entry in enumerate(rows)],
        key=key,
        on_change=_take_over,
        args=(key,),
        hide_index=True,
        row_height=_ROW,
        height=_ROW * min(len(rows), _MOST_ROWS) + _HEADER,
        placeholder="–",
        disabled=["picture", "note", "sure", "line", "page"],
        column_config={
            "picture": st.column_config.ImageColumn("Written", width=124),
            "text": st.column_config.TextColumn("Read", width=112, max_chars=60),
            "note": st.column_config.TextColumn("", width=78),
            "sure": st.column_config.NumberColumn("Sure", width=66, format="%.1f %%"),
            "line": st.column_config.NumberColumn("Line", width=50),
            "page": st.column_config.TextColumn("Page", width=124),
        },
    )


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """The doubtful ones first, the least sure at the top; then as they are read.

    The order is that of the reading, not of the corrections: a row that was mended stays
    where the hand is.
    """
    doubtful = [entry for entry in entries if entry.number.doubtful]
    sure = [entry for entry in entries if not entry.number.doubtful]
    return sorted(doubtful, key=lambda entry: entry.number.confidence) + sure


def _row(index: int, entry: Entry, *, named: bool) -> dict[str, Any]:
    number, corrected = entry.number, pile.corrections().get(entry.at)
    row: dict[str, Any] = {
        "picture": entry.sheet.crops[number.box] if index < _PICTURES else None,
        "text": number.text if corrected is None else corrected,
        "note": "corrected" if corrected is not None else "check" if number.doubtful else "",
        "sure": _percent(number.confidence),
        "line": number.line,
    }
    # The table has a button of Streamlit's own that writes what is shown as CSV.
    return row | ({"page": csv_cell(entry.sheet.name)} if named else {})


def _percent(share: float) -> float | None:
    """Percent, cut to a tenth: what is not quite certain is not called 100; None for no digit."""
    return min(99.9, math.floor(1000 * share) / 10) if share else None


def _take_over(key: str) -> None:
    rows: list[Entry] = st.session_state[_SHOWN]
    for index, edit in st.session_state[key].get("edited_rows", {}).items():
        if "text" in edit and int(index) < len(rows):
            pile.correct(rows[int(index)], edit["text"])


def cut_out(entries: Iterable[Entry]) -> None:
    """Have their pages keep these numbers as they were written, as addresses of images."""
    missing: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.number.box not in entry.sheet.crops:
            missing.setdefault(id(entry.sheet), []).append(entry)
    for some in missing.values():
        sheet = some[0].sheet
        preview = np.frombuffer(sheet.preview, np.uint8)
        picture = np.asarray(cv2.imdecode(preview, cv2.IMREAD_COLOR), np.uint8)
        scale = picture.shape[1] / sheet.width
        for box in (entry.number.box for entry in some):
            sheet.crops[box] = _crop(picture, [round(side * scale) for side in box])


def _crop(picture: NDArray[np.uint8], box: Sequence[int]) -> str:
    x, y, width, height = box
    margin = 2 + height // 8
    left, top = max(0, x - margin), max(0, y - margin)
    right = x + width + margin
    part: np.ndarray[Any, Any] = picture[
        top : max(top + 1, y + height + margin), left : max(left + 1, right)
    ]
    missing = math.ceil(part.shape[1] / _WIDEST) - part.shape[0]
    if missing > 0:
        paper = [float(value) for value in np.median(part.reshape(-1, 3), axis=0)]
        above = missing // 2
        sides = (above, missing - above, 0, 0)
        part = cv2.copyMakeBorder(part, *sides, cv2.BORDER_CONSTANT, value=paper)
    scale = _PICTURE / part.shape[0]
    size = max(1, round(part.shape[1] * scale)), _PICTURE
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    _, encoded = cv2.imencode(
        ".jpg", cv2.resize(part, size, interpolation=how), [cv2.IMWRITE_JPEG_QUALITY, 80]
    )
    return "data:image/jpeg;base64," + base64.b64encode(bytes(encoded)).decode()
