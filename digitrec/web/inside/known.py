"""The network's layers and the drawings that it is asked about: opened once, for every visitor."""

from __future__ import annotations

import streamlit as st

from digitrec.engine import shared_recognizer
from digitrec.explaining.layers import Network
from digitrec.explaining.look_alikes import Bank, Drawings, own_drawings
from digitrec.models import artifact_version


def network() -> Network:
    """The float32 network of the artifact in use.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    return _open(artifact_version())


@st.cache_resource(show_spinner=False, max_entries=2)
def _open(version: tuple[str, str]) -> Network:
    return Network(shared_recognizer().artifact)


@st.cache_resource(show_spinner="Drawing every digit in every way, once …", max_entries=1)
def drawings() -> Drawings:
    """The project's own drawings of every digit; half a second, once."""
    return own_drawings()


def bank() -> Bank:
    """What the network in use sees of them.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works, or it has no features.
    """
    return _bank(artifact_version())


@st.cache_resource(show_spinner=False, max_entries=2)
def _bank(version: tuple[str, str]) -> Bank:
    return Bank(shared_recognizer(), drawings().digits)


@st.cache_resource(show_spinner=False, max_entries=2)
def _usual(version: tuple[str, str]) -> tuple[float, float]:
    return _bank(version).likeness_among(drawings().labels)


def usual_likeness() -> tuple[float, float]:
    """How alike two drawings of one digit are in the middle, and two of different ones.

    Raises:
        ArtifactNotFoundError, ArtifactError: as of `bank`.
    """
    return _usual(artifact_version())
