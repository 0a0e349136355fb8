"""Where files lie: on this machine, or where a URI such as s3://bucket/folder leads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from digitrec.errors import PictureError
from digitrec.imaging import ink
from digitrec.imaging.contents import readable

ARRAY, TABLE = ".npy", ".parquet"
ENDINGS = {*ink.ENDINGS, ".heic", ".pdf", ARRAY, TABLE}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class Place:
    """One file.

    Attributes:
        name: what to call it: as it was given, of a URI without password and query.
        path: absolute, or as its file system has it.
        root: the URI that leads to its file system; "" on this machine.
        stamp: its size and time as the file system's list has them; "" where they are asked for
            when they are needed.
    """

    name: str
    path: str
    root: str = ""
    stamp: str = ""

    @property
    def ending(self) -> str:
        """Such as ".png", in small letters."""
        return PurePosixPath(self.path).suffix.lower()

    def open(self) -> IO[bytes]:
        """Its content, to be read from any byte on.

        Raises:
            OSError, ValueError: it is not there, or cannot be read; see `contents.readable`.
        """
        if not self.root:
            return Path(self.path).open("rb")
        file: IO[bytes] = file_system(self.root)[0].open_input_file(self.path)
        return file

    def state(self) -> str:
        """What changes when its content does: size and time; "" for what is not there."""
        if self.stamp or self.root:
            return self.stamp
        try:
            about = Path(self.path).stat()
        except (OSError, ValueError):
            return ""
        return f"{about.st_size} {about.st_mtime_ns}"


def is_uri(given: str) -> bool:
    """Whether it is no path."""
    return _URI.match(given) is not None


@lru_cache(maxsize=16)
def file_system(uri: str) -> tuple[Any, str]:
    """The pyarrow.fs.FileSystem that a URI leads to, and the path there.

    Raises:
        OSError: none that is known, or it cannot be reached.
    """
    from pyarrow.fs import FileSystem

    try:
        system, path = FileSystem.from_uri(uri)
    except (OSError, ValueError) as error:
        raise OSError(str(error).replace(uri, _name(uri))) from None
    return system, path


def files_of(
    given: Iterable[str], problems: list[str], *, but: Sequence[Path] = ()
) -> Iterator[Place]:
    """The files that are meant, in order; of a folder all that can be read, at any depth.

    Args:
        given: paths and URIs. A file is taken whatever its name; no link to another folder is
            followed, nor is a pipe or a device below a folder.
        problems: gets a sentence on everything that is passed over.
        but: files and folders that are left out, as results are written there.
    """
    left_out = {os.path.realpath(path) for path in but}
    for each in given:
        count = 0
        try:
            with readable(_name(each)):
                for count, place in enumerate(_inside(each, left_out, problems), 1):  # noqa: B007
                    yield place
        except PictureError as error:
            problems.append(str(error))
        else:
            if not count:
                problems.append(
                    f"Expected pictures or PDFs, arrays or tables ({', '.join(sorted(ENDINGS))}) "
                    f"in {_name(each)}. Received: none. Check the path."
                )


def _inside(given: str, left_out: set[str], problems: list[str]) -> Iterator[Place]:
    if not is_uri(given):
        folder = Path(given)
        if folder.is_dir():
            for path in _below(folder, left_out, problems):
                yield Place(_name(str(path)), str(path.absolute()))
        else:
            yield Place(_name(given), str(folder.absolute()))
    elif urlsplit(given).scheme.lower() != "file":
        yield from _remote(given)
    else:
        name, folder = _name(given), Path(file_system(given)[1])
        if folder.is_dir():
            for path in _below(folder, left_out, problems):
                below = _name(path.relative_to(folder).as_posix())
                yield Place(f"{name}/{below}", str(path))
        else:
            yield Place(name, str(folder))


def _below(folder: Path, left_out: set[str], problems: list[str]) -> Iterator[Path]:
    """What can be read below a folder, its own files first."""

    def refused(error: OSError) -> None:
        problems.append(
            f"Expected a readable folder at {error.filename}. Received: {error.strerror}. Nothing "
            "below it is read."
        )

    def taken(path: Path) -> bool:
        return not path.name.startswith(".") and (
            not left_out or os.path.realpath(path) not in left_out
        )

    for place, folders, names in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if taken(Path(place, name)))
        for path in (Path(place, name) for name in sorted(names)):
            if path.suffix.lower() not in ENDINGS or not taken(path):
                continue
            if path.exists() and not path.is_file():
                problems.append(
                    f"Expected a file at {path}. Received: a pipe or a device, which is read only "
                    "where it is named itself."
                )
            else:
                yield path


def _remote(uri: str) -> Iterator[Place]:
    from pyarrow.fs import FileSelector, FileType

    system, path = file_system(uri)
    about = system.get_file_info(path)
    if about.type != FileType.Directory:
        yield Place(_name(uri), path, uri, _stamp(about))
        return
    inside = {}
    for each in system.get_file_info(FileSelector(path, recursive=True)):
        parts = PurePosixPath(each.path).relative_to(path).parts
        hidden = any(part.startswith(".") for part in parts)
        if each.type == FileType.File and not hidden:
            inside[parts] = Place("/".join([_name(uri), *parts]), each.path, uri, _stamp(each))
    # In the order of a folder on this machine: its files, then its folders.
    order = sorted(inside, key=lambda parts: [*((1, part) for part in parts[:-1]), (0, parts[-1])])
    yield from (inside[parts] for parts in order if inside[parts].ending in ENDINGS)


def _stamp(about: Any) -> str:
    return f"{about.size} {about.mtime_ns}"


def _name(given: str) -> str:
    """What to call it in results, which are UTF-8 and no place for what a URI keeps secret."""
    name = os.fsencode(given).decode("utf-8", "replace")
    if not is_uri(name):
        return name
    parts = urlsplit(name)  # a password stands before the host, or after the question mark
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")
