"""The digits that were kept on this page, as look-alikes: read again only when they changed."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import streamlit as st

from digitrec.corrections import Correction, default_url
from digitrec.engine import shared_recognizer
from digitrec.errors import DigitrecError
from digitrec.explaining.look_alikes import Bank
from digitrec.models import artifact_version
from digitrec.web import keeping

MOST = 500  # the newest
_AWAY = "inside_store_away"
_PATIENCE = 30.0  # seconds in which a store that failed is not asked again


@dataclass(frozen=True, eq=False)
class Kept:
    """What was kept and could be read.

    Attributes:
        corrections: the newest, at most `MOST`.
        bank: what the network in use sees of them, in the same order.
    """

    corrections: tuple[Correction, ...]
    bank: Bank


def kept() -> Kept | str | None:
    """What was kept; a sentence where it cannot be had now; None where nothing is kept here.

    Raises:
        ArtifactNotFoundError, ArtifactError: no network works, or it has no features.
    """
    if not keeping.allowed():
        return None
    failed, words = st.session_state.get(_AWAY, (0.0, ""))
    if words and time.monotonic() - failed < _PATIENCE:
        return str(words)
    try:
        store = keeping.store()
        counts = tuple(store.counts().items())
        newest = store.all(limit=1)
        rows = (newest[0].key, newest[0].time.isoformat()) if newest else ("", "")
        # Whatever is kept, mended or deleted changes these.
        corrections = _read(default_url(), counts, rows)
    except DigitrecError as error:
        words = str(error)
        st.session_state[_AWAY] = (time.monotonic(), words)
        return words
    st.session_state.pop(_AWAY, None)
    return _seen(artifact_version(), default_url(), counts, rows, corrections)


@st.cache_resource(show_spinner=False, max_entries=2)
def _read(
    url: str, counts: tuple[tuple[int, int], ...], newest: tuple[str, str]
) -> tuple[Correction, ...]:
    return tuple(keeping.store().all(limit=MOST))


@st.cache_resource(show_spinner=False, max_entries=2)
def _seen(
    network: tuple[str, str],
    url: str,
    counts: tuple[tuple[int, int], ...],
    newest: tuple[str, str],
    _corrections: tuple[Correction, ...],
) -> Kept:
    images = [correction.image for correction in _corrections]
    digits = np.stack(images) if images else np.zeros((0, 28, 28), np.uint8)
    return Kept(_corrections, Bank(shared_recognizer(), digits))
