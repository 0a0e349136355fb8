"""Digits of the project's own drawing where MNIST is not at hand: to see everything run."""

from __future__ import annotations

import numpy as np

from digitrec.datasets import Mnist, mnist_from_arrays
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import draw_digits


def drawn_in_place_of_mnist(train: int = 6_000, test: int = 1_000, *, seed: int = 0) -> Mnist:
    """The generator's digits in MNIST's form, split as MNIST is; `genuine` is False.

    They come from a handful of templates: figures on them say that the code works, and nothing
    about people's handwriting.

    Args:
        train: training digits, a millisecond each.
        test: test digits.
        seed: of labels, hands and pens.
    """
    drawn = draw_digits(train + test, Recipe(), np.random.default_rng(seed))
    digits, labels = (np.split(array, [train]) for array in (drawn.digits, drawn.labels))
    arrays = {
        **{"x_train": digits[0], "y_train": labels[0]},
        **{"x_test": digits[1], "y_test": labels[1]},
    }
    return mnist_from_arrays(arrays, source="the project's own drawings", check=False)
