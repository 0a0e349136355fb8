"""Which digits of the test set were read wrongly, and as what; where MNIST is here, as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.web.at_hand import Answered
from digitrec.web.model import tables
from digitrec.web.model.confusion import CLASSES, Confusion
from digitrec.web.model.report import Mistake
from digitrec.web.model.tables import Table
from digitrec.web.views import data_url

AT_A_TIME, _ROWS_AT_A_TIME = 48, 10  # pictures; rows where there are none
_SHOWN = "model_mistakes_shown"


class Cell(NamedTuple):
    """What is asked for: a truth and an answer, 0-9, or None for any."""

    truth: int | None = None
    answer: int | None = None

    @property
    def is_right(self) -> bool:
        """Whether it holds no mistakes."""
        return self.truth is not None and self.truth == self.answer


def found(answered: Answered, cell: Cell) -> tuple[Mistake, ...]:
    """The mistakes of a cell, the surest first; of a cell without any, the least sure right ones.

    Args:
        answered: the digits, and what the network in use answers.
        cell: which of them.
    """
    labels, answers, sure = answered.labels, answered.answers, answered.confidences
    chosen = (labels == answers) if cell.is_right else (labels != answers)
    if cell.truth is not None:
        chosen &= labels == cell.truth
    if cell.answer is not None:
        chosen &= answers == cell.answer
    places = np.flatnonzero(chosen)
    order = np.argsort(sure[places] if cell.is_right else -sure[places], kind="stable")
    return tuple(
        Mistake(int(i), int(labels[i]), int(answers[i]), float(sure[i])) for i in places[order]
    )


def counted(confusion: Confusion, cell: Cell) -> int:
    """How many a cell holds."""
    counts = confusion.counts[:, :CLASSES]
    if not cell.is_right:
        counts = counts * (1 - np.eye(CLASSES, dtype=np.int64))
    rows = slice(None) if cell.truth is None else slice(cell.truth, cell.truth + 1)
    columns = slice(None) if cell.answer is None else slice(cell.answer, cell.answer + 1)
    return int(counts[rows, columns].sum())


def listed(mistakes: Sequence[Mistake], cell: Cell) -> tuple[Mistake, ...]:
    """Those of a report that lie in a cell."""
    return tuple(
        m for m in mistakes if cell.truth in {None, m.truth} and cell.answer in {None, m.answer}
    )


def pictures(mistakes: Sequence[Mistake], digits: NDArray[np.uint8], cell: Cell) -> None:
    """Each as the network saw it, so many at a time.

    Args:
        mistakes: in their order.
        digits: (N, 28, 28) uint8, the set.
        cell: what was asked for.
    """
    shown = _shown(cell, AT_A_TIME)
    tiles = "".join(_tile(mistake, digits[mistake.index]) for mistake in mistakes[:shown])
    st.html(f'<ul class="mistakes">{tiles}</ul>')
    _offer_more(shown, len(mistakes), cell)


def _shown(cell: Cell, at_a_time: int) -> int:
    """How many the visitor wants to see by now."""
    return at_a_time * (1 + int(st.session_state.get(_SHOWN, {}).get(cell, 0)))


def _offer_more(shown: int, number: int, cell: Cell) -> None:
    if number > shown:
        words = f"Show more of {number:,}"
        st.button(words, key="model_more", on_click=_show_more, args=(cell,))


def _show_more(cell: Cell) -> None:
    steps = st.session_state.get(_SHOWN, {})
    st.session_state[_SHOWN] = {cell: int(steps.get(cell, 0)) + 1}


def _tile(mistake: Mistake, digit: NDArray[np.uint8]) -> str:
    sure = certainty(mistake.confidence)
    told = f"a {mistake.truth}, read as {mistake.answer}, {sure}"
    words = f"{mistake.truth} → {mistake.answer}"
    return (
        f'<li title="Digit {mistake.index} of the test set: {told}"><img src="{data_url(digit)}" '
        f'alt="{told}"><b aria-hidden="true">{words}</b>'
        f'<small aria-hidden="true">{sure}</small></li>'
    )


def table(mistakes: Sequence[Mistake], cell: Cell) -> None:
    """The same without pictures: a row each."""
    shown = _shown(cell, _ROWS_AT_A_TIME)
    rows = [
        (str(m.index), str(m.truth), str(m.answer), certainty(m.confidence))
        for m in mistakes[:shown]
    ]
    if rows:
        head = ("place in the test set", "truth", "read as", "how sure")
        st.html(tables.as_html(Table("Mistakes", head, rows, narrow=True)))
        _offer_more(shown, len(mistakes), cell)


def certainty(confidence: float) -> str:
    """A probability of 0-1, which is never 100 %."""
    return "> 99.99 %" if confidence > 0.9999 else f"{100 * confidence:.2f} %"
