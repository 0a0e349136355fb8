"""The recognizer that everything in this process shares: the page's visitors, and HTTP."""

from __future__ import annotations

import threading
from collections import OrderedDict

from digitrec.models import artifact_version
from digitrec.recognizer import Recognizer

_KEPT = 2  # artifacts: the one in use, and the one that it has just taken the place of
_lock = threading.Lock()
_loaded: OrderedDict[tuple[str, str], Recognizer] = OrderedDict()  # the one asked for last is last


def shared_recognizer() -> Recognizer:
    """The recognizer of the artifact in use; a retrained one is picked up by itself.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    with _lock:  # many ask at once when a server has just started: it is loaded once
        while (version := artifact_version()) not in _loaded:
            found = Recognizer(version[0])
            if artifact_version() == version:  # else it may be of either
                _loaded[version] = found
        _loaded.move_to_end(version)
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
        return _loaded[version]


def network_of(recognizer: Recognizer) -> tuple[str, float, float]:
    """What tells a network's answers from others': its hash, temperature and digit threshold."""
    artifact = recognizer.artifact
    return recognizer.model, artifact.temperature, artifact.digit_threshold


def is_loaded() -> bool:
    """Whether `shared_recognizer` answers at once.

    Raises:
        ArtifactNotFoundError: there is no artifact.
    """
    return artifact_version() in _loaded
