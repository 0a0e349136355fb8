"""Everything that decides what a training gives, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from digitrec.errors import RecipeError
from digitrec.learning.augmentation import Augmentation


@dataclass(frozen=True)
class Recipe:
    """A training from its data to its last weight.

    The script's options and the card are made from these fields.

    Attributes:
        architecture: a key of `architectures.ARCHITECTURES`.
        epochs: passes over the training digits.
        batch_size: digits a step.
        learning_rate: its peak; it rises over the first epoch and falls to 0 as a cosine.
        weight_decay: decoupled, a step, relative to the learning rate (AdamW).
        label_smoothing: share of the target spread over all classes, 0-1.
        validation_size: training digits held out to watch the training.
        limit: training digits used at most, 0 for all: a quick try.
        seed: of every random choice.
        augmentation: how far the digits are varied.
    """

    architecture: str = "strided_cnn"
    epochs: int = 24
    batch_size: int = 128
    learning_rate: float = 0.002
    weight_decay: float = 0.01
    label_smoothing: float = 0.0
    validation_size: int = 5_000
    limit: int = 0
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        ranges = {
            "epochs": (1, 10_000),
            "batch_size": (1, 100_000),
            "learning_rate": (1e-9, 10.0),
            "weight_decay": (0.0, 10.0),
            "label_smoothing": (0.0, 0.9),
            "validation_size": (1, 59_999),
            "limit": (0, 10_000_000),
            "seed": (0, 2**32 - 1),
        }
        limits = {
            "rotation": 180.0,
            "shift": 14.0,
            "scale": 1.0,
            "shear": 1.0,
            "elastic": 14.0,
            "stroke_width": 1.0,
            "contrast": 1.0,
        }
        for name, (low, high) in ranges.items():
            _check(name, getattr(self, name), low, high)
        for augmentation_field in fields(self.augmentation):
            name = augmentation_field.name
            _check(name, getattr(self.augmentation, name), 0.0, limits[name])


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RecipeError(
            f"Expected {name} between {low:g} and {high:g}. Received: {value}. "
            f"Change --{name.replace('_', '-')}."
        )
