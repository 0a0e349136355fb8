"""How fast whole pages are read, and in how much memory, beside what only opens the picture.

    python benchmarks/pages.py

draws the pages itself, with shadow and grain, and prints one Markdown table. Every page is read
three times in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitrec import Recognizer
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import random_digit

_TIMES = 3
_MARGIN = 0.1  # of a cell: what stays free around a digit at least
# name, width, height, rows, columns, aim in seconds
PAGES = (
    ("photo of 12 megapixels, 40 digits", 4000, 3000, 5, 8, "≤ 1.5 s"),
    ("page of 600 digits", 1600, 2200, 30, 20, "≤ 2 s"),
)


def main() -> None:
    """Draw the pages, have each read in a process of its own, print the table."""
    parser = argparse.ArgumentParser(description="Print the table of speed and memory for pages.")
    parser.add_argument("--read", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(_measure(options.read)))
        return
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| what | read in | aim | opened in | memory | aim | digits right |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        for name, width, height, rows, columns, aim in PAGES:
            file = Path(folder) / "page.jpg"
            truth = _draw(file, (width, height), (rows, columns))
            command = [sys.executable, __file__, "--read", str(file)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout.splitlines()[-1])
            right = sum(a == b for a, b in zip(found["text"], truth, strict=False))
            print(
                f"| {name} | {found['read']:.2f} s | {aim} | {found['opened']:.2f} s "
                f"| {found['memory']:.0f} MB | < 500 MB | {right} of {len(truth)} |"
            )


def _measure(file: str) -> dict[str, object]:
    """The medians of a few readings, seconds, and the peak of memory, MB."""
    import resource
    import statistics
    import time

    recognizer = Recognizer()
    read, opened = [], []
    for _ in range(_TIMES):
        started = time.perf_counter()
        reading = recognizer.read(file)
        read.append(time.perf_counter() - started)
        started = time.perf_counter()
        with Image.open(file) as picture:
            picture.load()
        opened.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "text": "".join(str(digit.label) for digit in reading.digits),
        "read": statistics.median(read),
        "opened": statistics.median(opened),
        "memory": peak / (1e6 if sys.platform == "darwin" else 1e3),
    }


def _draw(file: Path, size: tuple[int, int], cells: tuple[int, int]) -> str:
    """A page of the generator's digits, one a cell, lit from one side; its digits."""
    rng = np.random.default_rng(1)
    (width, height), (rows, columns) = size, cells
    down, across = height // rows, width // columns
    paper = np.full((height, width), 245, np.float32)
    labels = rng.integers(0, 10, (rows, columns))
    for row, column in np.ndindex(rows, columns):
        digit = _digit(int(labels[row, column]), 0.5 * min(down, across), rng)
        top = row * down + round(rng.uniform(_MARGIN, 0.3) * down)
        left = column * across + round(rng.uniform(_MARGIN, 0.3) * across)
        part = paper[top : top + digit.shape[0], left : left + digit.shape[1]]
        part -= 0.8 * digit[: part.shape[0], : part.shape[1]]
    paper *= np.linspace(0.6, 1, width, dtype=np.float32)
    paper += rng.normal(0, 3, paper.shape).astype(np.float32)
    page = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).convert("RGB")
    page.save(file, quality=90)
    return "".join(map(str, labels.ravel()))


def _digit(label: int, height: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    ink = ink_from_strokes([stroke.astype(np.float32) for stroke in random_digit(label, rng)])
    scale = height / ink.shape[0]
    size = (max(1, round(ink.shape[1] * scale)), round(height))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)


if __name__ == "__main__":
    main()
