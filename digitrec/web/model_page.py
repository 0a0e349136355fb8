"""Page "Model": what is known about the network in use, section by section."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.retraining_state import is_running
from digitrec.web import keeping, retraining
from digitrec.web.markdown import literal
from digitrec.web.model import answers, card, compared, confidence, head, others, training
from digitrec.web.model.facts import Facts, facts
from digitrec.web.model.style import STYLE

_PART = "part"  # in the page's address, too
_LEARN = "Learn"
_SECTIONS: dict[str, Callable[[Facts], None]] = {
    "Test set": answers.show,
    "Confidence": confidence.show,
    "Other hands": others.show,
    "Training": training.show,
    "Compared": compared.show,
    "Card": card.show,
}


def show() -> None:
    """One run of the page: the figures, and the section that is open; the others cost nothing."""
    st.html(f"<style>{STYLE}</style>")
    st.header("Model", anchor=False)
    try:
        known = facts()
    except DigitrecError as error:
        st.error(literal(error))
        return
    head.show(known)
    sections = dict(_SECTIONS)
    if keeping.allowed():
        sections[_LEARN] = lambda known: retraining.show(known.card)
    sections[_choose(list(sections))](known)


def _choose(names: list[str]) -> str:
    """The section that is open; one that tells of a training while it runs."""
    running = _LEARN in names and is_running()
    chosen = st.segmented_control(
        "Section",
        names,
        default=_LEARN if running else names[0],
        key=_PART,
        required=True,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or names[0]
