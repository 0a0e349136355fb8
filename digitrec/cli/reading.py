"""`digitrec read`: print the digits in pictures."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitrec.cli.options import artifact_option
from digitrec.errors import DigitrecError, OutputError
from digitrec.programs import tell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitrec.bulk.outcomes import Outcome
    from digitrec.bulk.places import Place
    from digitrec.reading import Reading

    Keep = Callable[[str, int, NDArray[np.uint8], Reading], None]

_FORMATS = ["text", "json", "csv", "parquet"]


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|DIR|URI|-…")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="text (the default): a reading a page; json: an object a page; csv, parquet: a row a "
    "digit, with its box and its ten probabilities.",
)
@click.option("--output", metavar="FILE", help="Where it is written; else standard output.")
@click.option(
    "--annotate",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every page as PNG, with a box and the label at each digit.",
)
@artifact_option
@click.option(
    "--handwriting",
    metavar="FILE",
    help="Your own digits, downloaded from the page or made by `digitrec handwriting`.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option(
    "--ray",
    is_flag=True,
    help="Share the work out on a Ray cluster, for millions; --output is then a folder or URI for "
    "Parquet, and the same command goes on where an earlier one was stopped.",
)
@click.option("--address", metavar="HOST:PORT", help="The cluster; else one on this machine.")
def command(
    inputs: tuple[str, ...],
    form: str | None,
    output: str | None,
    annotate: Path | None,
    **others: Any,
) -> int:
    """Print the digits in pictures and PDFs.

    Also those of arrays (.npy, digits in MNIST's form) and of tables (.parquet, a column of
    pictures). Of a folder everything below it is read; - is standard input. A bad file or page is
    told on stderr, the rest goes on, and the exit status is 1.
    """
    if others["ray"]:
        from digitrec.cli.reading_on_ray import read_on_ray

        return read_on_ray(inputs, output, {"form": form, "annotate": annotate, **others})
    if others["address"]:
        raise click.UsageError("--address belongs to --ray.")

    from digitrec.cli.inputs import is_alone, places_of, read_place
    from digitrec.cli.loading import load_recognizer
    from digitrec.cli.outcomes import writer

    if form == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("Expected --output FILE: Parquet is nothing for a terminal.")
    recognizer = load_recognizer(others["artifact"], handwriting=others["handwriting"])
    problems: list[str] = []
    written = [Path(place) for place in (annotate, output) if place]
    places = places_of(inputs, problems, but=written)
    failures = len(problems)
    for problem in problems:
        tell(problem)
    keep = _annotator(annotate, inputs, places) if annotate else None
    named = [place.name for place in places] != list(inputs) or len(inputs) > 1
    with (
        writer(form or "text", output) as write,
        _progress(places, others["quiet"], output) as progress,
    ):
        for place in progress:
            for outcome in read_place(place, recognizer):
                failures += bool(outcome.error)
                kept = _keep(keep, outcome)
                failures += bool(kept)
                for sentence in filter(None, (outcome.note, outcome.error, kept)):
                    tell(sentence)
                write(outcome, "" if is_alone(outcome) and not named else outcome.name)
    return 1 if failures else 0


def _progress(places: Sequence[Place], quiet: bool, output: str | None) -> Any:
    """A bar on stderr, where no results run through it."""
    amid = output is None and sys.stdout.isatty()
    return click.progressbar(
        places,
        label="reading",
        show_pos=True,
        file=sys.stderr,
        hidden=quiet or amid or len(places) < 2 or not sys.stderr.isatty(),
    )


def _keep(keep: Keep | None, outcome: Outcome) -> str:
    """Write a page with its boxes, if that is asked for; a sentence where it cannot be written."""
    if keep is None or outcome.reading is None or outcome.image is None or outcome.page is None:
        return ""
    try:
        keep(outcome.file, outcome.page, outcome.image, outcome.reading)
    except DigitrecError as error:
        return str(error)
    return ""


def _annotator(folder: Path, given: Sequence[str], places: Sequence[Place]) -> Keep:
    """What writes pages with their boxes below a folder, and over nothing that is read.

    Nor over what it wrote itself: files that would be written to one place are numbered.

    Args:
        folder: made if needed.
        given: what the command line names.
        places: the files that this means.
    """
    from PIL import Image

    from digitrec.annotating import annotated
    from digitrec.cli.inputs import annotated_path

    sources = {os.path.realpath(place.path) for place in places}
    written: dict[str, tuple[str, int]] = {}  # files, and the page that each of them shows
    numbers: dict[str, int] = {}  # of files of one name, so that a file's pages stay together

    def target_of(path: str, page: int) -> Path:
        number = numbers.get(path, 1)
        while True:
            target = annotated_path(folder, path, page, given, number)
            if written.setdefault(os.path.realpath(target), (path, page)) == (path, page):
                numbers[path] = number
                return target
            number += 1

    def keep(path: str, page: int, image: NDArray[np.uint8], reading: Reading) -> None:
        target = target_of(path, page)
        if os.path.realpath(target) in sources:
            raise OutputError(
                f"Expected a folder of its own for annotated pictures. Received: {folder}, where "
                f"{target} is to be read, too. Give another --annotate."
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(annotated(image, reading)).save(target, "PNG")
        except OSError as error:
            raise OutputError(
                f"Expected to write {target}. Received: {error}. Give another --annotate."
            ) from error

    return keep
