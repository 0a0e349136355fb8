"""Corrections as files: JSON lines with everything, or a folder of pictures a label.

A line of JSON holds one correction; the image's 784 bytes are in base64, times in ISO 8601:

    {"key": …, "label": 7, "predicted": 1, "probabilities": [ten], "digit_score": 0.99,
     "model": …, "time": …, "image": …, "strokes": [[[x, y], …], …]}

The label of what is no digit is −1, and its folder `not-a-digit`. Pictures are 28×28 PNGs, pixel
by pixel as they are kept, and carry the first 16 digits of their keys as names.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import shutil
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitrec.corrections.record import CLASSES, NOT_A_DIGIT, SIDE, Correction
from digitrec.corrections.schema import strokes_to_lists, time_text
from digitrec.errors import CorrectionFormatError, CorrectionsError, DigitrecError
from digitrec.packed import read_lines

_FORM = (SIDE, SIDE)
NAME_DIGITS = 16  # of a key: enough to tell drawings apart
_NAMES = {NOT_A_DIGIT: "not-a-digit"} | {label: str(label) for label in range(CLASSES)}
_LABELS = {name: label for label, name in _NAMES.items()}
_AS_IT_IS = {"1", "L", "P", "RGB"}  # Pillow's modes of a picture that hides nothing


def label_name(label: int) -> str:
    """A label as people write it: "0" to "9", or "not-a-digit"."""
    return _NAMES[label]


def label_of(name: str) -> int:
    """The label with that name: 0-9, or `NOT_A_DIGIT`.

    Raises:
        CorrectionFormatError: there is none.
    """
    if name not in _LABELS:
        raise CorrectionFormatError(
            f"Expected a label, 0 to 9 or {_NAMES[NOT_A_DIGIT]}. Received: {name!r:.40}. Give one "
            "of those."
        )
    return _LABELS[name]


def write_json_lines(path: str | os.PathLike[str], corrections: Iterable[Correction]) -> int:
    """Write corrections as JSON lines, compressed if the name ends in `.gz`; how many.

    Args:
        path: a file that is not there yet; it appears whole or not at all.
        corrections: what to write.

    Raises:
        CorrectionFormatError: something is there already.
        CorrectionsError: it cannot be written.
    """
    count = 0
    with _new(Path(path)) as part, part.open("wb") as raw:
        compressed = Path(path).suffix == ".gz"
        out: Any = gzip.GzipFile("", "wb", 9, raw, mtime=0) if compressed else raw
        for count, correction in enumerate(corrections, start=1):  # noqa: B007  # counted
            out.write((json.dumps(_item(correction), separators=(",", ":")) + "\n").encode())
        if compressed:
            out.close()
    return count


def write_pictures(folder: str | os.PathLike[str], corrections: Iterable[Correction]) -> int:
    """Write each correction's image as a PNG into its label's folder; how many.

    Args:
        folder: one that is empty or not there yet; it appears whole or not at all.
        corrections: what to write.

    Raises:
        CorrectionFormatError: something is there already.
        CorrectionsError: it cannot be written.
    """
    count = 0
    with _new(Path(folder)) as part:
        part.mkdir()
        for count, correction in enumerate(corrections, start=1):  # noqa: B007  # counted
            place = part / label_name(correction.label)
            place.mkdir(exist_ok=True)
            name = f"{correction.key[:NAME_DIGITS]}.png"
            Image.fromarray(correction.image).save(place / name, optimize=False)
    return count


@contextmanager
def _new(target: Path) -> Iterator[Path]:
    """A name beside the target, which takes the target's place at the end."""
    target = target.absolute()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise CorrectionFormatError(
                f"Expected a new place to write to. Received: {target}, which is there already. "
                "Name another one, or move it away."
            )
        yield part
        if target.is_dir():
            target.rmdir()  # only an empty one goes
        part.rename(target)
    except DigitrecError:
        raise
    except OSError as error:
        raise CorrectionsError(
            f"Expected to write {target}. Received: {error}. Nothing was left there: see that its "
            "folder is there and has room, or name another place."
        ) from error
    finally:
        if part.is_dir():
            shutil.rmtree(part, ignore_errors=True)
        part.unlink(missing_ok=True)


def read_json_lines(path: str | os.PathLike[str]) -> tuple[list[Correction], list[str]]:
    """The corrections in a file of JSON lines, plain or `.gz`.

    Returns:
        Those that are whole, and a sentence on every line that is not.

    Raises:
        CorrectionFormatError: the file cannot be read at all.
    """
    file = Path(path)
    corrections, problems = [], []
    for number, line in _lines(file):
        try:
            corrections.append(_correction(json.loads(line)))
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
            missing = f"no {error}" if isinstance(error, KeyError) else str(error)
            problems.append(
                f"Expected a correction in line {number} of {file}. Received: {missing.rstrip('.')}"
                ". Mend or remove the line."
            )
    return corrections, problems


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    try:
        yield from read_lines(file)
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise CorrectionFormatError(
            f"Expected corrections as JSON lines in {file}. Received: a file that cannot be read "
            f"({error}). Check the path, or export again."
        ) from error


def find_pictures(folder: str | os.PathLike[str]) -> tuple[list[tuple[Path, int]], list[str]]:
    """The files below a folder with the labels that their folders name, sorted.

    Returns:
        Each file and its label, and a sentence on every one that lies in no such folder. Hidden
        files are passed over.

    Raises:
        CorrectionFormatError: it is no folder, or none in it names a label.
    """
    root = Path(folder)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    found, problems = [], []
    for path in files:
        parts = path.relative_to(root).parts
        if any(part.startswith(".") for part in parts):
            continue
        if len(parts) > 1 and parts[0] in _LABELS:
            found.append((path, _LABELS[parts[0]]))
        else:
            problems.append(
                f"Expected a picture in a folder named 0 to 9 or {_NAMES[NOT_A_DIGIT]}. Received: "
                f"{path}. Move it into its label's folder."
            )
    if not found:
        raise CorrectionFormatError(
            f"Expected pictures in folders named 0 to 9 or {_NAMES[NOT_A_DIGIT]} in {root}. "
            "Received: none. Give the folder that holds those folders."
        )
    return found, problems


def read_picture(path: str | os.PathLike[str]) -> NDArray[np.uint8] | None:
    """A PNG in MNIST's form, as it is: (28, 28) uint8; None for any other file."""
    try:
        with _quietly(), Image.open(path, formats=["PNG"]) as picture:
            plain = picture.mode in _AS_IT_IS and "transparency" not in picture.info
            return np.asarray(picture.convert("L")) if plain and picture.size == _FORM else None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


@contextmanager
def _quietly() -> Iterator[None]:
    """Without Pillow's warnings of large pictures: what is too large is told when it is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        yield


def _item(correction: Correction) -> dict[str, Any]:
    return {
        "key": correction.key,
        "label": correction.label,
        "predicted": correction.predicted,
        "probabilities": [float(str(p)) for p in correction.probabilities],
        "digit_score": correction.digit_score,
        "model": correction.model,
        "time": time_text(correction.time),
        "image": base64.b64encode(correction.image.tobytes()).decode(),
        "strokes": strokes_to_lists(correction.strokes),
    }


def _correction(item: Any) -> Correction:
    content = base64.b64decode(item["image"], validate=True)
    correction = Correction(
        image=np.frombuffer(content, np.uint8).reshape(SIDE, SIDE),
        label=item["label"],
        predicted=item["predicted"],
        probabilities=item["probabilities"],
        digit_score=item["digit_score"],
        model=item["model"],
        strokes=item.get("strokes", ()),
        time=datetime.fromisoformat(item["time"]),
    )
    if item.get("key", correction.key) != correction.key:
        raise CorrectionFormatError("an image that its key does not belong to")
    return correction
