"""The networks that people start from, beside ours: one table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from digitrec.errors import DigitrecError
from digitrec.learning.judging import JudgedSet, read_set
from digitrec.learning.recipe import RECIPES
from digitrec.models import load_artifact
from digitrec.recognizer import Recognizer

# What those who publish them say that they reach on MNIST's test set, percent.
CLAIMED = {
    "dense": "about 98",
    "simple_cnn": "about 98.3",
    "dropout_cnn": "99.0",
    "keras_convnet": "about 99.1",
}


@dataclass(frozen=True)
class Row:
    """One network of the table; shares are 0-1.

    Attributes:
        name: of the architecture.
        parameters: how many weights it has.
        seconds: its training took.
        mnist: accuracy on MNIST's test set.
        others: accuracy on each other set, read as a user's drawing or picture is.
    """

    name: str
    parameters: int
    seconds: int
    mnist: float
    others: tuple[float, ...]


def is_trained(folder: Path) -> bool:
    """Whether a folder holds the network of its name, trained by its own recipe."""
    try:
        made_with = load_artifact(folder).card["recipe"]
    except DigitrecError:
        return False
    return bool(made_with == json.loads(json.dumps(asdict(RECIPES[folder.name]))))


def row(folder: Path, sets: Sequence[JudgedSet], *, progress: bool = True) -> Row:
    """The figures of one artifact."""
    card = load_artifact(folder).card
    recognizer = Recognizer(folder)
    outcomes = [read_set(recognizer, judged, progress=progress) for judged in sets]
    return Row(
        name=str(card["recipe"]["architecture"]),
        parameters=int(card["parameters"]),
        seconds=int(card["duration_seconds"]),
        mnist=float(card["figures"]["test_accuracy"]),
        others=tuple(float(np.mean(o.answers == o.judged.labels)) for o in outcomes),
    )


def table(rows: Sequence[Row], sets: Sequence[JudgedSet]) -> str:
    """The rows as Markdown, percent."""
    names = " | ".join(judged.name for judged in sets)
    rule = " | ".join("---:" for _ in sets)
    lines = [
        f"| network | parameters | training | MNIST claimed | MNIST | {names} |",
        f"| --- | ---: | ---: | ---: | ---: | {rule} |",
    ]
    for item in rows:
        claimed = CLAIMED.get(item.name, "")
        others = " | ".join(f"{100 * share:.2f}" for share in item.others)
        lines.append(
            f"| `{item.name}` | {item.parameters:,} | {_duration(item.seconds)} | {claimed} "
            f"| {100 * item.mnist:.2f} | {others} |"
        )
    return "\n".join(lines)


def write(path: Path, rows: Sequence[Row], sets: Sequence[JudgedSet]) -> None:
    """The rows as JSON, for the page Model; shares are 0-1.

    Raises:
        OSError: it cannot be written.
    """
    content = {
        "sets": [judged.name for judged in sets],
        "networks": [{**asdict(item), "claimed": CLAIMED.get(item.name, "")} for item in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}-unfinished")
    unfinished.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _duration(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:.0f} min"
