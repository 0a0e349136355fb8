"""Page "Data": what the network learned from and is judged by, to look at and to play with."""

from __future__ import annotations

from typing import cast

import streamlit as st

from digitrec.datasets import Mnist, mnist_place
from digitrec.engine import shared_recognizer
from digitrec.errors import DatasetError, DigitrecError
from digitrec.web import at_hand
from digitrec.web.data import averages, game, missing, samples
from digitrec.web.data.about import about_html
from digitrec.web.data.style import STYLE
from digitrec.web.markdown import literal

_VIEW, _PART = "data_view", "data_part"
_SAMPLES, _AVERAGES, _GAME = "Samples", "Averages", "Guess first"
_WHAT = (
    "MNIST: handwritten digits, 28×28 pixels each, white on black. The network learned from one "
    "part of them and is judged by the other."
)


def show() -> None:
    """One run of the page."""
    st.html(f"<style>{STYLE}</style>")
    st.html(f'<div class="data-head"><h1>Data</h1><p>{_WHAT}</p></div>')
    try:
        card = shared_recognizer().artifact.card
        mnist = None if missing.is_downloading() else at_hand.mnist()
        if mnist is None:
            missing.show()
        else:
            _views(mnist)
        st.html(about_html(mnist, card))
    except DatasetError as error:
        missing.damaged(str(error))
    except DigitrecError as error:
        st.error(literal(error))


def _views(mnist: Mnist) -> None:
    """The choice of what to see, and that."""
    place = mnist_place()
    if not mnist.genuine and place:
        st.info(  # without the folders that lead there: the page may be a public one
            f"This is not MNIST’s own content but other data in its form, from {place.name}: "
            "what is said here of MNIST does not hold for it."
        )
    with st.container(horizontal=True, key="data_views"):
        view = st.segmented_control(
            "What to see",
            [_SAMPLES, _AVERAGES, _GAME],
            default=_SAMPLES,
            required=True,
            key=_VIEW,
            persist_state="session",
            label_visibility="collapsed",
            wrap=True,
        )
        hard = game.choose_kind() if view == _GAME else False
        part: at_hand.Part = "test" if view == _GAME else _part(mnist)
    if view == _AVERAGES:
        averages.show(getattr(mnist, part), mnist.sha256[f"x_{part}"] + mnist.sha256[f"y_{part}"])
        return
    found = at_hand.answered(part)
    if found is None:  # it has just gone away
        st.rerun()
    if view == _SAMPLES:
        samples.show(found)
    else:
        game.show(found, mnist.sha256["x_test"], hard=hard)


def _part(mnist: Mnist) -> at_hand.Part:
    names = {
        "test": f"{len(mnist.test):,} test digits",
        "train": f"{len(mnist.train):,} training digits",
    }
    part = st.segmented_control(
        "Which part",
        list(names),
        format_func=names.__getitem__,
        default="test",
        required=True,
        key=_PART,
        persist_state="session",
        label_visibility="collapsed",
        wrap=True,
    )
    return cast(at_hand.Part, part)
