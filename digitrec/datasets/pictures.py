"""Folders of pictures: one folder a class, or everything in one folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from digitrec.datasets.sources import alphabet, is_omniglot
from digitrec.errors import DatasetError, DatasetNotFoundError
from digitrec.imaging.ink import ENDINGS


@dataclass(frozen=True)
class PictureFile:
    """Where a picture lies and what is known of it.

    Attributes:
        path: the file.
        label: 0-9, or None where the folder does not say.
        group: who made it or where it is from: the file's name up to its first `_`, of
            Omniglot's the alphabet; "" where the name has none.
    """

    path: Path
    label: int | None
    group: str


def labelled_pictures(folder: str | os.PathLike[str]) -> list[PictureFile]:
    """The pictures of a folder that holds one folder a class, named 0 to 9.

    Raises:
        DatasetNotFoundError: no such folder.
        DatasetError: a folder has another name, one is empty, or none is there.
    """
    root = _existing(folder)
    classes = sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    strange = [p.name for p in classes if p.name not in set("0123456789")]
    if not classes or strange:
        raise DatasetError(
            f"Expected folders named 0 to 9 in {root}, one a class. Received: "
            f"{', '.join(strange[:5]) or 'no folder at all'}. Sort the pictures by their digit."
        )
    pictures = []
    for place in classes:
        files = _files(place)
        if not files:
            raise DatasetError(
                f"Expected pictures ({', '.join(sorted(ENDINGS))}) in {place}. Received: none. "
                "Fill or remove the folder."
            )
        pictures += [PictureFile(file, int(place.name), _group(file)) for file in files]
    return pictures


def pictures_in(folder: str | os.PathLike[str]) -> list[PictureFile]:
    """Every picture below a folder, without labels.

    Raises:
        DatasetNotFoundError: no such folder.
        DatasetError: no picture in it.
    """
    root = _existing(folder)
    files = _files(root)
    if not files:
        raise DatasetError(
            f"Expected pictures ({', '.join(sorted(ENDINGS))}) in {root}. Received: none. "
            "Check the path."
        )
    return [PictureFile(file, None, _group(file)) for file in files]


def _existing(folder: str | os.PathLike[str]) -> Path:
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise DatasetNotFoundError(
            f"Expected a folder of pictures. Received: {root}, which is "
            f"{'a file' if root.exists() else 'not there'}. Check the path."
        )
    return root


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in ENDINGS)


def _group(file: Path) -> str:
    if is_omniglot(file.name):
        return alphabet(file.name)
    head, underscore, _ = file.stem.partition("_")
    return head if underscore else ""
