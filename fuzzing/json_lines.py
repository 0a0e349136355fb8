"""Files of lines of JSON: corrections, drawings, and the file of a handwriting."""

import base64
import gzip
import json
from pathlib import Path

from digitrec.corrections.exchange import read_json_lines
from digitrec.datasets import load_drawings
from digitrec.handwriting import Handwriting, digit_from_strokes
from digitrec.shapes import digit_strokes
from fuzzing.places import SCRATCH


def seeds() -> list[bytes]:
    """One file of each kind, plain and packed; the first byte tells which reader is asked."""
    strokes = [stroke.round(1).tolist() for stroke in digit_strokes(7)]
    digit = digit_from_strokes(strokes)
    correction = {
        "label": 7,
        "predicted": 1,
        "probabilities": [0.1] * 10,
        "digit_score": 0.9,
        "model": "0123456789abcdef" * 4,
        "time": "2026-01-01T00:00:00+00:00",
        "image": base64.b64encode(digit.tobytes()).decode(),
        "strokes": strokes,
    }
    drawing = {"label": "7", "writer": 12, "strokes": strokes}
    texts = [json.dumps(correction).encode() + b"\n", json.dumps(drawing).encode() + b"\n"]
    files = [b"\0" + texts[0], b"\1" + gzip.compress(texts[0])]
    files += [b"\2" + texts[1], b"\3" + gzip.compress(texts[1])]
    return [*files, b"\4" + Handwriting().with_digit(digit, 7).to_bytes()]


def take(data: bytes) -> None:
    """Ask the reader that the first byte tells of."""
    kind, content = data[:1], data[1:]
    if kind in (b"\0", b"\1"):
        read_json_lines(_file("corrections.jsonl", content, packed=kind == b"\1"))
    elif kind in (b"\2", b"\3"):
        load_drawings(_file("drawings.jsonl", content, packed=kind == b"\3"))
    else:
        Handwriting.load(content)


def _file(name: str, content: bytes, *, packed: bool) -> Path:
    path = SCRATCH / f"{name}.gz" if packed else SCRATCH / name
    path.write_bytes(content)
    return path
