"""Page "Draw": the canvas on the left, the answer beside it."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from digitrec.errors import DigitrecError
from digitrec.recognizer import Digit, Reading
from digitrec.shapes import SHEET, digit_strokes
from digitrec.web import canvas
from digitrec.web.answer import answer_html, png, spoken, strip_html
from digitrec.web.engine import recognizer

_PEN = "pen_width"
_KEPT_PEN = "kept_pen_width"
_EXAMPLE_HEIGHT = 250.0  # px


def enter() -> None:
    """The visitor comes from another page: the drawing comes along."""
    if canvas.objects():
        canvas.reopen()


@st.fragment
def show() -> None:
    """Canvas and answer; only this part of the page runs again after a stroke."""
    # Two rows, so that on a phone the answer comes right under the canvas.
    left, right = _columns()
    with left:
        st.html('<h1 class="sr-only">Draw a digit</h1>')
        strokes = _canvas(_pen_width())
    reading = _read(strokes)
    right.html(answer_html(reading))
    left, right = _columns()
    with left:
        _controls()
        _examples()
    with right:
        _what_the_network_sees(strokes, reading)


def _columns() -> list[DeltaGenerator]:
    return st.columns([canvas.SIDE, 560], gap="large")


def _canvas(pen_width: int) -> list[NDArray[np.float32]]:
    try:
        return canvas.draw(pen_width)
    except DigitrecError as error:
        st.error(str(error))
        return []


def _controls() -> None:
    empty = not canvas.objects()
    with st.container(horizontal=True, vertical_alignment="bottom", width=canvas.SIDE):
        st.button("Undo", on_click=_undo, disabled=empty, key="undo")
        st.button("Clear", on_click=_clear, disabled=empty, key="clear")
        st.slider("Pen width, px", 2, 60, _pen_width(), key=_PEN, on_change=_keep_pen, width=150)


def _examples() -> None:
    st.caption("Cannot draw just now? Try one of these.")
    with st.container(horizontal=True, gap="xxsmall", width=canvas.SIDE, key="examples"):
        for label in range(10):
            st.button(
                str(label),
                on_click=_example,
                args=(label,),
                key=f"example-{label}",
            )


def _read(strokes: list[NDArray[np.float32]]) -> Reading:
    """The reading; an empty one, with the error's sentence above it, if there is none."""
    try:
        return recognizer().read_strokes(strokes)
    except DigitrecError as error:
        st.error(str(error))
        return Reading("empty", (), np.zeros((0, 0), np.uint8))


def _what_the_network_sees(strokes: list[NDArray[np.float32]], reading: Reading) -> None:
    st.html(f'<div class="sr-only" role="status" aria-live="polite">{spoken(reading)}</div>')
    st.caption("What the network sees")
    st.html(strip_html(strokes, reading, canvas.SIDE))
    digit = reading.digits[0] if reading.digits else None
    st.download_button(
        "Download the 28×28 as PNG",
        png(digit.image) if digit else b"",
        file_name=_file_name(digit),
        mime="image/png",
        disabled=digit is None,
        on_click="ignore",
        key="download",
    )


def _file_name(digit: Digit | None) -> str:
    """A name that says what it shows; `?` has no place in one."""
    if digit is None or digit.status == "not a digit":
        return "digit.png"
    return f"digit-{digit.label}.png"


def _pen_width() -> int:
    width: int = st.session_state.get(_KEPT_PEN, 18)
    return width


def _undo() -> None:
    canvas.show(canvas.objects()[:-1])


def _clear() -> None:
    canvas.show([])


def _example(label: int) -> None:
    width = _EXAMPLE_HEIGHT * SHEET[0] / SHEET[1]
    strokes = digit_strokes(
        label,
        height=_EXAMPLE_HEIGHT,
        left=(canvas.SIDE - width) / 2,
        top=(canvas.SIDE - _EXAMPLE_HEIGHT) / 2,
    )
    canvas.show(canvas.as_objects(strokes, _pen_width()))


def _keep_pen() -> None:
    # A widget's own value is forgotten when its page is left.
    st.session_state[_KEPT_PEN] = st.session_state[_PEN]
