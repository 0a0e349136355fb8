"""The versions of an artifact: the one in use, and the predecessors that it keeps.

A new artifact takes the place of the old one in one step, and keeps it, with those before it,
in a folder of its own:

    default/                      in use
        card.json  model.keras  …
        predecessors/
            order.json            their names, the one that was in use last first
            2026-11-21-ce17fd4d/  card.json  model.keras  …

Whoever is killed on the way, an artifact is there: everything is laid ready beside the folder,
and then the two change places.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitrec.errors import ArtifactError, ArtifactNotFoundError, DigitrecError
from digitrec.models import CARD, FORMAT, FORMAT_VERSION, load_artifact, set_aside, sha256

PREDECESSORS = "predecessors"
KEPT = 10  # predecessors; of the shipped size they take 35 MB
_ORDER = "order.json"
_AT_WORKING_DIRECTORY, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


@dataclass(frozen=True)
class Version:
    """A network that an artifact folder holds.

    Attributes:
        name: the day it was made and the beginning of its network's hash: `2026-11-21-ce17fd4d`.
        created: when it was made, ISO 8601.
        sha256: of the network file that runs, 64 hexadecimal digits.
        figures: the card's, such as `test_accuracy_at_run_time`, 0-1.
        in_use: whether it is the one that reads.
        folder: where its files are.
    """

    name: str
    created: str
    sha256: str
    in_use: bool
    folder: Path
    figures: Mapping[str, Any] = field(default_factory=dict)


def versions(folder: Path) -> list[Version]:
    """The version in use, then its predecessors, the one that was in use last first.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is no artifact that works.
    """
    in_use = _version(load_artifact(folder).folder, in_use=True)
    if in_use is None:
        raise ArtifactError(
            f"Expected the card in {folder} to tell of its network. Received: one without. "
            "Train again."
        )
    return [in_use, *_predecessors(in_use.folder)]


def use(folder: Path, name: str) -> Version:
    """The predecessor of that name, in use again; the current version becomes a predecessor.

    Args:
        folder: the artifact.
        name: see `versions`. Nothing changes where it is in use already.

    Raises:
        ArtifactNotFoundError: no version has that name.
        ArtifactError: it is damaged, or the disk does not take it; the current version stays in
            use.
    """
    try:
        _take_into_use(folder, name)
    except DigitrecError:
        raise
    except OSError as error:
        raise ArtifactError(
            f"Expected to take {name} into use in {folder}. Received: {_reason(error)}. See that "
            "its disk has room and may be written to; the version in use stays in use."
        ) from error
    return versions(folder)[0]


def _take_into_use(folder: Path, name: str) -> None:
    _mend(folder.absolute())
    known = versions(folder)
    chosen = next((version for version in known if version.name == name), None)
    if chosen is None:
        names = ", ".join(version.name for version in known)
        raise ArtifactNotFoundError(
            f"Expected one of the versions that {folder} holds: {names}. Received: {name}."
        )
    if not chosen.in_use:
        load_artifact(chosen.folder)
        with new_artifact(folder) as fresh:
            _copy(chosen.folder, fresh)


def _reason(error: OSError) -> str:
    """In words; of several files that could not be copied, what is said of the first."""
    copies = error.args[0] if isinstance(error, shutil.Error) else None
    return str(copies[0][-1] if isinstance(copies, list) and copies else error)


def rollback(folder: Path) -> Version:
    """The version that was in use before this one, in use again.

    A second rollback therefore brings this one back.

    Raises:
        ArtifactNotFoundError: there was none before.
        ArtifactError: it is damaged, or the disk does not take it; the current version stays in
            use.
    """
    known = versions(folder)
    if len(known) < 2:
        raise ArtifactNotFoundError(
            f"Expected a predecessor in {folder}. Received: an artifact that never took the place "
            "of another. There is nothing to go back to."
        )
    return use(folder, known[1].name)


@contextmanager
def new_artifact(folder: Path) -> Iterator[Path]:
    """An empty folder to write an artifact into; it takes the place of `folder` at the end.

    Whole or not at all: on any exception, also Ctrl-C, what was written is removed and the
    old artifact stays as it was. Else the old one becomes a predecessor of the new one.
    """
    with new_folder(folder) as fresh:
        yield fresh
        _take_over(folder.absolute(), fresh)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to write into; it takes the place of `folder` at the end.

    Whole or not at all: on any exception, also Ctrl-C, `folder` stays as it was. Else what was
    in it is gone.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    _mend(folder)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-new-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        _swap(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """`card.json` with the format's name and the size and hash of every network file added."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in sorted(folder.iterdir())
        if path.suffix in {".keras", ".tflite"}
    }
    whole = {"format": FORMAT, "format_version": FORMAT_VERSION, **card, "files": files}
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    temporary = folder / f".{CARD}.tmp"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(folder / CARD)


def _version(folder: Path, *, in_use: bool, name: str = "") -> Version | None:
    """What a folder's card says of it; None where it says too little."""
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        digest = str(card["files"][card["runtime"]["file"]]["sha256"])
        created, figures = str(card.get("created", "")), dict(card.get("figures", {}))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    # Both come from a file: what a folder is named after must not lead out of it.
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        return None
    day = created[:10] if re.match(r"\d{4}-\d\d-\d\d", created) else "undated"
    return Version(name or f"{day}-{digest[:8]}", created, digest, in_use, folder, figures)


def _predecessors(folder: Path) -> list[Version]:
    """Those whose card can be read, the one that was in use last first."""
    place = folder / PREDECESSORS
    folders = sorted(path for path in place.iterdir() if path.is_dir()) if place.is_dir() else []
    found = [_version(path, in_use=False, name=path.name) for path in folders]
    order: list[str] = []
    with contextlib.suppress(OSError, ValueError, TypeError):
        order = [str(name) for name in json.loads((place / _ORDER).read_text(encoding="utf-8"))]
    newest_first = sorted(filter(None, found), key=lambda version: version.created, reverse=True)
    rank = {name: place for place, name in enumerate(order)}
    return sorted(newest_first, key=lambda version: rank.get(version.name, len(order)))


def _take_over(folder: Path, fresh: Path) -> None:
    """The old artifact and its predecessors as predecessors of the new one."""
    new, old = _version(fresh, in_use=False), _version(folder, in_use=False)
    kept = [version for version in [old, *_predecessors(folder)] if version]
    # What is made anew, or used again, is no predecessor of itself.
    kept = [version for version in kept if not new or version.name != new.name][:KEPT]
    if not kept:
        return
    place = fresh / PREDECESSORS
    for version in kept:
        _copy(version.folder, place / version.name)
    (place / _ORDER).write_text(json.dumps([version.name for version in kept]), encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    """An artifact's files, less its predecessors."""

    def own(place: str, names: list[str]) -> set[str]:
        return {PREDECESSORS} & set(names) if Path(place) == source else set()

    shutil.copytree(source, target, ignore=own, copy_function=_link, dirs_exist_ok=True)


def _link(source: str, target: str) -> None:
    """A second name for the same file, which costs no room; else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _swap(fresh: Path, folder: Path) -> None:
    """Put `fresh` in the place of `folder`; what was there lies in `fresh`, or is gone."""
    if not folder.exists():
        fresh.rename(folder)
        return
    if _exchanged(fresh, folder):
        return
    aside = set_aside(folder)
    try:
        folder.rename(aside)
        fresh.rename(folder)
    finally:
        _mend(folder)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have changed places, in one step: where the system can, which is Linux."""
    try:
        rename: Any = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here = _AT_WORKING_DIRECTORY
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), _EXCHANGE) == 0)


def _mend(folder: Path) -> None:
    """Finish, or take back, what a killed program left half done where nothing exchanges."""
    aside = set_aside(folder)
    if not folder.exists() and aside.exists():
        aside.rename(folder)
    elif aside.exists():
        shutil.rmtree(aside, ignore_errors=True)
