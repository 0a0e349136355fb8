"""A section of the benchmarks: what it is called, how it is measured, and how it runs alone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from digitrec.rows import Row, table
from digitrec.timing import machine

# Modules of this package, each with a `SECTION`, in the order of the table.
SECTIONS: tuple[str, ...] = (
    "one_digit",
    "in_bulk",
    "on_ray",
    "readings",
    "whole_pages",
    "starting",
    "growth",
    "explaining",
    "pen_up",
    "load",
    "http_load",
    "lasting",
    "scripts_of_pages",
)


@dataclass(frozen=True)
class Section:
    """A topic with a table of its own.

    Attributes:
        title: the table's heading.
        note: above the table: what was done, and what the ratios mean.
        rows: measures, with fewer and smaller trials if its argument is true.
    """

    title: str
    note: str
    rows: Callable[[bool], Iterable[Row]]

    def main(self) -> None:
        """Run it as the command line says: print the table, or write the rows as JSON."""
        parser = argparse.ArgumentParser(description=f"Measure: {self.title}.")
        parser.add_argument("--quick", action="store_true", help="fewer and smaller trials")
        parser.add_argument("--json", metavar="FILE", type=Path, help=argparse.SUPPRESS)
        options = parser.parse_args()
        rows = []
        for row in self.rows(options.quick):
            told = next(iter(row.values.values()), "")
            print(f"{row.what}: {told}", file=sys.stderr, flush=True)
            rows.append(row)
        if options.json:
            data = {
                "title": self.title,
                "note": self.note,
                "rows": [row.to_json() for row in rows],
            }
            options.json.write_text(json.dumps(data), encoding="utf-8")
        else:
            print(f"{machine()}\n\n{self.title}. {self.note}\n\n{table(rows)}")
