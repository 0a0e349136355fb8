"""The visitor's own digits: in this session's memory, and nowhere else."""

from __future__ import annotations

import streamlit as st

from digitrec.handwriting import Handwriting

_HAND, _BEFORE = "own_hand", "own_hand_before"


def hand() -> Handwriting:
    """What this visitor taught."""
    found: Handwriting = st.session_state.get(_HAND, Handwriting())
    return found


def change(new: Handwriting, words: str) -> None:
    """Take another handwriting, and remember how it was and what was done in words."""
    st.session_state[_BEFORE] = (words, hand())
    st.session_state[_HAND] = new


def last_change() -> str:
    """What was done last, in words; empty once it was taken back."""
    words, _ = st.session_state.get(_BEFORE, ("", None))
    return str(words)


def take_back() -> None:
    """Undo the last change."""
    _, before = st.session_state.pop(_BEFORE, ("", hand()))
    st.session_state[_HAND] = before


def counted(count: int) -> str:
    """So many samples, in words."""
    return "1 sample" if count == 1 else f"{count} samples"


def note() -> None:
    """A quiet line where answers move towards the samples; nothing where there are none."""
    if len(hand()):
        st.caption(f"Reads with your {counted(len(hand()))}, see Teach.")
