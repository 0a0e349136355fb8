"""Whole epochs on disk, to go on from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import keras

from digitrec.errors import CheckpointError
from digitrec.learning import losses  # noqa: F401  # Keras finds the loss by its registration
from digitrec.learning.recipe import Recipe

History = list[dict[str, float]]

LAST, BEFORE_STROKES = "last", "before-strokes"  # the checkpoints' names


def save_checkpoint(folder: Path, model: keras.Model, recipe: Recipe, history: History) -> None:
    """The last whole epoch, optimizer included; and a second copy before pen strokes join."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, LAST, model, recipe, history)
    if len(history) == recipe.epochs - recipe.stroke_epochs:
        _write(folder, BEFORE_STROKES, model, recipe, history)


def _write(folder: Path, name: str, model: keras.Model, recipe: Recipe, history: History) -> None:
    # The state is written first and names its network: a crash in between leaves the old pair.
    network = folder / f"{name}-{len(history)}.keras"
    temporary = folder / f".{name}.keras"
    model.save(temporary)
    temporary.replace(network)
    state = {"recipe": asdict(recipe), "history": history, "network": network.name}
    half = folder / f".{name}.json"
    half.write_text(json.dumps(state), encoding="utf-8")
    half.replace(folder / f"{name}.json")
    for old in folder.glob(f"{name}-*.keras"):
        if old != network:
            old.unlink()


def load_checkpoint(
    folder: Path | None, recipe: Recipe, name: str = LAST
) -> tuple[keras.Model, History]:
    """The network and history of a checkpoint.

    Args:
        folder: where `train` kept it.
        recipe: has to be the one it was made with.
        name: `LAST` or `BEFORE_STROKES`.

    Raises:
        CheckpointError: it is not there, damaged, or of another recipe.
    """
    state_file = (folder or Path()) / f"{name}.json"
    if folder is None or not state_file.is_file():
        raise CheckpointError(
            f"Expected a training to go on from in {folder}. Received: none there. Start it "
            "without --resume."
        )
    try:
        state = json.loads(state_file.read_text(encoding="utf-8"))
        model = keras.models.load_model(folder / state["network"])
        # A field that came later had its default's meaning.
        history, made_with = list(state["history"]), {**asdict(Recipe()), **state["recipe"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"Expected a checkpoint in {folder}. Received: a damaged one ({error}). Start the "
            "training again, without --resume."
        ) from error
    wanted = json.loads(json.dumps(asdict(recipe)))
    different = sorted(key for key in wanted if wanted[key] != made_with.get(key))
    if different:
        raise CheckpointError(
            f"Expected the recipe that the training in {folder} began with. Received: another "
            f"{', '.join(different)}. Give the same options, or start without --resume."
        )
    return model, history
