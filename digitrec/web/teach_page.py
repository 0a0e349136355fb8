"""Page "Teach": draw a few of your own digits, and the answers adapt at once."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.engine import shared_recognizer
from digitrec.errors import DigitrecError
from digitrec.handwriting import MOST, Handwriting, digit_from_strokes
from digitrec.imaging.strokes import SMALLEST_DRAWING, extent
from digitrec.reading import Digit
from digitrec.web import own_hand, samples
from digitrec.web.answer import others, percent
from digitrec.web.canvas import TEACH
from digitrec.web.engine import announce, recognizer
from digitrec.web.markdown import literal
from digitrec.web.size import WIDTH

_PEN = 18  # px
_SAMPLES, _FILE, _LOADED = "teach_samples", "teach_file", "teach_loaded"
_TROUBLE = "teach_trouble"
_WHAT = """
<h1>Teach it your digits</h1>
<p>Draw a digit as you write it and say which one it is. One to five of each that is misread will
do: Draw and Paper adapt, too.</p>
"""
_KEPT = (
    "They are kept for this visit only, and nowhere else. The file brings them back next time, and "
    "works with digitrec read --handwriting."
)
_CANNOT = (
    "The network in use was made by an older version and cannot adapt to a hand. Finish it again "
    "with scripts/finish.py --again, or train it again."
)


def enter() -> None:
    """The visitor comes from another page: the drawing comes along."""
    TEACH.reopen()


@st.fragment
def show() -> None:
    """Canvas, the answers without and with the samples, and the samples."""
    announce()
    st.html(f'<div class="teach">{_WHAT}</div>')
    try:
        adapts = shared_recognizer().adapts
    except DigitrecError as error:
        st.error(literal(error))
        return
    if not adapts:
        st.info(_CANNOT)
        return
    left, right = st.columns([WIDTH, 472], gap="large")
    with left:
        with st.container(key="teach_paper", width=WIDTH):
            digit = _canvas()
        _controls(possible=digit is not None)
        _words()
    with right:
        _tryout(digit)
        samples.show(_SAMPLES, own_hand.hand(), _remove)
        _file()


def _canvas() -> NDArray[np.uint8] | None:
    """The canvas; returns what is on it, as `_drawn`."""
    try:
        TEACH.draw(_PEN)
        return _drawn()
    except DigitrecError as error:
        st.error(literal(error))
        return None


def _drawn() -> NDArray[np.uint8] | None:
    """What is on the canvas, all of it as one digit (28, 28); None for nothing, or a touch.

    Raises:
        StrokesError: what the browser sent is not a drawing.
    """
    strokes = TEACH.strokes()
    return None if extent(strokes) < SMALLEST_DRAWING else digit_from_strokes(strokes)


def _controls(*, possible: bool) -> None:
    """Undo and Clear, and a button for each digit that the drawing may be, if it is one."""
    empty, counts = not TEACH.objects(), own_hand.hand().counts
    with st.container(
        horizontal=True, vertical_alignment="center", width=WIDTH, key="teach_controls"
    ):
        st.html('<p class="teach-keep">It is a</p>')
        for label in range(10):
            st.button(
                str(label),
                key=f"teach-{label}",
                shortcut=str(label),
                disabled=not possible or counts[label] == MOST,
                on_click=_keep,
                args=(label,),
            )
        st.button("Undo", key="teach_undo", on_click=TEACH.undo, disabled=empty)
        st.button("Clear", key="teach_clear", on_click=TEACH.clear, disabled=empty)


def _words() -> None:
    """What was just done, with the way back; else what to do. Always one row."""
    trouble, done = st.session_state.pop(_TROUBLE, ""), own_hand.last_change()
    with st.container(horizontal=True, vertical_alignment="center", width=WIDTH, key="teach_words"):
        if trouble:
            st.html(f'<p class="correcting trouble" role="alert">{escape(trouble)}</p>')
        elif done:
            st.html(f'<p class="correcting" aria-live="polite">{done}</p>')
            st.button(
                "Take it back", key="teach_back", type="tertiary", on_click=own_hand.take_back
            )
        else:
            st.html('<p class="correcting">Draw, then click or type the digit: it is kept.</p>')


def _tryout(digit: NDArray[np.uint8] | None) -> None:
    """What the drawing is read as, without and with the samples."""
    hand = own_hand.hand()
    plain = own = None
    if digit is not None:
        plain = shared_recognizer().read_digits(digit[None])[0]
        own = recognizer().read_digits(digit[None])[0] if len(hand) else None
    sides = [
        _side("without your samples", plain, ""),
        _side(f"with your {own_hand.counted(len(hand))}", own, "")
        if len(hand)
        else _side("with your samples", None, "none yet"),
    ]
    st.html(f'<div class="tryout" data-testid="tryout">{"".join(sides)}</div>')
    spoken = f"Without your samples: {_said(plain)} With them: {_said(own)}" if plain else ""
    st.html(f'<div class="sr-only" role="status" aria-live="polite">{spoken}</div>')


def _side(title: str, digit: Digit | None, missing: str) -> str:
    label, words = ("–", missing) if digit is None else (digit.text, _sure(digit))
    return f"<div><span>{title}</span><b>{label}</b><small>{words}</small></div>"


def _sure(digit: Digit) -> str:
    if digit.status == "not a digit":
        return "not a digit"
    if digit.alternatives:
        return f"or maybe {others(digit)}"
    return percent(digit.confidence)


def _said(digit: Digit | None) -> str:
    if digit is None:
        return "no samples yet."
    if digit.status == "not a digit":
        return "not a digit."
    return f"{digit.label}, {100 * digit.confidence:.0f} percent."


def _file() -> None:
    """The samples as a file, from a file, or gone."""
    hand = own_hand.hand()
    with st.container(horizontal=True, vertical_alignment="center", key="teach_file_row"):
        st.download_button(
            "Download",
            hand.to_bytes(),
            file_name="handwriting.json",
            mime="application/json",
            icon=":material/download:",
            disabled=not len(hand),
            on_click="ignore",
            key="teach_download",
        )
        with st.popover("Load a file", icon=":material/upload:", key="teach_load"):
            key = f"{_FILE}_{st.session_state.get(_LOADED, 0)}"
            st.file_uploader(
                "A file that was downloaded here",
                type="json",
                key=key,
                on_change=_load,
                args=(key,),
            )
        st.button("Forget all", key="teach_forget", disabled=not len(hand), on_click=_forget)
    st.caption(_KEPT)


def _keep(label: int) -> None:
    TEACH.hear()
    try:
        digit = _drawn()
        if digit is None:  # taken back with the same click
            return
        new = own_hand.hand().with_digit(digit, label)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
        return
    own_hand.change(new, f"Kept as a <b>{label}</b>. Draw the next one.")
    TEACH.clear()


def _remove() -> None:
    index, hand = samples.removed_in(_SAMPLES), own_hand.hand()
    if index is not None and index < len(hand):
        label = hand.labels[index]
        own_hand.change(hand.without(index), f"A sample of <b>{label}</b> is removed.")


def _forget() -> None:
    own_hand.change(Handwriting(), f"{own_hand.counted(len(own_hand.hand()))} forgotten.")


def _load(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    # An uploader of another key has forgotten this file, so that it can be chosen again.
    st.session_state[_LOADED] = st.session_state.get(_LOADED, 0) + 1
    try:
        new = Handwriting.load(file.getvalue())
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
        return
    own_hand.change(new, f"{own_hand.counted(len(new))} loaded.")
