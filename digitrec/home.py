"""Where this user's own files lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

# Nothing can be made below a device: whoever tries says in words which place to name instead.
_NO_HOME = Path(os.devnull) / "no-home"


def data_folder() -> Path:
    """For what must not be lost, such as corrections."""
    from platformdirs import user_data_path

    try:
        return user_data_path("digitrec")
    except RuntimeError:  # a user whom the system does not know, as in a container, without HOME
        return _NO_HOME / "digitrec"


def cache_folder() -> Path:
    """For what can be fetched again."""
    from platformdirs import user_cache_path

    try:
        return user_cache_path("digitrec")
    except RuntimeError:
        return _NO_HOME / "digitrec"
