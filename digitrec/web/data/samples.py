"""On the page Data: digits at random, by what they are and by how they are read."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from html import unescape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.web.answer import percent
from digitrec.web.at_hand import Answered
from digitrec.web.data import closer, sorting, tiles
from digitrec.web.data.sorting import OUTCOMES, SURENESS, Filter
from digitrec.web.data.tiles import Tile

_LABEL, _OUTCOME, _SURENESS = "data_label", "data_outcome", "data_sureness"
_HANDFUL, _SHOWN = "data_handful", "data_shown"
_AT_A_TIME, _MOST = 60, 600
_ANY = -1  # a filter's name for all of it: None would be no choice
_WHAT = (
    "Refused is what the network takes for no digit. Sure is from 99 % on, unsure below 80 %. "
    "Nothing that you look at here trains or changes the network."
)


def show(found: Answered) -> None:
    """The filters, what matches, and a random handful of it.

    Args:
        found: the part of the data that is looked through.
    """
    counts = sorting.table(found)
    wanted = _filters(counts)
    matching = sorting.matching(found, wanted)
    shown = min(int(st.session_state.get(_SHOWN, _AT_A_TIME)), len(matching))
    chosen = np.random.default_rng(_handful()).permutation(matching)[:shown]
    _words(len(matching), shown)
    if not shown:
        st.html('<p class="data-none">No digit is all of that. Take one of the choices back.</p>')
        return
    opened = tiles.show("data_tiles", [_tile(found, index) for index in chosen])
    if shown < min(len(matching), _MOST):
        st.button("Show more", key="data_more", on_click=_show_more)
    st.caption(_WHAT)
    if opened is not None:
        closer.show(found, chosen, opened)


def _filters(counts: NDArray[np.int64]) -> Filter:
    """Three rows of choices, each with how many it would leave of what the others leave."""
    chosen = Filter(*(_chosen(key) for key in (_LABEL, _OUTCOME, _SURENESS)))

    def left(**choice: int | None) -> str:
        return f"{sorting.count(counts, chosen._replace(**choice)):,}"

    with st.container(key="data_filters", gap="small"):
        label = _row(
            "Which digit it is",
            _LABEL,
            range(10),
            lambda value: f"{'all' if value is None else value} · {left(label=value)}",
        )
        with st.container(horizontal=True, key="data_answers"):
            outcome = _row(
                "How it is read",
                _OUTCOME,
                range(3),
                lambda value: f"{_name(OUTCOMES, value)} · {left(outcome=value)}",
            )
            sureness = _row(
                "How sure the network is",
                _SURENESS,
                range(3),
                lambda value: f"{_name(SURENESS, value)} · {left(sureness=value)}",
            )
    return Filter(label, outcome, sureness)


def _row(
    title: str, key: str, values: Sequence[int], named: Callable[[int | None], str]
) -> int | None:
    value = st.pills(
        title,
        [_ANY, *values],
        format_func=lambda value: named(None if value == _ANY else value),
        default=_ANY,
        required=True,
        key=key,
        persist_state="session",
        on_change=_begin_again,
        wrap=True,
    )
    return None if value == _ANY else int(value)


def _chosen(key: str) -> int | None:
    value = int(st.session_state.get(key, _ANY))
    return None if value == _ANY else value


def _name(names: Sequence[str], value: int | None) -> str:
    return "all" if value is None else names[value]


def _words(count: int, shown: int) -> None:
    """How many match, and another handful of them."""
    digits = "1 digit" if count == 1 else f"{count:,} digits"
    text = f"<b>{shown} of {digits}</b>" if shown < count else f"<b>{digits}</b>"
    with st.container(horizontal=True, vertical_alignment="center", key="data_words"):
        st.html(f'<p class="data-count" aria-live="polite">{text}</p>')
        st.button(
            "Another handful",
            key="data_another",
            icon=":material/casino:",
            disabled=count < 2,
            on_click=_another,
        )


def _tile(found: Answered, index: int) -> Tile:
    truth, answer = int(found.labels[index]), int(found.answers[index])
    share = unescape(percent(float(found.confidences[index])))
    if not found.accepted[index]:
        kind, words, told = "refused", "refused", "refused as no digit"
    else:
        kind = "right" if answer == truth else "wrong"
        words = f"read as {answer}"
        told = f"{words}, {share} sure"
    return Tile(found.digits[index], str(truth), words, f"A {truth}, {told}", kind)


def _handful() -> int:
    """What the order of chance comes from; another for every visitor and handful."""
    return int(st.session_state.setdefault(_HANDFUL, secrets.randbits(32)))


def _another() -> None:
    st.session_state[_HANDFUL] = secrets.randbits(32)
    _begin_again()


def _begin_again() -> None:
    st.session_state[_SHOWN] = _AT_A_TIME


def _show_more() -> None:
    st.session_state[_SHOWN] = int(st.session_state.get(_SHOWN, _AT_A_TIME)) + _AT_A_TIME
