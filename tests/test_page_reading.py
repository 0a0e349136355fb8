"""Whole pages from pictures to numbers, by the shipped network."""

import time

import numpy as np
import pytest
from test_pages import page, shaded

from digitrec.web.paper.example import compose_page


def test_lines_are_read_from_top_to_bottom(recognizer):
    reading = recognizer.read(page("2026\n 314\n5807"))
    assert reading.text == "2026\n314\n5807"
    boxes = [digit.box for digit in reading.digits]
    assert boxes[0].x < boxes[1].x < boxes[2].x < boxes[3].x
    assert boxes[0].y < boxes[4].y < boxes[7].y


def test_wide_gaps_part_numbers(recognizer):
    assert recognizer.read(page("52   347", gap=10)).text == "52 347"


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_turned_pages_are_turned_back(recognizer, quarters):
    upright = page("24735\n93474")
    turned = np.ascontiguousarray(np.rot90(upright, quarters))
    reading = recognizer.read(turned)
    assert reading.turned == 90 * quarters
    assert reading.text == "24735\n93474"
    # Boxes lie on the picture as it was given.
    first = reading.digits[0].box
    part = turned[first.y : first.y + first.height, first.x : first.x + first.width]
    assert part.min() < 60
    assert part[:, 0].min() < 250


def test_a_photographed_page_is_read(recognizer):
    photo = shaded(page("40925\n73186", paper=225), np.random.default_rng(0))
    assert recognizer.read(photo).text == "40925\n73186"


def test_a_digit_that_touches_a_rule_of_a_sparse_page_hides_no_other(recognizer):
    photo = compose_page(("31", "4275"), np.random.default_rng(3))  # the 2 stands on its rule
    assert recognizer.read(photo).text == "31\n4275"


def test_white_on_black_is_read(recognizer):
    assert recognizer.read(255 - page("3058")).text == "3058"


def test_reading_repeats(recognizer):
    photo = shaded(page("61927"), np.random.default_rng(1))
    first, again = recognizer.read(photo), recognizer.read(photo)
    assert first.text == again.text
    assert [d.box for d in first.digits] == [d.box for d in again.digits]


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("specks", np.where(np.random.default_rng(0).uniform(size=(600, 800)) > 0.99, 0, 255)),
        ("noise", np.random.default_rng(0).integers(0, 256, (500, 500))),
        ("gradient", np.tile(np.linspace(0, 255, 900), (700, 1))),
        ("stripes", np.tile([0, 0, 0, 255, 255, 255], (300, 100))),
    ],
)
def test_work_on_what_is_no_page_is_bounded(recognizer, name, image):
    began = time.thread_time()  # the processor's time: other tests run beside
    reading = recognizer.read(image.astype(np.uint8))
    assert time.thread_time() - began < 20, name
    assert reading.text.count("\n") < 200
