"""Pictures for looking closely: what they show is what they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from digitrec import Box, Digit, Reading
from digitrec.learning.looking import (
    answer_figure,
    beside_figure,
    courses_figure,
    page_figure,
    steps_figure,
    verdict,
)
from digitrec.learning.report import ACCENT, QUIET

IMAGE = np.zeros((28, 28), np.uint8)


def digit(*likely, score=1.0):
    """A digit whose classes have these probabilities, the rest nothing."""
    probabilities = np.zeros(10, np.float32)
    for label, probability in likely:
        probabilities[label] = probability
    return Digit(probabilities, Box(10, 20, 30, 40), IMAGE, score, 0.5)


SURE, TORN, NONE = digit((7, 1.0)), digit((7, 0.6), (1, 0.4)), digit((7, 1.0), score=0.1)


@pytest.mark.parametrize(
    ("answer", "words", "accented"),
    [(SURE, "7, > 99.9 %", {7}), (TORN, "7 or maybe 1", {1, 7}), (NONE, "no digit", set())],
)
def test_an_answer_is_told_in_words_and_wears_the_accent(answer, words, accented):
    assert verdict(answer) == words
    _, bars = answer_figure(answer).axes
    assert bars.get_title(loc="center").lower() == words.lower()
    widths = [bar.get_width() for bar in bars.patches]
    assert np.allclose(widths, 100 * answer.probabilities)
    coloured = {i for i, bar in enumerate(bars.patches) if to_hex(bar.get_facecolor()) == ACCENT}
    assert coloured == accented


def test_steps_show_ink_dark_on_white_and_pictures_as_they_are():
    ink = np.arange(12, dtype=np.uint8).reshape(3, 4)
    photo = np.full((5, 2, 3), 90, np.uint8)
    figure = steps_figure({"ink": ink, "photo": photo}, title="The way")
    first, second = figure.axes
    assert np.array_equal(first.images[0].get_array(), 255 - ink)
    assert np.array_equal(second.images[0].get_array(), photo)
    assert [axes.get_title() for axes in (first, second)] == ["ink", "photo"]
    assert figure.get_suptitle() == "The way"


def test_a_page_has_a_box_and_an_answer_at_every_digit():
    reading = Reading("read", (((SURE, TORN, NONE),),), IMAGE)
    (axes,) = page_figure(np.zeros((100, 200), np.uint8), reading).axes
    assert [patch.get_bbox().bounds for patch in axes.patches] == [(10, 20, 30, 40)] * 3
    assert [text.get_text() for text in axes.texts] == ["7", "7", "?"]
    assert [text.get_color() for text in axes.texts] == [ACCENT, QUIET, QUIET]


def test_courses_share_their_scales_and_show_every_epoch():
    def history(*accuracies):
        return [
            {
                "epoch": number,
                **{"accuracy": a - 0.3, "validation_accuracy": a},
                **{"loss": 1 - a, "validation_loss": 0.5 - a / 2},
            }
            for number, a in enumerate(accuracies, 1)
        ]

    figure = courses_figure({"one": history(0.5, 0.8), "two": history(0.6, 0.7, 0.9)})
    top, bottom = figure.axes[:2], figure.axes[2:]
    assert [axes.get_title() for axes in top] == ["one", "two"]
    for row in (top, bottom):
        assert len({axes.get_ylim() for axes in row}) == 1
    training, validation = top[1].lines
    assert np.allclose(validation.get_ydata(), [60, 70, 90])
    assert np.allclose(training.get_ydata(), [30, 40, 60])
    assert top[0].get_ylim() == (49, 100)


def test_networks_stand_beside_each_other_set_by_set():
    shares = {"ours": {"plain": 0.99, "hard": 0.9}, "theirs": {"plain": 0.98, "hard": 0.5}}
    plain, hard = beside_figure(shares, "ours").axes
    assert [axes.get_title() for axes in (plain, hard)] == ["plain", "hard"]
    assert [label.get_text() for label in plain.get_yticklabels()] == ["ours", "theirs"]
    assert [text.get_text() for text in hard.texts] == ["90.0", "50.0"]
    dots = hard.collections[-1]
    assert np.allclose(dots.get_offsets(), [[90, 0], [50, 1]])
    assert [to_hex(colour) for colour in dots.get_facecolor()] == [ACCENT, QUIET]
