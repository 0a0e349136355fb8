"""On the page Model: a training on what was corrected, started, watched and stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.util import find_spec
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.models import artifact_folder, load_artifact
from digitrec.retraining_state import RetrainingState, cancel, read_state, start
from digitrec.versions import rollback
from digitrec.web import keeping
from digitrec.web.markdown import literal
from digitrec.web.model.plain import moment

_OFTEN = 1.0  # s, how often it is looked how far it is
_TROUBLE, _TRY = "retraining_trouble", "retraining_try"
_ENDED = {
    "promoted": "It has learned.",
    "refused": "Nothing was changed.",
    "tried": "It was only a try.",
    "failed": "It failed.",
    "cancelled": "It was stopped.",
}
_GONE_BACK = "The network from before that training is in use again."


def show(card: Mapping[str, Any]) -> None:
    """What a training would learn from, the one that runs, or what the last one came to.

    Args:
        card: of the network in use.
    """
    if not keeping.allowed():
        return
    st.html('<h3 class="model">Learn from corrections</h3>')
    state = read_state()
    running = state is not None and state.outcome == "running"
    try:
        count = sum(keeping.store().counts().values())
    except DigitrecError as error:
        st.error(literal(error))
        return
    trouble = st.session_state.pop(_TROUBLE, "")
    if trouble:
        st.error(literal(trouble))
    if running:
        _watch()
    else:
        _offer(count)
        if state is not None:
            _ended(state, card)


@st.fragment(run_every=_OFTEN)
def _watch() -> None:
    """How far it is; when it has ended, the page shows what it came to."""
    state = read_state()
    if state is None or state.outcome != "running":
        st.rerun()
    st.progress(min(1.0, max(0.0, state.share)), text=f"{state.stage} …")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", key="retraining_stop", on_click=_cancel)
        st.caption("You can leave this page: it goes on, and what it comes to is shown here.")


def _offer(count: int) -> None:
    """What it would learn from, and the button that begins."""
    digits = "1 digit is" if count == 1 else f"{count:,} digits are"
    st.write(
        f"{digits} kept. A training on them, mixed with what the network learned before, takes a "
        "few minutes. The new network is put in use only if it is not worse on MNIST, not worse "
        "at refusing what is no digit, and better on your corrections; else the old one stays."
    )
    missing = find_spec("tensorflow") is None
    if missing:
        st.info('Training needs TensorFlow: `pip install "digitrec[train]"`, then start again.')
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Train on the corrections",
            type="primary",
            key="retraining_start",
            disabled=missing or not count,
            on_click=_start,
        )
        st.checkbox("Only try, change nothing", key=_TRY, disabled=missing or not count)


def _ended(state: RetrainingState, card: Mapping[str, Any]) -> None:
    """What the last one came to, and the table of before and after."""
    begun, made = moment(state.started), moment(card.get("created"))
    older = begun is not None and made is not None and made < begun
    gone_back = state.outcome == "promoted" and older
    verdict = _GONE_BACK if gone_back else _ENDED[state.outcome]
    when = f" Begun {begun.astimezone():%Y-%m-%d %H:%M}." if begun else ""
    st.write(f"**{verdict}** {literal(state.message)}{when}")
    if state.rows:
        st.html(_table(state.rows))
    if state.suspicious:
        doubtful = (
            "1 label is" if len(state.suspicious) == 1 else f"{len(state.suspicious)} labels are"
        )
        st.write(f"{doubtful} in doubt. The page Corrections shows which.")
    if state.outcome == "promoted" and not gone_back:
        st.button(
            "Go back to the network before",
            key="retraining_back",
            on_click=_back,
            args=(card.get("created"),),
        )


def _table(rows: Sequence[Mapping[str, Any]]) -> str:
    """What was counted, before and after, of how many, and the verdict in words."""
    body = ""
    for row in rows:
        numbers = "".join(f"<td>{row[name]:,}</td>" for name in ("before", "after", "number"))
        verdict = escape(str(row["verdict"]))
        body += (
            f'<tr><th scope="row">{escape(str(row["name"]))}</th>{numbers}<td>{verdict}</td></tr>'
        )
    titles = ("counted", "before", "after", "of", "verdict")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    return f'<table class="retrained"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _start() -> None:
    options = ["--dry-run"] if st.session_state.get(_TRY) else []
    try:
        start(["--corrections", *options])
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)


def _cancel() -> None:
    cancel()


def _back(created: Any) -> None:
    """Go back from the network of this time, if that is still the one in use.

    A second click, or another visitor's, would bring it back.
    """
    folder = artifact_folder()
    try:
        if load_artifact(folder).card.get("created") == created:
            rollback(folder)
        else:
            st.session_state[_TROUBLE] = (
                "Expected to go back from the network that was in use. Received: another one in "
                "use by now. Nothing was changed: look at what is said below."
            )
    except DigitrecError as error:
        st.session_state[_TROUBLE] = str(error)
