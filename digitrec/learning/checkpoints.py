"""Whole epochs on disk, to go on from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras

from digitrec.errors import CheckpointError
from digitrec.learning import losses  # noqa: F401  # Keras finds the loss by its registration
from digitrec.learning.recipe import Recipe

History = list[dict[str, float]]

LAST, BEFORE_STROKES = "last", "before-strokes"  # the checkpoints' names


@dataclass(frozen=True)
class Checkpoint:
    """A training after a whole epoch.

    Attributes:
        model: compiled, with its optimizer's state.
        history: a row an epoch.
        seconds: how long it took so far.
    """

    model: keras.Model
    history: History
    seconds: float


# What a training that begins there has to have in common with the one that left it.
_SAME_DATA = {LAST: ("mnist", "drawings", "pictures"), BEFORE_STROKES: ("mnist", "pictures")}


def save_checkpoint(
    folder: Path, reached: Checkpoint, recipe: Recipe, sha256: Mapping[str, str]
) -> None:
    """The last whole epoch, optimizer included; and a second copy before pen strokes join.

    Args:
        folder: made if needed.
        reached: what to keep.
        recipe: of this training.
        sha256: of its data, see `material.Material.sha256`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "recipe": asdict(recipe),
        "data": dict(sha256),
        "history": reached.history,
        "seconds": reached.seconds,
    }
    _write(folder, LAST, reached.model, state)
    if len(reached.history) == recipe.first_stroke_epoch:
        _write(folder, BEFORE_STROKES, reached.model, state)


def _write(folder: Path, name: str, model: keras.Model, state: dict[str, Any]) -> None:
    # The network is written first, and the state names it: a crash in between leaves the old pair.
    network = folder / f"{name}-{len(state['history'])}.keras"
    temporary, half = folder / f".{name}.keras", folder / f".{name}.json"
    try:
        model.save(temporary)
        temporary.replace(network)
        half.write_text(json.dumps({**state, "network": network.name}), encoding="utf-8")
        half.replace(folder / f"{name}.json")
    finally:
        temporary.unlink(missing_ok=True)
        half.unlink(missing_ok=True)
    for old in folder.glob(f"{name}-*.keras"):
        if old != network:
            old.unlink()


def load_checkpoint(
    folder: Path | None, recipe: Recipe, sha256: Mapping[str, str], name: str = LAST
) -> Checkpoint:
    """What `save_checkpoint` kept.

    Args:
        folder: where `train` kept it.
        recipe: has to be the one it was made with.
        sha256: of the data, which has to be the same; the pen strokes may be others where they
            have not joined yet.
        name: `LAST` or `BEFORE_STROKES`.

    Raises:
        CheckpointError: it is not there, damaged, or of another recipe or other data.
    """
    state = check_checkpoint(folder, recipe, name)
    different = [kind for kind in _SAME_DATA[name] if state["data"].get(kind) != sha256.get(kind)]
    if different:
        raise CheckpointError(
            f"Expected the data that the training in {folder} began with. Received: other "
            f"{', '.join(different)}. Give the same files, or start without --resume."
        )
    try:
        model = keras.models.load_model(Path(folder or "") / state["network"], safe_mode=True)
    except Exception as error:  # each layer fails in its own ways on what was changed
        raise _damaged(folder, error) from error
    return Checkpoint(model, list(state["history"]), float(state["seconds"]))


def check_checkpoint(folder: Path | None, recipe: Recipe, name: str = LAST) -> dict[str, Any]:
    """What a checkpoint says of itself, read in no time.

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
        made_with, _ = (
            dict(state["recipe"]),
            [state[key] for key in ("data", "history", "network", "seconds")],
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(folder, error) from error
    wanted = json.loads(json.dumps(asdict(recipe)))
    different = sorted(key for key in wanted if wanted[key] != made_with.get(key))
    if different:
        raise CheckpointError(
            f"Expected the recipe that the training in {folder} began with. Received: another "
            f"{', '.join(different)}. Give the same options, or start without --resume."
        )
    return dict(state)


def _damaged(folder: Path | None, error: Exception) -> CheckpointError:
    return CheckpointError(
        f"Expected a checkpoint in {folder}. Received: a damaged one ({error}). Start the "
        "training again, without --resume."
    )
