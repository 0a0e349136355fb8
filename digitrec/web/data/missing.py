"""On the page Data where there is none: how it comes, and how far it is."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import streamlit as st

from digitrec.datasets.mnist import MNIST_VARIABLE
from digitrec.datasets.places import MIRROR_VARIABLE, mnist_folder
from digitrec.web.data.download import address, bytes_there, downloads, size
from digitrec.web.markdown import literal

_OFTEN = 0.5  # s, how often it is looked how far it is
_ELSE = f"""
<p>Other ways:</p><ul>
<li><code>python scripts/fetch_data.py</code> in the project’s folder fetches it with all else that
the network learned from.</li>
<li><code>{MNIST_VARIABLE}</code> names an <code>mnist.npz</code>, or a folder with the four files,
that is on this machine already.</li>
<li><code>{MIRROR_VARIABLE}</code> names another address that has the files, and
<code>HTTPS_PROXY</code> a proxy.</li></ul>
"""


def show() -> None:
    """The offer to download it, the download that runs, or why there is none to offer."""
    named = os.environ.get(MNIST_VARIABLE)
    latest = downloads().latest
    if named:
        sentence = (
            f"Expected MNIST in {Path(named).expanduser()}, which {MNIST_VARIABLE} names. "
            "Received: nothing there, or not all of its four files. Correct the name, or start "
            f"the page without {MNIST_VARIABLE}: then MNIST can be downloaded here."
        )
        st.error(literal(sentence))
    elif latest is not None and latest.state == "running":
        _watch()
    else:
        _offer()


def is_downloading() -> bool:
    """Whether it is on its way at this moment."""
    latest = downloads().latest
    return latest is not None and latest.state == "running"


@st.fragment(run_every=_OFTEN)
def _watch() -> None:
    """How far it is; when it has ended, the page shows what came."""
    latest = downloads().latest
    if latest is None or latest.state != "running":
        st.rerun()
    share = min(1.0, latest.there / max(1, latest.total))
    st.progress(
        share,
        text=f"Downloading MNIST: {_megabytes(latest.there)} of {_megabytes(latest.total)} MB …",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop", key="data_stop", on_click=downloads().stop)
        st.caption("You can leave this page: it goes on.")


def _offer() -> None:
    """What is fetched from where, and the button that begins."""
    latest, there = downloads().latest, bytes_there()
    st.html('<p class="data-none"><b>MNIST is not on this machine yet.</b></p>')
    if latest is not None and latest.state == "failed":
        st.error(literal(latest.error))
    st.html(
        '<p class="data-offer">You can download it here: four files, '
        f"{_megabytes(size())} MB in all, from <code>{escape(address())}</code> into "
        f"<code>{escape(str(mnist_folder()))}</code>. Each is checked by its hash. "
        "Nothing is fetched before you click.</p>"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Go on" if there else f"Download {_megabytes(size())} MB",
            key="data_download",
            icon=":material/download:",
            type="primary",
            on_click=downloads().start,
        )
        if there:
            st.caption(f"{_megabytes(there)} MB are there already: it goes on from there.")
    st.html(f'<div class="data-offer">{_ELSE}</div>')


def damaged(sentence: str) -> None:
    """Data that is there and cannot be read: why, and the way out.

    Args:
        sentence: the error's own.
    """
    st.error(literal(sentence))
    if os.environ.get(MNIST_VARIABLE):
        st.write(
            f"`{MNIST_VARIABLE}` names it. Put the right data in its place, or start the page "
            f"without {MNIST_VARIABLE}: then MNIST can be downloaded here."
        )
        return
    st.write(f"It lies in `{mnist_folder()}`, where downloads go.")
    st.button(
        f"Delete it and download {_megabytes(size())} MB again",
        key="data_anew",
        icon=":material/download:",
        type="primary",
        on_click=lambda: downloads().start(anew=True),
    )


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"
