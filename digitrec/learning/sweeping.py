"""Several trainings beside each other: which there are, one of them, and what they came to."""

from __future__ import annotations

import itertools
import json
import math
import os
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from digitrec.errors import CheckpointError, DigitrecError, RecipeError
from digitrec.learning.augmentation import Augmentation
from digitrec.learning.recipe import Recipe
from digitrec.models import CARD
from digitrec.shapes import StrokeVariation

# What chooses between recipes: figures of held-out data, never of the test set.
_COLUMNS = {
    "validation_accuracy": "MNIST validation",
    "validation_strokes_accuracy": "pen strokes of held-out writers",
    "validation_refused": "not digits refused",
}


@dataclass(frozen=True)
class Trial:
    """One training of several.

    Attributes:
        setting: the fields that differ between trials but for the seed, as text; "" for none.
        recipe: all of them.
        output: its artifact folder; whole epochs are kept beside it.
        mnist: path; None for what `DIGITREC_MNIST` names.
        strokes: files of drawings of digits.
        not_digits: folders of pictures of what is none.
        check: refuse data in MNIST's form that is not MNIST.
        cores: how many threads TensorFlow may use.
    """

    setting: str
    recipe: Recipe
    output: Path
    mnist: str | None = None
    strokes: tuple[str, ...] = ()
    not_digits: tuple[str, ...] = ()
    check: bool = True
    cores: int = 1

    @property
    def command(self) -> list[str]:
        """What the card says of how it was made; of places only the files' names."""
        told = [*self.setting.split(), f"seed={self.recipe.seed}"]
        told += [Path(place).name for place in (*self.strokes, *self.not_digits)]
        return ["python", "scripts/sweep.py", *told, *([] if self.check else ["--unchecked"])]


def settings_of(base: Recipe, given: Sequence[str]) -> dict[str, Recipe]:
    """Every combination of values for fields of a recipe.

    Args:
        base: what all else is taken from.
        given: "name=value,value" each, a field of the recipe or of its variations.

    Returns:
        The recipes by what is set in them, such as "epochs=5 learning_rate=0.001".

    Raises:
        RecipeError: no such field, or a value that it cannot have.
    """
    choices = [_choices(each) for each in given]
    return {
        " ".join(f"{name}={value}" for name, value in chosen): _with(base, dict(chosen))
        for chosen in itertools.product(*choices)
    }


def _choices(given: str) -> list[tuple[str, Any]]:
    name, _, values = given.partition("=")
    name = name.strip().replace("-", "_")
    types = {
        field.name: type(field.default)
        for owner in (Recipe, Augmentation, StrokeVariation)
        for field in fields(owner)
        if field.default is not MISSING
    }
    if name not in types or name == "seed" or not values:
        raise RecipeError(
            f"Expected a recipe's field with its values, such as epochs=5,10. Received: {given}. "
            "`scripts/train.py --help` lists the fields; seeds are given by --seeds."
        )
    try:
        return [(name, types[name](value)) for value in values.split(",")]
    except ValueError as error:
        raise RecipeError(
            f"Expected values of {name} of type {types[name].__name__}. Received: {values}."
        ) from error


def _with(base: Recipe, chosen: Mapping[str, Any]) -> Recipe:
    def of(owner: type) -> dict[str, Any]:
        names = {field.name for field in fields(owner)}
        return {name: value for name, value in chosen.items() if name in names}

    return replace(
        base,
        **of(Recipe),
        augmentation=replace(base.augmentation, **of(Augmentation)),
        hand=replace(base.hand, **of(StrokeVariation)),
    )


def finished(trial: Trial) -> dict[str, Any] | None:
    """The card of a trial that was trained to its end before, from the same data."""
    try:
        card: dict[str, Any] = json.loads((trial.output / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    same = card.get("recipe") == json.loads(json.dumps(asdict(trial.recipe)))
    return card if same and card.get("command") == " ".join(trial.command) else None


def run_trial(trial: Trial) -> dict[str, Any]:
    """Train one, from where an earlier run of it was stopped; in a process of its own.

    Returns:
        Its card, or a dictionary with `error`, a sentence.
    """
    for name in ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = str(trial.cores)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    from digitrec.datasets import load_mnist
    from digitrec.learning.artifact import train_artifact
    from digitrec.learning.checkpoints import LAST, check_checkpoint
    from digitrec.learning.ingredients import gather
    from digitrec.learning.training import Run

    kept = trial.output.with_name(f".{trial.output.name}-training")
    try:
        mnist = load_mnist(trial.mnist, check=trial.check)
        ingredients, _ = gather(mnist, trial.strokes, trial.not_digits)
        begin_with = LAST
        try:
            check_checkpoint(kept, trial.recipe)
        except CheckpointError:
            begin_with = ""
        run = Run(trial.command, kept, begin_with, progress=False)
        return train_artifact(ingredients, trial.recipe, trial.output, run)
    except (DigitrecError, OSError) as error:
        return {"error": str(error)}


def table(trials: Sequence[Trial], cards: Sequence[Mapping[str, Any]]) -> str:
    """Every trial and each setting's mean over its seeds as Markdown, the best setting first.

    Args:
        trials: those that have a card.
        cards: theirs.
    """
    lines = [
        f"| setting | seed | {' | '.join(_COLUMNS.values())} | minutes |",
        f"| --- | ---: |{' ---: |' * (len(_COLUMNS) + 1)}",
    ]
    groups: dict[str, list[tuple[Trial, Mapping[str, Any]]]] = {}
    for trial, card in zip(trials, cards, strict=True):
        groups.setdefault(trial.setting, []).append((trial, card))
    means = {name: _means([card for _, card in group]) for name, group in groups.items()}
    for name in sorted(groups, key=lambda name: -means[name][0]):
        told = name or "the recipe"
        for trial, card in groups[name]:
            lines.append(_row(told, str(trial.recipe.seed), _means([card])))
        if len(groups[name]) > 1:
            lines.append(_row(told, f"mean of {len(groups[name])}", means[name]))
    return "\n".join(lines)


def _means(cards: Iterable[Mapping[str, Any]]) -> list[float]:
    """Of each column, in percent, then minutes."""
    known = list(cards)
    rows = [[100 * card["figures"].get(name, float("nan")) for name in _COLUMNS] for card in known]
    minutes = statistics.fmean(card["duration_seconds"] / 60 for card in known)
    return [*(statistics.fmean(column) for column in zip(*rows, strict=True)), minutes]


def _row(setting: str, seed: str, figures: Sequence[float]) -> str:
    *shares, minutes = figures
    told = " | ".join("" if math.isnan(share) else f"{share:.2f}" for share in shares)
    return f"| {setting} | {seed} | {told} | {minutes:.1f} |"
