"""Under the answer: "Right", or what it really was. One click or one key, and it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT
from digitrec.errors import DigitrecError
from digitrec.reading import Digit
from digitrec.web import keeping
from digitrec.web.engine import recognizer

WHAT = (
    "Kept are the 28×28 pixels, the strokes, what you say it is, what was answered with which "
    "probabilities, the hash of the network, and the time: no name, no address. It is what the "
    "network learns from when it is trained again. Nothing is kept without a click (or a key: "
    "0 to 9, Y for right, X for no digit)."
)
_TROUBLE = "correcting_trouble"
_RIGHT_KEY, _NONE_KEY = "Y", "X"  # beside the digits' own keys

Strokes = Sequence[NDArray[np.float32]]


def show(strokes: Strokes, digits: Sequence[Digit]) -> None:
    """The sentence and the row of buttons; they keep their place whatever is answered."""
    if not keeping.allowed():
        return
    with st.container(key="correcting", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", key="correcting-words"):
            _words(digits)
        with st.container(horizontal=True, vertical_alignment="center", key="correcting-row"):
            if len(digits) > 1:
                _number(strokes, digits)
            else:
                _digit(strokes, digits)


def _words(digits: Sequence[Digit]) -> None:
    """What a click does; after it, what was kept, and the way back."""
    trouble = st.session_state.pop(_TROUBLE, "")
    kept = keeping.kept(digits)
    if trouble:
        st.html(f'<p class="correcting trouble" role="alert">{escape(trouble)}</p>')
    elif kept:
        what = "as no digit" if kept.text == "?" else f"as <b>{kept.text}</b>"
        st.html(f'<p class="correcting" aria-live="polite">Kept {what}. Thank you.</p>')
        st.button(
            "Take it back", key="correct-undo", type="tertiary", on_click=_undo, args=(digits,)
        )
    else:
        st.html(
            '<p class="correcting">Is that right? A click keeps the drawing and what it is '
            f"{keeping.where()}.</p>"
        )
        explain(WHAT)


def explain(what: str) -> None:
    """What exactly a click keeps, and where."""
    with st.popover("What is kept?", type="tertiary", key="explain_kept"):
        try:
            st.write(f"{what} It goes into {keeping.place()}, and nowhere else.")
        except DigitrecError as error:
            st.write(str(error))


def _digit(strokes: Strokes, digits: Sequence[Digit]) -> None:
    """A button for "Right" and one for each answer; the one that was kept is filled."""
    kept = keeping.kept(digits)
    answers = [(keeping.answered(digits[0]) if digits else 0, "right", "Right", _RIGHT_KEY)]
    answers += [(label, str(label), str(label), str(label)) for label in range(10)]
    answers += [(NOT_A_DIGIT, "none", "No digit", _NONE_KEY)]
    for label, name, words, shortcut in answers:
        chosen = name != "right" and kept is not None and kept.text == keeping.sign(label)
        st.button(
            words,
            key=f"correct-{name}",
            shortcut=shortcut,
            type="primary" if chosen else "secondary",
            disabled=not digits,
            on_click=_keep,
            args=(strokes, digits, [label]),
        )


def _number(strokes: Strokes, digits: Sequence[Digit]) -> None:
    """A button for "Right", and a field for what it says."""
    st.button(
        "Right",
        key="correct-right",
        shortcut=_RIGHT_KEY,
        on_click=_keep,
        args=(strokes, digits, [keeping.answered(digit) for digit in digits]),
    )
    # Another drawing has an empty field.
    field = f"correct-text-{keeping.name_of(digits)}"
    st.text_input(
        "What it says",
        key=field,
        label_visibility="collapsed",
        placeholder=f"No, it says … ({len(digits)} digits, ? for none)",
        max_chars=200,
        on_change=_keep_typed,
        args=(field, strokes, digits),
    )


def _keep_typed(field: str, strokes: Strokes, digits: Sequence[Digit]) -> None:
    typed = "".join(str(st.session_state[field]).split())
    if not typed:
        return
    if len(typed) != len(digits) or set(typed) - set("0123456789?"):
        st.session_state[_TROUBLE] = (
            f"Type {len(digits)} characters, one for each box: 0-9, or ? for what is no digit."
        )
        return
    _keep(strokes, digits, [NOT_A_DIGIT if c == "?" else int(c) for c in typed])


def _keep(strokes: Strokes, digits: Sequence[Digit], labels: Sequence[int]) -> None:
    try:
        keeping.keep(digits, labels, [recognizer().model] * len(digits), strokes)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)


def _undo(digits: Sequence[Digit]) -> None:
    try:
        keeping.take_back(digits)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
