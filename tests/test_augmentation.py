"""Variations of digits as pictures."""

import cv2
import numpy as np
import pytest

from digitrec.learning.augmentation import Augmentation, augment


def test_augmentation_of_nothing_changes_nothing(templates):
    none = Augmentation(**dict.fromkeys(Augmentation.__dataclass_fields__, 0.0))
    assert np.array_equal(augment(templates, none, np.random.default_rng(0)), templates)


@pytest.mark.parametrize("name", Augmentation.__dataclass_fields__)
def test_each_variation_changes_digits_and_repeats_with_its_seed(templates, name):
    none = dict.fromkeys(Augmentation.__dataclass_fields__, 0.0)
    # A chance of 8 % may spare ten digits.
    amount = 1.0 if name in {"blur", "bilevel", "bold"} else getattr(Augmentation(), name)
    settings = Augmentation(**(none | {name: amount}))
    first, again, other = (
        augment(templates, settings, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, templates)


def test_a_marker_closes_no_hole_and_fills_no_bay(templates):
    none = dict.fromkeys(Augmentation.__dataclass_fields__, 0.0)
    marker = Augmentation(**(none | {"bold": 1.0}))
    rng = np.random.default_rng(0)
    drawn = np.stack([augment(templates, marker, rng) for _ in range(30)])  # (30, 10, 28, 28)
    ink = (drawn >= 128).sum(axis=(2, 3)) / (templates >= 128).sum(axis=(1, 2))
    assert ink[:, 1].max() > 2.5  # a 1 as a bar
    assert ink.max(axis=0).min() >= 1
    for digits in drawn:
        pieces = [cv2.connectedComponents((d < 128).astype(np.uint8))[0] - 2 for d in digits]
        assert pieces[8] == 2
        assert pieces[0] == pieces[6] == pieces[9] == 1
        assert pieces[3] == pieces[7] == 0
    nothing = np.zeros((1, 28, 28), np.uint8)
    assert not augment(nothing, marker, rng).any()
