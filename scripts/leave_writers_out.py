"""How well strangers' digits are read: each writer's by a network that never saw that hand.

    python scripts/leave_writers_out.py --checkpoints DIR --strokes pendigits.jsonl.gz

Takes up the shipped training where pen strokes join it (`digitrec train` leaves that point in
its checkpoints), repeats the rest once a fold without that fold's writers, and reads theirs.
With --networks each fold's network is kept as an artifact, for scripts/handwriting.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from digitrec.datasets import MNIST_VARIABLE, load_mnist
from digitrec.errors import DatasetError
from digitrec.programs import run_program


def main(arguments: list[str] | None = None) -> int:
    """Parse, train and read each fold, print the table; the exit status."""
    options = _parser().parse_args(arguments)
    kept = "Whole folds are kept"
    return run_program(
        "leave_writers_out.py",
        lambda: _run(options),
        unharmed=f"{kept}.",
        stopped=f"{kept}: run it again.",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--mnist", metavar="PATH", help=f"else ${MNIST_VARIABLE}")
    parser.add_argument("--unchecked", action="store_true", help="take other data in MNIST's form")
    parser.add_argument("--strokes", metavar="FILE", nargs="+", required=True)
    parser.add_argument("--not-digits", metavar="DIR", nargs="+", default=[])
    parser.add_argument("--checkpoints", metavar="DIR", required=True, help="of the training")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--networks", metavar="DIR", help="keep each fold's network there")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    parser.add_argument(
        "--output", metavar="FILE", default="leave_writers_out.json", help="whole folds, as JSON"
    )
    return parser


def _run(options: argparse.Namespace) -> None:
    from digitrec.learning.folds import is_kept, load_recipe, one_fold, split_folds
    from digitrec.learning.ingredients import gather
    from digitrec.learning.training import Run

    recipe = load_recipe(Path(options.checkpoints))
    mnist = load_mnist(options.mnist, check=not options.unchecked)
    ingredients, _ = gather(mnist, options.strokes, options.not_digits)
    folds = split_folds(ingredients.drawings, options.folds)
    output = Path(options.output)
    names = [",".join(fold) for fold in folds]
    made_with = {"recipe": asdict(recipe), "data": ingredients.material().sha256, "folds": names}
    results = _kept(output, made_with)
    run = Run(checkpoints=Path(options.checkpoints), progress=not options.quiet)
    networks = Path(options.networks) if options.networks else None
    for fold in folds:
        name = ",".join(fold)
        if name not in results or not (networks is None or is_kept(networks, fold)):
            results[name] = one_fold(ingredients, recipe, run, fold, networks)
            temporary = output.with_name(f".{output.name}")
            whole = {"made_with": made_with, "results": results}
            temporary.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
            temporary.replace(output)
        print(f"writers {name}: {100 * results[name]['right']:.2f} %", flush=True)
    _print(results)


def _kept(output: Path, made_with: dict[str, Any]) -> dict[str, Any]:
    """Folds that an earlier run of the same command finished."""
    if not output.is_file():
        return {}
    try:
        kept = json.loads(output.read_text(encoding="utf-8"))
        same = kept["made_with"] == json.loads(json.dumps(made_with))
        results = dict(kept["results"])
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"Expected whole folds in {output}. Received: a damaged file ({error}). Remove it, or "
            "give another --output."
        ) from error
    if not same:
        raise DatasetError(
            f"Expected folds of the same training, data and writers in {output}. Received: "
            "others. Remove the file, or give another --output."
        )
    return results


def _print(results: dict[str, Any]) -> None:
    print("\n| writers left out | digits | right | worst writer |")
    print("| --- | ---: | ---: | --- |")
    for name, row in results.items():
        worst = min(row["writers"], key=row["writers"].get)
        share = 100 * row["writers"][worst]
        print(f"| {name} | {row['digits']:,} | {100 * row['right']:.2f} | {worst}: {share:.2f} |")
    digits = sum(row["digits"] for row in results.values())
    right = sum(row["digits"] * row["right"] for row in results.values()) / digits
    print(f"| all | {digits:,} | {100 * right:.2f} | |")


if __name__ == "__main__":
    sys.exit(main())
