"""What is held out of a training is held out of all of it."""

import numpy as np
import pytest

from digitrec.datasets import Drawing, LabelledDigits
from digitrec.errors import DatasetError, RecipeError
from digitrec.learning.material import Material, split, split_characters, split_writers
from digitrec.learning.recipe import Recipe


def test_no_character_is_trained_on_and_held_out(templates):
    pictures = np.repeat(templates, 4, axis=0)
    names = [f"Greek_character{i // 4:02d}" for i in range(40)]
    material = Material(LabelledDigits(templates, np.arange(10)), (), pictures, names)
    kept, held_out = split_characters(material, np.random.default_rng(0))
    assert (len(kept), len(held_out)) == (36, 4)
    assert len(np.unique(held_out, axis=0)) == 1
    assert not {d.tobytes() for d in held_out} & {d.tobytes() for d in kept}


def test_one_writer_s_drawings_are_split_by_drawing():
    mine = [Drawing(str(i % 10), "", (np.ones((2, 2), np.float32),)) for i in range(50)]
    kept, held_out = split_writers(mine, Recipe())
    assert (len(kept), len(held_out)) == (45, 5)
    assert not {id(d) for d in kept} & {id(d) for d in held_out}
    two = [*mine, Drawing("1", "bo", mine[0].strokes)]
    with pytest.raises(DatasetError, match="--validation-writers"):
        split_writers(two, Recipe())


@pytest.mark.parametrize(
    ("epochs", "stroke_epochs", "first"), [(28, 8, 20), (3, 8, 1), (1, 8, 0), (5, 0, 5)]
)
def test_pen_strokes_join_after_a_first_epoch(epochs, stroke_epochs, first):
    recipe = Recipe(epochs=epochs, stroke_epochs=stroke_epochs)
    assert recipe.first_stroke_epoch == first


def test_split_holds_other_digits_out(template_mnist):
    digits = np.zeros((100, 28, 28), np.uint8)
    digits[:, 0, 0] = np.arange(100)
    data = LabelledDigits(digits, np.arange(100) % 10)
    parts = split(data, Recipe(validation_size=30))
    seen = [set(part.digits[:, 0, 0].tolist()) for part in parts]
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (70, 30, set())
    assert len(split(data, Recipe(validation_size=30, limit=5))[0]) == 5
    with pytest.raises(DatasetError, match="--validation-size"):
        split(data, Recipe())
    with pytest.raises(RecipeError, match="--seed"):
        Recipe(seed=-1)
