"""The recognizer that every session shares."""

from __future__ import annotations

import streamlit as st

from digitrec.models import artifact_version
from digitrec.recognizer import Recognizer


def recognizer() -> Recognizer:
    """The recognizer of the artifact in use; a retrained one is picked up by itself.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    return _load(artifact_version())


@st.cache_resource(show_spinner=False, max_entries=2)
def _load(version: tuple[str, str]) -> Recognizer:
    return Recognizer(version[0])
