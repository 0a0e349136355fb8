"""Under the answer: "Right", or what it really was. One click or one key, and it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT
from digitrec.errors import DigitrecError
from digitrec.reading import Digit
from digitrec.web import keeping
from digitrec.web.component import component

_KEY = "correcting"
_KEYS = " (or a key: 0 to 9, Y for right, X for no digit)"
_SAID = "said"  # {"of": which drawing, "text": what it is, or "" to take it back}
_TROUBLE = "correcting_trouble"
_HERE = Path(__file__).parent
_HTML = """
<div class="correcting">
  <div class="words">
    <p aria-live="polite"></p>
    <button type="button" class="back">Take it back</button>
    <button type="button" class="what" popovertarget="more">What is kept?</button>
    <div class="more" id="more" popover></div>
  </div>
  <div class="row">
    <button type="button" class="right">Right</button>
    <input aria-label="What it says" maxlength="200" autocomplete="off" spellcheck="false">
  </div>
</div>
"""

Strokes = Sequence[NDArray[np.float32]]


def show(strokes: Strokes, digits: Sequence[Digit], model: str) -> None:
    """The sentence and the row of answers; they keep their place whatever is answered.

    Args:
        strokes: the drawing.
        digits: what was read in it,
        model: and the hash of the network that did; by the click another one may be in use.

    One component of the project's own and not a dozen buttons: every element of the page costs
    at every stroke, here and in the browser.
    """
    if not keeping.allowed():
        return
    shown = component("correcting", _HTML, _HERE / "correcting.css", _HERE / "correcting.js")
    kept = keeping.kept(digits)
    shown(
        key=_KEY,
        data={
            "of": keeping.name_of(digits),
            "digits": len(digits),
            "answered": "".join(keeping.sign(keeping.answered(digit)) for digit in digits),
            "sentence": "Is that right? A click keeps the drawing and what it is "
            f"{keeping.where()}.",
            "kept": kept.text if kept else None,
            "trouble": st.session_state.pop(_TROUBLE, ""),
            "explained": keeping.explanation(strokes=True, keys=_KEYS),
        },
        on_said_change=lambda: _hear(strokes, digits, model),
    )


def _hear(strokes: Strokes, digits: Sequence[Digit], model: str) -> None:
    """Take what the browser sent: a click, a key, or what was typed."""
    said: Any = (st.session_state.get(_KEY) or {}).get(_SAID)
    if not isinstance(said, dict):
        return
    if said.get("of") != keeping.name_of(digits):
        # Never keep it as an answer to a drawing that its visitor has not seen read.
        st.session_state[_TROUBLE] = (
            "The drawing has changed since: nothing was kept. Say it again."
        )
        return
    text = "".join(str(said.get("text")).split())
    try:
        if not text:
            st.session_state[_TROUBLE] = keeping.take_back(digits)
        elif len(text) != len(digits) or set(text) - set("0123456789?"):
            st.session_state[_TROUBLE] = (
                f"Type {len(digits)} characters, one for each box: 0-9, or ? for what is no digit."
            )
        else:
            labels = [NOT_A_DIGIT if c == "?" else int(c) for c in text]
            keeping.keep(digits, labels, [model] * len(digits), strokes)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
