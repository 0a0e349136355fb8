"""From the files that a training is given to its data: read, checked, credited."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import Drawing, Mnist, load_drawings, pictures_in, sources
from digitrec.errors import DatasetError, PictureError
from digitrec.imaging.ink import ink_from_image, load_image
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.learning.artifact import Ingredients
from digitrec.learning.rendering import render_plain

_LISTED = 5  # unreadable files named in a note


def gather(
    mnist: Mnist, strokes: Sequence[str], not_digits: Sequence[str]
) -> tuple[Ingredients, list[str]]:
    """Everything that a training is given.

    Args:
        mnist: training and test part.
        strokes: files of drawings of digits.
        not_digits: folders of pictures of what is none.

    Returns:
        The data, and notes for the user on what was skipped.

    Raises:
        DatasetNotFoundError, DatasetError: something is missing or malformed, or training
            data has digits of the test set.
    """
    drawings: list[Drawing] = []
    for name in strokes:
        drawings += _digits_only(load_drawings(name), name)
    pictures, notes = _pictures(not_digits)
    rendered = [render_plain(drawing.strokes) for drawing in drawings]
    refuse_overlap("the training digits", mnist.train.digits, mnist.test.digits)
    refuse_overlap("the drawings", rendered, mnist.test.digits)
    refuse_overlap("the pictures of what is no digit", pictures, mnist.test.digits)
    return Ingredients(mnist, drawings, pictures, _credits(strokes, drawings, pictures)), notes


def _credits(
    strokes: Sequence[str], drawings: Sequence[Drawing], pictures: NDArray[np.uint8]
) -> list[dict[str, Any]]:
    """What the card says: files of other names than our sources' are told by their names."""
    credits: list[dict[str, Any]] = []
    if drawings:
        names = [Path(name).name for name in strokes]
        known = all(name.startswith("pendigits") for name in names)
        credit = sources.PENDIGITS if known else {"name": ", ".join(names)}
        hashes = {Path(name).name: _sha256(Path(name)) for name in strokes}
        writers = len({drawing.writer for drawing in drawings})
        credits.append({**credit, "drawings": len(drawings), "writers": writers, "sha256": hashes})
    if len(pictures):
        credits.append({**sources.OMNIGLOT, "pictures": len(pictures)})
    return credits


def _digits_only(drawings: list[Drawing], name: str) -> list[Drawing]:
    strange = sorted({d.label for d in drawings if d.digit is None})
    if strange:
        raise DatasetError(
            f"Expected labels 0-9 in {name}, as all of it is trained on. Received: "
            f"{', '.join(strange[:10])}. Remove those lines."
        )
    return drawings


def _pictures(folders: Sequence[str]) -> tuple[NDArray[np.uint8], list[str]]:
    images, unreadable = [], []
    for folder in folders:
        for picture in pictures_in(folder):
            if not sources.teaches_no(picture.path.name):
                continue
            try:
                images.append(normalize_digit(ink_from_image(load_image(picture.path))))
            except PictureError:
                unreadable.append(picture.path.name)
    notes = []
    if unreadable:
        listed = ", ".join(unreadable[:_LISTED]) + (" …" if len(unreadable) > _LISTED else "")
        notes.append(f"skipped {len(unreadable)} unreadable pictures: {listed}")
    whole = np.stack(images) if images else np.zeros((0, 28, 28), np.uint8)
    return whole[whole.any(axis=(1, 2))], notes


def refuse_overlap(
    name: str, training: Sequence[NDArray[np.uint8]] | NDArray[np.uint8], test: NDArray[np.uint8]
) -> None:
    """No training example may be a digit of the test set, pixel for pixel.

    Raises:
        DatasetError: some are.
    """
    judged = {digit.tobytes() for digit in test}
    common = sum(np.ascontiguousarray(digit).tobytes() in judged for digit in training)
    if common:
        raise DatasetError(
            f"Expected {name} to share nothing with the test set. Received: {common:,} that are "
            "in both: figures from such a test would be worth nothing. Remove them from one."
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.expanduser().read_bytes()).hexdigest()
