"""`digitrec bench`: how fast this machine reads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from digitrec.cli.options import artifact_option
from digitrec.programs import printable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitrec.recognizer import Recognizer
    from digitrec.rows import Row

_AT_ONCE = 4_000  # digits
# A process of its own that reads its first drawing.
FIRST_ANSWER = (
    "from digitrec import Recognizer; from digitrec.shapes import digit_strokes;"
    "Recognizer().read_strokes(digit_strokes(7))"
)


@click.command()
@artifact_option
@click.option("--quick", is_flag=True, help="Fewer repetitions.")
def command(artifact: str | None, quick: bool) -> None:
    """Print how fast this machine reads, each time beside something known.

    Times differ from machine to machine, and on a busy one from run to run: the ratios tell more.
    """
    from digitrec.cli.loading import load_recognizer
    from digitrec.rows import table
    from digitrec.timing import machine

    recognizer = load_recognizer(artifact)
    scale = 5 if quick else 1
    rows = [*_readings(recognizer, scale), *_starts(scale)]
    print(f"{machine()}; {printable(recognizer.artifact.network.name)}\n")
    print(table(rows))
    print("\nMedians; the ratio tells how many times as long as what it is compared with.")


def _readings(recognizer: Recognizer, scale: int) -> Iterator[Row]:
    """Digits, a drawing and pictures, each beside what it cannot do without."""
    import numpy as np

    from digitrec.handwriting import digit_from_strokes
    from digitrec.imaging.ink import load_image
    from digitrec.shapes import digit_strokes
    from digitrec.timing import paired

    drawing = digit_strokes(7)
    digit = digit_from_strokes(drawing)[None]
    many = np.repeat(digit, _AT_ONCE, axis=0)

    at_once, one = paired(
        lambda: recognizer.classify(many),
        lambda: [recognizer.classify(digit) for _ in range(100)],
        pairs=max(3, 10 // scale),
    )
    each = at_once / _AT_ONCE
    yield _row("one digit of 4,000 at once", each, "alone", one / 100)
    whole, alone = paired(
        lambda: recognizer.read_strokes(drawing),
        lambda: recognizer.classify(digit),
        pairs=200 // scale,
    )
    yield _row("a drawing to its `Reading`", whole, "its digit alone", alone)
    for what, picture, times in (
        ("a picture of one digit, 280 px", picture_of("7", 280), 100),
        ("a page of 60 digits, 1,240 × 1,754 px", _page(), 10),
    ):
        whole, decoded = paired(
            lambda picture=picture: recognizer.read(picture),  # type: ignore[misc]
            lambda picture=picture: load_image(picture),  # type: ignore[misc]
            pairs=max(2, times // scale),
        )
        yield _row(what, whole, "decoding its PNG", decoded)


def _starts(scale: int) -> Iterator[Row]:
    """New processes, beside one that does nothing."""
    from digitrec.timing import paired

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    for what, arguments, aim in (
        ("`digitrec --help`", ["-m", "digitrec", "--help"], 0.3),
        ("import to first answer", ["-c", FIRST_ANSWER], 1),
    ):
        ours, nothing = paired(
            lambda arguments=arguments: run(*arguments),  # type: ignore[misc]
            lambda: run("-c", "pass"),
            pairs=max(3, 11 // scale),
        )
        yield _row(what, ours, "Python alone", nothing, aim)


def _row(what: str, ours: float, beside: str, theirs: float, aim: float | None = None) -> Row:
    """Medians in seconds, and the most that it should take."""
    from digitrec.rows import Aim, Quantity, Row

    aims = [] if aim is None else [Aim("median", "≤", aim)]
    return Row(what, {"median": Quantity(ours, "s")}, beside, Quantity(theirs, "s"), aims=aims)


def picture_of(text: str, height: int) -> bytes:
    """A line of digits on white, as PNG."""
    return _png([text], (height, height * len(text)), height // 2)


def _page() -> bytes:
    """Ten lines of six digits on a sheet of A4 at 150 dots an inch, as PNG."""
    numbers = [f"{line * 111_111 % 900_000 + 100_000}" for line in range(10)]
    return _png(numbers, (1_754, 1_240), 90)


def _png(lines: list[str], shape: tuple[int, int], height: int) -> bytes:
    """Lines of digits so many px high, spread over white paper of (rows, columns)."""
    import cv2
    import numpy as np

    from digitrec.shapes import digit_strokes

    paper: NDArray[np.uint8] = np.full(shape, 255, np.uint8)
    row, pen = shape[0] / len(lines), max(2, height // 12)
    for number, text in enumerate(lines):
        column = shape[1] / len(text)
        for place, label in enumerate(text):
            left = (place + 0.5) * column - height / 4
            top = (number + 0.5) * row - height / 2
            for stroke in digit_strokes(int(label), height=height, left=left, top=top):
                points = [stroke.round().astype(np.int32)]
                cv2.polylines(paper, points, isClosed=False, color=0, thickness=pen)
    return bytes(cv2.imencode(".png", paper)[1])
