"""Make an artifact of a trained network: LiteRT files, temperature, threshold, card.

    python scripts/finish.py trained/model.keras artifact/

Always runs with TensorFlow, whatever backend trained the network. Beside the network it looks
for what `digitrec train` left there (exam.npz, exam.json); for a network from elsewhere, which
has neither, it measures int8 ranges on the project's own drawings, and accepts everything.

    python scripts/finish.py --again ARTIFACT/model.keras ARTIFACT --strokes FILE --not-digits DIR

finishes the network of a finished artifact again, with the data that it was trained on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"

from digitrec.datasets import MNIST_VARIABLE, load_mnist
from digitrec.programs import run_program
from digitrec.versions import new_artifact, write_card


def main(arguments: list[str] | None = None) -> int:
    """Parse, finish, print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("network", metavar="MODEL.keras")
    parser.add_argument("output", metavar="OUT", help="the artifact folder")
    again = parser.add_argument_group(
        "a finished artifact", "finished again with the data that its card names"
    )
    again.add_argument(
        "--again", action="store_true", help="keep history, report and card; takes minutes"
    )
    again.add_argument("--mnist", metavar="PATH", help=f"else ${MNIST_VARIABLE}")
    again.add_argument("--unchecked", action="store_true", help="take other data in MNIST's form")
    again.add_argument("--strokes", metavar="FILE", nargs="+", default=[])
    again.add_argument("--not-digits", metavar="DIR", nargs="+", default=[])
    again.add_argument("--quiet", action="store_true", help="no progress bar")
    options = parser.parse_args(arguments)
    network, output = Path(options.network), Path(options.output)
    return run_program(
        "finish.py",
        lambda: (
            _finish_again(network, output, options) if options.again else _finish(network, output)
        ),
        unharmed=f"{output} is as it was.",
    )


def _finish(network: Path, output: Path) -> None:
    from digitrec.learning.finishing import finish
    from digitrec.learning.networks import load_network
    from digitrec.learning.training import Trained
    from digitrec.learning.unfinished import EXAM, exam_of_drawings, load_unfinished

    model = load_network(network)
    if (network.parent / EXAM).is_file():
        exam, history, about = load_unfinished(network.parent)
    else:
        exam, history, about = exam_of_drawings(), [], _foreign(network)
    with new_artifact(output) as folder:
        sheets = network.parent / "report"
        if sheets.is_dir():
            shutil.copytree(sheets, folder / "report")
        card = finish(folder, Trained(model, history), exam, about)
        write_card(folder, card)
    _print(card, output)


def _finish_again(network: Path, output: Path, options: argparse.Namespace) -> None:
    from digitrec.learning.ingredients import gather
    from digitrec.learning.networks import load_network
    from digitrec.learning.renewing import renew
    from digitrec.learning.training import Run

    model = load_network(network)
    mnist = load_mnist(options.mnist, check=not options.unchecked)
    ingredients, _ = gather(mnist, options.strokes, options.not_digits)
    command = ["python scripts/finish.py --again", network.name]
    for name, places in (("strokes", options.strokes), ("not-digits", options.not_digits)):
        if places:
            command += [f"--{name}", *(Path(place).name for place in places)]
    run = Run(command=command, progress=not options.quiet)
    card = renew(network.parent, model, ingredients, output, run)
    _print(card, output)


def _print(card: dict[str, Any], output: Path) -> None:
    if "test_accuracy" in card["figures"]:
        print(f"test accuracy        {100 * card['figures']['test_accuracy']:.2f} %")
    print(f"run-time network     {card['runtime']['file']}. {card['runtime']['reason']}")
    print(f"written to           {output}")


def _foreign(network: Path) -> dict[str, Any]:
    from datetime import UTC, datetime

    return {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python scripts/finish.py {network.name}",
        "recipe": {},
        "data": [{"name": "unknown: the network came without its exam"}],
    }


if __name__ == "__main__":
    sys.exit(main())
