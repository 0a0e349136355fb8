"""The confusion matrix, and the cell of it that is looked at: by a click or by two boxes."""

from __future__ import annotations

from typing import Any

import streamlit as st

from digitrec.web import charts as drawing
from digitrec.web.model import charts
from digitrec.web.model.confusion import Confusion
from digitrec.web.model.mistakes import Cell

_TRUTH, _ANSWER = "model_truth", "model_answer"
_DRAWN, _FRESH = "model_cell_drawn", "model_matrix_number"
_ANY = "any"
_LABELS = [_ANY, *map(str, range(10))]


def chosen() -> Cell:
    """The cell that the two boxes name."""
    return Cell(*(_label(st.session_state.get(key)) for key in (_TRUTH, _ANSWER)))


def boxes(cell: Cell) -> None:
    """Two boxes to choose the cell with, for a keyboard and for whole rows and columns."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="model_cell"):
        st.selectbox("It was a", _LABELS, key=_TRUTH, width=120, persist_state="session")
        st.selectbox("and was read as", _LABELS, key=_ANSWER, width=140, persist_state="session")
        st.button("Show all", key="model_all", on_click=_choose_any, disabled=cell == Cell())


def show(name: str, matrix: Confusion, cell: Cell | None) -> None:
    """The chart.

    Args:
        name: of the set, in words.
        matrix: its counts.
        cell: what is framed; a click on another sets the boxes. None where nothing answers to
            a click.
    """
    rows = _rows(matrix)
    most = max(row["wrong"] for row in rows)
    words = (
        f"Confusion matrix of {name}: truth in rows, what it was read as in columns. {_worst(rows)}"
    )
    if cell is None:
        spec = charts.confusion(matrix.answers, max(1, most), (), clickable=False)
        drawing.show(spec, rows, words)
        return
    key, framed = _key(cell)
    spec = charts.confusion(matrix.answers, max(1, most), framed, clickable=True)
    drawing.show(spec, rows, words, key=key, on_select=lambda: _click(key))


def _rows(matrix: Confusion) -> list[dict[str, Any]]:
    return [
        {
            "truth": str(truth),
            "answer": answer,
            "digits": int(matrix.counts[truth, place]),
            "wrong": 0 if truth == place else int(matrix.counts[truth, place]),
        }
        for truth in range(len(matrix.counts))
        for place, answer in enumerate(matrix.answers)
    ]


def _worst(rows: list[dict[str, Any]]) -> str:
    worst = max(rows, key=lambda row: int(row["wrong"]))
    if not worst["wrong"]:
        return "There is no mistake."
    frequent = f"{worst['truth']} read as {worst['answer']}, {worst['wrong']:,} times"
    return f"The most frequent mistake: {frequent}."


def _key(cell: Cell) -> tuple[str, list[tuple[str, str]]]:
    """The chart's key and the cells that it frames from the beginning.

    A chart keeps what was clicked in it; where the boxes say otherwise, another takes its place.
    """
    number, frame = st.session_state.get(_FRESH, (0, Cell()))
    is_there = f"model_matrix_{number}" in st.session_state
    if not is_there or st.session_state.get(_DRAWN, Cell()) != cell:
        number, frame = number + 1, cell
        st.session_state[_FRESH], st.session_state[_DRAWN] = (number, frame), cell
    return f"model_matrix_{number}", _framed(frame)


def _framed(cell: Cell) -> list[tuple[str, str]]:
    """The cells of the matrix that a truth and an answer mean: one, or the mistakes in a line."""
    if cell == Cell():
        return []
    truths = range(10) if cell.truth is None else [cell.truth]
    answers = range(10) if cell.answer is None else [cell.answer]
    asked = [(str(truth), str(answer)) for truth in truths for answer in answers]
    return asked if len(asked) == 1 else [(t, a) for t, a in asked if t != a]


def _click(key: str) -> None:
    """Set the boxes to the cell that was clicked; a click beside all of them means any."""
    state = st.session_state.get(key) or {}
    points = (state.get("selection") or {}).get(charts.CELL) or [{}]
    cell = Cell(_label(points[0].get("truth")), _label(points[0].get("answer")))
    st.session_state[_DRAWN] = cell
    for box, label in zip((_TRUTH, _ANSWER), cell, strict=True):
        st.session_state[box] = _ANY if label is None else str(label)


def _choose_any() -> None:
    st.session_state[_TRUTH] = st.session_state[_ANSWER] = _ANY


def _label(word: object) -> int | None:
    return int(word) if isinstance(word, str) and word in _LABELS[1:] else None
