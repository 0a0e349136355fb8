"""From the files that a training is given to its data: read, checked, credited."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import (
    MNIST_VARIABLE,
    Drawing,
    Mnist,
    load_drawings,
    load_mnist,
    mnist_from_arrays,
    pictures_in,
    sources,
)
from digitrec.errors import DatasetError, DatasetNotFoundError, PictureError
from digitrec.imaging.ink import ink_from_image, load_image
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.learning.artifact import Ingredients
from digitrec.models import sha256

_LISTED = 5  # unreadable files named in a note


def mnist_given(path: str | None, *, check: bool = True) -> Mnist:
    """MNIST from a file or folder, else from where `DIGITREC_MNIST` says, else from Keras.

    Args:
        path: as of `load_mnist`.
        check: refuse data in its form that is not MNIST.

    Raises:
        DatasetNotFoundError: it is not there, or cannot be downloaded.
        DatasetError: it is damaged, or not MNIST.
    """
    if path or os.environ.get(MNIST_VARIABLE):
        return load_mnist(path, check=check)
    import keras

    try:
        (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras wraps what goes wrong in bare Exception
        raise DatasetNotFoundError(
            "MNIST is needed, and downloading it failed. Fetch mnist.npz (see the README, "
            f'"Train it yourself") and pass --mnist PATH, or set {MNIST_VARIABLE}.'
        ) from error
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return mnist_from_arrays(arrays, source="Keras' download", check=check)


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
    pictures, characters, pictured, notes = _pictures(not_digits)
    _refuse_blank(mnist)
    refuse_overlap("the training digits", mnist.train.digits, mnist.test.digits)
    refuse_overlap("the pictures of what is no digit", pictures, mnist.test.digits)
    credits = [*_stroke_credits(strokes), *pictured]
    return Ingredients(mnist, drawings, pictures, characters, credits), notes


def _stroke_credits(strokes: Sequence[str]) -> list[dict[str, Any]]:
    """What the card says of each file: its makers where it is known, else its name."""
    credits: list[dict[str, Any]] = []
    for name in strokes:
        drawings = load_drawings(name)
        counts = tuple(sum(d.digit == label for d in drawings) for label in range(10))
        known = counts == sources.PENDIGITS_COUNTS
        credit = sources.PENDIGITS if known else {"name": Path(name).name}
        writers = len({drawing.writer for drawing in drawings})
        digest = {Path(name).name: sha256(Path(name).expanduser())}
        credits.append({**credit, "drawings": len(drawings), "writers": writers, "sha256": digest})
    return credits


def _digits_only(drawings: list[Drawing], name: str) -> list[Drawing]:
    strange = sorted({d.label for d in drawings if d.digit is None})
    if strange:
        raise DatasetError(
            f"Expected labels 0-9 in {name}, as all of it is trained on. Received: "
            f"{', '.join(strange[:10])}. Remove those lines."
        )
    return drawings


def _pictures(
    folders: Sequence[str],
) -> tuple[NDArray[np.uint8], list[str], list[dict[str, Any]], list[str]]:
    """Pictures (M, 28, 28) uint8, the character of each, credits and notes."""
    images: list[NDArray[np.uint8]] = []
    characters: list[str] = []
    credits, notes = [], []
    for folder in folders:
        before, left_out, unreadable = len(images), 0, []
        found = pictures_in(folder)
        for picture in found:
            if not sources.teaches_no(picture.path.name):
                left_out += 1
                continue
            try:
                image = normalize_digit(ink_from_image(load_image(picture.path)))
            except PictureError:
                unreadable.append(picture.path.name)
                continue
            if image.any():
                images.append(image)
                characters.append(sources.character(picture.path.name))
        omniglot = any(sources.is_omniglot(picture.path.name) for picture in found)
        credit = sources.OMNIGLOT if omniglot else {"name": f"pictures in {Path(folder).name}"}
        credits.append({**credit, "pictures": len(images) - before})
        notes += _notes(folder, left_out, unreadable, len(images) - before)
    whole = np.stack(images) if images else np.zeros((0, 28, 28), np.uint8)
    return whole, characters, credits, notes


def _notes(folder: str, left_out: int, unreadable: Sequence[str], used: int) -> list[str]:
    """What the user should know of a folder of pictures.

    Raises:
        DatasetError: none of them can be used.
    """
    notes = []
    if unreadable:
        listed = ", ".join(unreadable[:_LISTED]) + (" …" if len(unreadable) > _LISTED else "")
        notes.append(f"skipped {len(unreadable)} unreadable pictures: {listed}")
    if left_out:
        notes.append(f"left out {left_out} pictures of look-alikes and of alphabets that judge")
    if not used:
        raise DatasetError(
            f"Expected pictures of what is no digit in {folder}. Received: {left_out} that are "
            f"look-alikes or only judge, {len(unreadable)} unreadable ones, no other. Give "
            "another folder."
        )
    return notes


def _refuse_blank(mnist: Mnist) -> None:
    for part, digits in (("training", mnist.train.digits), ("test", mnist.test.digits)):
        blank = np.flatnonzero(~digits.any(axis=(1, 2)))
        if len(blank):
            raise DatasetError(
                f"Expected ink in every {part} digit. Received: {len(blank):,} blank ones, the "
                f"first at index {blank[0]}. Remove them."
            )


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
