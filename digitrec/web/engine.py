"""The recognizer of this session: everybody's, or moved towards this visitor's hand."""

from __future__ import annotations

import streamlit as st

from digitrec.engine import shared_recognizer
from digitrec.errors import ArtifactError, DigitrecError
from digitrec.handwriting import Handwriting
from digitrec.recognizer import Recognizer
from digitrec.web import own_hand

_SEEN, _OWN = "network_seen", "own_recognizer"


def recognizer() -> Recognizer:
    """The one that all share, with the digits that this visitor taught, if any.

    Raises:
        ArtifactNotFoundError, ArtifactError: see `digitrec.engine.shared_recognizer`.
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
