"""`digitrec train`: train a network, or let the one in use learn from corrections."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from digitrec.cli.recipe_options import recipe_given, recipe_options
from digitrec.cli.sections import InSection, Sectioned
from digitrec.datasets import MNIST_VARIABLE
from digitrec.errors import DigitrecError
from digitrec.models import DEFAULT_ARTIFACT, artifact_folder
from digitrec.programs import run_program, tell

_PROGRAM = ["python", "-m", "digitrec", "train"]
_CORRECTIONS = "Learning from corrections, instead of a training"
_RETRAINING = {"corrections", "dry_run", "force", "state"}
_MEANT_BY_BOTH = {"mnist", "strokes", "not_digits", "output", "quiet", "unchecked", "seed"}
_PLACES = {"mnist", "output", "checkpoints", "quiet", "resume"}  # not told by the card


@click.command(cls=Sectioned)
@click.option(
    "--mnist",
    metavar="PATH",
    help=f"mnist.npz, or the folder of the four IDX files; else ${MNIST_VARIABLE}, else Keras "
    "downloads it.",
)
@click.option(
    "--strokes",
    metavar="FILE",
    multiple=True,
    help="Drawings of digits as JSON lines, by writers; may be given several times.",
)
@click.option(
    "--not-digits",
    metavar="DIR",
    multiple=True,
    help="Pictures of what is no digit; may be given several times. Look-alikes and the alphabets "
    "that only judge are left out of Omniglot.",
)
@click.option("--unchecked", is_flag=True, help="Take other data in MNIST's form as it is.")
@click.option(
    "--output",
    metavar="DIR",
    help="The artifact folder; else the shipped one, with --corrections the one in use.",
)
@click.option(
    "--checkpoints", metavar="DIR", help="Where whole epochs are kept; else beside the output."
)
@click.option("--resume", is_flag=True, help="Go on from the last whole epoch.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@click.option(
    "--corrections",
    metavar="[URL]",
    is_flag=False,
    flag_value="",
    cls=InSection,
    section=_CORRECTIONS,
    help="Let the artifact in --output learn what users corrected, and promote the result if "
    "nothing is worse; URL is the corrections' database, else the one that the page uses.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    cls=InSection,
    section=_CORRECTIONS,
    help="Judge, and change nothing.",
)
@click.option(
    "--force",
    is_flag=True,
    cls=InSection,
    section=_CORRECTIONS,
    help="Promote whatever the judges say.",
)
@click.option("--state", metavar="DIR", cls=InSection, section=_CORRECTIONS, hidden=True)
@recipe_options
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:
    """Train a network and write its artifact folder.

    Everything that decides the result is an option; the defaults are the shipped recipe.
    """
    if options["corrections"] is not None:
        folder = artifact_folder(options["output"])
        return run_program(
            "digitrec", _retraining(context, folder), unharmed=f"{folder} is as it was."
        )
    if options["dry_run"] or options["force"]:
        raise click.UsageError("--dry-run and --force belong to --corrections")
    output = Path(options["output"] or DEFAULT_ARTIFACT)
    kept = Path(options["checkpoints"] or output.with_name(f".{output.name}-training"))
    unharmed = f"{output} is as it was."
    return run_program(
        "digitrec",
        lambda: _train(context, output, kept),
        unharmed=unharmed,
        stopped=lambda: unharmed + _later(kept, options),
    )


def _train(context: click.Context, output: Path, kept: Path) -> None:
    options = context.params
    recipe = recipe_given(options)

    from digitrec.learning.artifact import train_artifact
    from digitrec.learning.checkpoints import LAST
    from digitrec.learning.ingredients import gather, mnist_given
    from digitrec.learning.training import Run

    mnist = mnist_given(options["mnist"], check=not options["unchecked"])
    ingredients, notes = gather(mnist, options["strokes"], options["not_digits"])
    for note in notes:
        tell(note)
    run = Run(
        # The card keeps one line, which a shell should take for the same words.
        command=[*_PROGRAM, *map(shlex.quote, _told(context, but=_PLACES))],
        checkpoints=kept,
        begin_with=LAST if options["resume"] else "",
        progress=not options["quiet"],
    )
    card = train_artifact(ingredients, recipe, output, run)
    if "figures" in card:
        _print_card(card, output)
    else:
        print(
            f"{output} holds the network, trained with another backend than TensorFlow. Finish it"
        )
        print(f"where TensorFlow is: python scripts/finish.py {output / 'model.keras'} ARTIFACT")


def _retraining(context: click.Context, folder: Path) -> Callable[[], None]:
    """What learns from corrections and prints how that ended."""
    options = context.params
    scratch = _told(context, but=_MEANT_BY_BOTH | _RETRAINING)
    if scratch:
        named = ", ".join(sorted({option.partition("=")[0] for option in scratch}))
        raise click.UsageError(f"{named}: options of a training from scratch, not of --corrections")

    from digitrec.learning.retraining import Request, report, retrain

    state = Path(options["state"]) if options["state"] else None
    request = Request(
        artifact=folder,
        store=options["corrections"] or None,
        mnist=options["mnist"],
        strokes=options["strokes"],
        not_digits=options["not_digits"],
        check=not options["unchecked"],
        seed=options["seed"],
        dry_run=options["dry_run"],
        force=options["force"],
        progress=not options["quiet"],
        command=[
            *(*_PROGRAM, "--corrections"),
            *(f"--{name.replace('_', '-')}" for name in ("dry_run", "force") if options[name]),
        ],
    )
    return lambda: report(retrain(request, state))


def _told(context: click.Context, *, but: set[str]) -> list[str]:
    """The options that were given, as they can be given again; of files only their names."""
    told = []
    for parameter in context.command.params:
        name = str(parameter.name)
        value = context.params[name]
        option = parameter.opts[0]
        if name in but or value is None or value is False or value == ():  # but 0 is told
            continue
        if value is True:
            told.append(option)
        elif isinstance(value, tuple):
            told += [f"{option}={Path(place).name}" for place in value]
        else:
            told.append(f"{option}={value}")
    return told


def _later(kept: Path, options: dict[str, Any]) -> str:
    """What is said of going on: nothing where what is kept is of another training."""
    from digitrec.learning.checkpoints import check_checkpoint

    try:
        check_checkpoint(kept, recipe_given(options))
    except DigitrecError:
        return ""
    return " Whole epochs are kept: --resume goes on."


def _print_card(card: dict[str, Any], output: Path) -> None:
    figures = card["figures"]
    print(f"parameters           {card['parameters']:,}")
    print(f"validation accuracy  {100 * figures['validation_accuracy']:.2f} %")
    if "validation_strokes_accuracy" in figures:
        strokes = figures["validation_strokes_accuracy"]
        print(f"  pen strokes        {100 * strokes:.2f} %, by writers not trained on")
    if "validation_refused" in figures:
        refused = figures["validation_refused"]
        print(f"  not digits         {100 * refused:.2f} % refused where 99 % of digits pass")
    print(f"test accuracy        {100 * figures['test_accuracy']:.2f} %")
    print(f"  as it runs         {100 * figures['test_accuracy_at_run_time']:.2f} %")
    print(f"run-time network     {card['runtime']['file']}. {card['runtime']['reason']}")
    print(f"time                 {card['duration_seconds'] // 60} min")
    print(f"written to           {output}")
