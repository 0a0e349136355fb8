"""One hand's own digits: a few samples of each class, kept as a small file.

The file holds the images themselves, so that it serves any network, now and later, and nothing
that tells whose they are. What a network makes of them is in `prototypes.py`.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.errors import HandwritingError, HandwritingNotFoundError
from digitrec.imaging.ink import Picture, ink_from_image, load_image
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import checked_strokes, ink_from_strokes

MOST = 5  # samples of a class; it is with up to five that the figures were taken
_FORMAT, _FORMAT_VERSION = "digitrec-handwriting", 1
_MAX_BYTES = 1_000_000  # fifty samples take 60,000
_PIXELS = 28 * 28


def _no_digits() -> NDArray[np.uint8]:
    return np.zeros((0, 28, 28), np.uint8)


def _no_labels() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Handwriting:
    """Samples of how one hand writes; every change gives a new one.

    Attributes:
        digits: (N, 28, 28) uint8 in MNIST's form, in the order in which they were added.
        labels: (N,) int64, 0-9; no class more than `MOST` times.

    Raises:
        HandwritingError: arrays of another form, a digit without ink, or too many of a class.
    """

    digits: NDArray[np.uint8] = field(default_factory=_no_digits)
    labels: NDArray[np.int64] = field(default_factory=_no_labels)

    def __post_init__(self) -> None:
        _check(self.digits, self.labels)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def counts(self) -> tuple[int, ...]:
        """Samples of each class, ten numbers."""
        return tuple(int(count) for count in np.bincount(self.labels, minlength=10))

    def with_digit(self, digit: NDArray[np.uint8], label: int) -> Handwriting:
        """These and one more sample; the same image taught again has its new label alone.

        Args:
            digit: (28, 28) uint8 in MNIST's form.
            label: 0-9.

        Raises:
            HandwritingError: not such a digit or label, no ink, or the class is full.
        """
        one, labels = np.asarray(digit)[None], np.array([label])
        _check(one, labels)
        others = (self.digits != one).any(axis=(1, 2))
        return Handwriting(
            np.concatenate([self.digits[others], one]),
            np.concatenate([self.labels[others], labels.astype(np.int64)]),
        )

    def with_strokes(self, strokes: Iterable[ArrayLike], label: int) -> Handwriting:
        """These and one digit as it is drawn: strokes (n, 2) each, in canvas pixels.

        Raises:
            HandwritingError: nothing is drawn, or as `with_digit`.
            StrokesError: not strokes.
        """
        return self.with_digit(digit_from_strokes(strokes), label)

    def with_picture(self, picture: Picture, label: int) -> Handwriting:
        """These and one digit as it is in a picture that holds nothing else.

        Raises:
            HandwritingError: nothing is in it, or as `with_digit`.
            PictureNotFoundError, PictureError: it cannot be read.
        """
        return self.with_digit(normalize_digit(ink_from_image(load_image(picture))), label)

    def without(self, index: int) -> Handwriting:
        """These less the sample at `index`."""
        kept = np.arange(len(self)) != index
        return Handwriting(self.digits[kept], self.labels[kept])

    def to_bytes(self) -> bytes:
        """What `save` writes: JSON, each sample its label and its 784 bytes in base 64."""
        samples = [
            {"label": int(label), "digit": base64.b64encode(digit.tobytes()).decode("ascii")}
            for digit, label in zip(self.digits, self.labels, strict=True)
        ]
        whole = {"format": _FORMAT, "format_version": _FORMAT_VERSION, "samples": samples}
        return (json.dumps(whole, indent=1) + "\n").encode("ascii")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file, whole or not at all.

        Raises:
            OSError: it cannot be written there.
        """
        target = Path(path)
        temporary = target.with_name(f".{target.name}.tmp")
        try:
            temporary.write_bytes(self.to_bytes())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    @classmethod
    def load(cls, source: str | os.PathLike[str] | bytes | IO[bytes]) -> Handwriting:
        """What `save` wrote; safe on files from anywhere, nothing in them is ever run.

        Args:
            source: a path, the bytes of a file, or an open binary file.

        Raises:
            HandwritingNotFoundError: the path leads nowhere.
            HandwritingError: damaged, larger than a megabyte, or another program's file.
        """
        name, content = _content(source)
        if len(content) > _MAX_BYTES:
            raise HandwritingError(
                f"Expected a handwriting file of at most {_MAX_BYTES:,} bytes in {name}. "
                "Received: a larger one. Choose the file that was downloaded from the page, or "
                "that `python -m digitrec handwriting` wrote."
            )
        samples = _samples(name, content)
        try:
            digits = [_decoded(sample["digit"]) for sample in samples]
            labels = [_label(sample["label"]) for sample in samples]
        except (KeyError, TypeError, ValueError) as error:
            raise HandwritingError(
                f"Expected a label from 0 to 9 and 784 bytes a sample in {name}. Received: "
                f"something else ({error}). Take the file from where it was saved again."
            ) from error
        if not samples:
            return cls()
        return cls(np.stack(digits), np.array(labels, np.int64))


def digit_from_strokes(strokes: Iterable[ArrayLike]) -> NDArray[np.uint8]:
    """A drawing of one digit as (28, 28) uint8 in MNIST's form; without ink if it is empty.

    Raises:
        StrokesError: not strokes.
    """
    return normalize_digit(ink_from_strokes(checked_strokes(strokes)))


def _check(digits: NDArray[Any], labels: NDArray[Any]) -> None:
    if digits.dtype != np.uint8 or digits.ndim != 3 or digits.shape[1:] != (28, 28):
        raise HandwritingError(
            f"Expected digits as an array (N, 28, 28) of uint8. Received: {digits.shape} "
            f"{digits.dtype}. For strokes or pictures use with_strokes or with_picture."
        )
    if labels.shape != digits.shape[:1] or labels.dtype.kind not in "iu":
        raise HandwritingError(
            f"Expected a whole number as label of each of {len(digits)} digits. Received: "
            f"{labels.shape} {labels.dtype}."
        )
    if len(labels) and not (labels.min() >= 0 and labels.max() <= 9):
        raise HandwritingError(
            f"Expected labels from 0 to 9. Received: {labels.min()} to {labels.max()}."
        )
    if not digits.any(axis=(1, 2)).all():
        raise HandwritingError(
            "Expected ink in every sample. Received: an empty one. Draw the digit first."
        )
    counts = np.bincount(labels, minlength=10)
    if counts.max(initial=0) > MOST:
        raise HandwritingError(
            f"Expected at most {MOST} samples of a digit. Received: {counts.max()} of "
            f"{counts.argmax()}. Remove some."
        )


def _content(source: str | os.PathLike[str] | bytes | IO[bytes]) -> tuple[str, bytes]:
    """What to call a file, and as many of its bytes as are looked at."""
    if isinstance(source, bytes):
        return "the bytes", source
    if not isinstance(source, (str, os.PathLike)):
        return str(getattr(source, "name", "the file")), source.read(_MAX_BYTES + 1)
    path = Path(source)
    try:
        with path.open("rb") as file:
            return str(path), file.read(_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise HandwritingNotFoundError(
            f"Expected a handwriting file at {path}. Received: no such file. Check the path, or "
            "make one with `python -m digitrec handwriting`."
        ) from error
    except (OSError, ValueError) as error:
        raise HandwritingError(
            f"Expected a readable handwriting file at {path}. Received: {error}."
        ) from error


def _samples(name: str, content: bytes) -> list[Any]:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise HandwritingError(
            f"Expected a handwriting file, which is JSON, in {name}. Received: something else "
            f"({error}). Take the file from where it was saved again."
        ) from error
    if not isinstance(whole, dict) or whole.get("format") != _FORMAT:
        raise HandwritingError(
            f"Expected a handwriting file in {name}. Received: JSON of another program. Choose "
            "the file that was downloaded from the page."
        )
    if whole.get("format_version") != _FORMAT_VERSION:
        raise HandwritingError(
            f"Expected format version {_FORMAT_VERSION} in {name}. Received: "
            f"{whole.get('format_version')!r}. Use the digitrec that wrote it."
        )
    samples = whole.get("samples")
    if not isinstance(samples, list):
        raise HandwritingError(
            f"Expected a list of samples in {name}. Received: {type(samples).__name__}. Take the "
            "file from where it was saved again."
        )
    return samples


def _decoded(text: str) -> NDArray[np.uint8]:
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"no base 64: {error}") from error
    if len(content) != _PIXELS:
        raise ValueError(f"{len(content)} bytes")
    return np.frombuffer(content, np.uint8).reshape(28, 28)


def _label(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 9:
        raise ValueError(f"the label {value!r:.40}")
    return value
