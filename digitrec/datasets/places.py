"""Where data sets lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from digitrec.datasets.mnist import IDX_NAMES, MNIST_VARIABLE
from digitrec.home import cache_folder as own_cache_folder

CACHE_VARIABLE = "DIGITREC_CACHE"
MIRROR_VARIABLE = "DIGITREC_MIRROR"


def cache_folder() -> Path:
    """Where fetched data lies: `DIGITREC_CACHE`, else the user's own cache folder."""
    place = os.environ.get(CACHE_VARIABLE)
    if place:
        return Path(place).expanduser()
    return own_cache_folder()


def mnist_folder() -> Path:
    """Where MNIST lies once it is fetched."""
    return cache_folder() / "mnist"


def mirror_address() -> str | None:
    """A folder on the web to fetch from, as `DIGITREC_MIRROR` names it; None for none."""
    return os.environ.get(MIRROR_VARIABLE, "").strip() or None


def mnist_place() -> Path | None:
    """Where MNIST is: what `DIGITREC_MNIST` names, else `mnist` in the cache; None if nowhere.

    A folder that lacks one of the four files is no place: it was fetched in part.
    """
    named = os.environ.get(MNIST_VARIABLE)
    place = Path(named).expanduser() if named else mnist_folder()
    if place.is_dir():
        there = {path.name.removesuffix(".gz").replace(".idx", "-idx") for path in place.iterdir()}
        return place if there >= set(IDX_NAMES.values()) else None
    return place if place.is_file() else None
