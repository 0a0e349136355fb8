"""How fast much is read on Ray, with one worker and with two, beside `model.predict`.

    python -m benchmarks.on_ray

Needs the extras `bulk` and `train`.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import networks
from benchmarks.sections import Section
from digitrec.bulk.cluster import cluster, read_parts
from digitrec.bulk.parts import PART_SIZE
from digitrec.bulk.reading import BulkReading
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.recognizer import Recognizer
from digitrec.rows import Aim, Quantity, Row
from digitrec.shapes import digit_strokes
from digitrec.timing import in_turn

# That `model.predict` may choose from; each divides what it is given, so that none is compiled
# while it is timed.
_BATCHES = (64, 128, 256, 512, 1024, 4096)
_CLASSIFY = "`Recognizer.classify`, all cores"
_MANY = 1_000_000_000
_MACHINES, _CORES = 4, 32  # of the plan
_ARRAY, _SMALL, _LARGE = "digits.npy", "PNG of 28 px", "PNG of 280 px"
Paces = dict[str, list[float]]


def rows(quick: bool) -> Iterator[Row]:
    """Measure all in turn, several rounds; a row each."""
    # Less than a part for each worker, and it would be loading programs that is timed.
    digits, pictures, rounds = (6 * PART_SIZE, 768, 1) if quick else (8 * PART_SIZE, 2048, 3)
    paces: Paces = {}
    with tempfile.TemporaryDirectory(prefix="digitrec-") as place:
        folder = Path(place)
        _write_inputs(folder, digits, pictures)
        some = np.load(folder / _ARRAY)[:16_384]
        predicting = networks.keras_ways(_BATCHES)
        best = networks.quickest(predicting, some[: max(_BATCHES)])
        name = f"`model.predict`, its best {best}"
        ways = {name: predicting[best], _CLASSIFY: Recognizer().classify}
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
            here = in_turn({way: (partial(ask, some), 1) for way, ask in ways.items()}, rounds=1)
            for way, (seconds,) in here.items():
                _note(paces, way, len(some) / seconds)
            sizes = _on_ray(folder, paces)
    medians = {way: statistics.median(each) for way, each in paces.items()}
    plans = {_way(name, 2): _plan(name, medians, size) for name, size in sizes.items()}
    for way, pace in medians.items():
        values = {"a second": Quantity(pace)} | plans.get(way, {})
        if way == name or way.startswith("PNG"):
            yield Row(way, values)
        else:
            aims = [Aim("ratio", "≥", 4)] if "2 workers" in way else []
            yield Row(way, values, name, Quantity(medians[name]), aims=aims)


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


def _plan(name: str, medians: dict[str, float], size: float) -> dict[str, Quantity]:
    """What so very many of an input take."""
    one, two = (medians[_way(name, workers)] for workers in (1, 2))
    hours = _MANY / one / 3600
    shared = two / (2 * one)  # of a worker's pace is left when another works beside it
    parts = -(-_MANY // PART_SIZE)
    return {
        "hours of one core": Quantity(hours),
        "hours": Quantity(hours / (_MACHINES * _CORES) / min(1, shared)),
        "results": Quantity(_MANY * size / 1e9, "GB"),
        "files": Quantity(parts * (1 if name == _ARRAY else 128)),
    }


SECTION = Section(
    "On Ray",
    "Digits or pictures a second, once the workers have begun, beside `model.predict`; and from "
    f"that what {_MANY:,} take on {_MACHINES} machines of {_CORES} such cores.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
