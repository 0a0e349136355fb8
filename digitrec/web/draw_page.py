"""Page "Draw": the canvas on the left, the answer beside it."""

from __future__ import annotations

import time

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.errors import DigitrecError
from digitrec.reading import Reading
from digitrec.web import canvas, correcting, examples, own_hand, tools
from digitrec.web.answer import answer_html, spoken
from digitrec.web.engine import announce, recognizer
from digitrec.web.inside import section
from digitrec.web.markdown import literal
from digitrec.web.size import WIDTH
from digitrec.web.views import boxes_html, download, strip_html

_TOOLS, _EXAMPLES = "tools", "examples"
_KEPT_PEN = "kept_pen_width"
_KNOWN = "parts_known"  # the network, and what it made of the drawing's parts so far
# s; the browser shows the answer meanwhile. Without, it would get the rest of the page in the same
# moment and build all of it first.
_AHEAD = 0.04


def enter() -> None:
    """The visitor comes from another page: the drawing comes along."""
    canvas.DRAW.reopen()


def show() -> None:
    """Canvas and answer, and what lies below them."""
    st.html('<h1 class="sr-only">Draw a digit or a number</h1>')
    _sheet()


@st.fragment
def _sheet() -> None:
    """What runs again after a stroke.

    Every element that it shows costs at every stroke, here and in the browser. So their places
    are the style sheet's affair: two columns, and on a phone one, in the order of this function.
    """
    announce()
    # Read before anything is shown: canvas and answer then reach the browser together.
    strokes, reading, model, trouble = _read()
    with st.container(key="sheet"):
        # The boxes lie over the canvas: they know its place by this container.
        with st.container(key="paper", width=WIDTH):
            canvas.DRAW.draw(_pen_width())
            st.html(boxes_html(reading, _pen_width()))
        st.html(answer_html(reading))
        if strokes:
            time.sleep(_AHEAD)
        if trouble:
            st.error(literal(trouble))
        tools.show(_TOOLS, _pen_width(), _use_tool, empty=not canvas.DRAW.objects())
        correcting.show(strokes, reading.digits, model)
        examples.show(_EXAMPLES, _take_example)
        _what_the_network_sees(strokes, reading)
        own_hand.note()
    section.show(strokes, reading, _pen_width())


def _read() -> tuple[list[NDArray[np.float32]], Reading, str, str]:
    """What is drawn, its reading, the hash of the network that read it, and a sentence if none
    did: the reading is an empty one then.
    """
    strokes: list[NDArray[np.float32]] = []
    try:
        strokes, reader = canvas.DRAW.strokes(), recognizer()
        before, known = st.session_state.get(_KNOWN, (None, {}))
        if before is not reader or len(strokes) < 2:
            known = {}  # of another network, or of another drawing
        st.session_state[_KNOWN] = reader, known
        return strokes, reader.read_strokes(strokes, known), reader.model, ""
    except DigitrecError as error:
        return strokes, Reading("empty", (), np.zeros((0, 0), np.uint8)), "", str(error)


def _what_the_network_sees(strokes: list[NDArray[np.float32]], reading: Reading) -> None:
    with st.container(key="seen"):
        st.html(strip_html(strokes, reading, spoken(reading)))
        content, name = download(reading)
        st.download_button(
            "Download as PNG",
            content,
            file_name=name,
            mime="image/png",
            type="tertiary",
            disabled=not content,
            on_click="ignore",
            key="download",
        )


def _pen_width() -> int:
    width: int = st.session_state.get(_KEPT_PEN, 18)
    return width


def _take_example() -> None:
    strokes = examples.taken(_EXAMPLES)
    if strokes is not None:
        canvas.DRAW.show(canvas.as_objects(strokes, _pen_width()))


def _use_tool() -> None:
    used = tools.used(_TOOLS)
    if used == "undo":
        canvas.DRAW.undo()
    elif used == "clear":
        canvas.DRAW.clear()
    elif used is not None:
        st.session_state[_KEPT_PEN] = used
