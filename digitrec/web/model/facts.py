"""Everything that the artifact in use tells of itself, read once for every visitor."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.engine import shared_recognizer
from digitrec.models import Artifact, artifact_version
from digitrec.web.model.reading import classics_from, evaluation_from, set_report_from
from digitrec.web.model.report import Classics, Evaluation, SetReport

HISTORY = "history.csv"
_REPORT, _EVALUATION = "report/report.json", "report/evaluation.json"
_CLASSICS = "report/classics.json"


@dataclass(frozen=True)
class Facts:
    """What is known of a network; a part that its folder lacks, or that says nothing, is None.

    Attributes:
        folder: of the artifact.
        card: as it is in `card.json`.
        network: the file that runs.
        size: of that, bytes.
        history: an epoch a row, by the names in `history.csv`; "epoch" is in each.
        test: the report on the test set.
        evaluation: sets of anybody's choice.
        classics: the networks that people start from.
    """

    folder: Path
    card: Mapping[str, Any]
    network: Path
    size: int
    history: tuple[Mapping[str, float], ...] = ()
    test: SetReport | None = None
    evaluation: Evaluation | None = None
    classics: Classics | None = None


def facts() -> Facts:
    """Those of the network in use.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is none that works.
    """
    artifact = shared_recognizer().artifact
    files = tuple(
        _version(artifact.folder / name) for name in (HISTORY, _REPORT, _EVALUATION, _CLASSICS)
    )
    return _read(artifact_version(), files, artifact)


def facts_of(artifact: Artifact) -> Facts:
    """Those of any artifact, read anew."""
    folder, network = artifact.folder, _version(artifact.network)
    return Facts(
        folder,
        artifact.card,
        artifact.network,
        network[1] if network else 0,
        read_history(folder / HISTORY),
        set_report_from(_json(folder / _REPORT)),
        evaluation_from(_json(folder / _EVALUATION)),
        classics_from(_json(folder / _CLASSICS)),
    )


def read_history(path: Path) -> tuple[Mapping[str, float], ...]:
    """An epoch a row; what is no number is left out, and so is a row without its epoch."""
    found = []
    with suppress(OSError, ValueError, csv.Error), path.open(newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            row = {}
            for name, value in line.items():
                with suppress(TypeError, ValueError):
                    row[str(name)] = float(value)
            row = {name: value for name, value in row.items() if math.isfinite(value)}
            if "epoch" in row:
                found.append(row)
    return tuple(found)


@st.cache_resource(show_spinner=False, max_entries=2)
def _read(version: tuple[str, str], files: tuple[object, ...], _artifact: Artifact) -> Facts:
    return facts_of(_artifact)


def _version(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
