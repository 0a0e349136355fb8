"""The sets that judge a network, read as a user's drawings and pictures would be."""

import numpy as np
import pytest

from digitrec import Recognizer
from digitrec.datasets import Drawing, LabelledDigits, load_drawings
from digitrec.learning import judging
from digitrec.learning.figures import digit_figures, outlier_figures
from digitrec.shapes import digit_strokes


def test_sets_are_read_as_a_user_would_be():
    recognizer = Recognizer()
    drawing = Drawing("4", "ann", tuple(digit_strokes(4)))
    letter = Drawing("M", "ann", tuple(digit_strokes(4)))
    like = Drawing("o", "ann", tuple(digit_strokes(0)))
    sets = list(judging.drawing_sets("mine", [drawing, letter, like]))
    assert [s.name for s in sets] == [
        "mine",
        "mine, 24 px small",
        "mine, 2,000 px large",
        "mine, picture, fat pen",
    ]
    for judged in sets:
        assert len(judged.reads) == 1
        read = judging.read_set(recognizer, judged, progress=False)
        assert read.answers.tolist() == [4], judged.name
    (small,) = sets[1].reads
    assert np.ptp(np.concatenate(recorded(small)), axis=0).max() == 24
    assert all(np.array_equal(stroke, np.rint(stroke)) for stroke in recorded(small))
    others = judging.not_digit_drawings("others", [drawing, letter, like])
    assert len(others.reads) == 1  # the o is a look-alike
    assert not others.is_digits
    assert judging.not_digit_drawings("others", [drawing, like]) is None


def recorded(read):
    """The strokes that an example hands to the recognizer."""

    class Recorder:
        def read_strokes(self, strokes):
            return strokes

    return read(Recorder())


def test_spoilt_mnist_is_spoilt_and_stays_a_picture(templates):
    digits = LabelledDigits(templates, np.arange(10))
    sets = {s.name: s for s in judging.mnist_sets(digits, np.random.default_rng(0))}
    assert len(sets) == 11
    assert sum(not s.variant for s in sets.values()) == 1
    recognizer = Recognizer()
    plain = judging.read_set(recognizer, sets["MNIST test"], progress=False)
    assert plain.answers.tolist() == list(range(10))
    for name, judged in sets.items():
        read = judging.read_set(recognizer, judged, progress=False)
        if name != "MNIST, on ruled paper":
            assert (read.answers == read.judged.labels).sum() >= 8, name
        if name not in {"MNIST test", "MNIST, shifted anywhere", "MNIST, inverted"}:
            assert not np.array_equal(read.images, plain.images), name
    for name in ("MNIST, shifted anywhere", "MNIST, inverted"):
        again = judging.read_set(recognizer, sets[name], progress=False).images
        assert np.abs(again.astype(int) - plain.images).mean() < 1, name


def test_random_splines_repeat_with_their_seed():
    first, again = (judging.scribble_set(5, np.random.default_rng(1)) for _ in range(2))
    recognizer = Recognizer()
    a, b = (judging.read_set(recognizer, s, progress=False).images for s in (first, again))
    assert np.array_equal(a, b)
    assert set(first.labels.tolist()) == {-1}


@pytest.mark.real_data
def test_shipped_network_reads_writers_that_it_never_saw(data_folder):
    """A sample of what judges; the whole table is that of `digitrec evaluate`."""
    recognizer = Recognizer()
    drawings = load_drawings(data_folder / "strokes" / "chars74k_62_characters.jsonl.gz")
    sets = list(judging.drawing_sets("chars74k", drawings))
    figures = digit_figures(judging.read_set(recognizer, sets[0], progress=False))
    assert figures.right >= 0.99
    assert figures.accepted >= 0.97
    letters = judging.not_digit_drawings("letters", drawings)
    (row,) = outlier_figures(judging.read_set(recognizer, letters, progress=False))
    assert row.refused >= 0.9
