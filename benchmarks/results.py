"""What the benchmarks measured, in a file: section by section, each as soon as it has ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from digitrec.rows import Row, table
from digitrec.timing import machine

RESULTS = Path(__file__).parent / "results.json"
_LIBRARIES = (
    "ai-edge-litert",
    "keras",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "ray",
    "streamlit",
    "tensorflow",
)


@dataclass(frozen=True)
class Results:
    """What is known of every section.

    Attributes:
        machine: what it was measured on, with Python's and the libraries' versions.
        sections: by name, in the order of the table: title, note, command, day, seconds, rows.
    """

    machine: str
    sections: Mapping[str, Mapping[str, Any]]

    def markdown(self, name: str) -> str:
        """The note and table of one section."""
        section = self.sections[name]
        rows = [Row.from_json(row) for row in section["rows"]]
        return f"{section['note']} (`{section['command']}`)\n\n{table(rows)}"

    def heading(self) -> str:
        """On what and when all of it was measured."""
        days = sorted({section["day"] for section in self.sections.values()})
        return f"Measured on {' to '.join(dict.fromkeys([days[0], days[-1]]))}: {self.machine}."

    def whole(self) -> str:
        """Everything, each section under its title."""
        parts = [
            f"### {section['title']}\n\n{self.markdown(name)}"
            for name, section in self.sections.items()
        ]
        return "\n\n".join([self.heading(), *parts])


def load(file: Path = RESULTS) -> Results:
    """What was written there."""
    return Results(**json.loads(file.read_text(encoding="utf-8")))


def this_machine() -> str:
    """The machine with the versions of what is compared."""
    versions = {}
    for name in _LIBRARIES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ", ".join([machine(), *(f"{name} {version}" for name, version in versions.items())])


def add(file: Path, name: str, measured: Mapping[str, Any], order: tuple[str, ...]) -> None:
    """Put a section's result into the file, in place of what it has of it.

    Figures of another machine, or of other versions, are no neighbours for it: they go.

    Args:
        file: need not exist; is replaced as a whole.
        name: the section's.
        measured: its title, note, command, seconds and rows.
        order: of the sections in the file.
    """
    here = this_machine()
    known: dict[str, Any] = {}
    if file.exists():
        before = load(file)
        known = dict(before.sections) if before.machine == here else {}
    known[name] = {"day": f"{datetime.now(UTC):%Y-%m-%d}", **measured}
    sections = {name: known[name] for name in order if name in known}
    scratch = file.with_suffix(".tmp")
    text = json.dumps({"machine": here, "sections": sections}, indent=1, ensure_ascii=False)
    scratch.write_text(text + "\n", encoding="utf-8")
    scratch.replace(file)
