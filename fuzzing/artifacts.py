"""Artifacts: a card of any form, and networks whose card fits the changes made to them."""

import json
import shutil

import numpy as np

from digitrec.explaining.layers import Network
from digitrec.models import CARD, DEFAULT_ARTIFACT, load_artifact, sha256
from digitrec.recognizer import Recognizer
from digitrec.versions import versions
from fuzzing.places import SCRATCH

_ARTIFACT = SCRATCH / "artifact"
_NETWORKS = ("model.int8.tflite", "model.tflite")
_CHANGE = 5  # bytes: where (4) and what (1)
_DIGITS = np.zeros((1, 28, 28), np.uint8)


def seeds() -> list[bytes]:
    """The shipped card, and changes to the networks, at their ends, where their structure is."""
    card = (DEFAULT_ARTIFACT / CARD).read_bytes()
    files = [b"\0" + card]
    for number, name in enumerate(_NETWORKS, start=1):
        size = (DEFAULT_ARTIFACT / name).stat().st_size
        for place in (0, 4, 20, size // 2, size - 20_000, size - 4_000, size - 100):
            files.append(bytes([number]) + place.to_bytes(4, "big") + b"\xff")
    return files


def take(data: bytes) -> None:
    """Load what the first byte tells of, and ask it about a digit."""
    shutil.copytree(DEFAULT_ARTIFACT, _ARTIFACT, dirs_exist_ok=True)
    kind = data[0] % 3 if data else 0
    if kind == 0:
        (_ARTIFACT / CARD).write_bytes(data[1:])
    else:
        _change(_NETWORKS[kind - 1], data[1:])
    versions(_ARTIFACT)
    if kind == 2:
        Network(load_artifact(_ARTIFACT)).look(_DIGITS[0])
    else:
        Recognizer(_ARTIFACT, threads=1).classify(_DIGITS)


def _change(name: str, data: bytes) -> None:
    """Change a network in some places, and its hash in the card."""
    path = _ARTIFACT / name
    content = bytearray(path.read_bytes())
    for start in range(0, len(data) - _CHANGE + 1, _CHANGE):
        place = int.from_bytes(data[start : start + 4], "big")
        content[place % len(content)] = data[start + 4]
    path.write_bytes(content)
    card = json.loads((_ARTIFACT / CARD).read_text(encoding="utf-8"))
    card["files"][name]["sha256"] = sha256(path)
    (_ARTIFACT / CARD).write_text(json.dumps(card), encoding="utf-8")
