"""The network's layers and the drawings that it is asked about: opened once, for every visitor."""

from __future__ import annotations

import streamlit as st

from digitrec.engine import network_of, shared_recognizer
from digitrec.explaining.layers import Network
from digitrec.explaining.look_alikes import Bank, Drawings, own_drawings
from digitrec.recognizer import Recognizer


def network() -> Network:
    """The float32 network of the artifact in use.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    shared = shared_recognizer()
    return _open(network_of(shared), shared)


@st.cache_resource(show_spinner=False, max_entries=2)
def _open(network: tuple[str, float, float], _shared: Recognizer) -> Network:
    return Network(_shared.artifact)


@st.cache_resource(show_spinner="Drawing every digit in every way, once …", max_entries=1)
def drawings() -> Drawings:
    """The project's own drawings of every digit; half a second, once."""
    return own_drawings()


def bank() -> Bank:
    """What the network in use sees of them.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works, or it has no features.
    """
    shared = shared_recognizer()
    return _bank(network_of(shared), shared)


@st.cache_resource(show_spinner=False, max_entries=2)
def _bank(network: tuple[str, float, float], _shared: Recognizer) -> Bank:
    return Bank(_shared, drawings().digits)


@st.cache_resource(show_spinner=False, max_entries=2)
def _usual(network: tuple[str, float, float], _shared: Recognizer) -> tuple[float, float]:
    return _bank(network, _shared).likeness_among(drawings().labels)


def usual_likeness() -> tuple[float, float]:
    """How alike two drawings of one digit are in the middle, and two of different ones.

    Raises:
        ArtifactNotFoundError, ArtifactError: as of `bank`.
    """
    shared = shared_recognizer()
    return _usual(network_of(shared), shared)
