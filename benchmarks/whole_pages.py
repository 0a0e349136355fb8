"""How fast whole pages are read, and in how much memory, beside what only opens the picture.

    python -m benchmarks.whole_pages

Every page is read a few times in a process of its own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from benchmarks.drawn_pages import draw_page
from benchmarks.memory import peak
from benchmarks.sections import Section
from benchmarks.steps import shares
from digitrec import Recognizer
from digitrec.rows import Aim, Quantity, Row
from digitrec.timing import timed

# name, width, height, rows, columns, aim in seconds
_PAGES = (
    ("photo of 12 megapixels, 40 digits", 4000, 3000, 5, 8, 1.5),
    ("page of 600 digits", 1600, 2200, 30, 20, 2.0),
)
_SMALL = (("page of 12 digits", 600, 400, 3, 4, 2.0),)
_READ = "--read"


def rows(quick: bool) -> Iterator[Row]:
    """Each page, drawn with shadow and grain."""
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        for name, width, height, down, across, most in _SMALL if quick else _PAGES:
            file = Path(folder) / "page.jpg"
            truth = draw_page(file, (width, height), (down, across))
            command = [sys.executable, "-m", "benchmarks.whole_pages", _READ, str(file)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout.splitlines()[-1])
            right = sum(a == b for a, b in zip(found["text"], truth, strict=False))
            values = {name: Quantity(*value) for name, value in found["values"].items()}
            yield Row(
                name,
                values | {"digits right": Quantity(100 * right / len(truth), "%")},
                "opening it",
                Quantity(found["opened"], "s"),
                aims=[Aim("median", "≤", most), Aim("memory", "≤", 500)],
            )


def _measure(file: str, times: int = 5) -> dict[str, object]:
    """The medians of a few readings, the shares of steps, and the peak of memory."""
    recognizer = Recognizer()
    reading = recognizer.read(file)
    read = [timed(lambda: recognizer.read(file)) for _ in range(times)]
    opened = [timed(lambda: _open(file)) for _ in range(times)]
    values = {"median": Quantity(statistics.median(read), "s"), "memory": Quantity(peak(), "MB")}
    return {
        "text": "".join(str(digit.label) for digit in reading.digits),
        "values": values | shares(lambda: recognizer.read(file)),
        "opened": statistics.median(opened),
    }


def _open(file: str) -> None:
    with Image.open(file) as picture:
        picture.load()


SECTION = Section(
    "Whole pages",
    "Drawn with shadow and grain, saved as JPEG, read in a process of its own; the peak of its "
    "memory, and the share of each step. The ratio tells how many times as long as Pillow takes to "
    "open the file.",
    rows,
)

if __name__ == "__main__":
    if _READ in sys.argv:
        print(json.dumps(_measure(sys.argv[-1])))
    else:
        SECTION.main()
