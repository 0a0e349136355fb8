"""Files of arrays: NumPy's archives and MNIST's own form, plain and packed."""

import gzip
import io
from typing import Any

import numpy as np

from digitrec.datasets import load_mnist
from digitrec.datasets.mnist import read_idx
from fuzzing.places import SCRATCH


def seeds() -> list[bytes]:
    """Each kind once; the first byte tells which reader is asked."""
    digits, labels = np.zeros((2, 28, 28), np.uint8), np.array([3, 7])
    parts: dict[str, Any] = {
        "x_train": digits,
        "y_train": labels,
        "x_test": digits,
        "y_test": labels,
    }
    files = []
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, **parts)
        files.append(b"\0" + file.getvalue())
    file = io.BytesIO()
    np.savez(file, **(parts | {"x_train": np.array([{}], object)}))
    files.append(b"\0" + file.getvalue())
    idx = b"\0\0\x08\x01\0\0\0\4\1\2\3\4"
    return [*files, b"\1" + idx, b"\2" + gzip.compress(idx)]


def take(data: bytes) -> None:
    """Ask the reader that the first byte tells of."""
    kind, content = data[:1], data[1:]
    if kind == b"\0":
        path = SCRATCH / "mnist.npz"
        path.write_bytes(content)
        load_mnist(path, check=False)
        return
    path = SCRATCH / ("images.gz" if kind == b"\2" else "images")
    path.write_bytes(content)
    read_idx(path)
