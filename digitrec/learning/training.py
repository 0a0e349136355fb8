"""From labelled digits and a recipe to a trained network."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from digitrec.datasets import LabelledDigits
from digitrec.errors import DatasetError, RecipeError
from digitrec.learning.architectures import build
from digitrec.learning.augmentation import Augmentation, augment
from digitrec.learning.recipe import Recipe

logger = logging.getLogger(__name__)

History = list[dict[str, float]]


@dataclass(frozen=True)
class Split:
    """Training digits, and those held out of it to watch it."""

    train: LabelledDigits
    validation: LabelledDigits


@dataclass(frozen=True)
class Trained:
    """A network with its last epoch's weights, and a row of figures an epoch."""

    model: keras.Model
    history: History


def split(digits: LabelledDigits, recipe: Recipe) -> Split:
    """Hold `recipe.validation_size` digits out, drawn by the recipe's seed.

    Raises:
        DatasetError: too few digits are there.
    """
    if len(digits) <= recipe.validation_size:
        raise DatasetError(
            f"Expected more than {recipe.validation_size:,} training digits, as many are held out "
            f"for validation. Received: {len(digits):,}. Lower --validation-size."
        )
    order = np.random.default_rng(recipe.seed).permutation(len(digits))
    held_out, rest = np.split(order, [recipe.validation_size])
    if recipe.limit:
        rest = rest[: recipe.limit]
    return Split(_take(digits, rest), _take(digits, held_out))


def _take(digits: LabelledDigits, index: NDArray[np.int64]) -> LabelledDigits:
    return LabelledDigits(digits.digits[index], digits.labels[index])


def train(data: Split, recipe: Recipe, *, progress: bool = True) -> Trained:
    """Train a new network.

    Deterministic: the same data, recipe and versions give the same weights on one machine.

    Args:
        data: see `split`.
        recipe: everything else.
        progress: show a progress bar with the time left on stderr.

    Returns:
        The network with the last epoch's weights; nothing is chosen by validation.
    """
    keras.utils.set_random_seed(recipe.seed)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()
    model = build(recipe.architecture)
    batches = _AugmentedBatches(data.train, recipe.batch_size, recipe.augmentation, recipe.seed)
    total = len(batches) * recipe.epochs
    optimizer = keras.optimizers.AdamW(
        _schedule(recipe.learning_rate, len(batches), total), weight_decay=recipe.weight_decay
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=recipe.label_smoothing
        ),
        metrics=["accuracy"],
        # XLA is not bound by op determinism.
        jit_compile=False,
    )
    log = _EpochLog(total, progress)
    model.fit(
        batches,
        epochs=recipe.epochs,
        validation_data=(data.validation.digits, _one_hot(data.validation.labels)),
        validation_batch_size=500,
        shuffle=False,  # the batches shuffle themselves, by their own seed
        verbose=0,
        callbacks=[log],
    )
    return Trained(model, log.rows)


def _schedule(peak: float, warm_up: int, total: int) -> keras.optimizers.schedules.CosineDecay:
    """Linear from a tenth of the peak over one epoch, then a cosine to 0."""
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak / 10,
        decay_steps=max(1, total - warm_up),
        warmup_target=peak,
        warmup_steps=min(warm_up, total - 1),
    )


def _one_hot(labels: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.eye(10, dtype=np.float32)[labels]


class _AugmentedBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """Shuffled and varied anew each epoch; a batch depends on seed, epoch and place alone."""

    def __init__(
        self, data: LabelledDigits, batch_size: int, augmentation: Augmentation, seed: int
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self._data, self._augmentation, self._seed = data, augmentation, seed
        self._batch_size = min(batch_size, len(data))
        self._epoch = 0
        self._shuffle()

    def __len__(self) -> int:
        # Whole batches only: a last one of a few digits would unsettle batch normalisation.
        return len(self._data) // self._batch_size

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        chosen = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        rng = np.random.default_rng((self._seed, self._epoch, index))
        digits = augment(self._data.digits[chosen], self._augmentation, rng)
        return digits, _one_hot(self._data.labels[chosen])

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        rng = np.random.default_rng((self._seed, self._epoch))
        self._order = rng.permutation(len(self._data))


class _EpochLog(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """One bar over the whole training, and the history's rows."""

    def __init__(self, total: int, progress: bool) -> None:
        super().__init__()
        self.rows: History = []
        self._bar = tqdm(total=total, unit="step", desc="training", disable=not progress)

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self._bar.update()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        figures: dict[str, Any] = dict(logs or {})
        row = {
            "epoch": epoch + 1,
            "loss": figures["loss"],
            "accuracy": figures["accuracy"],
            "validation_loss": figures["val_loss"],
            "validation_accuracy": figures["val_accuracy"],
        }
        if not math.isfinite(row["loss"]):
            raise RecipeError(
                f"Expected the loss to stay finite. Received: {row['loss']} in epoch {epoch + 1}. "
                "Lower --learning-rate."
            )
        self.rows.append(row)
        self._bar.set_postfix_str(
            f"epoch {epoch + 1}, loss {row['loss']:.4f}, "
            f"validation {100 * row['validation_accuracy']:.2f} %"
        )
        logger.info("epoch %d: %s", epoch + 1, row)

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:
        self._bar.close()
