"""Labelled digits from files: MNIST as `.npz` or as its four IDX files.

NumPy only. What comes out is always digits (N, 28, 28) uint8, bright ink on black,
with labels (N,) int64.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets.archives import MAX_ARRAY_BYTES, read_arrays
from digitrec.errors import DatasetError, DatasetNotFoundError
from digitrec.packed import most_unpacked, open_packed

logger = logging.getLogger(__name__)

MNIST_VARIABLE = "DIGITREC_MNIST"

# sha256 of the arrays' bytes, in C order. They belong to the IDX files whose md5 is widely
# published (training images 6bbc9ace898e44ae57da46a324031adb, and so on).
MNIST_SHA256 = {
    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
}
IDX_NAMES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}


@dataclass(frozen=True)
class LabelledDigits:
    """Digits with their true classes.

    Attributes:
        digits: (N, 28, 28) uint8 in MNIST's form.
        labels: (N,) int64, 0-9.
    """

    digits: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Mnist:
    """MNIST as its authors split it, and how it is known.

    Attributes:
        train: the 60,000 training digits.
        test: the 10,000 test digits.
        sha256: hash of each array's bytes, by the array's name.
        genuine: whether all four hashes are MNIST's own.
    """

    train: LabelledDigits
    test: LabelledDigits
    sha256: Mapping[str, str]
    genuine: bool


def load_mnist(path: str | os.PathLike[str] | None = None, *, check: bool = True) -> Mnist:
    """MNIST from a file or folder on this machine.

    Args:
        path: an `.npz` with `x_train`, `y_train`, `x_test`, `y_test`, or the folder of the
            four IDX files, plain or `.gz`. Without it, what `DIGITREC_MNIST` names.
        check: refuse arrays that are not MNIST's. Other data of the same form can be used
            with False.

    Raises:
        DatasetNotFoundError: neither a path nor `DIGITREC_MNIST`, or nothing is there.
        DatasetError: the file is damaged, of another form, or (with `check`) not MNIST.
    """
    place = os.fspath(path) if path is not None else os.environ.get(MNIST_VARIABLE)
    if not place:
        raise DatasetNotFoundError(
            "MNIST is needed and no place was given. Download mnist.npz or the four IDX files "
            f"and pass --mnist PATH, or set {MNIST_VARIABLE}."
        )
    root = Path(place).expanduser()
    if not root.exists():
        raise DatasetNotFoundError(
            f"Expected MNIST as an .npz file or a folder of IDX files. Received: {root}, which "
            f"does not exist. Pass --mnist PATH, or set {MNIST_VARIABLE}."
        )
    return mnist_from_arrays(
        _read_idx_folder(root) if root.is_dir() else _read_npz(root), source=str(root), check=check
    )


def mnist_from_arrays(
    arrays: Mapping[str, NDArray[np.generic]], *, source: str, check: bool = True
) -> Mnist:
    """The four arrays, checked for form and, with `check`, for being MNIST's own.

    Raises:
        DatasetError: a shape, a type or a label is wrong, or a hash differs.
    """
    parts = {name: _checked_part(arrays, name, source) for name in ("train", "test")}
    hashes = {
        name: hashlib.sha256(np.ascontiguousarray(arrays[name]).tobytes()).hexdigest()
        for name in MNIST_SHA256
    }
    different = [name for name, digest in hashes.items() if digest != MNIST_SHA256[name]]
    if check and different:
        raise DatasetError(
            f"Expected MNIST's own arrays. Received: {source}, whose {', '.join(different)} "
            "differ in content. Fetch the original files again, or pass --unchecked to use "
            "this data as it is."
        )
    logger.info("read %d training and %d test digits", len(parts["train"]), len(parts["test"]))
    return Mnist(parts["train"], parts["test"], hashes, genuine=not different)


def _checked_part(
    arrays: Mapping[str, NDArray[np.generic]], part: str, source: str
) -> LabelledDigits:
    digits, labels = arrays[f"x_{part}"], arrays[f"y_{part}"]
    if digits.dtype != np.uint8 or digits.ndim != 3 or digits.shape[1:] != (28, 28):
        raise DatasetError(
            f"Expected x_{part} as (N, 28, 28) uint8. Received: {digits.shape} {digits.dtype} "
            f"in {source}. Convert it to MNIST's form first."
        )
    if labels.shape != (len(digits),) or not np.issubdtype(labels.dtype, np.integer):
        raise DatasetError(
            f"Expected y_{part} as ({len(digits)},) integers. Received: {labels.shape} "
            f"{labels.dtype} in {source}. Each digit needs exactly one label."
        )
    if len(labels) == 0 or int(labels.min()) < 0 or int(labels.max()) > 9:
        raise DatasetError(
            f"Expected labels 0-9 in y_{part}. Received: "
            f"{'none' if len(labels) == 0 else f'{labels.min()} to {labels.max()}'} in {source}. "
            "Remove what is not a digit."
        )
    return LabelledDigits(np.asarray(digits, np.uint8), labels.astype(np.int64))


def _read_npz(path: Path) -> dict[str, NDArray[np.generic]]:
    arrays = read_arrays(path, MNIST_SHA256)
    missing = [name for name in MNIST_SHA256 if name not in arrays]
    if missing:
        raise DatasetError(
            f"Expected an .npz with {', '.join(MNIST_SHA256)}. Received: {path} without "
            f"{', '.join(missing)}. Use Keras' own mnist.npz."
        )
    return arrays


def _read_idx_folder(folder: Path) -> dict[str, NDArray[np.generic]]:
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, stem in IDX_NAMES.items():
        # Some archives unpack to `train-images.idx3-ubyte`.
        names = (stem, f"{stem}.gz", stem.replace("-idx", ".idx"))
        candidates = [folder / candidate for candidate in names]
        found = next((candidate for candidate in candidates if candidate.is_file()), None)
        if found is None:
            raise DatasetNotFoundError(
                f"Expected {stem} or {stem}.gz. Received: the folder {folder}, which has neither. "
                "MNIST's four IDX files must lie side by side."
            )
        arrays[name] = read_idx(found)
    return arrays


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array in one IDX file of unsigned bytes, plain or gzip-compressed.

    The format: two zero bytes, 8 for unsigned bytes, the number of axes, each axis as a
    big-endian 32-bit length, then the bytes (Y. LeCun, C. Cortes, C. Burges, "The MNIST
    database of handwritten digits").

    Raises:
        DatasetError: the file is damaged or is not IDX.
    """
    try:
        with open_packed(path) as file:
            head = file.read(4)
            axes = head[3] if len(head) == 4 else 0
            lengths = file.read(4 * axes)
            if head[:3] != b"\0\0\x08" or axes not in (1, 3) or len(lengths) < 4 * axes:
                raise DatasetError(
                    f"Expected an IDX file of unsigned bytes. Received: {path}, which begins with "
                    f"{head!r}. Use MNIST's original files."
                )
            shape = struct.unpack(f">{axes}I", lengths)
            # Of what follows no more is unpacked than was told, nor than MNIST could need.
            expected, most = math.prod(shape), most_unpacked(path.stat().st_size)
            content = file.read(min(expected, most, MAX_ARRAY_BYTES) + 1)
    except (EOFError, OSError, ValueError, zlib.error) as error:
        if isinstance(error, DatasetError):
            raise
        raise DatasetError(
            f"Expected an IDX file. Received: {path}, which cannot be read ({error}). "
            "Fetch it again."
        ) from error
    if len(content) != expected:
        received = f"{len(content):,}" if len(content) < expected else "more"
        raise DatasetError(
            f"Expected {expected:,} bytes of data. Received: {received} in {path}. "
            "The file is truncated or damaged: fetch it again."
        )
    return np.frombuffer(content, np.uint8).reshape(shape)
