"""Corrections as people make them, rightly and wrongly: drawn by hands that a program varies."""

import numpy as np

from digitrec.corrections import Correction, CorrectionStore
from digitrec.learning.rendering import render_plain
from digitrec.shapes import StrokeVariation, random_digit, vary_strokes

# A hand of its own: a 6 with corners, and a 1 with a roof and a foot.
OWN_SHAPES = {
    6: [[[0, 0], [0, 1], [0.8, 1], [0.8, 0.5], [0, 0.5]]],
    1: [[[0, 0.8], [0.5, 0], [1, 0.8]], [[0, 1], [1, 1]]],
}


def own_hand(number, rng):
    label = (6, 1)[number % 2]
    return label, [np.array(stroke, float) for stroke in OWN_SHAPES[label]]


def wrong_at_random(number, rng):
    truth = int(rng.integers(10))
    return (truth + int(rng.integers(1, 10))) % 10, random_digit(truth, rng)


def sevens_as_ones(number, rng):
    return 1, random_digit(7, rng)


def corrections_by(hand, count, seed=3):
    """What somebody with that hand and those labels corrects."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        label, strokes = hand(number, rng)
        drawn = vary_strokes(strokes, StrokeVariation(), rng)
        strokes = tuple((200 * stroke).astype(np.float32) for stroke in drawn)
        made.append(correction(render_plain(strokes), label, strokes=strokes))
    return made


def correction(image, label, *, predicted=0, strokes=()):
    """A correction; who answered what matters to nobody who learns from it."""
    probabilities = np.full(10, 0.1, np.float32)
    return Correction(image, label, predicted, probabilities, 0.5, "0" * 64, strokes)


def stored(folder, corrections):
    """The place of a store that holds them."""
    place = folder / "corrections.sqlite"
    with CorrectionStore(place) as store:
        store.save_all(corrections)
    return str(place)
