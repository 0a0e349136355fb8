"""What `digitrec read` is given: files, folders with pictures below them, or standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from digitrec.errors import PictureError
from digitrec.imaging.files import File, open_file

STANDARD_INPUT = "-"
ENDINGS = {
    *(".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".heic"),
    ".pdf",
}
_MOST = 50_000_000  # bytes of standard input


def files_of(given: Iterable[str], *, but: Path | None = None) -> tuple[list[str], list[str]]:
    """The files that are meant, in order; of a folder the pictures and PDFs at any depth.

    Args:
        given: paths, or "-" for standard input. A file is taken whatever its name; no link to
            another folder is followed.
        but: a folder that is left out, as results are written there.

    Returns:
        Paths, and a sentence on every folder without any.
    """
    found: list[str] = []
    problems = []
    for path in given:
        if path == STANDARD_INPUT or not Path(path).is_dir():
            found.append(path)
            continue
        inside = list(_below(Path(path), but))
        if not inside:
            problems.append(
                f"Expected pictures or PDFs ({', '.join(sorted(ENDINGS))}) in {path}. "
                "Received: none. Check the path."
            )
        found += inside
    return found, problems


def _below(folder: Path, but: Path | None) -> Iterable[str]:
    left_out = but.resolve() if but else None
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (Path(place) / name).resolve() != left_out
        )
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in ENDINGS:
                yield str(Path(place) / name)


def opened(path: str) -> File:
    """A file, or what comes from standard input, looked into.

    Raises:
        PictureNotFoundError, PictureError: see `open_file`; standard input is too long.
    """
    if path != STANDARD_INPUT:
        return open_file(path)
    content = sys.stdin.buffer.read(_MOST + 1)
    if len(content) > _MOST:
        raise PictureError(
            f"Expected at most {_MOST // 1_000_000} MB from standard input. Received: more. Give "
            "files instead."
        )
    return open_file(content, name="standard input")


def annotated_path(folder: Path, path: str, page: int, given: Sequence[str]) -> Path:
    """Where a page with its boxes is written: below `folder` as the file lies below what was given.

    Args:
        folder: for all of them.
        path: the file's.
        page: from 1; the first page of a file bears its name alone.
        given: the paths on the command line.
    """
    source = Path("standard input" if path == STANDARD_INPUT else path)
    roots = [Path(root) for root in given if Path(root).is_dir()]
    below = next((source.relative_to(r) for r in roots if source.is_relative_to(r)), None)
    target = folder / (below or source.name)
    number = f"-page-{page}" if page > 1 else ""
    return target.with_name(f"{target.name}{number}.png")
