"""Page "Corrections": what was kept, to look over, mend, delete and take home."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence, Sized
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from digitrec.corrections import NOT_A_DIGIT, Change, Correction
from digitrec.corrections.exchange import write_json_lines, write_pictures
from digitrec.errors import DigitrecError
from digitrec.retraining_state import read_state
from digitrec.web import gallery, keeping
from digitrec.web.gallery import Tile
from digitrec.web.markdown import literal

_GALLERY, _FILTER = "corrections_gallery", "corrections_filter"
_CHOSEN, _SHOWN, _BEFORE = "corrections_chosen", "corrections_shown", "corrections_before"
_TROUBLE = "corrections_trouble"
_ALL, _DOUBTFUL = 10, 11  # the filter's names for what is no label: 0-9 and -1 are
_AT_A_TIME = 60
_EMPTY = """
<div class="corrections-empty"><p><b>Nothing is kept yet.</b></p>
<p>Under every answer of the pages Draw and Paper you can say whether it is right, or what it
really was. What you click there is kept, shown here, and learned from when the network is trained
again.</p></div>
"""


def show() -> None:
    """One run of the page."""
    try:
        counts = keeping.store().counts()
    except DigitrecError as error:
        st.header("Corrections", anchor=False)
        st.error(literal(error))
        st.button("Try again", key="corrections_again")
        return
    _head(sum(counts.values()))
    try:
        if counts:
            _gallery(counts)
        else:
            _words([])
            st.html(_EMPTY)
    except DigitrecError as error:
        st.error(literal(error))


def _head(count: int) -> None:
    """How many there are, where, and all of them to take home."""
    with st.container(horizontal=True, vertical_alignment="center", key="corrections_head"):
        st.header("Corrections", anchor=False)
        for words, name, mime, make in (
            ("JSON lines", "corrections.jsonl", "application/jsonl", _json_lines),
            ("Pictures", "corrections.zip", "application/zip", _pictures),
        ):
            st.download_button(
                words,
                make,
                file_name=name,
                mime=mime,
                icon=":material/download:",
                disabled=not count,
                on_click="ignore",
                key=f"corrections_{name.rpartition('.')[2]}",
            )
    digits = "1 digit is" if count == 1 else f"{count:,} digits are"
    st.html(
        f'<p class="corrections-sum"><b>{digits} kept</b> in {escape(keeping.store().place)}. '
        "A fifth of them, chosen by content, is never trained on: it judges.</p>"
    )


def _json_lines() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "corrections.jsonl"
        write_json_lines(file, keeping.store().all())
        return file.read_bytes()


def _pictures() -> bytes:
    """A folder a label, zipped."""
    with TemporaryDirectory() as folder:
        pictures = Path(folder) / "corrections"
        write_pictures(pictures, keeping.store().all())
        return Path(shutil.make_archive(str(pictures), "zip", pictures)).read_bytes()


def _gallery(counts: dict[int, int]) -> None:
    doubtful = _doubtful()
    label = _filter(counts, len(doubtful))
    shown = int(st.session_state.get(_SHOWN, _AT_A_TIME))
    if label == _DOUBTFUL:
        rows = doubtful[:shown]
    else:
        rows = keeping.store().all(label=None if label == _ALL else label, limit=shown)
    keys = {row.key for row in rows}
    chosen = [key for key in st.session_state.get(_CHOSEN, []) if key in keys]
    with st.container(gap="xxsmall"):
        _words(chosen)
        _actions(chosen)
    gallery.show(_GALLERY, [_tile(row) for row in rows], chosen, _choose)
    if len(rows) == shown:
        st.button("Show more", key="corrections_more", on_click=_show_more)


def _doubtful() -> list[Correction]:
    """Those whose labels the last training doubted, as far as they are still as they were."""
    state = read_state()
    if state is None:
        return []
    begun = datetime.fromisoformat(state.started)
    rows = [keeping.store().get(key) for key in state.suspicious]
    return [row for row in rows if row is not None and row.time < begun]


def _filter(counts: dict[int, int], doubtful: int) -> int:
    """A row of the classes with how many there are of each."""
    names = {_ALL: f"All {sum(counts.values()):,}"}
    names |= {label: f"{label} · {counts.get(label, 0):,}" for label in range(10)}
    names[NOT_A_DIGIT] = f"no digit · {counts.get(NOT_A_DIGIT, 0):,}"
    if doubtful:
        names[_DOUBTFUL] = f"in doubt · {doubtful:,}"
    return int(
        st.segmented_control(
            "Which ones",
            list(names),
            format_func=names.__getitem__,
            default=_ALL,
            required=True,
            key=_FILTER,
            label_visibility="collapsed",
            on_change=_choose_none,
        )
    )


def _words(chosen: Sequence[str]) -> None:
    """What was just done, with the way back; else what can be done."""
    trouble = st.session_state.pop(_TROUBLE, "")
    done, _ = st.session_state.get(_BEFORE, ("", []))
    with st.container(horizontal=True, vertical_alignment="center", key="corrections_words"):
        if trouble:
            st.html(f'<p class="correcting trouble" role="alert">{escape(trouble)}</p>')
        elif chosen:
            st.html(f'<p class="correcting"><b>{len(chosen)} chosen.</b> It really is …</p>')
        elif done:
            st.html(f'<p class="correcting" aria-live="polite">{done}</p>')
            st.button("Take it back", key="corrections_undo", type="tertiary", on_click=_undo)
        else:
            st.html('<p class="correcting">Choose digits to mend or delete them.</p>')


def _actions(chosen: Sequence[str]) -> None:
    """A button for each label, and one to delete."""
    with st.container(horizontal=True, key="corrections_actions"):
        for label in (*range(10), NOT_A_DIGIT):
            st.button(
                _named(label),
                key=f"corrections_{label}",
                disabled=not chosen,
                on_click=_relabel,
                args=(chosen, label),
            )
        st.button(
            "Delete",
            key="corrections_delete",
            icon=":material/delete:",
            disabled=not chosen,
            on_click=_delete,
            args=(chosen,),
        )


def _tile(row: Correction) -> Tile:
    answer = "no digit" if row.predicted == NOT_A_DIGIT else str(row.predicted)
    words = "read rightly" if row.confirmed else f"read as {answer}"
    used = "judges" if row.held_out else "is learned from"
    day = f"{row.time.astimezone():%Y-%m-%d %H:%M}"
    told = f"{_named(row.label)}, {words} ({100 * row.probabilities.max():.1f} %), {day}; it {used}"
    return Tile(
        row.key, row.image, "–" if row.label == NOT_A_DIGIT else str(row.label), words, told
    )


def _named(label: int) -> str:
    return "No digit" if label == NOT_A_DIGIT else str(label)


def _choose() -> None:
    st.session_state[_CHOSEN] = gallery.chosen_in(_GALLERY)


def _choose_none() -> None:
    st.session_state[_CHOSEN] = []
    st.session_state[_SHOWN] = _AT_A_TIME


def _show_more() -> None:
    st.session_state[_SHOWN] = int(st.session_state.get(_SHOWN, _AT_A_TIME)) + _AT_A_TIME


def _relabel(keys: Sequence[str], label: int) -> None:
    name = "no digit" if label == NOT_A_DIGIT else f"{'an' if label == 8 else 'a'} {label}"
    _change(keys, f"now {name}", lambda: keeping.store().relabel_all(keys, label))


def _delete(keys: Sequence[str]) -> None:
    def delete() -> list[Change]:
        found = {key: keeping.store().get(key) for key in keys}
        keeping.store().delete(keys)
        return [Change(key, row, None) for key, row in found.items() if row is not None]

    _change(keys, "deleted", delete)


def _change(keys: Sequence[str], what: str, change: Callable[[], list[Change]]) -> None:
    """Change some, remembering how they were."""
    try:
        changes = change()
        keeping.forget(keys)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
        return
    words = f"{_counted(changes)} {what}."
    if gone := len(keys) - len(changes):
        words += f" {_counted(range(gone))} not there any longer."
    st.session_state[_BEFORE] = (words, changes)
    st.session_state[_CHOSEN] = []


def _undo() -> None:
    _, changes = st.session_state.get(_BEFORE, ("", []))
    try:
        st.session_state[_TROUBLE] = keeping.undo(changes)
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
        return
    st.session_state.pop(_BEFORE, None)


def _counted(some: Sized) -> str:
    return "1 digit is" if len(some) == 1 else f"{len(some)} digits are"
