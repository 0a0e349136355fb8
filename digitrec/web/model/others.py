"""Section "Other hands": other people's digits, spoilt ones, what is none, numbers, pages."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from digitrec.web import charts as drawing
from digitrec.web.model import charts, tables
from digitrec.web.model.facts import Facts
from digitrec.web.model.names import about, called
from digitrec.web.model.report import DigitSet, OutlierSet, PageSet, StringSet
from digitrec.web.model.tables import Table

_NONE = (
    "This artifact has not been evaluated. `python -m digitrec evaluate` reads other people's "
    "digits with it, spoilt ones, what is no digit, numbers and whole pages."
)


def show(known: Facts) -> None:
    """One run of the section."""
    told = known.evaluation
    if told is None:
        st.info(_NONE)
        return
    if told.digits:
        _chart(told.digits)
    left, right = st.columns(2, gap="large")
    with left:
        if told.digits:
            _digits(told.digits)
    with right:
        _people([row for row in told.plain if row.mean_of_groups is not None])
        if told.not_digits:
            _not_digits(told.not_digits)
        if told.strings:
            _strings(told.strings)
    if told.pages:
        _pages(told.pages, told.tesseract)


def grouped(digits: Sequence[DigitSet]) -> dict[str, list[DigitSet]]:
    """Each set with its spoilt variants, which follow it, by its name."""
    found: dict[str, list[DigitSet]] = {}
    name = ""
    for row in digits:
        if not row.variant or not name:
            name = row.name
        found.setdefault(name, []).append(row)
    return found


def _chart(digits: Sequence[DigitSet]) -> None:
    st.html('<h3 class="model">Digits, and how many are read rightly</h3>')
    groups = grouped(digits)
    rows = [
        {
            "set": called(name),
            "name": called(row.name),
            "kind": "spoilt" if row.variant else "as it is",
            "right": 100 * row.right,
            "digits": row.count,
        }
        for name, of_it in groups.items()
        for row in of_it
    ]
    worst, best = min(digits, key=_right), max(digits, key=_right)
    words = (
        f"{len(digits)} sets of digits: from {100 * worst.right:.2f} % right "
        f"({called(worst.name)}) to {100 * best.right:.2f} % ({called(best.name)})."
    )
    low = max(0.0, math.floor(100 * worst.right - 0.3))
    drawing.show(charts.sets([called(name) for name in groups], low), rows, words)
    known = [f"{called(name)}: {about(name)}" for name in groups if about(name)]
    if known:
        st.caption(f"{'; '.join(known)}. Small dots: the same digits, spoilt.")


def _right(row: DigitSet) -> float:
    return row.right


def _digits(digits: Sequence[DigitSet]) -> None:
    rows = [
        (called(row.name), f"{row.count:,}", *map(tables.percent, (row.right, row.accepted)))
        for row in digits
    ]
    plain = {place for place, row in enumerate(digits) if not row.variant}
    note = "Accepted: taken for a digit at all. What is refused may still be named rightly."
    head = ("set", "digits", "right, %", "accepted, %")
    st.html('<h3 class="model">Set by set</h3>')
    tables.show(Table("Digits read rightly", head, rows, strong=plain, narrow=True), note)


def _people(digits: Sequence[DigitSet]) -> None:
    """Where it is known who wrote what."""
    rows = [
        (
            called(row.name),
            tables.percent(row.mean_of_groups),
            tables.percent(row.worst_right),
            row.worst_group or "nobody has a mistake",
        )
        for row in digits
    ]
    if rows:
        st.html('<h3 class="model">Person by person</h3>')
        head = ("set", "mean over people, %", "worst, %", "who that is")
        tables.show(Table("People", head, rows, narrow=True))


def _not_digits(sets: Sequence[OutlierSet]) -> None:
    st.html('<h3 class="model">What is no digit</h3>')
    rows = [(called(row.name), f"{row.count:,}", tables.percent(row.refused)) for row in sets]
    note = "A letter may look like a digit (o, l, z); rows without look-alikes leave such out."
    head = ("set", "number", "refused, %")
    tables.show(Table("No digits refused", head, rows, narrow=True), note)


def _strings(sets: Sequence[StringSet]) -> None:
    st.html('<h3 class="model">Numbers of several digits</h3>')
    rows = [
        (called(row.name), f"{row.count:,}", *map(tables.percent, (row.drawn, row.pictured)))
        for row in sets
    ]
    head = ("set and spacing", "numbers", "drawn, %", "as pictures, %")
    note = "Right if every digit is; the same numbers as strokes of a pen and as pictures."
    tables.show(Table("Numbers read rightly", head, rows, narrow=True), note)


def _pages(pages: Sequence[PageSet], tesseract: Sequence[PageSet]) -> None:
    st.html('<h3 class="model">Whole pages</h3>')
    beside = {row.name: row for row in tesseract}
    rows = [
        (row.name, f"{row.count:,}", *_shares(row), *_shares(beside.get(row.name)))
        if beside
        else (row.name, f"{row.count:,}", *_shares(row))
        for row in pages
    ]
    head = ["pages", "number", "characters, %", "without a mistake, %"]
    if beside:
        head += ["Tesseract: characters, %", "Tesseract: without a mistake, %"]
    strong = {place for place, row in enumerate(pages) if row.name == "all pages"}
    tables.show(Table("Pages", head, rows, strong=strong))


def _shares(row: PageSet | None) -> tuple[str, str]:
    return ("", "") if row is None else (tables.percent(row.characters), tables.percent(row.whole))
