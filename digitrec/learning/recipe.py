"""Everything that decides what a training gives, in one frozen place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from digitrec.errors import RecipeError
from digitrec.learning.augmentation import Augmentation
from digitrec.shapes import StrokeVariation


@dataclass(frozen=True)
class Recipe:
    """A training from its data to its last weight.

    The script's options and the card are made from these fields. Shares are relative to the
    number of MNIST's training digits.

    Attributes:
        architecture: a key of `architectures.ARCHITECTURES`.
        epochs: passes over MNIST's training digits.
        batch_size: examples a step.
        optimizer: adamw or adam.
        schedule: "cosine" (the learning rate rises over the first epoch and falls to 0) or
            "constant".
        learning_rate: its peak.
        weight_decay: decoupled, a step, relative to the learning rate (AdamW).
        precision: "float32", or "mixed_bfloat16", which is faster where the processor has bfloat16
            matrix instructions and slower elsewhere; the weights are float32 in both.
        label_smoothing: share of the target spread over all classes, 0-1.
        drawn_share: the generator's digits in an epoch.
        outlier_share: what is no digit in an epoch.
        stroke_epochs: the last epochs, in which renderings of pen strokes join; the first of
            several epochs is always without them.
        stroke_share: those renderings in such an epoch.
        stroke_renderings: how often each drawing is rendered, by another hand and pen.
        touching_share: parts cut out of what touches in such an epoch, more than half no digits.
        outlier_weight: of flat probabilities for what is no digit, in the loss.
        score_weight: of telling digits from what is none, in the loss.
        validation_size: MNIST's training digits held out.
        validation_writers: writers of pen strokes held out.
        limit: MNIST's training digits used at most, 0 for all: a quick try.
        seed: of every random choice.
        augmentation: how far digits are varied as pictures.
        hand: how far drawings are varied as strokes.
    """

    architecture: str = "strided_cnn"
    epochs: int = 28
    batch_size: int = 128
    optimizer: str = "adamw"
    schedule: str = "cosine"
    learning_rate: float = 0.002
    weight_decay: float = 0.01
    precision: str = "float32"
    label_smoothing: float = 0.0
    drawn_share: float = 0.12
    outlier_share: float = 0.25
    stroke_epochs: int = 8
    stroke_share: float = 0.3
    stroke_renderings: int = 6
    touching_share: float = 0.2
    outlier_weight: float = 0.5
    score_weight: float = 0.5
    validation_size: int = 3_000
    validation_writers: int = 3
    limit: int = 0
    seed: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)
    hand: StrokeVariation = field(default_factory=StrokeVariation)

    @property
    def first_stroke_epoch(self) -> int:
        """The epoch, from 0, that pen strokes join in; `epochs` where they never do."""
        if self.stroke_epochs == 0:
            return self.epochs
        return max(min(1, self.epochs - 1), self.epochs - self.stroke_epochs)

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            _check(name, getattr(self, name), low, high)
        for name, names in _NAMES.items():
            if getattr(self, name) not in names:
                raise RecipeError(
                    f"Expected {name} to be one of {', '.join(names)}. Received: "
                    f"{getattr(self, name)!r}. Change --{name}."
                )
        for owner in (self.augmentation, self.hand):
            for varied in fields(owner):
                _check(varied.name, getattr(owner, varied.name), 0.0, _VARIED[varied.name])


def recipe_from(plain: Mapping[str, Any]) -> Recipe:
    """The recipe that `dataclasses.asdict` made plain, as cards and checkpoints hold it.

    Raises:
        KeyError, TypeError: fields are missing or unknown.
        RecipeError: one is outside its range.
    """
    rest = dict(plain)
    augmentation = Augmentation(**rest.pop("augmentation"))
    hand = StrokeVariation(**rest.pop("hand"))
    return Recipe(augmentation=augmentation, hand=hand, **rest)


_NAMES = {
    "optimizer": ("adamw", "adam"),
    "schedule": ("cosine", "constant"),
    "precision": ("float32", "mixed_bfloat16"),
}
_RANGES = {
    "epochs": (1, 10_000),
    "batch_size": (1, 100_000),
    "learning_rate": (1e-9, 10.0),
    "weight_decay": (0.0, 10.0),
    "label_smoothing": (0.0, 0.9),
    "drawn_share": (0.0, 10.0),
    "outlier_share": (0.0, 10.0),
    "stroke_epochs": (0, 10_000),
    "stroke_share": (0.0, 10.0),
    "stroke_renderings": (1, 1_000),
    "touching_share": (0.0, 10.0),
    "outlier_weight": (0.0, 10.0),
    "score_weight": (0.0, 10.0),
    "validation_size": (1, 59_999),
    "validation_writers": (1, 10_000),
    "limit": (0, 10_000_000),
    "seed": (0, 2**32 - 1),
}
_VARIED = {
    "rotation": 180.0,
    "shift": 14.0,
    "scale": 1.0,
    "shear": 1.0,
    "elastic": 14.0,
    "stroke_width": 1.0,
    "contrast": 1.0,
    "blur": 1.0,
    "bilevel": 1.0,
    "bold": 1.0,
    "stroke_slant": 1.0,
    "stroke_turn": 180.0,
    "stroke_aspect": 1.0,
    "stroke_curvature": 1.0,
    "stroke_scale": 1.0,
    "stroke_shift": 1.0,
    "stroke_overshoot": 1.0,
    "stroke_jitter": 1.0,
    "stroke_lifts": 1.0,
}


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise RecipeError(
            f"Expected {name} between {low:g} and {high:g}. Received: {value}. "
            f"Change --{name.replace('_', '-')}."
        )


# Digits as they are.
_UNVARIED = Augmentation(**dict.fromkeys((f.name for f in fields(Augmentation)), 0.0))


def _classic(architecture: str, epochs: int, batch_size: int, validation_size: int) -> Recipe:
    """A recipe as samples and courses state it: MNIST as it is, Adam, nothing else."""
    return Recipe(
        architecture=architecture,
        epochs=epochs,
        batch_size=batch_size,
        optimizer="adam",
        schedule="constant",
        learning_rate=0.001,
        weight_decay=0.0,
        drawn_share=0.0,
        outlier_share=0.0,
        stroke_epochs=0,
        touching_share=0.0,
        validation_size=validation_size,
        augmentation=_UNVARIED,
    )


RECIPES: Mapping[str, Recipe] = {
    "shipped": Recipe(),
    # Five minutes on two cores, of which the finishing takes one.
    "fast": Recipe(
        epochs=2,
        limit=48_000,
        drawn_share=0.05,
        outlier_share=0.1,
        stroke_epochs=1,
        stroke_share=0.1,
        stroke_renderings=1,
        touching_share=0.02,
    ),
    "dense": _classic("dense", 10, 128, 6_000),
    "simple_cnn": _classic("simple_cnn", 5, 32, 18_000),
    "dropout_cnn": _classic("dropout_cnn", 10, 60, 18_000),
    "keras_convnet": _classic("keras_convnet", 15, 128, 6_000),
}
