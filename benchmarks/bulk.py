"""How fast much is read: on Ray with one worker and with two, against `model.predict`, in one run.

    python benchmarks/bulk.py

prints Markdown: digits or pictures a second, once the workers have begun, and what the same pace
means for a thousand million. Needs the extras `bulk` and `train`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import metadata
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitrec.bulk.cluster import cluster, read_parts
from digitrec.bulk.parts import PART_SIZE
from digitrec.bulk.reading import BulkReading
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.recognizer import Recognizer
from digitrec.shapes import digit_strokes

_BATCHES = (32, 64, 128, 256, 512, 1000, 4000)  # that `model.predict` may choose from
_VERSIONED = ("ai-edge-litert", "ray", "tensorflow", "keras")
_MANY = 1_000_000_000
_MACHINES, _CORES = 4, 32  # of the plan
_ARRAY, _SMALL, _LARGE = "digits.npy", "PNG of 28 px", "PNG of 280 px"
Paces = dict[str, list[float]]


def main() -> None:
    """Measure all in turn, several rounds, and print the table and the plan."""
    parser = argparse.ArgumentParser(description="Print how fast much is read.")
    parser.add_argument("--digits", type=int, default=8 * PART_SIZE, help="in the array")
    parser.add_argument("--pictures", type=int, default=2048, help="in each folder")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    paces: Paces = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        _write_inputs(folder, options.digits, options.pictures)
        digits = np.load(folder / _ARRAY)[:16_384]
        recognizer = Recognizer()
        name, predict = _best_predict(digits)
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            _note(paces, name, len(digits) / _seconds(lambda: predict(digits)))
            _note(
                paces,
                "`Recognizer.classify`, all cores",
                len(digits) / _seconds(lambda: recognizer.classify(digits)),
            )
            sizes = _on_ray(folder, paces)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _VERSIONED)
    print(f"{os.cpu_count()} cores, {versions}; medians, rounds: {options.rounds}\n")
    medians = {way: statistics.median(each) for way, each in paces.items()}
    _print_table(medians, name)
    _print_plan(medians, sizes)


def _write_inputs(folder: Path, digits: int, pictures: int) -> None:
    """An array, a folder of such digits as pictures, and one of larger drawings."""
    strokes = [digit_strokes(label, height=160) for label in range(10)]
    inks = [ink_from_strokes(each) for each in strokes]
    ten = np.stack([normalize_digit(ink) for ink in inks])
    np.save(folder / _ARRAY, np.resize(ten, (digits, 28, 28)))
    for name, small in ((_SMALL, True), (_LARGE, False)):
        (folder / name).mkdir()
        for number in range(pictures):
            image = 255 - (ten if small else inks)[number % 10]
            side = 28 if small else 280
            page = np.full((side, side), 255, np.uint8)
            page[: image.shape[0], : image.shape[1]] = image  # with its own margin
            Image.fromarray(page).save(folder / name / f"{number:05d}.png")


def _best_predict(
    digits: NDArray[np.uint8],
) -> tuple[str, Callable[[NDArray[np.uint8]], object]]:
    """`model.predict` with the batch size that is quickest here, on as many threads as it likes."""
    import keras

    model = keras.models.load_model(DEFAULT_ARTIFACT / "model.keras")

    def predict(batch: int, some: NDArray[np.uint8]) -> object:
        return model.predict(some, batch_size=batch, verbose=0)

    seconds = {}
    for batch in _BATCHES:
        predict(batch, digits[:4000])  # each shape is compiled once
        seconds[batch] = _seconds(partial(predict, batch, digits[:4000]))
    best = min(seconds, key=lambda batch: seconds[batch])
    return f"`model.predict`, its best batch {best}", partial(predict, best)


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _note(paces: Paces, way: str, pace: float) -> None:
    paces.setdefault(way, []).append(pace)


def _on_ray(folder: Path, paces: Paces) -> dict[str, float]:
    """Read each input with one worker and with two; bytes of results a row, by input."""
    sizes = {}
    with cluster(None):
        for name in (_ARRAY, _SMALL, _LARGE):
            for workers in (1, 2):
                reading = BulkReading.of([str(folder / name)], str(folder / "out"))
                rows = {
                    done.number: done.rows
                    for done in read_parts(reading.parts, reading.task, workers)
                }
                ends = sorted(
                    (path.stat().st_mtime, int(path.stem.partition("-")[2]))
                    for path in (folder / "out").glob("part-*")
                )
                # From where every worker has written one: loading programs is not reading.
                begun, rest = ends[workers - 1][0], ends[workers:]
                pace = sum(rows[number] for _, number in rest) / (ends[-1][0] - begun)
                _note(paces, _way(name, workers), pace)
                written = sum(path.stat().st_size for path in (folder / "out").glob("part-*"))
                sizes[name] = written / sum(rows.values())
                shutil.rmtree(folder / "out")
    return sizes


def _way(name: str, workers: int) -> str:
    return f"{name}, Ray, {workers} worker{'s' * (workers > 1)}"


def _print_table(medians: dict[str, float], predict: str) -> None:
    print(
        "| what | a second | `model.predict` | ratio | aim |\n| --- | ---: | ---: | ---: | ---: |"
    )
    for way, pace in medians.items():
        comparable = way != predict and not way.startswith("PNG")
        theirs = f"{medians[predict]:,.0f}" if comparable else ""
        ratio = f"{pace / medians[predict]:.1f}" if comparable else ""
        aim = "≥ 4" if "2 workers" in way and comparable else ""
        print(f"| {way} | {pace:,.0f} | {theirs} | {ratio} | {aim} |")


def _print_plan(medians: dict[str, float], sizes: dict[str, float]) -> None:
    cores = _MACHINES * _CORES
    parts = -(-_MANY // PART_SIZE)
    print(f"\nFor {_MANY:,}, on {_MACHINES} machines of {_CORES} such cores:\n")
    print("| input | hours of one core | hours | results | files |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, size in sizes.items():
        one, two = (medians[_way(name, workers)] for workers in (1, 2))
        hours = _MANY / one / 3600
        shared = two / (2 * one)  # of a worker's pace is left when another works beside it
        print(
            f"| {name} | {hours:,.0f} | {hours / cores / min(1, shared):,.1f} "
            f"| {_MANY * size / 1e9:,.0f} GB | {parts * (1 if name == _ARRAY else 128):,} |"
        )


if __name__ == "__main__":
    main()
