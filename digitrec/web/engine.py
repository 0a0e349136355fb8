"""The recognizer that every session shares."""

from __future__ import annotations

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.models import artifact_version
from digitrec.recognizer import Recognizer

_SEEN = "network_seen"


def recognizer() -> Recognizer:
    """The recognizer of the artifact in use; a retrained one is picked up by itself.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    return _load(artifact_version())


def announce() -> None:
    """Say it when another network answers than at the visitor's last step."""
    try:
        now = recognizer().model
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
