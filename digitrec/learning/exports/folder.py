"""The folder that an export is written to: whole or not at all, and over nothing of others."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from digitrec.errors import DigitrecError, OutputError
from digitrec.learning.exports.description import DESCRIPTION, read_description
from digitrec.models import sha256
from digitrec.versions import new_folder


@contextmanager
def taking_place_of(output: Path) -> Iterator[Path]:
    """An empty folder to write an export into, which takes the place of `output` at the end.

    Raises:
        OutputError: it cannot be written; `output` is as it was.
    """
    try:
        with new_folder(output.resolve()) as folder:  # what a link leads to
            yield folder
    except DigitrecError:
        raise
    except OSError as error:
        raise OutputError(
            f"Expected to write {output}. Received: {error}. It is as it was: give another OUTPUT."
        ) from error


def earlier_exports(output: Path) -> dict[str, Any]:
    """What the export says that lies in a folder, of those forms that are whole; {} for none.

    Raises:
        OutputError: something else is there, which an export must not take the place of.
    """
    if output.resolve() == Path.cwd():
        raise OutputError(
            f"Expected a folder that another can take the place of. Received: {output}, where you "
            "are. Give one inside it."
        )
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return {}
    received = "a file"
    if output.is_dir():
        about = read_description(output)
        exports = about.get("exports", {})
        same = {
            path
            for export in exports.values()
            for path, file in export["files"].items()
            if _is_same(output / path, file)
        }
        strange = [path for path in _files(output) if path not in {*same, DESCRIPTION}]
        if about and not strange:
            whole = {name: export for name, export in exports.items() if same >= {*export["files"]}}
            return {**about, "exports": whole}
        received = f"a folder without an {DESCRIPTION} that tells of one"
        if strange:
            received = f"a folder with {strange[0]}, which no export left there"
    raise OutputError(
        f"Expected {output} to be a new folder, an empty one, or an earlier export as it was "
        f"written. Received: {received}. Give another folder."
    )


def files_of(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Size and hash of a file, or of all files in a folder, by their paths in the export."""
    whole = folder / name
    paths = [whole / path for path in _files(whole)] if whole.is_dir() else [whole]
    return {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in paths
    }


def keep(source: Path, names: Iterable[str], folder: Path) -> None:
    """Copy files or folders of an earlier export."""
    for name in names:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copyfile(source / name, folder / name)


def _is_same(path: Path, file: Mapping[str, Any]) -> bool:
    try:
        return bool(sha256(path) == file["sha256"])
    except OSError:
        return False


def _files(folder: Path) -> list[str]:
    """Everything below a folder that is none itself."""
    paths = sorted(path for path in folder.rglob("*") if not path.is_dir())
    return [path.relative_to(folder).as_posix() for path in paths]
