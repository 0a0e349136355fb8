"""The recognizer that everything in this process shares: the page's visitors, and HTTP."""

from __future__ import annotations

import threading

from digitrec.models import artifact_version
from digitrec.recognizer import Recognizer

_KEPT = 2  # artifacts: the one in use, and the one that it has just taken the place of
_lock = threading.Lock()
_loaded: dict[tuple[str, str], Recognizer] = {}


def shared_recognizer() -> Recognizer:
    """The recognizer of the artifact in use; a retrained one is picked up by itself.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    version = artifact_version()
    with _lock:  # many ask at once when a server has just started: it is loaded once
        found = _loaded.pop(version, None) or Recognizer(version[0])
        _loaded[version] = found  # as the last one, which goes last
        while len(_loaded) > _KEPT:
            del _loaded[next(iter(_loaded))]
    return found


def is_loaded() -> bool:
    """Whether `shared_recognizer` answers at once.

    Raises:
        ArtifactNotFoundError: there is no artifact.
    """
    return artifact_version() in _loaded
