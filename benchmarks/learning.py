"""Trainings of several lengths, for what their time grows with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace


def trainings(
    quick: bool,
) -> Iterator[tuple[str, Sequence[float], Callable[[float], Callable[[], object]]]]:
    """In words, sizes, and what trains the shipped architecture at one of them."""
    from digitrec.learning.material import Material
    from digitrec.learning.mixture import prepare
    from digitrec.learning.quiet import quiet
    from digitrec.learning.recipe import Recipe
    from digitrec.learning.stand_in import drawn_in_place_of_mnist
    from digitrec.learning.training import Run, train

    recipe = Recipe(
        architecture="tiny_cnn" if quick else "strided_cnn", epochs=1, validation_size=100
    )
    images = (100, 200) if quick else (1_000, 2_000, 4_000, 8_000)
    epochs = (1, 2) if quick else (1, 2, 4, 8)
    material = Material(drawn_in_place_of_mnist(images[-1] + 100, 10).train)

    def training(recipe: Recipe) -> Callable[[], object]:
        def work() -> object:
            with quiet():
                pools = prepare(material, recipe, progress=False)
                return train(pools, recipe, Run(progress=False))

        return work

    training(replace(recipe, limit=images[0]))()  # loads TensorFlow
    yield "images of a training", images, lambda size: training(replace(recipe, limit=round(size)))
    yield (
        "epochs of a training",
        epochs,
        lambda size: training(replace(recipe, limit=images[0], epochs=round(size))),
    )
