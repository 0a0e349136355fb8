"""Train a network on MNIST and write its artifact folder.

    python scripts/train.py --mnist mnist.npz

Everything that decides the result is an option; the defaults are the shipped recipe.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its start-up notes help nobody here

from digitrec.datasets import MNIST_VARIABLE, Mnist, load_mnist, mnist_from_arrays
from digitrec.errors import DatasetNotFoundError, DigitrecError
from digitrec.models import DEFAULT_ARTIFACT


def main(arguments: list[str] | None = None) -> int:
    """Parse, call, print; the exit status."""
    from digitrec.learning.augmentation import Augmentation
    from digitrec.learning.recipe import Recipe

    parser = _parser(Recipe, Augmentation)
    options = vars(parser.parse_args(arguments))
    output = Path(options["output"])
    try:
        augmentation = Augmentation(**{f.name: options[f.name] for f in fields(Augmentation)})
        chosen = {f.name: options[f.name] for f in fields(Recipe) if f.name in options}
        recipe = Recipe(augmentation=augmentation, **chosen)
        mnist = _mnist(options["mnist"], check=not options["unchecked"])

        from digitrec.learning.artifact import train_artifact

        card = train_artifact(
            mnist,
            recipe,
            output,
            command=["python", "scripts/train.py", *_recipe_arguments(parser, options)],
            progress=not options["quiet"],
        )
    except DigitrecError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"train.py: {error}. {output} is as it was.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\ntrain.py: stopped. {output} is as it was.", file=sys.stderr)
        return 130
    _print_card(card, output)
    return 0


def _parser(recipe: type, augmentation: type) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Train a network on MNIST and write its artifact folder.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--mnist",
        metavar="PATH",
        help=f"mnist.npz, or the folder of the four IDX files; else ${MNIST_VARIABLE}, else "
        "Keras downloads it",
    )
    parser.add_argument(
        "--unchecked", action="store_true", help="take other data in MNIST's form as it is"
    )
    parser.add_argument("--output", default=str(DEFAULT_ARTIFACT), help="the artifact folder")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    for title, owner in (("recipe", recipe), ("variations of the digits", augmentation)):
        group = parser.add_argument_group(title)
        descriptions = _attribute_descriptions(owner)
        for field in fields(owner):
            if field.default is not MISSING:
                group.add_argument(
                    f"--{field.name.replace('_', '-')}",
                    type=type(field.default),
                    default=field.default,
                    help=descriptions[field.name],
                )
    return parser


def _attribute_descriptions(owner: type) -> dict[str, str]:
    """Each attribute's words in a dataclass' docstring: the one place that explains them."""
    lines = (owner.__doc__ or "").partition("Attributes:")[2].splitlines()
    pairs = (line.strip().partition(": ") for line in lines)
    return {name: words.replace("%", "%%").rstrip(".") for name, _, words in pairs if words}


def _recipe_arguments(parser: argparse.ArgumentParser, options: dict[str, Any]) -> list[str]:
    """The options that differ from the defaults, less the paths of one machine."""
    return [
        f"--{name.replace('_', '-')}={value}"
        for name, value in options.items()
        if name not in {"mnist", "output", "quiet"} and value != parser.get_default(name)
    ]


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
    print(f"test accuracy        {100 * figures['test_accuracy']:.2f} %")
    print(f"  as it runs         {100 * figures['test_accuracy_at_run_time']:.2f} %")
    print(f"run-time network     {card['runtime']['file']}. {card['runtime']['reason']}")
    print(f"time                 {card['duration_seconds'] // 60} min")
    print(f"written to           {output}")


if __name__ == "__main__":
    sys.exit(main())
