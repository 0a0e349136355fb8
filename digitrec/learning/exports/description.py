"""`export.json`: what an export holds, and how its networks are to be used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digitrec import __version__
from digitrec.interpreters import FEATURES, LOGITS
from digitrec.learning.exports.forms import INPUT
from digitrec.learning.exports.runtimes import Answers
from digitrec.logits import CLASSES
from digitrec.models import Artifact

DESCRIPTION = "export.json"
_FORMAT = "digitrec-export"
_FORMAT_VERSION = 1


def network_record(artifact: Artifact) -> dict[str, Any]:
    """What tells one network, and how its answers are to be understood, from another."""
    card = artifact.card
    return {
        "network": {
            "created": card.get("created"),
            "parameters": card.get("parameters"),
            "files": card["files"],
        },
        "temperature": artifact.temperature,
        "digit_threshold": artifact.digit_threshold,
    }


def usage_record(answers: Answers) -> dict[str, Any]:
    """What goes in, what comes out, and what is made of it.

    Args:
        answers: of the network to any digits; their shapes are told.
    """
    logits, features = (rows.shape[1] for rows in answers)
    score = "the largest probability"
    meaning = "the classes 0 to 9"
    if logits > CLASSES:
        score = f"1 / (1 + exp(-{LOGITS}[:, {CLASSES}]))"
        meaning += ", and whether it is a digit at all"
    outputs = {LOGITS: {"shape": ["N", logits], "type": "float32", "meaning": meaning}}
    if features:
        meaning = "what the last layer sees; for comparing digits with each other"
        outputs[FEATURES] = {"shape": ["N", features], "type": "float32", "meaning": meaning}
    return {
        "input": {
            "name": INPUT,
            "shape": ["N", 28, 28],
            "type": "uint8",
            "meaning": "MNIST's form: bright ink on black, 20x20 in the middle of 28x28 by its "
            "centre of mass, as digitrec.imaging.mnist_format makes it",
        },
        "outputs": outputs,
        "probabilities": f"softmax({LOGITS}[:, :{CLASSES}] / temperature)",
        "digit_score": f"{score}; below digit_threshold it is no digit",
    }


def write_description(folder: Path, about: Mapping[str, Any]) -> None:
    """Write it."""
    whole = {
        "format": _FORMAT,
        "format_version": _FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "digitrec": __version__,
        **about,
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")


def read_description(folder: Path) -> dict[str, Any]:
    """What an export says of itself; {} where it says nothing that can be understood."""
    try:
        about = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if (about["format"], about["format_version"]) != (_FORMAT, _FORMAT_VERSION):
            return {}
        for export in about["exports"].values():
            for file in export["files"].values():
                str(file["sha256"])
        return dict(about)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
