"""Composed numbers are what their names say."""

from dataclasses import replace

import numpy as np
import pytest

from digitrec import Recognizer
from digitrec.datasets import load_drawings
from digitrec.learning.strings import (
    HEIGHT,
    SPACINGS,
    ComposedString,
    compose_strings,
    picture_of,
    string_figures,
)
from digitrec.shapes import digit_strokes


@pytest.fixture(scope="module")
def drawings(stroke_file):
    return load_drawings(stroke_file)


@pytest.mark.parametrize("spacing", SPACINGS)
def test_composing_repeats_with_its_seed_and_keeps_to_one_writer(drawings, spacing):
    # Who wrote a digit is told by the digit.
    owned = [replace(d, writer="ann" if d.label in "01234" else "bo") for d in drawings]
    first, again = (
        list(compose_strings(owned, spacing, 20, np.random.default_rng(5))) for _ in range(2)
    )
    assert len(first) == 20
    for a, b in zip(first, again, strict=True):
        assert a.text == b.text
        assert all(np.array_equal(s, t) for s, t in zip(a.strokes, b.strokes, strict=True))
        assert 2 <= len(a.text) <= 6
        assert set(a.text) <= set({"ann": "01234", "bo": "56789"}[a.writer])
    assert {number.writer for number in first} == {"ann", "bo"}


def test_spacings_go_from_apart_to_overlapping(drawings):
    widths = {}
    for spacing in SPACINGS:
        numbers = compose_strings(drawings, spacing, 60, np.random.default_rng(6))
        widths[spacing] = np.mean(
            [np.ptp(np.concatenate(n.strokes)[:, 0]) / HEIGHT / len(n.text) for n in numbers]
        )
    assert widths["wide"] > widths["close"] > widths["touching"] > widths["overlapping"]


def test_picture_shows_the_number_in_dark_ink_on_white():
    strokes = tuple(np.float32(s) for s in digit_strokes(3, height=HEIGHT))
    picture = picture_of(ComposedString("3", "", strokes))
    assert picture.dtype == np.uint8
    assert picture[[0, -1]].min() == picture[:, [0, -1]].min() == 255
    assert picture.min() == 0
    assert Recognizer().read(picture).text == "3"


def test_figures_count_whole_numbers():
    right = ComposedString("3", "", tuple(digit_strokes(3, height=HEIGHT)))
    wrong = ComposedString("35", "", right.strokes)
    figures = string_figures(Recognizer(), "mine", [right, wrong], progress=False)
    assert (figures.name, figures.count, figures.drawn, figures.pictured) == ("mine", 2, 0.5, 0.5)
