"""Where data sets lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from digitrec.datasets.mnist import IDX_NAMES, MNIST_VARIABLE

CACHE_VARIABLE = "DIGITREC_CACHE"


def cache_folder() -> Path:
    """Where fetched data lies: `DIGITREC_CACHE`, else the user's own cache folder."""
    place = os.environ.get(CACHE_VARIABLE)
    if place:
        return Path(place).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("digitrec")


def mnist_place() -> Path | None:
    """Where MNIST is: what `DIGITREC_MNIST` names, else `mnist` in the cache; None if nowhere.

    A folder that lacks one of the four files is no place: it was fetched in part.
    """
    named = os.environ.get(MNIST_VARIABLE)
    place = Path(named).expanduser() if named else cache_folder() / "mnist"
    if place.is_dir():
        there = {path.name.removesuffix(".gz").replace(".idx", "-idx") for path in place.iterdir()}
        return place if there >= set(IDX_NAMES.values()) else None
    return place if place.is_file() else None
