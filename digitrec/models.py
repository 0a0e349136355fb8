"""Artifacts: folders that hold one trained network and the card that describes it.

An artifact holds `model.keras` (for further training), `model.tflite` (float32) and
`model.int8.tflite` (for running), `card.json` (how it was made and how good it is),
`history.csv` (a row an epoch), `report/`, and the artifacts that it took the place of (see
`versions`). The card carries the hash of every network file and names the one that is run.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitrec.errors import ArtifactError, ArtifactNotFoundError

DEFAULT_ARTIFACT = Path(__file__).parent / "models" / "default"
ARTIFACT_VARIABLE = "DIGITREC_ARTIFACT"
CARD = "card.json"
FORMAT = "digitrec-artifact"
FORMAT_VERSION = 1
_LEAST = 0.001  # temperature: below it every answer is certain, and far below it none is a number


@dataclass(frozen=True)
class Artifact:
    """A checked artifact folder.

    Attributes:
        folder: where it is.
        card: the content of `card.json`.
        network: the LiteRT file that the card chose for running.
        temperature: what the logits are divided by before they become probabilities.
        digit_threshold: the least digit score that is accepted, 0-1; 0 accepts everything.
    """

    folder: Path
    card: Mapping[str, Any]
    network: Path
    temperature: float
    digit_threshold: float = 0.0

    def file(self, name: str) -> Path:
        """A file of the artifact.

        Raises:
            ArtifactError: it is not there, cannot be read, or is not the one that the card
                describes.
        """
        about = self.card["files"].get(name)
        digest = about.get("sha256") if isinstance(about, dict) else None
        return _described(self.folder, name, digest)


def artifact_folder(path: str | os.PathLike[str] | None = None) -> Path:
    """The folder that `path`, else `DIGITREC_ARTIFACT`, else the package itself names."""
    place = os.fspath(path) if path is not None else os.environ.get(ARTIFACT_VARIABLE)
    return Path(place).expanduser() if place else DEFAULT_ARTIFACT


def set_aside(folder: Path) -> Path:
    """Where an artifact lies for the moment in which another takes its place."""
    return folder.with_name(f".{folder.name}-old")


def artifact_version(path: str | os.PathLike[str] | None = None) -> tuple[str, str]:
    """What changes when an artifact is replaced: its folder and the hash of its card.

    Raises:
        ArtifactNotFoundError: there is no card.
        ArtifactError: it cannot be read now.
    """
    folder = artifact_folder(path)
    return str(folder), _hash(_card_path(_standing(folder)))


def load_artifact(path: str | os.PathLike[str] | None = None) -> Artifact:
    """The artifact in a folder, with the hash of the network that will run checked.

    Args:
        path: the folder; see `artifact_folder` for what stands in for None.

    Raises:
        ArtifactNotFoundError: the folder or its card is missing.
        ArtifactError: a file is missing, damaged, or of another format.
    """
    while True:
        before = artifact_version(path), _written(path)
        try:
            return _load(_standing(artifact_folder(path)))
        except ArtifactError:
            if (artifact_version(path), _written(path)) == before:
                raise
            # It was replaced while it was read: half of it was the old one.


def _written(path: str | os.PathLike[str] | None) -> tuple[int, int]:
    """Which file the card is, and since when: another one also where the same card came back."""
    try:
        card = (_standing(artifact_folder(path)) / CARD).stat()
    except OSError:
        return 0, 0
    return card.st_ino, card.st_ctime_ns


def _standing(folder: Path) -> Path:
    """The folder, or the old one where a replacement was killed between its two steps."""
    aside = set_aside(folder)
    return aside if not folder.exists() and aside.is_dir() else folder


def _load(folder: Path) -> Artifact:
    card_path = _card_path(folder)
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ArtifactError(
            f"Expected {card_path} to be a model card in JSON. Received: a file that cannot be "
            f"read ({error}). Train again, or take the artifact from a backup."
        ) from error
    return _checked(folder, card)


def _card_path(folder: Path) -> Path:
    if not folder.is_dir():
        raise ArtifactNotFoundError(
            f"Expected an artifact folder. Received: {folder}, which is "
            f"{'a file' if folder.exists() else 'not there'}. Give the folder that "
            "`digitrec train` wrote."
        )
    card = folder / CARD
    if not card.is_file():
        raise ArtifactNotFoundError(
            f"Expected {CARD} in the artifact folder {folder}. Received: a folder without it. "
            "Give the folder that `digitrec train` wrote, or train again."
        )
    return card


def _checked(folder: Path, card: Any) -> Artifact:
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ArtifactError(
            f"Expected a card of format {FORMAT!r} in {folder}. Received: "
            f"{card.get('format') if isinstance(card, dict) else type(card).__name__!r:.80}. "
            "This folder was written by another program."
        )
    if card.get("format_version") != FORMAT_VERSION:
        raise ArtifactError(
            f"Expected format version {FORMAT_VERSION} in {folder}. Received: "
            f"{card.get('format_version')!r:.80}. Use the digitrec that wrote it, or train again."
        )
    try:
        name = card["runtime"]["file"]
        digest = card["files"][name]["sha256"]
        temperature = float(card["temperature"])
        threshold = float(card.get("digit_threshold", 0.0))
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise ArtifactError(
            f"Expected runtime.file, its hash and temperature in {folder / CARD}. Received: a "
            f"card without a usable {error!s:.80}. Train again."
        ) from error
    # A card may come from anywhere: its file name must not lead out of the folder.
    if not isinstance(name, str) or Path(name).name != name or not _LEAST <= temperature < math.inf:
        raise ArtifactError(
            f"Expected a plain file name and a temperature of {_LEAST} or more in {folder / CARD}. "
            f"Received: {name!r:.80} and {temperature}. Train again."
        )
    if not 0 <= threshold <= 1:
        raise ArtifactError(
            f"Expected a digit_threshold in 0-1 in {folder / CARD}. Received: {threshold}. "
            "Train again."
        )
    return Artifact(folder, card, _described(folder, name, digest), temperature, threshold)


def _described(folder: Path, name: str, digest: object) -> Path:
    """A file of an artifact, if it has the hash that the card gives."""
    path = folder / name
    if not os.path.isfile(path):  # noqa: PTH113  # of a name too long pathlib raises
        raise ArtifactError(
            f"Expected the network {name[:100]} in {folder}. Received: a folder without it: half "
            "an artifact. Copy the whole folder, or train again."
        )
    if _hash(path) != digest:
        raise ArtifactError(
            f"Expected {path} to have the sha256 that its card gives. Received: another content. "
            "The file is damaged or from another training: copy the whole folder again."
        )
    return path


def _hash(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:
        raise ArtifactError(
            f"Expected to read {path}. Received: {error}. Give this user the right to, or try "
            "again where something else was short."
        ) from error


def sha256(path: Path) -> str:
    """Hash of a file's content, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
