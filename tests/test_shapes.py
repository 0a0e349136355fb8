"""The generator: digits in the world's ways, letters, signs, invented characters, outliers."""

import numpy as np
import pytest

from digitrec.classifier import Classifier
from digitrec.datasets import LabelledDigits
from digitrec.learning.outliers import drawn_outliers, make_outliers
from digitrec.learning.rendering import random_pen, render, render_plain
from digitrec.models import load_artifact
from digitrec.shapes import (
    LETTERS,
    SIGNS,
    VARIANTS,
    StrokeVariation,
    digit_strokes,
    random_character,
    random_digit,
    random_letter,
    vary_strokes,
)
from digitrec.shapes.curves import given_points, smooth

STILL = StrokeVariation(**dict.fromkeys(StrokeVariation.__dataclass_fields__, 0.0))
EVERY_VARIANT = [(label, name) for label in VARIANTS for name in VARIANTS[label]]


def test_every_digit_is_drawn_in_the_ways_that_mnist_lacks():
    assert sorted(VARIANTS) == list(range(10))
    for label, word in ((0, "slash"), (0, "dot"), (1, "foot"), (1, "upstroke"), (7, "cross")):
        assert any(word in name for name in VARIANTS[label])
    for label, words in ((2, ("loop", "angular")), (4, ("open", "closed")), (9, ("straight",))):
        assert all(any(word in name for name in VARIANTS[label]) for word in words)


@pytest.mark.parametrize(("label", "name"), EVERY_VARIANT)
def test_both_extremes_have_the_same_strokes_and_points(label, name):
    variant = VARIANTS[label][name]
    first, other = given_points(variant.template), given_points(variant.other or variant.template)
    assert [points.shape for points in first] == [points.shape for points in other]
    for points in (*first, *other):
        assert points.min() >= -5
        assert points[:, 0].max() <= 105
        assert points[:, 1].max() <= 145


def test_shipped_network_reads_every_variant():
    """Also a check of the templates: a shape that no hand would write would stand out."""
    classifier = Classifier(load_artifact().network)
    rng = np.random.default_rng(99)
    for label, name in EVERY_VARIANT:
        digits = [render(random_digit(label, rng, variant=name), STILL, rng) for _ in range(20)]
        answers = classifier.classify(np.stack(digits)).argmax(axis=1)
        assert (answers == label).mean() >= 0.9, (label, name, answers)


def test_same_seed_draws_the_same_and_another_does_not():
    for draw in (lambda rng: random_digit(4, rng), random_letter, random_character):
        first, again, other = (draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
        assert not np.array_equal(np.concatenate(first), np.concatenate(other))


def test_curves_pass_through_their_points_and_keep_corners():
    points = np.array([[0, 0], [10, 0], [10, 0], [10, 10]], float)
    curve = smooth(points)
    for point in points:
        assert np.abs(curve - point).sum(axis=1).min() == 0
    assert ((curve[:, 1] == 0) | (curve[:, 0] == 10)).all()  # two straight lines


def test_no_letter_is_a_look_alike():
    assert not set("oOlIiJjsSzZgqbBDQyYtT|") & (set(LETTERS) | set(SIGNS))


@pytest.mark.parametrize("name", StrokeVariation.__dataclass_fields__)
def test_each_stroke_variation_changes_a_drawing_and_repeats_with_its_seed(name):
    amount = 1.0 if name == "stroke_lifts" else getattr(StrokeVariation(), name)
    settings = StrokeVariation(**(vars(STILL) | {name: amount}))
    strokes = digit_strokes(4)
    first, again = (vary_strokes(strokes, settings, np.random.default_rng(1)) for _ in range(2))
    still = vary_strokes(strokes, STILL, np.random.default_rng(1))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    shapes = [stroke.shape for stroke in first], [stroke.shape for stroke in still]
    assert shapes[0] != shapes[1] or any(
        not np.allclose(a, b) for a, b in zip(first, still, strict=True)
    )


def test_variation_of_nothing_only_scales_and_centres():
    strokes = digit_strokes(8, height=333, left=20, top=70)
    still = vary_strokes(strokes, STILL, np.random.default_rng(0))
    points = np.concatenate(still)
    assert np.ptp(points, axis=0).max() == pytest.approx(1)
    assert (points.min(axis=0) + points.max(axis=0)) == pytest.approx([0, 0], abs=1e-6)
    difference = render_plain(still).astype(int) - render_plain(strokes)
    assert np.abs(difference).mean() < 2  # the sheet's rounding


def test_dot_survives_variation():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        varied = vary_strokes([np.array([[5.0, 5.0]])], StrokeVariation(), rng)
        assert np.isfinite(varied[0]).all()
        assert render_plain(varied, random_pen(rng)).any()


@pytest.mark.parametrize("kind", ["letters and signs", "invented characters", "scribbles"])
def test_drawn_outliers_are_refused_far_more_often_than_digits(kind):
    artifact = load_artifact()
    classifier = Classifier(artifact.network)
    rng = np.random.default_rng(5)
    outliers = np.stack(drawn_outliers(StrokeVariation(), rng, 60)[kind])
    digits = np.stack([render(random_digit(i % 10, rng), STILL, rng) for i in range(60)])
    refused = [
        (classifier.judge(group)[1] < artifact.digit_threshold).mean()
        for group in (outliers, digits)
    ]
    assert refused[0] > 0.8
    assert refused[1] < 0.1


def test_outliers_of_all_kinds_hold_ink(templates):
    digits = LabelledDigits(np.tile(templates, (5, 1, 1)), np.tile(np.arange(10), 5))
    pictures = templates[:3]
    made = [
        make_outliers(300, digits, pictures, StrokeVariation(), np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    assert made[0].shape == (300, 28, 28)
    assert made[0].any(axis=(1, 2)).all()
    assert np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], made[2])
    # Other scripts are taken as they are.
    assert any((image == picture).all() for image in made[0] for picture in pictures)
    make_outliers(50, digits, pictures[:0], StrokeVariation(), np.random.default_rng(3))
