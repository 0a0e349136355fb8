"""`digitrec read`: print the digits in pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitrec.errors import DigitrecError, OutputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitrec.cli.outcomes import Outcome
    from digitrec.reading import Reading
    from digitrec.recognizer import Recognizer

    Keep = Callable[[str, int, NDArray[np.uint8], Reading], None]

_FORMATS = ["text", "json", "csv", "parquet"]


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|DIR|-…")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="text: a reading a page; json: an object a page; csv, parquet: a row a digit, with its "
    "box and its ten probabilities.",
)
@click.option("--output", metavar="FILE", help="Where it is written; else standard output.")
@click.option(
    "--annotate",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write every page as PNG, with a box and the label at each digit.",
)
@click.option("--artifact", metavar="DIR", help="An artifact folder; else the shipped one.")
@click.option(
    "--handwriting",
    metavar="FILE",
    help="Your own digits, downloaded from the page or made by `digitrec handwriting`.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(
    inputs: tuple[str, ...], form: str, output: str | None, annotate: Path | None, **others: Any
) -> int:
    """Print the digits in pictures and PDFs.

    Of a folder everything below it is read; - is standard input. A bad file or page is told on
    stderr, the rest goes on, and the exit status is 1.
    """
    from digitrec.cli.inputs import files_of
    from digitrec.cli.outcomes import writer
    from digitrec.recognizer import Recognizer

    if form == "parquet" and output is None and sys.stdout.isatty():
        raise click.UsageError("Expected --output FILE: Parquet is nothing for a terminal.")
    recognizer = Recognizer(others["artifact"], handwriting=others["handwriting"])
    paths, problems = files_of(inputs, but=annotate)
    failures = len(problems)
    for problem in problems:
        _tell(problem)
    keep = _annotator(annotate, inputs, paths) if annotate else None
    named = len(paths) > 1 or list(paths) != list(inputs)
    with writer(form, output) as write, _progress(paths, others["quiet"], output) as progress:
        for path in progress:
            for outcome in _read_file(path, recognizer, keep, named=named):
                failures += bool(outcome.error)
                if outcome.error:
                    _tell(outcome.error)
                write(outcome)
    return 1 if failures else 0


def _progress(paths: Sequence[str], quiet: bool, output: str | None) -> Any:
    """A bar on stderr, where no results run through it."""
    amid = output is None and sys.stdout.isatty()
    return click.progressbar(
        paths,
        label="reading",
        show_pos=True,
        file=sys.stderr,
        hidden=quiet or amid or len(paths) < 2 or not sys.stderr.isatty(),
    )


def _read_file(
    path: str, recognizer: Recognizer, keep: Keep | None, *, named: bool
) -> Iterator[Outcome]:
    """A reading a page; a bad file or page has a sentence instead."""
    from digitrec.cli.inputs import opened
    from digitrec.cli.outcomes import Outcome

    try:
        file = opened(path)
    except DigitrecError as error:
        yield Outcome(path, None, path, None, str(error))
        return
    if file.note:
        _tell(f"{file.name}: {file.note}")
    for page in range(file.pages):
        name = file.page_name(page) if named or file.pages > 1 else ""
        reading, sentence = None, ""
        try:
            image = file.load(page)
            reading = recognizer.read(image)
            if keep is not None:
                keep(path, page + 1, image, reading)
        except DigitrecError as error:
            sentence = str(error)  # if its picture cannot be written, a reading is still one
        yield Outcome(path, page + 1, name, reading, sentence)


def _annotator(folder: Path, given: Sequence[str], paths: Sequence[str]) -> Keep:
    """What writes pages with their boxes below a folder, and over nothing that is read.

    Args:
        folder: made if needed.
        given: what the command line names.
        paths: the files that this means.
    """
    from PIL import Image

    from digitrec.annotating import annotated
    from digitrec.cli.inputs import annotated_path

    sources = {Path(path).resolve() for path in paths}

    def keep(path: str, page: int, image: NDArray[np.uint8], reading: Reading) -> None:
        target = annotated_path(folder, path, page, given)
        if target.resolve() in sources:
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


def _tell(sentence: str) -> None:
    print(f"digitrec: {sentence}", file=sys.stderr)
