"""The frame of "See inside": which panel is open, and which digit of a number it looks into."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.reading import Digit, Reading
from digitrec.web.inside import alike, ink, layers, replay, squeezed
from digitrec.web.inside.choosing import choose
from digitrec.web.inside.subject import Subject

PANELS: dict[str, Callable[[Subject], None]] = {
    "Which ink": ink.show,
    "Replay": replay.show,
    "Look-alikes": alike.show,
    "Layers": layers.show,
    "Squeezed": squeezed.show,
}
_OF_THE_WHOLE = {"Replay"}  # which need no choice of a digit
_PANEL, _KEPT_PANEL = "inside_panel", "kept_inside_panel"


def show(strokes: Sequence[NDArray[np.float32]], reading: Reading, pen_width: int) -> None:
    """The row of panels; the open one is computed, the others cost nothing."""
    with st.container(key="inside"):
        st.html('<h2 class="inside">See inside</h2>')
        panel = st.segmented_control(
            "Why does it say so?",
            list(PANELS),
            default=st.session_state.get(_KEPT_PANEL),
            key=_PANEL,
            on_change=_keep_panel,
            label_visibility="collapsed",
        )
        if panel is None:
            st.caption(
                "Why does it say so? Choose what to look at: which ink decided, the drawing once "
                "more in slow motion, what the network knows that looks like it, every layer, or "
                "what a simpler program would have seen."
            )
        elif not reading.digits:
            st.caption("Draw something first: this then shows how the network sees it.")
        else:
            drawn = [stroke for stroke in strokes if len(stroke)]
            digits = reading.digits
            digit = digits[0] if panel in _OF_THE_WHOLE else _chosen(digits)
            PANELS[panel](Subject(drawn, reading, digit, pen_width))


def _chosen(digits: Sequence[Digit]) -> Digit:
    """The digit that is looked into: the only one, or the visitor's choice."""
    if len(digits) == 1:
        return digits[0]
    names = [_name(digits, index) for index in range(len(digits))]
    return digits[choose("Digit", names, "inside_digit", stays=True)]


def _name(digits: Sequence[Digit], index: int) -> str:
    """The digit's text; of equal ones each with another number of signs that nobody sees.

    Streamlit knows options by their names: without, the second 2 of 2026 could not be chosen.
    """
    text = digits[index].text
    return text + "\u2060" * sum(digit.text == text for digit in digits[:index])


def _keep_panel() -> None:
    # A widget's own value is forgotten when its page is left.
    st.session_state[_KEPT_PANEL] = st.session_state[_PANEL]
