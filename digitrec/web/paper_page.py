"""Page "Paper": whole pages of digits, read, looked over and taken home."""

from __future__ import annotations

from html import escape

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.web import own_hand
from digitrec.web.engine import recognizer
from digitrec.web.markdown import literal
from digitrec.web.paper import export, intake, learning, pile, steps, table, viewer
from digitrec.web.paper.desk import Job
from digitrec.web.paper.pile import Entry
from digitrec.web.paper.sheets import Sheet
from digitrec.web.paper.style import STYLE

_CHOSEN, _ALL = "paper_chosen", "paper_all"
_OFTEN = 0.4  # s, how often it is looked how far the reading is


def show() -> None:
    """One run of the page."""
    st.html(f"<style>{STYLE}</style>")
    try:
        engine = recognizer()
    except DigitrecError as error:
        st.error(literal(error))
        return
    intake.show(engine)
    own_hand.note()
    if not pile.jobs():
        return
    # Each part keeps its place, so that what stays is not built anew when another comes or goes.
    waiting, failures, results = st.container(), st.container(), st.container()
    if any(not job.done for job in pile.jobs()):
        with waiting:
            _wait()
    with failures:
        _failures()
    if pile.sheets():
        with results:
            _results()


@st.fragment(run_every=_OFTEN)
def _wait() -> None:
    """How far the reading is; when a file is through, the page shows it."""
    waiting = [job for job in pile.jobs() if not job.done]
    through = len(pile.jobs()) - len(waiting)
    if st.session_state.setdefault("paper_through", through) != through or not waiting:
        st.session_state["paper_through"] = through
        st.rerun()
    job = waiting[0]
    pages = f", page {len(job.sheets) + 1} of {job.pages}" if job.pages > 1 else ""
    more = f" · {len(waiting) - 1} more to come" if len(waiting) > 1 else ""
    with st.container(horizontal=True, vertical_alignment="center", key="paper_waiting"):
        st.html(
            f'<div class="paper-wait" role="status"><i></i><span>Reading {escape(job.name)}{pages}'
            f"{more}</span></div>"
        )
        st.button("Stop", on_click=_stop, key="paper_stop")


def _stop() -> None:
    """Wait for nothing more; what was read to its end stays."""
    pile.remove([job.key for job in pile.jobs() if not job.done])


def _failures() -> None:
    """What could not be read, and what was left out: a sentence each."""
    lines = [(job, sentence) for job in pile.jobs() if job.done for sentence in _said_of(job)]
    if not lines:
        return
    items = "".join(f"<li>{_with_name(job.name, sentence)}</li>" for job, sentence in lines)
    with st.container(horizontal=True, vertical_alignment="center", key="paper_failed"):
        st.html(f'<ul class="paper-failures" role="status">{items}</ul>')
        failed = [job.key for job in pile.jobs() if job.error]
        if failed:
            st.button("Dismiss", on_click=pile.remove, args=(failed,), key="paper_dismiss")


def _said_of(job: Job) -> list[str]:
    return [job.error] if job.error else job.notes


def _with_name(name: str, sentence: str) -> str:
    """The sentence with the file's name in bold, which stands in most of them."""
    bold = f"<b>{escape(name)}</b>"
    text = escape(sentence)
    return text.replace(escape(name), bold) if name in sentence else f"{bold}: {text}"


def _results() -> None:
    left, right = st.columns(2, gap="large")
    with left:
        job, sheet = _choose()
        texts = {
            (at.line, at.place): text
            for at, text in pile.corrections().items()
            if (at.key, at.page) == (job.key, sheet.page)
        }
        trouble = st.container()
        if sheet.trouble:
            trouble.html(f'<p class="paper-trouble" role="status">{escape(sheet.trouble)}</p>')
        viewer.show(f"{job.key}-{sheet.page}", sheet, texts)
        _take_picture(job, sheet, texts)
    with right:
        _numbers(pile.entries())
    if st.toggle("How it was read", key="paper_how"):
        steps.show(job, sheet)


def _choose() -> tuple[Job, Sheet]:
    """The page that is looked at, with what removes its file."""
    pages = pile.sheets()
    names = {f"{job.key}-{sheet.page}": sheet.name for job, sheet in pages}
    if st.session_state.get(_CHOSEN) not in names:
        st.session_state[_CHOSEN] = next(iter(names))
    # A widget's own value is forgotten when its page is left: writing it keeps it.
    st.session_state[_CHOSEN] = st.session_state[_CHOSEN]
    with st.container(horizontal=True, vertical_alignment="center", key="paper_choice"):
        if len(names) > 1:
            st.selectbox(
                "Page",
                list(names),
                format_func=names.__getitem__,
                key=_CHOSEN,
                label_visibility="collapsed",
            )
        else:
            st.html(f'<div class="paper-name">{escape(next(iter(names.values())))}</div>')
        places = list(names)
        job, sheet = pages[places.index(st.session_state[_CHOSEN])]
        st.button("Remove", on_click=pile.remove, args=([job.key],), key="paper_remove")
    return job, sheet


def _numbers(entries: list[Entry]) -> None:
    """The summary and the table."""
    others = [entry for entry in entries if not entry.number.has_digits]
    listed = entries if st.session_state.get(_ALL) else [e for e in entries if e not in others]
    corrected = pile.corrections()
    looked = sum(e.number.doubtful and e.at not in corrected for e in listed)
    words = f"<b>{_counted(len(listed), 'number')}</b>"
    if looked:
        words += f" · {looked:,} to check"
    if corrected:
        words += f" · {len(corrected):,} corrected"
    st.html(f'<p class="paper-summary" role="status">{words}</p>')
    if listed:
        table.show(listed)
    if others:
        label = f"List also what holds no digit ({len(others):,})"
        st.checkbox(label, key=_ALL)
    _take_numbers(entries)


def _take_numbers(entries: list[Entry]) -> None:
    taken = [e for e in entries if e.number.has_digits or e.at in pile.corrections()]
    corrections = dict(pile.corrections())
    with st.container(horizontal=True, key="paper_downloads"):
        st.download_button(
            "Download CSV",
            lambda: export.as_csv(taken, corrections),
            file_name="digits.csv",
            mime="text/csv",
            disabled=not taken,
            on_click="ignore",
            key="paper_csv",
        )
        st.download_button(
            "Download JSON",
            lambda: export.as_json(taken, corrections),
            file_name="digits.json",
            mime="application/json",
            disabled=not taken,
            on_click="ignore",
            key="paper_json",
        )
    if taken:
        learning.show(taken)


def _take_picture(job: Job, sheet: Sheet, texts: dict[tuple[int, int], str]) -> None:
    stem = job.name.rpartition(".")[0] or job.name
    if sheet.name != job.name:
        stem += f"-{sheet.page + 1}"
    st.download_button(
        "Download this page with its boxes",
        lambda: export.annotated(sheet, texts),
        file_name=f"{stem}-read.png",
        mime="image/png",
        on_click="ignore",
        key="paper_png",
    )


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
