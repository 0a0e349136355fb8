"""Train several seeds and recipes side by side on Ray, and compare them on held-out data.

    python scripts/sweep.py sweep --seeds 1 2 3 --set epochs=5,10 --set learning_rate=0.001,0.002

trains every combination in a process of its own, as many at a time as the cluster has cores for.
What is finished is not trained again, what was stopped goes on from its last whole epoch: the same
command goes on. The table shows held-out data only; the test set has no say in a choice.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from digitrec.bulk.cluster import cluster
from digitrec.datasets import MNIST_VARIABLE
from digitrec.errors import DigitrecError
from digitrec.learning.recipe import RECIPES
from digitrec.learning.sweeping import Trial, finished, run_trial, settings_of, table
from digitrec.programs import run_program


def main(arguments: list[str] | None = None) -> int:
    """Parse, train what is not finished, print the table; the exit status."""
    options = _parser().parse_args(arguments)
    return run_program(
        "sweep.py",
        lambda: _sweep(options),
        unharmed="What is finished is kept: the same command goes on.",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("output", type=Path, help="a folder, for an artifact of each training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], metavar="N")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE,…",
        help="values of a field of the recipe; with several, every combination",
    )
    parser.add_argument("--recipe", choices=sorted(RECIPES), default="shipped")
    parser.add_argument("--mnist", metavar="PATH", help=f"else ${MNIST_VARIABLE}")
    parser.add_argument("--strokes", metavar="FILE", nargs="+", default=[])
    parser.add_argument("--not-digits", metavar="DIR", nargs="+", default=[])
    parser.add_argument("--unchecked", action="store_true", help="take other data as it is")
    parser.add_argument("--cores", type=int, default=1, metavar="N", help="of each training")
    parser.add_argument("--address", metavar="HOST:PORT", help="the cluster; else one here")
    return parser


def _trials(options: argparse.Namespace) -> list[Trial]:
    def whole(place: str) -> str:
        return str(Path(place).absolute())  # a worker is in another folder

    mnist = options.mnist or os.environ.get(MNIST_VARIABLE)
    return [
        Trial(
            setting,
            recipe,
            options.output.absolute() / "-".join([*setting.split(), f"seed={recipe.seed}"]),
            whole(mnist) if mnist else None,
            tuple(map(whole, options.strokes)),
            tuple(map(whole, options.not_digits)),
            not options.unchecked,
            options.cores,
        )
        for seed in dict.fromkeys(options.seeds)
        for setting, recipe in settings_of(
            replace(RECIPES[options.recipe], seed=seed), options.set
        ).items()
    ]


def _sweep(options: argparse.Namespace) -> None:
    trials = _trials(options)
    cards = {trial: card for trial in trials if (card := finished(trial))}
    rest = [trial for trial in trials if trial not in cards]
    print(f"sweep.py: {len(cards)} of {len(trials)} were finished before.", file=sys.stderr)
    errors = []
    for trial, card in _trained(rest, options):
        name = trial.output.name
        if "error" in card:
            errors.append(f"{name}: {card['error']}")
            continue
        cards[trial] = card
        print(f"sweep.py: {name} is finished, {len(cards)} of {len(trials)}.", file=sys.stderr)
    if cards:
        done = [trial for trial in trials if trial in cards]
        print(table(done, [cards[trial] for trial in done]))
    if errors:
        raise DigitrecError("\n".join(errors))


def _trained(trials: list[Trial], options: argparse.Namespace) -> Any:
    """Each trial with its card, as they are finished."""
    if not trials:
        return
    options.output.mkdir(parents=True, exist_ok=True)
    with cluster(options.address):
        import ray

        # A process each, since determinism is set once a process; a lost one is begun again, and
        # goes on from its last whole epoch.
        train: Any = ray.remote(num_cpus=options.cores, max_calls=1, max_retries=3)(run_trial)
        waiting = {train.remote(trial): trial for trial in trials}
        while waiting:
            (done,), _ = ray.wait(list(waiting))
            trial = waiting.pop(done)
            try:
                yield trial, ray.get(done)
            except ray.exceptions.RayError as error:
                yield trial, {"error": str(error).strip().splitlines()[-1]}


if __name__ == "__main__":
    sys.exit(main())
