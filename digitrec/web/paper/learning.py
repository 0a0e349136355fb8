"""What a page's numbers teach: what was corrected, and what is right, kept by a click each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from digitrec.corrections import NOT_A_DIGIT
from digitrec.errors import DigitrecError
from digitrec.reading import Digit
from digitrec.web import keeping
from digitrec.web.paper import pile
from digitrec.web.paper.pile import Entry

_LAST, _TROUBLE = "paper_kept", "paper_keeping_trouble"

Lesson = tuple[Digit, int, str]  # a digit, what it is, and the hash of the network that read it


def show(entries: Sequence[Entry]) -> None:
    """The sentence and a button for each kind of lesson.

    Args:
        entries: every number that is worth keeping.
    """
    if not keeping.allowed():
        return
    corrected = pile.corrections()
    mended = [
        lesson for e in entries if e.at in corrected for lesson in _mended(e, corrected[e.at])
    ]
    right = [lesson for e in entries if e.at not in corrected for lesson in _right(e)]
    untold = sum(e.at in corrected and not _mended(e, corrected[e.at]) for e in entries)
    with st.container(key="paper_learning", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", key="paper_learning_words"):
            _words(untold)
        with st.container(horizontal=True, key="paper_learning_row"):
            _button("corrected", f"Keep what I corrected{_counted(mended)}", mended)
            rest = "The rest is right" if mended else "All digits are right"
            _button("right", f"{rest}{_counted(right)}", right)


def _words(untold: int) -> None:
    """What a click does; after it, what was kept, and the way back."""
    trouble = st.session_state.pop(_TROUBLE, "")
    last: list[Digit] = st.session_state.get(_LAST, [])
    if trouble:
        st.html(f'<p class="correcting trouble" role="alert">{escape(trouble)}</p>')
    elif last and keeping.kept(last):
        digits = "1 digit" if len(last) == 1 else f"{len(last):,} digits"
        st.html(f'<p class="correcting" aria-live="polite">Kept {digits}. Thank you.</p>')
        st.button("Take it back", key="paper_unkeep", type="tertiary", on_click=_undo)
    else:
        more = ""
        if untold:
            more = (
                f" {untold} corrected {'numbers have' if untold > 1 else 'number has'} another "
                "length than what was read: which digit is which cannot be told."
            )
        st.html(
            '<p class="correcting">Shall it learn from this? A click keeps the digits '
            f"{keeping.where()}.{more}</p>"
        )
        with st.popover("What is kept?", type="tertiary", key="explain_kept"):
            st.write(keeping.explanation())


def _mended(entry: Entry, text: str) -> list[Lesson]:
    """The digits of a corrected number; none where text and marks do not correspond."""
    marks = entry.number.marks
    if len(text) != len(marks) or set(text) - set("0123456789?"):
        return []
    labels = [NOT_A_DIGIT if sign == "?" else int(sign) for sign in text]
    model = entry.sheet.model
    return [(mark.digit, label, model) for mark, label in zip(marks, labels, strict=True)]


def _right(entry: Entry) -> list[Lesson]:
    """The digits of a number as they were read; what looks like none says nothing."""
    read = [mark.digit for mark in entry.number.marks if mark.kind != "not a digit"]
    return [(digit, digit.label, entry.sheet.model) for digit in read]


def _button(name: str, words: str, lessons: Sequence[Lesson]) -> None:
    done = bool(lessons) and keeping.kept([digit for digit, _, _ in lessons]) is not None
    st.button(
        words,
        key=f"paper_keep_{name}",
        disabled=not lessons or done,
        on_click=_keep,
        args=(lessons,),
    )


def _keep(lessons: Sequence[Lesson]) -> None:
    digits = [digit for digit, _, _ in lessons]
    models = [model for _, _, model in lessons]
    try:
        keeping.keep(digits, [label for _, label, _ in lessons], models)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
        return
    st.session_state[_LAST] = digits


def _undo() -> None:
    try:
        st.session_state[_TROUBLE] = keeping.take_back(st.session_state.get(_LAST, []))
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)


def _counted(lessons: Sequence[Lesson]) -> str:
    if not lessons:
        return ""
    return " (1 digit)" if len(lessons) == 1 else f" ({len(lessons):,} digits)"
