"""What it costs to squeeze the canvas into 28×28 pixels: one Markdown table.

    python benchmarks/squeezing.py --strokes FILE.jsonl.gz …

Each file's digits are drawn on two canvases, the page's own and a square one, with the page's own
pen. A seeded generator draws for each of them, `--placings` times, how large it is (its larger
side evenly between a quarter and nine tenths of the canvas' height) and where (anywhere that
holds all of it and its pen). The same network then answers to three pictures of each:

- squeezed: all of the canvas scaled to 28×28 pixels;
- centred by its box: cropped, scaled to 20 pixels with the pen as drawn, the box in the middle;
- as digitrec reads it: `Recognizer.read_strokes`.

An answer is right if the likeliest class is the label, whether it was taken for a digit or not;
two digits for one drawing are wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitrec import Recognizer
from digitrec.datasets import load_drawings
from digitrec.errors import DatasetError
from digitrec.imaging.squeezing import centre_by_box, squeeze
from digitrec.programs import run_program
from digitrec.web.size import HEIGHT, WIDTH

CANVASES = {"the page's, 560×320": (WIDTH, HEIGHT), "square, 320×320": (HEIGHT, HEIGHT)}
_PEN = 18  # px, where the page's slider stands at first
_SIZES = (0.25, 0.9)  # of the canvas' height
Strokes = list[NDArray[np.float32]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(description="What squeezing the canvas to 28×28 costs.")
    parser.add_argument("--strokes", nargs="+", required=True, metavar="FILE", help="JSON lines")
    parser.add_argument("--placings", type=int, default=3, metavar="N", help="of each drawing (3)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--artifact", metavar="DIR", help="another than the shipped one")
    options = parser.parse_args(arguments)
    return run_program(
        "squeezing.py",
        lambda: _print_table(options.strokes, options.placings, options.seed, options.artifact),
        unharmed="Nothing was written.",
    )


def _print_table(files: Sequence[str], placings: int, seed: int, artifact: str | None) -> None:
    recognizer = Recognizer(artifact)
    print("| drawings | canvas | number | squeezed | centred by its box | digitrec |")
    print("| --- | --- | ---: | ---: | ---: | ---: |", flush=True)
    for file in files:
        name = Path(file).name.removesuffix(".gz").removesuffix(".jsonl")
        drawings = [d for d in load_drawings(file) if d.digit is not None]
        if not drawings:
            raise DatasetError(f"Expected digits in {file}. Received: none. Name another file.")
        labels = [drawing.digit for drawing in drawings for _ in range(placings)]
        for canvas, size in CANVASES.items():
            rng = np.random.default_rng(seed)
            placed = [
                strokes
                for drawing in drawings
                for strokes in _placed(drawing.strokes, size, placings, rng)
            ]
            squeezed = np.stack([squeeze(strokes, size, _PEN) for strokes in placed])
            centred = np.stack([centre_by_box(strokes, _PEN) for strokes in placed])
            answers = (
                recognizer.classify(squeezed).argmax(axis=1).tolist(),
                recognizer.classify(centred).argmax(axis=1).tolist(),
                [_answer(recognizer, strokes) for strokes in placed],
            )
            shares = " | ".join(_right(answer, labels) for answer in answers)
            print(f"| {name} | {canvas} | {len(labels):,} | {shares} |", flush=True)


def _placed(
    strokes: Sequence[NDArray[np.float32]],
    size: tuple[int, int],
    placings: int,
    rng: np.random.Generator,
) -> Iterator[Strokes]:
    """The drawing at several sizes and places of a canvas."""
    points = np.concatenate(strokes)
    low, sides = points.min(axis=0), np.ptp(points, axis=0)
    for _ in range(placings):
        scale = size[1] * rng.uniform(*_SIZES) / max(float(sides.max()), 1e-6)
        room = np.array(size) - _PEN - scale * sides
        corner = _PEN / 2 + rng.uniform(0, 1, 2) * room
        yield [((stroke - low) * scale + corner).astype(np.float32) for stroke in strokes]


def _answer(recognizer: Recognizer, strokes: Strokes) -> int | None:
    digits = recognizer.read_strokes(strokes).digits
    return digits[0].label if len(digits) == 1 else None


def _right(answers: Sequence[int | None], labels: Sequence[int | None]) -> str:
    right = sum(answer == label for answer, label in zip(answers, labels, strict=True))
    return f"{100 * right / len(labels):.2f}"


if __name__ == "__main__":
    sys.exit(main())
