"""`digitrec export`: the network in the forms that other programs run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digitrec.cli.options import artifact_option
from digitrec.programs import tell

if TYPE_CHECKING:
    from digitrec.learning.exports.comparing import Yardstick
    from digitrec.learning.exports.making import Exported

_FORMS = ("litert", "litert-int8", "onnx", "savedmodel", "keras")


@click.command()
@click.argument("output", metavar="OUTPUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "forms",
    type=click.Choice(_FORMS),
    multiple=True,
    help="One of the forms, to be given again for another one; without it all of them.",
)
@artifact_option
@click.option(
    "--mnist",
    metavar="PATH",
    help="To compare on the digits that the training held out; else DIGITREC_MNIST, else what was "
    "fetched, else the project's own drawings.",
)
@click.option("--unchecked", is_flag=True, help="Take other data in MNIST's form.")
def command(output: Path, forms: tuple[str, ...], **options: Any) -> int:
    """Write the network in the forms that other programs run.

    Each form is loaded again and compared with the original; one that answers otherwise is
    refused, and the exit status is 1. OUTPUT is a new folder, or one that holds an earlier export
    and nothing else; its export.json says how the networks are used.
    """
    # TensorFlow's exporters do not work with other backends.
    os.environ["KERAS_BACKEND"] = "tensorflow"

    from digitrec.learning.exports.forms import Source
    from digitrec.learning.exports.making import export, objection_to
    from digitrec.models import load_artifact

    source = Source(load_artifact(options["artifact"]))
    yardstick = _yardstick(source.artifact.card, options["mnist"], options["unchecked"])
    done: list[Exported] = []

    def told(exported: Exported) -> None:
        if not done:
            print(_HEAD)
        print(_row(exported), flush=True)
        done.append(exported)

    reference = export(source, list(dict.fromkeys(forms)) or list(_FORMS), yardstick, output, told)
    print(f"\ncompared with {reference.words}\nwritten to {output}")
    refused = [exported for exported in done if exported.objection]
    for exported in refused:
        tell(f"{objection_to(exported)} It is left out.")
    return 1 if refused else 0


_HEAD = (
    f"{'format':<13}{'file':<19}{'size':>9}  {'':<8}{'largest difference':>18}"
    f"{'other answers':>15}{'points lost':>13}"
)


def _row(exported: Exported) -> str:
    found = exported.comparison
    made = "refused" if exported.objection else exported.made
    return (
        f"{exported.form:<13}{exported.file:<19}{exported.size / 1000:>6,.0f} kB  {made:<8}"
        f"{found.largest_difference:>18.7f}{found.changed_answers:>15,}{found.points_lost:>13.3f}"
    )


def _yardstick(card: Any, place: str | None, unchecked: bool) -> Yardstick:
    """MNIST's held-out digits where MNIST is, else drawn ones."""
    from digitrec.datasets import MNIST_VARIABLE, load_mnist, mnist_place
    from digitrec.learning.exports.comparing import drawn, held_out

    # A place that is named has to be one; what was fetched may be there or not.
    named = place or os.environ.get(MNIST_VARIABLE) or mnist_place()
    return held_out(card, load_mnist(named, check=not unchecked)) if named else drawn()
