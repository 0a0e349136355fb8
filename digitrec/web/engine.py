"""The recognizer that every session shares, and this session's own."""

from __future__ import annotations

import streamlit as st

from digitrec.errors import ArtifactError, DigitrecError
from digitrec.handwriting import Handwriting
from digitrec.models import artifact_version
from digitrec.recognizer import Recognizer
from digitrec.web import own_hand

_SEEN, _OWN = "network_seen", "own_recognizer"


def shared_recognizer() -> Recognizer:
    """The recognizer of the artifact in use; a retrained one is picked up by itself.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    return _load(artifact_version())


def recognizer() -> Recognizer:
    """The same, with the digits that this visitor taught, if any.

    Raises:
        ArtifactNotFoundError, ArtifactError: see `shared_recognizer`.
    """
    shared, hand = shared_recognizer(), own_hand.hand()
    if not len(hand):
        return shared
    # One object as long as nothing changes: the page Paper knows by it what was read already.
    kept: tuple[Recognizer, Handwriting, Recognizer] | None = st.session_state.get(_OWN)
    if kept is None or kept[0] is not shared or kept[1] is not hand:
        try:
            own = shared.with_handwriting(hand)
        except ArtifactError:  # an older network has no features; the page Teach says so
            own = shared
        kept = st.session_state[_OWN] = (shared, hand, own)
    return kept[2]


def announce() -> None:
    """Say it when another network answers than at the visitor's last step."""
    try:
        now = shared_recognizer().model
    except DigitrecError:
        return  # whoever needs one says why there is none
    if st.session_state.setdefault(_SEEN, now) != now:
        st.session_state[_SEEN] = now
        st.toast(
            "A new network answers from now on.", icon=":material/model_training:", duration="long"
        )


@st.cache_resource(show_spinner=False, max_entries=2)
def _load(version: tuple[str, str]) -> Recognizer:
    return Recognizer(version[0])
