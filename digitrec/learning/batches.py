"""What a network is shown, batch by batch."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits
from digitrec.learning.augmentation import Augmentation, augment
from digitrec.learning.losses import targets
from digitrec.learning.mixture import Pools, compose, epoch_size
from digitrec.learning.recipe import Recipe


class Batches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras has no types
    """One epoch, varied; a batch depends on pools, recipe, epoch and place alone."""

    def __init__(self, pools: Pools, recipe: Recipe, epoch: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self._pools, self._recipe, self._epoch = pools, recipe, epoch
        self._examples: LabelledDigits | None = None
        count = epoch_size(pools, recipe, epoch)
        self._batch_size = min(recipe.batch_size, count)
        # Whole batches only: a last one of a few digits would unsettle batch normalisation.
        self._length = count // self._batch_size

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        if self._examples is None:
            self._examples = compose(self._pools, self._recipe, self._epoch)
        part = slice(index * self._batch_size, (index + 1) * self._batch_size)
        rng = np.random.default_rng((self._recipe.seed, 3, self._epoch, index))
        settings: Augmentation = self._recipe.augmentation
        digits = augment(self._examples.digits[part], settings, rng)
        return digits, targets(self._examples.labels[part])
