"""MNIST where it lies on this machine, and what the network in use answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.datasets import Mnist, load_mnist, mnist_place
from digitrec.engine import network_of, shared_recognizer
from digitrec.recognizer import Recognizer

Part = Literal["train", "test"]


@dataclass(frozen=True, eq=False)
class Answered:
    """A part of MNIST, and what the network in use answers.

    Attributes:
        digits: (N, 28, 28) uint8.
        labels: (N,) int64, the truth.
        probabilities: (N, 10) float32.
        scores: (N,) float32, 0-1, how much each looks like a digit.
        threshold: the least score that is accepted.
    """

    digits: NDArray[np.uint8]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    scores: NDArray[np.float32]
    threshold: float

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        """(N,) the likeliest class of each, accepted or not."""
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    @cached_property
    def confidences(self) -> NDArray[np.float32]:
        """(N,) the likeliest class' probability of each, 0-1."""
        return np.asarray(self.probabilities.max(axis=1, initial=0), np.float32)

    @cached_property
    def accepted(self) -> NDArray[np.bool_]:
        """(N,) whether each is taken for a digit."""
        return np.asarray(self.scores >= self.threshold)


def mnist() -> Mnist | None:
    """MNIST, or what `DIGITREC_MNIST` names in its form; None where there is none.

    Raises:
        DatasetError: it is there, but damaged or of another form.
    """
    place = mnist_place()
    return _load(*_version(place)) if place else None


def answered(part: Part) -> Answered | None:
    """A part of it with the answers of the network in use; None where there is none.

    Takes a second for the test digits and some five for the others; then it is kept, for every
    visitor, until another network is in use.

    Raises:
        DatasetError: see `mnist`.
        ArtifactNotFoundError, ArtifactError: no network works.
    """
    place = mnist_place()
    if place is None:
        return None
    shared = shared_recognizer()
    return _answer(network_of(shared), shared, _version(place), part)


def _version(place: Path) -> tuple[str, float]:
    files = place.iterdir() if place.is_dir() else [place]
    return str(place), max((file.stat().st_mtime for file in files), default=0.0)


@st.cache_resource(show_spinner="Reading MNIST …", max_entries=1)
def _load(place: str, changed: float) -> Mnist:
    return load_mnist(place, check=False)


@st.cache_resource(show_spinner="The network reads all of it once …", max_entries=2)
def _answer(
    network: tuple[str, float, float], _shared: Recognizer, place: tuple[str, float], part: Part
) -> Answered:
    chosen = getattr(_load(*place), part)
    read = _shared.read_digits(chosen.digits)
    return Answered(
        chosen.digits,
        chosen.labels,
        np.array([digit.probabilities for digit in read], np.float32).reshape(-1, 10),
        np.array([digit.digit_score for digit in read], np.float32),
        read[0].threshold if read else 0.0,
    )
