"""Tables of the page Model: HTML that fits a phone, and the same numbers as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from digitrec.records import csv_cell


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers.

    Attributes:
        name: what it holds, for screen readers and as the file's name.
        head: a title a column; the first column names the rows.
        rows: the cells.
        strong: rows that stand out.
        narrow: whether it fits a phone as it is; else each row stacks there.
    """

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Collection[int] = ()
    narrow: bool = False


def show(table: Table, note: str = "") -> None:
    """A table, a button that takes its numbers home, and a note that should be known of it."""
    st.html(as_html(table))
    file = "-".join(table.name.lower().split())
    with st.container(horizontal=True, vertical_alignment="center", key=f"model_below_{file}"):
        st.download_button(
            "CSV",
            as_csv(table),
            file_name=f"{file}.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            help=f"Download: {table.name}",
            on_click="ignore",
            key=f"model_csv_{file}",
        )
        if note:
            st.caption(note)


def as_html(table: Table) -> str:
    """The table alone."""
    titles = "".join(f'<th scope="col">{escape(title)}</th>' for title in table.head)
    body = "".join(
        _row(table.head, row, place in table.strong) for place, row in enumerate(table.rows)
    )
    return (
        f'<table class="facts{" narrow" if table.narrow else ""}">'
        f"<caption>{escape(table.name)}</caption>"
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(head: Sequence[str], row: Sequence[str], strong: bool) -> str:
    cells = "".join(
        f'<td data-head="{escape(title)}"{_long(cell)}>{escape(cell)}</td>'
        for title, cell in zip(head[1:], row[1:], strict=True)
    )
    mark = ' class="strong"' if strong else ""
    return f'<tr{mark}><th scope="row">{escape(row[0])}</th>{cells}</tr>'


def _long(cell: str) -> str:
    """What gives a hash or a sentence the whole width of a phone."""
    return ' class="long"' if len(cell) > 24 else ""


def as_csv(table: Table) -> str:
    """The head and the rows; numbers without the marks that make them readable."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(csv_cell, table.head))
    writer.writerows([[csv_cell(_plain(cell)) for cell in row] for row in table.rows])
    return file.getvalue()


def _plain(cell: str) -> str:
    bare = cell.replace(",", "")
    return bare if bare.isdecimal() else cell


def percent(share: float | None) -> str:
    """A share of 0-1 in percent, two digits after the point; "" where there is none."""
    return "" if share is None else f"{100 * share:.2f}"


def list_html(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and what they are, side by side where there is room; those without are left out."""
    body = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in pairs
        if value
    )
    return f'<dl class="facts">{body}</dl>'
