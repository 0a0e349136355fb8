"""Take every figure, each section in a process of its own, and print all in Markdown.

    python -m benchmarks [SECTION …] [--quick] [--output FILE]

A section is in the results file as soon as it has ended: one that fails, or Ctrl-C, takes no
other along. Needs the extras `train`, `bulk` and `dev`, and a Chromium.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import results
from benchmarks.sections import SECTIONS

_STDERR = 2  # stdout carries the tables alone


def main() -> int:
    """Run the sections that are asked for; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="fewer and smaller trials")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"where results are kept; without it {results.RESULTS.name} here, if not --quick",
    )
    options = parser.parse_args()
    names = options.sections or list(SECTIONS)
    if unknown := sorted(set(names) - set(SECTIONS)):
        parser.error(f"expected sections of {', '.join(SECTIONS)}, not {', '.join(unknown)}")
    failed = []
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        file = Path(folder) / "results.json" if options.quick else results.RESULTS
        file = options.output or file
        for name in names:
            if not _take(name, options.quick, file):
                failed.append(name)
        if file.exists():
            print(results.load(file).whole())
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _take(name: str, quick: bool, file: Path) -> bool:
    """Run one section and add it to the file; whether it succeeded."""
    print(f"{name} …", file=sys.stderr, flush=True)
    command = ["-m", f"benchmarks.{name}", *(["--quick"] if quick else [])]
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        written = Path(folder) / "section.json"
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *command, "--json", str(written)], check=False, stdout=_STDERR
        )
        seconds = round(time.perf_counter() - started)
        if done.returncode:
            return False
        measured = json.loads(written.read_text(encoding="utf-8"))
    told = {"command": " ".join(["python", *command]), "seconds": seconds}
    results.add(file, name, told | measured, SECTIONS)
    print(f"{name}: {seconds} s", file=sys.stderr, flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
