"""NumPy's archives (`.npz`) from anywhere: arrays of numbers come out, nothing is unpickled."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.errors import DatasetError
from digitrec.packed import most_unpacked

MAX_ARRAY_BYTES = 1 << 30  # the largest array of MNIST has 47 million
_HEADS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_arrays(path: Path, names: Iterable[str] | None = None) -> dict[str, NDArray[np.generic]]:
    """Arrays of an archive by their names.

    What it claims is looked at before any room is made for it.

    Args:
        path: the archive.
        names: those to read, as far as they are there; None for all.

    Raises:
        DatasetError: it is none, damaged, or holds or claims something else than arrays of
            numbers of up to 1 GiB each.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            there = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            wanted = there if names is None else names
            return {name: _array(archive, there[name]) for name in wanted if name in there}
    except Exception as error:  # it can be damaged in as many ways as there are packings
        raise DatasetError(
            f"Expected an .npz archive of arrays. Received: {path}, which cannot be read "
            f"({error}). Fetch it again."
        ) from error


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NDArray[np.generic]:
    most = min(MAX_ARRAY_BYTES, most_unpacked(info.compress_size))
    if info.file_size > most:
        raise ValueError(f"at most {most:,} bytes are taken of {info.filename}")
    with archive.open(info) as member:
        version: Any = np.lib.format.read_magic(member)
        if version not in _HEADS:
            raise ValueError(f"{info.filename} is of version {version}")
        shape, _, dtype = _HEADS[version](member)
        data = info.file_size - member.tell()
    if dtype.hasobject:
        raise ValueError(f"{info.filename} holds Python objects, which are never unpickled")
    if min(shape, default=0) < 0 or math.prod(shape) * dtype.itemsize != data:
        raise ValueError(f"{info.filename} claims the shape {shape} and has {data:,} bytes")
    with archive.open(info) as member:
        return np.asarray(np.lib.format.read_array(member, allow_pickle=False))
