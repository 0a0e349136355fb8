"""Train a network and write its artifact folder.

    python scripts/train.py --mnist mnist.npz --strokes pendigits.jsonl.gz --not-digits omniglot/

Everything that decides the result is an option; the defaults are the shipped recipe.

    python scripts/train.py --corrections

lets the network that is there learn what users corrected, and keeps the better of the two.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its start-up notes help nobody here

from digitrec.datasets import MNIST_VARIABLE, Mnist, load_mnist, mnist_from_arrays
from digitrec.errors import DatasetNotFoundError, DigitrecError
from digitrec.learning.recipe_options import add_recipe, recipe_given
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.programs import run_program

_PLACES = {"mnist", "strokes", "not_digits", "output", "checkpoints", "quiet", "resume"}
_RETRAINING = {"corrections", "dry_run", "force"}
_MEANT_BY_BOTH = {"mnist", "strokes", "not_digits", "output", "quiet", "unchecked", "seed"}


def main(arguments: list[str] | None = None) -> int:
    """Parse, call, print; the exit status."""
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    output = Path(options["output"])
    kept = Path(options["checkpoints"] or output.with_name(f".{output.name}-training"))
    unharmed = f"{output} is as it was."
    if options["corrections"] is not None:
        request = _retraining(parser, options, output)
        return run_program("train.py", request, unharmed=unharmed)
    if options["dry_run"] or options["force"]:
        parser.error("--dry-run and --force belong to --corrections")
    return run_program(
        "train.py",
        lambda: _train(parser, options, output, kept),
        unharmed=unharmed,
        stopped=lambda: unharmed + _later(kept, options),
    )


def _train(
    parser: argparse.ArgumentParser, options: dict[str, Any], output: Path, kept: Path
) -> None:
    recipe = recipe_given(options)

    from digitrec.learning.artifact import train_artifact
    from digitrec.learning.checkpoints import LAST
    from digitrec.learning.ingredients import gather
    from digitrec.learning.training import Run

    mnist = _mnist(options["mnist"], check=not options["unchecked"])
    ingredients, notes = gather(mnist, options["strokes"], options["not_digits"])
    for note in notes:
        print(f"train.py: {note}", file=sys.stderr)
    run = Run(
        command=["python", "scripts/train.py", *_recipe_arguments(parser, options)],
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


def _retraining(
    parser: argparse.ArgumentParser, options: dict[str, Any], output: Path
) -> Callable[[], None]:
    """What learns from corrections and prints how that ended."""
    scratch = options.keys() - _MEANT_BY_BOTH - _RETRAINING
    given = sorted(name for name in scratch if options[name] != parser.get_default(name))
    if given:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        parser.error(f"{named}: options of a training from scratch, not of --corrections")

    from digitrec.learning.retraining import Request, report, retrain

    told = [f"--{name.replace('_', '-')}" for name in ("dry_run", "force") if options[name]]
    request = Request(
        artifact=output,
        store=options["corrections"] or None,
        mnist=options["mnist"],
        strokes=options["strokes"],
        not_digits=options["not_digits"],
        check=not options["unchecked"],
        seed=options["seed"],
        dry_run=options["dry_run"],
        force=options["force"],
        progress=not options["quiet"],
        command=["python", "scripts/train.py", "--corrections", *told],
    )
    return lambda: report(retrain(request))


def _later(kept: Path, options: dict[str, Any]) -> str:
    """What is said of going on: nothing where what is kept is of another training."""
    from digitrec.learning.checkpoints import check_checkpoint

    try:
        check_checkpoint(kept, recipe_given(options))
    except DigitrecError:
        return ""
    return " Whole epochs are kept: --resume goes on."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Train a network and write its artifact folder.")
    parser.add_argument(
        "--mnist",
        metavar="PATH",
        help=f"mnist.npz, or the folder of the four IDX files; else ${MNIST_VARIABLE}, else "
        "Keras downloads it",
    )
    parser.add_argument(
        "--strokes",
        metavar="FILE",
        nargs="+",
        default=[],
        help="drawings of digits as JSON lines, by writers",
    )
    parser.add_argument(
        "--not-digits",
        metavar="DIR",
        nargs="+",
        default=[],
        help="folders of pictures of what is no digit; look-alikes and the alphabets that only "
        "judge are left out of Omniglot",
    )
    parser.add_argument(
        "--unchecked", action="store_true", help="take other data in MNIST's form as it is"
    )
    parser.add_argument("--output", default=str(DEFAULT_ARTIFACT), help="the artifact folder")
    parser.add_argument(
        "--checkpoints", metavar="DIR", help="where whole epochs are kept; else beside the output"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the last whole epoch")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    _add_retraining(parser)
    add_recipe(parser)
    return parser


def _add_retraining(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("learning from corrections, instead of a training")
    group.add_argument(
        "--corrections",
        metavar="URL",
        nargs="?",
        const="",
        help="let the artifact in --output learn what users corrected, and promote the result if "
        "nothing is worse; URL is the corrections' database, else the one that the page uses",
    )
    group.add_argument("--dry-run", action="store_true", help="judge, and change nothing")
    group.add_argument("--force", action="store_true", help="promote whatever the judges say")


def _recipe_arguments(parser: argparse.ArgumentParser, options: dict[str, Any]) -> list[str]:
    """The options that differ from the defaults; of places only the files' names."""
    told = [
        f"--{name.replace('_', '-')}={value}"
        for name, value in options.items()
        if name not in _PLACES | _RETRAINING and value != parser.get_default(name)
    ]
    for name in ("strokes", "not_digits"):
        if options[name]:
            told.append(f"--{name.replace('_', '-')}")
            told += [Path(place).name for place in options[name]]
    return told


def _mnist(path: str | None, *, check: bool) -> Mnist:
    if path or os.environ.get(MNIST_VARIABLE):
        return load_mnist(path, check=check)
    import keras

    try:
        (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception as error:  # Keras wraps what goes wrong in bare Exception
        raise DatasetNotFoundError(
            "MNIST is needed, and downloading it failed. Fetch mnist.npz (see the README, "
            f'"Train it yourself") and pass --mnist PATH, or set {MNIST_VARIABLE}.'
        ) from error
    arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
    return mnist_from_arrays(arrays, source="Keras' download", check=check)


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


if __name__ == "__main__":
    sys.exit(main())
