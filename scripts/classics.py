"""Train the networks that people start from, and compare them with ours on other hands.

    python scripts/classics.py --mnist mnist.npz --strokes drawings.jsonl.gz --images photos/

Each is trained with the recipe that those who publish it state; all are read alike, so that the
network alone makes the difference.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.datasets import MNIST_VARIABLE, labelled_pictures, load_drawings
from digitrec.errors import DatasetError, DigitrecError
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.programs import run_program

if TYPE_CHECKING:
    from digitrec.learning.judging import JudgedSet


def main(arguments: list[str] | None = None) -> int:
    """Parse, train what is not there yet, read, print the table; the exit status."""
    from digitrec.learning import classics

    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--mnist", metavar="PATH", help=f"else ${MNIST_VARIABLE}")
    parser.add_argument("--strokes", metavar="FILE", nargs="+", default=[])
    parser.add_argument("--images", metavar="DIR", nargs="+", default=[])
    parser.add_argument("--output", metavar="DIR", default="classics", help="their artifacts")
    parser.add_argument("--report", metavar="FILE", help="write the table as JSON, too")
    parser.add_argument("--only", nargs="+", choices=sorted(classics.CLAIMED), metavar="NAME")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    # Whatever else is given goes to `digitrec train`, such as --epochs; then all are trained anew.
    options, others = parser.parse_known_args(arguments)
    return run_program(
        "classics.py",
        lambda: _compare(options, others),
        unharmed="Trained networks are kept: run it again.",
    )


def _compare(options: argparse.Namespace, others: list[str]) -> None:
    from digitrec.learning import classics, judging

    sets = [_drawn(place) for place in options.strokes]
    sets += [
        judging.picture_set(Path(place).name, labelled_pictures(place)) for place in options.images
    ]
    folders = [Path(options.output) / name for name in options.only or classics.CLAIMED]
    for folder in folders:
        if others or not classics.is_trained(folder):
            _train(folder, options, others)
    rows = [
        classics.row(folder, sets, progress=not options.quiet)
        for folder in [*folders, DEFAULT_ARTIFACT]
    ]
    print(classics.table(rows, sets))
    if options.report:
        classics.write(Path(options.report), rows, sets)


def _drawn(place: str) -> JudgedSet:
    from digitrec.learning import judging

    sets = list(judging.drawing_sets(Path(place).name.partition(".")[0], load_drawings(place)))
    if not sets:
        raise DatasetError(
            f"Expected drawings of digits in {place}. Received: none with a label 0-9. Give "
            "another file."
        )
    return sets[0]


def _train(folder: Path, options: argparse.Namespace, others: list[str]) -> None:
    """A process of its own: determinism is set once a process."""
    command = [sys.executable, "-m", "digitrec", "train"]
    command += [f"--architecture={folder.name}", f"--output={folder}"]
    command += [f"--mnist={options.mnist}"] if options.mnist else []
    command += ["--quiet"] if options.quiet else []
    command += others
    if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
        raise DigitrecError(f"{folder.name} was not trained, for the reason above.")


if __name__ == "__main__":
    sys.exit(main())
