"""Score an artifact on sets of your choice and write the evidence.

    python scripts/evaluate.py --mnist mnist.npz --images photos/ --strokes drawings.jsonl.gz

Every example goes through the same reading as a user's; nothing is trained or chosen here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from digitrec.datasets import (
    MNIST_VARIABLE,
    LabelledDigits,
    labelled_pictures,
    load_drawings,
    load_mnist,
    pictures_in,
    sources,
)
from digitrec.errors import DatasetError
from digitrec.models import artifact_folder, sha256
from digitrec.programs import run_program
from digitrec.recognizer import Recognizer

if TYPE_CHECKING:
    from digitrec.learning.judged_pages import PageFigures
    from digitrec.learning.judging import JudgedSet
    from digitrec.learning.strings import StringFigures

_SCRIBBLES = 1_000
_STRINGS = 500  # a spacing


def main(arguments: list[str] | None = None) -> int:
    """Parse, call, print; the exit status."""
    options = _parser().parse_args(arguments)
    return run_program(
        "evaluate.py", lambda: _evaluate(options), unharmed="Nothing but the report was written."
    )


def _evaluate(options: argparse.Namespace) -> None:
    from digitrec.learning.evidence import (
        comparison_table,
        gather_evidence,
        table,
        write_evidence,
    )
    from digitrec.learning.judging import read_set

    folder = Path(options.output) if options.output else artifact_folder(options.artifact)
    report = folder if options.output else folder / "report"
    mine = Recognizer(options.artifact)
    _refuse_known(mine, options.strokes)
    sets = _named_once(list(_sets(options)))
    progress = not options.quiet
    outcomes = [read_set(mine, judged, progress=progress) for judged in sets]
    others = []
    if options.compare:
        other = Recognizer(options.compare)
        others = [read_set(other, judged, progress=progress) for judged in sets]
    strings = list(_strings(options, mine))
    evidence = gather_evidence(
        mine.artifact.folder.name, outcomes, others, strings=strings, **_pages(options, mine)
    )
    compared_with = Path(options.compare).name if options.compare else ""
    write_evidence(report, evidence, compared_with=compared_with)
    print(table(evidence))
    if others:
        print()
        print(comparison_table(evidence, compared_with))
    print(f"\nThe whole report: {report / 'evaluation.md'}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument(
        "--artifact", metavar="DIR", help="an artifact folder; else the shipped one"
    )
    parser.add_argument(
        "--mnist", metavar="PATH", help=f"MNIST's test set, also spoilt; else ${MNIST_VARIABLE}"
    )
    parser.add_argument("--no-mnist", action="store_true", help=f"even if ${MNIST_VARIABLE} is set")
    parser.add_argument(
        "--images", metavar="DIR", nargs="+", default=[], help="folders of pictures, one a class"
    )
    parser.add_argument(
        "--strokes",
        metavar="FILE",
        nargs="+",
        default=[],
        help="drawings as JSON lines; letters and signs in them should be refused",
    )
    parser.add_argument(
        "--not-digits",
        metavar="DIR|FILE",
        nargs="+",
        default=[],
        help="pictures or drawings that should be refused; of Omniglot only the alphabets that "
        "no training has seen",
    )
    parser.add_argument(
        "--scribbles", type=int, default=_SCRIBBLES, metavar="N", help="random splines; 0 for none"
    )
    parser.add_argument(
        "--strings",
        type=int,
        nargs="?",
        const=_STRINGS,
        default=0,
        metavar="N",
        help="also numbers of 2 to 6 digits composed of each --strokes file, N of each spacing "
        f"({_STRINGS} if not told)",
    )
    parser.add_argument(
        "--pages",
        metavar="DIR",
        nargs="+",
        default=[],
        help="pages with digits, and labels.csv: file, text, rotate_clockwise",
    )
    parser.add_argument(
        "--tesseract", action="store_true", help="read the pages with Tesseract too, if installed"
    )
    parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="MNIST digits at most, for a quick look"
    )
    parser.add_argument("--compare", metavar="DIR", help="another artifact, side by side")
    parser.add_argument("--output", metavar="DIR", help="the report's folder; else the artifact's")
    parser.add_argument(
        "--seed", type=int, default=1, help="of shifts, noise, scribbles and numbers"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def _sets(options: argparse.Namespace) -> Iterator[JudgedSet]:
    from digitrec.learning import judging

    rng = np.random.default_rng(options.seed)
    found = False
    if not options.no_mnist and (options.mnist or os.environ.get(MNIST_VARIABLE)):
        test = load_mnist(options.mnist).test
        count = options.limit or len(test)
        yield from judging.mnist_sets(LabelledDigits(test.digits[:count], test.labels[:count]), rng)
        found = True
    for place in options.images:
        yield judging.picture_set(Path(place).name, labelled_pictures(place))
        found = True
    for place in options.strokes:
        name, drawings = _stem(place), load_drawings(place)
        yield from judging.drawing_sets(name, drawings)
        others = judging.not_digit_drawings(f"{name}, others", drawings)
        if others:
            yield others
        found = True
    for place in options.not_digits:
        yield from _not_digits(place)
        found = True
    if not found and not options.pages:
        raise DatasetError(
            "Expected something to read. Received: no set. Give --mnist, --images, --strokes, "
            "--not-digits or --pages."
        )
    if options.scribbles:
        yield judging.scribble_set(options.scribbles, rng)


def _strings(options: argparse.Namespace, recognizer: Recognizer) -> Iterator[StringFigures]:
    from digitrec.learning.strings import SPACINGS, compose_strings, string_figures

    for place in options.strokes if options.strings else []:
        drawings = load_drawings(place)
        for spacing in SPACINGS:
            rng = np.random.default_rng(options.seed)
            numbers = list(compose_strings(drawings, spacing, options.strings, rng))
            if numbers:
                name = f"{_stem(place)}, {spacing}"
                yield string_figures(recognizer, name, numbers, progress=not options.quiet)


def _pages(options: argparse.Namespace, recognizer: Recognizer) -> dict[str, list[PageFigures]]:
    from digitrec.learning.judged_pages import load_pages, read_pages, read_with_tesseract

    pages = [page for place in options.pages for page in load_pages(place)]
    if not pages:
        return {}
    progress = not options.quiet
    found = {"pages": read_pages(recognizer, pages, progress=progress)}
    if options.tesseract:
        found["tesseract"] = read_with_tesseract(pages, progress=progress)
    return found


def _refuse_known(recognizer: Recognizer, places: list[str]) -> None:
    """What a network has learned from judges nothing."""
    learned = [credit.get("sha256", {}) for credit in recognizer.artifact.card.get("data", [])]
    hashes = {digest for credit in learned for digest in dict(credit).values()}
    for place in places:
        if Path(place).is_file() and sha256(Path(place)) in hashes:
            raise DatasetError(
                f"Expected drawings that the artifact has not learned from. Received: {place}, "
                "which its card names as training data. Give other writers' drawings."
            )


def _named_once(sets: list[JudgedSet]) -> list[JudgedSet]:
    """The sets; figures are told by names, so that two of one name would be one."""
    names = [judged.name for judged in sets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DatasetError(
            f"Expected files and folders of different names. Received: several named "
            f"{', '.join(twice)}. Rename one."
        )
    return sets


def _not_digits(place: str) -> Iterator[JudgedSet]:
    from digitrec.learning import judging

    name = _stem(place)
    if Path(place).is_dir():
        pictures = pictures_in(place)
        omniglot = any(sources.is_omniglot(picture.path.name) for picture in pictures)
        if omniglot:
            pictures = [p for p in pictures if p.path.name.startswith(sources.OMNIGLOT_JUDGES)]
            if not pictures:
                raise DatasetError(
                    f"Expected one of the alphabets {', '.join(sources.OMNIGLOT_JUDGES)} in "
                    f"{place}. Received: only alphabets that networks learn from. Give the whole "
                    "of Omniglot."
                )
        yield judging.picture_set(name, pictures)
        if omniglot:
            clear = [p for p in pictures if not sources.looks_like_a_digit(p.path.name)]
            yield judging.picture_set(f"{name} without look-alikes", clear, variant=True)
        return
    drawings = judging.not_digit_drawings(name, load_drawings(place))
    if drawings is None:
        raise DatasetError(
            f"Expected something that is no digit in {place}. Received: digits and look-alikes "
            "only. Give it to --strokes."
        )
    yield drawings


def _stem(place: str) -> str:
    return Path(place).name.partition(".")[0]


if __name__ == "__main__":
    sys.exit(main())
