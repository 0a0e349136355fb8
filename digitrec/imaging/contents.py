"""A file's bytes: no more than a picture may have, from whatever they come."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from digitrec.errors import PictureError, PictureNotFoundError

MAX_BYTES = 50_000_000  # of a file, at every door


def read_bytes(picture: object, name: str | None = None) -> tuple[str, bytes]:
    """What to call a file, and its bytes.

    Args:
        picture: a path, bytes or an open binary file. No more of it is read than a file may have:
            a device or a pipe may have no end.
        name: what to call it; without it its own name.

    Raises:
        PictureNotFoundError: the path leads nowhere.
        PictureError: it cannot be read, has more than 50 million bytes, or is none of these.
    """
    if isinstance(picture, (bytes, bytearray)):
        name, content = name or "the bytes", bytes(picture)
    elif isinstance(picture, (str, os.PathLike)):
        name = name or str(Path(picture))
        with readable(name), Path(picture).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    else:
        name = name or str(getattr(picture, "name", "the file"))
        content = _read_open(picture, name)
    if len(content) > MAX_BYTES:
        raise PictureError(
            f"Expected at most {MAX_BYTES // 1_000_000} MB in {name}. Received: more. Scale the "
            "picture down, or part the file."
        )
    return name, content


@contextlib.contextmanager
def readable(name: str) -> Iterator[None]:
    """What the system says against reading a file, in a sentence about `name`.

    Raises:
        PictureNotFoundError: no such file.
        PictureError: whatever else keeps it from being read.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise PictureNotFoundError(
            f"Expected a picture at {name}. Received: no such file. Check the path."
        ) from error
    except PictureError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PictureError(f"Expected a readable picture at {name}. Received: {reason}.") from error


def _read_open(file: object, name: str) -> bytes:
    read = getattr(file, "read", None)
    if not callable(read):
        content = None
    else:
        with readable(name):
            content = read(MAX_BYTES + 1)
    if not isinstance(content, bytes):
        raise PictureError(
            "Expected a path, bytes, a binary file, a PIL image or an array. "
            f"Received: {type(file).__name__}."
        )
    return content
