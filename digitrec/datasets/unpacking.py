"""Pendigits' and Omniglot's archives, as they are published, into files that a training reads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from digitrec.datasets.drawings import Drawing, write_drawings
from digitrec.errors import DatasetError

_PENDIGITS_SIDE = 500  # the tablet's units, y upwards
_PENDIGITS_MEMBER = "pendigits-orig.tra.Z"


def pendigits_text(archive: bytes) -> bytes:
    """The UNIPEN text of pendigits' training writers, from UCI's archive.

    It lies there in the form of Unix `compress`.
    """
    from unlzw3 import unlzw

    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return bytes(unlzw(files.read(_PENDIGITS_MEMBER)))


def drawings_from_unipen(text: str) -> Iterator[Drawing]:
    """The drawings of a pendigits file in the UNIPEN format.

    A digit is `.SEGMENT DIGIT … "label"`, then `.COMMENT label writer number`, then points
    between `.PEN_DOWN` and `.PEN_UP`.

    Raises:
        DatasetError: another form.
    """
    label = writer = ""
    strokes: list[list[list[float]]] = []
    down = False
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if words[0] == ".SEGMENT":
            if strokes:
                yield _unipen_drawing(label, writer, strokes)
            found = re.search(r'"(\d)"', line)
            label, writer, strokes = found.group(1) if found else "", "", []
        elif words[0] == ".COMMENT" and label and not writer and len(words) >= 3:
            writer = words[2]
        elif words[0] == ".PEN_DOWN":
            strokes.append([])
            down = True
        elif words[0].startswith("."):
            down = False
        elif down:
            try:
                strokes[-1].append([float(words[0]), float(words[1])])
            except (IndexError, ValueError) as error:
                raise DatasetError(
                    f"Expected x and y in line {number} of the UNIPEN text. Received: {line!r}."
                ) from error
    if strokes:
        yield _unipen_drawing(label, writer, strokes)


def _unipen_drawing(label: str, writer: str, strokes: list[list[list[float]]]) -> Drawing:
    turned = [
        np.array([[x, _PENDIGITS_SIDE - y] for x, y in stroke], np.float32)
        for stroke in strokes
        if stroke
    ]
    return Drawing(label, writer, tuple(turned))


def unpack_pendigits(archive: Path, target: Path) -> int:
    """UCI's archive as JSON lines; how many drawings."""
    text = pendigits_text(archive.read_bytes()).decode("ascii", errors="replace")
    return write_drawings(target, drawings_from_unipen(text))


def unpack_omniglot(archive: Path, folder: Path) -> int:
    """Omniglot's pictures in one folder, `Alphabet_characterNN_drawing.png`; how many.

    A folder that holds all of them already stays as it is.

    Raises:
        DatasetError: the folder holds something else.
    """
    with zipfile.ZipFile(archive) as files:
        members = dict(_omniglot_members(files.namelist()))
        there = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        foreign = sorted(name for name in there - members.keys() if not name.startswith("."))
        if foreign or (folder.exists() and not folder.is_dir()):
            raise DatasetError(
                f"Expected nothing but Omniglot's pictures in {folder}. Received: "
                f"{foreign[0] if foreign else 'a file of that name'}. Move it elsewhere, or give "
                "another --cache."
            )
        if there >= members.keys():
            return len(members)
        folder.mkdir(parents=True, exist_ok=True)
        for flat, member in members.items():
            part = folder.with_name(f".{folder.name}.part")
            part.write_bytes(files.read(member))
            part.replace(folder / flat)
    return len(members)


def _omniglot_members(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Flat names and those in the archive."""
    for name in names:
        # images_background_small1/Greek/character17/0432_01.png
        parts = name.split("/")
        if len(parts) == 4 and name.endswith(".png") and not name.startswith("__"):
            # No sign is left that any system takes for a part of a path.
            kept = [*parts[1:3], parts[3].removesuffix(".png")]
            yield "_".join(re.sub(r"\W", "_", part) for part in kept) + ".png", name
