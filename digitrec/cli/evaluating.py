"""`digitrec evaluate`: score an artifact on sets of your choice and write the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitrec.cli.options import artifact_option
from digitrec.datasets import MNIST_VARIABLE
from digitrec.models import artifact_folder
from digitrec.programs import run_program

if TYPE_CHECKING:
    from digitrec.learning.judged_pages import PageFigures
    from digitrec.learning.judges import Judges
    from digitrec.recognizer import Recognizer

_SCRIBBLES = 1_000
_STRINGS = 500  # a spacing


@click.command()
@artifact_option
@click.option(
    "--mnist", metavar="PATH", help=f"MNIST's test set, also spoilt; else ${MNIST_VARIABLE}."
)
@click.option("--no-mnist", is_flag=True, help=f"No MNIST, even if ${MNIST_VARIABLE} is set.")
@click.option(
    "--images",
    metavar="DIR",
    multiple=True,
    help="A folder of pictures, one a class. This and the next three may be given several times.",
)
@click.option(
    "--strokes",
    metavar="FILE",
    multiple=True,
    help="Drawings as JSON lines; letters and signs in them should be refused.",
)
@click.option(
    "--not-digits",
    metavar="DIR|FILE",
    multiple=True,
    help="Pictures or drawings that should be refused; of Omniglot only the alphabets that no "
    "training has seen.",
)
@click.option(
    "--pages",
    metavar="DIR",
    multiple=True,
    help="Pages with digits, and labels.csv: file, text, rotate_clockwise.",
)
@click.option(
    "--scribbles",
    type=click.IntRange(0),
    default=_SCRIBBLES,
    show_default=True,
    metavar="N",
    help="Random splines; 0 for none.",
)
@click.option(
    "--strings",
    type=click.IntRange(0),
    is_flag=False,
    flag_value=_STRINGS,
    default=0,
    metavar="[N]",
    help="Also numbers of 2 to 6 digits composed of each --strokes file, N of each spacing "
    f"({_STRINGS} if not told).",
)
@click.option("--tesseract", is_flag=True, help="Read the pages with Tesseract too, if installed.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="MNIST digits at most, for a quick look.",
)
@click.option("--compare", metavar="DIR", help="Another artifact, side by side.")
@click.option("--output", metavar="DIR", help="The report's folder; else the artifact's.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Of shifts, noise, scribbles and numbers.",
)
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(**options: Any) -> int:
    """Score an artifact on sets of your choice and write the evidence.

    Every example goes through the same reading as a user's; nothing is trained or chosen here.
    """
    return run_program(
        "digitrec",
        lambda: _evaluate(options),
        unharmed="Nothing but the report was written.",
    )


def _evaluate(options: dict[str, Any]) -> None:
    from digitrec.cli.loading import load_recognizer
    from digitrec.learning.evidence import comparison_table, gather_evidence, table, write_evidence
    from digitrec.learning.judges import Judges
    from digitrec.learning.judging import read_set

    artifact, compare, output = (options.pop(name) for name in ("artifact", "compare", "output"))
    tesseract, progress = options.pop("tesseract"), not options.pop("quiet")
    judges = Judges(**options)
    report = Path(output) if output else artifact_folder(artifact) / "report"
    mine = load_recognizer(artifact)
    judges.refuse_known(mine)
    sets = judges.sets()
    outcomes = [read_set(mine, judged, progress=progress) for judged in sets]
    others = []
    if compare:
        other = load_recognizer(compare)
        others = [read_set(other, judged, progress=progress) for judged in sets]
    evidence = gather_evidence(
        mine.artifact.folder.name,
        outcomes,
        others,
        strings=judges.read_strings(mine, progress=progress),
        **_pages(judges, mine, tesseract=tesseract, progress=progress),
    )
    compared_with = Path(compare).name if compare else ""
    write_evidence(report, evidence, compared_with=compared_with)
    print(table(evidence))
    if others:
        print()
        print(comparison_table(evidence, compared_with))
    print(f"\nThe whole report: {report / 'evaluation.md'}")


def _pages(
    judges: Judges, recognizer: Recognizer, *, tesseract: bool, progress: bool
) -> dict[str, list[PageFigures]]:
    from digitrec.learning.judged_pages import read_pages, read_with_tesseract

    pages = judges.whole_pages()
    if not pages:
        return {}
    found = {"pages": read_pages(recognizer, pages, progress=progress)}
    if tesseract:
        found["tesseract"] = read_with_tesseract(pages, progress=progress)
    return found
