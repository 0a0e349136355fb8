"""One digit of the data, large, with its ten bars: a dialog that leafs through its neighbours."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.reading import Box, Digit, Reading
from digitrec.web.answer import answer_html
from digitrec.web.at_hand import Answered
from digitrec.web.data.picture import picture_html

_PLACE = "data_closer"


def show(found: Answered, chosen: NDArray[np.int64], place: int) -> None:
    """Open the dialog.

    Args:
        found: the digits and what they are read as.
        chosen: those that it leafs through, as places in `found`.
        place: the one to begin with, as a place in `chosen`.
    """
    st.session_state[_PLACE] = place
    _dialog(found, chosen)


@st.dialog("A closer look", width="medium")
def _dialog(found: Answered, chosen: NDArray[np.int64]) -> None:
    place = min(int(st.session_state.get(_PLACE, 0)), len(chosen) - 1)
    index = int(chosen[place])
    st.html(closer_html(found, index))
    # Round in a ring: a button that was disabled at the end would take the keyboard's focus with
    # it, and the dialog would no longer hear Escape.
    with st.container(horizontal=True, vertical_alignment="center", key="data_leaf"):
        for name, words, shortcut, step in (
            ("before", "Before", "Left", -1),
            ("next", "Next", "Right", 1),
        ):
            st.button(
                words,
                key=f"data_{name}",
                shortcut=shortcut,
                disabled=len(chosen) == 1,
                on_click=_go,
                args=((place + step) % len(chosen),),
            )
        st.html(f'<p class="data-count">{place + 1} of {len(chosen)}</p>')


def closer_html(found: Answered, index: int) -> str:
    """A digit large, what it is, and what is answered."""
    truth, read = int(found.labels[index]), reading_of(found, index)
    said = read.text.replace("?", "no digit")
    verdict = "as it is read." if said == str(truth) else f"read as {said}."
    picture = picture_html(found.digits[index], f"A handwritten {truth}", "large")
    return (
        f'<div class="data-closer"><figure>{picture}<figcaption>It is a <b>{truth}</b>, '
        f"{verdict}</figcaption></figure>{answer_html(read)}</div>"
    )


def reading_of(found: Answered, index: int) -> Reading:
    """One of the digits, as the page Draw would have it."""
    digit = Digit(
        found.probabilities[index],
        Box(0, 0, 28, 28),
        found.digits[index],
        float(found.scores[index]),
        found.threshold,
    )
    return Reading("read", (((digit,),),), found.digits[index])


def _go(place: int) -> None:
    st.session_state[_PLACE] = place
