"""Parts of touching digits, as a training sees them."""

import numpy as np

from digitrec import Recognizer
from digitrec.datasets import Drawing, LabelledDigits
from digitrec.learning.rendering import render_plain
from digitrec.learning.touching import Writing, touching_digits
from digitrec.shapes import StrokeVariation, digit_strokes, random_character


def parts_of(templates, seed, count=240, scripts=()):
    mnist = LabelledDigits(templates, np.arange(10))
    drawings = [Drawing(str(label), "ann", tuple(digit_strokes(label))) for label in range(10)]
    rng = np.random.default_rng(seed)
    scripts = np.asarray(scripts, np.uint8).reshape(-1, 28, 28)
    return touching_digits(count, Writing(mnist, drawings, scripts), StrokeVariation(), rng)


def test_parts_are_digits_and_what_is_none_and_repeat_with_their_seed(templates):
    parts, again, others = (parts_of(templates, seed) for seed in (1, 1, 2))
    assert np.array_equal(parts.digits, again.digits)
    assert not np.array_equal(parts.digits, others.digits)
    assert len(parts) == 240
    assert set(parts.labels.tolist()) == set(range(-1, 10))
    assert 0.4 < (parts.labels == -1).mean() < 0.8
    assert parts.digits.max(axis=(1, 2)).min() > 200


def test_characters_of_other_scripts_are_cut_too(templates):
    rng = np.random.default_rng(0)
    scripts = [render_plain(random_character(rng)) for _ in range(20)]
    with_scripts, without = (parts_of(templates, 1, scripts=s) for s in (scripts, ()))
    assert not np.array_equal(with_scripts.digits, without.digits)
    assert (with_scripts.labels == -1).mean() > 0.4


def test_a_part_called_a_digit_looks_like_it(templates):
    parts = parts_of(templates, 3)
    digits = parts.labels >= 0
    answers = Recognizer().classify(parts.digits).argmax(axis=1)
    assert (answers == parts.labels)[digits].mean() > 0.8


def test_none_are_made_where_none_are_wanted(templates):
    assert len(parts_of(templates, 1, count=0)) == 0
