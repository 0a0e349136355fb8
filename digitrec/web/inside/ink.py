"""Panel "Which ink": what of a digit speaks for the answer, and what it were without a stroke."""

from __future__ import annotations

import streamlit as st

from digitrec.explaining.ink import FadedInk, fade_ink
from digitrec.explaining.left_out import LeftOut, leave_strokes_out
from digitrec.web.engine import recognizer
from digitrec.web.inside.choosing import choose
from digitrec.web.inside.ink_style import STYLE
from digitrec.web.inside.ink_views import page_html
from digitrec.web.inside.ink_words import DOT, answers, named
from digitrec.web.inside.subject import Subject

_KEPT = "kept_inside_ink"


def show(subject: Subject) -> None:
    """The choice of an answer; the digit in colours, and in words what it were without some."""
    faded, left_out = _looked_into(subject)
    if faded.digit.status != subject.digit.status:  # what is read beside it changes no ink
        st.caption(DOT)
        return
    st.html(f"<style>{STYLE}</style>{page_html(subject, faded, left_out, _chosen(subject))}")


def _chosen(subject: Subject) -> int | None:
    """The answer that is explained: the given one, or another that the visitor chose."""
    choice = answers(subject.digit)
    names = [named(label) for label in choice]
    return choice[choose("What speaks for", names, "inside_ink_answer")]


def _looked_into(subject: Subject) -> tuple[FadedInk, list[LeftOut]]:
    """What the recognizer says of the digit's parts; asked once for a drawing and who reads it."""
    reads, drawn = recognizer(), [stroke.tobytes() for stroke in subject.own_strokes]
    kept = st.session_state.get(_KEPT)
    if kept is None or kept[0] is not reads or kept[1] != drawn:
        faded = fade_ink(reads, subject.digit.image)
        left_out = leave_strokes_out(reads, subject.own_strokes, subject.digit)
        kept = st.session_state[_KEPT] = (reads, drawn, (faded, left_out))
    found: tuple[FadedInk, list[LeftOut]] = kept[2]
    return found
