"""The panel "Which ink": its words and states, and what the page makes of them."""

import re

import numpy as np
import pytest
from drawn_page import page_with, panel, send
from pieces import in_pieces

from digitrec import Box, Digit, Reading, Recognizer
from digitrec.explaining.ink import Patch
from digitrec.shapes import digit_strokes
from digitrec.web.inside.ink_views import coloured
from digitrec.web.inside.ink_words import (
    answers,
    named,
    of_the_ink,
    of_the_strokes,
    outcome,
    place,
    short,
)

SCRIBBLE = [np.random.default_rng(4).uniform(0, 200, (30, 2))]
SEVEN = [
    np.array(stroke, float)
    for stroke in ([[220, 70], [330, 66]], [[330, 66], [270, 260]], [[245, 170], [335, 160]])
]


def choice_of(page, label):
    """The one choice with that label."""
    (found,) = [widget for widget in page.button_group if widget.label == label]
    return found


def a_digit(label, confidence=0.9, other=None, score=0.9):
    shares = np.full(10, (1 - confidence) / 9, np.float32)
    if other is not None:
        shares[:] = 0.01
        shares[other] = 1 - confidence - 0.08
    shares[label] = confidence
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 4:24] = 255
    return Digit(shares, Box(0, 0, 28, 28), image, score, 0.5)


def read_as(*digits):
    return Reading("read", ((digits,),), np.zeros((28, 28), np.uint8))


SEVEN_READ, UNLIKE = a_digit(7), a_digit(3, 0.15, score=0.1)


@pytest.mark.parametrize(
    ("digit", "rest", "words", "few"),
    [
        (SEVEN_READ, read_as(a_digit(1, 0.643)), "be a 1 (64.3 %).", "1"),
        (SEVEN_READ, read_as(a_digit(8, 0.9997)), "be an 8 (&gt; 99.9 %).", "8"),
        (SEVEN_READ, read_as(a_digit(7, 0.98)), "still be a 7 (98.0 %).", "7"),
        (SEVEN_READ, read_as(a_digit(1, 0.55, other=7)), "be a 1 or maybe a 7 (55.0 %).", "1"),
        (SEVEN_READ, read_as(UNLIKE), "not look like a digit.", "?"),
        (
            SEVEN_READ,
            read_as(a_digit(1, 0.6, score=0.1)),
            "not look like a digit; nearest: 1.",
            "?",
        ),
        (UNLIKE, read_as(UNLIKE), "still not look like a digit.", "?"),
        (UNLIKE, read_as(a_digit(1, 0.643)), "be a 1 (64.3 %).", "1"),
        (SEVEN_READ, read_as(a_digit(1), a_digit(8)), "fall apart into a 1 and an 8.", "18"),
        (
            SEVEN_READ,
            read_as(a_digit(1), UNLIKE, a_digit(2)),
            "fall apart into a 1, a 2 and what is no digit.",
            "1?2",
        ),
        (
            SEVEN_READ,
            read_as(UNLIKE, UNLIKE),
            "fall apart into 2 pieces that are no digits.",
            "??",
        ),
    ],
)
def test_what_is_left_is_told_in_words(digit, rest, words, few):
    assert outcome(digit, rest) == f"it would {words}"
    assert short(rest) == few


def test_a_touch_that_is_left_is_told_in_words():
    nothing = Reading("too little ink", (), np.zeros((0, 0), np.uint8))
    assert outcome(SEVEN_READ, nothing) == "too little ink would be left."
    assert short(nothing) == "–"


def test_answers_that_can_be_asked_for_begin_with_the_given_one():
    assert answers(a_digit(1, 0.55, other=7))[:2] == (1, 7)
    assert len(answers(SEVEN_READ)) == 3
    assert answers(UNLIKE)[:2] == (None, 3)
    assert [named(label) for label in (None, 8, 1)] == ["a digit", "an 8", "a 1"]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (5, 5, "at the top left"),
        (14, 5, "at the top"),
        (22, 14, "at the right"),
        (14, 14, "in the middle"),
        (5, 22, "at the bottom left"),
        (3, 25, "at the bottom left"),
    ],
)
def test_place_of_a_patch_is_told_in_words(x, y, words):
    patch = Patch(x, y, 2.5, 0.2, UNLIKE)
    assert place(patch, SEVEN_READ.image) == words
    said = of_the_ink(SEVEN_READ, 7, patch)
    assert said == f"What speaks most for a 7 is <b>{words}</b>, in the circle: 20 % of the ink."
    assert "against a 1" in of_the_ink(SEVEN_READ, 1, patch)
    assert "against a digit" in of_the_ink(UNLIKE, None, patch)


def test_a_narrow_digit_has_no_left_and_no_right():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:16] = 255
    words = [place(Patch(x, y, 2.5, 0.2, UNLIKE), image) for x in (12, 16) for y in (5, 14, 23)]
    assert words == 2 * ["at the top", "in the middle", "at the bottom"]


def test_no_patch_has_words_too():
    assert "No part of the ink" in of_the_ink(SEVEN_READ, 7, None)
    assert "No ink speaks against a 1" in of_the_ink(SEVEN_READ, 1, None)
    assert "No ink speaks against a digit" in of_the_ink(UNLIKE, None, None)


def test_so_many_strokes_are_told_in_words():
    assert of_the_strokes(1) == "Drawn in one stroke: without it nothing is left."
    assert of_the_strokes(3) == "Drawn in 3 strokes. If one of them had never been drawn:"
    assert "read as one digit" in of_the_strokes(5)
    assert "6 matter most" not in of_the_strokes(6)
    assert "These 6 matter most" in of_the_strokes(14)


def test_ink_has_the_colours_of_what_it_is_worth():
    image = np.zeros((28, 28), np.uint8)
    image[5, 5:9] = 255
    worth = np.zeros((28, 28), np.float32)
    worth[5, 5:8] = 4, -4, 0
    seen = coloured(image, worth).astype(int)
    blue, orange, grey = seen[5, 5], seen[5, 6], seen[5, 7]
    assert blue[2] > blue[1] > blue[0]
    assert orange[0] > orange[1] > orange[2]
    assert np.ptp(grey) < 16
    assert not seen[6].any()
    # What hardly matters is hardly coloured, though nothing else matters more.
    faint = coloured(image, worth / 400).astype(int)
    assert np.abs(faint[5, 5] - grey).max() < 4


def shown(page):
    bodies = [element.proto.body for element in page.get("html")]
    return next(body for body in bodies if 'data-testid="ink"' in body).partition("</style>")[2]


def test_page_shows_the_seven_and_what_it_were_without_each_stroke():
    text = shown(panel("Which ink", SEVEN))
    assert "What speaks most for a 7 is <b>" in text
    assert "What speaks most for it is " in text  # the picture's words
    assert "speaks against it" in text
    assert "Drawn in 3 strokes." in text
    rest = Recognizer().read_strokes(SEVEN[:2]).digits[0]
    assert rest.text == "7"
    assert "Without stroke 3 it would still be a 7" in text
    assert text.count("Without stroke ") == 3
    assert len(re.findall(r'<img alt="[^"]{10,}"', text)) == text.count("<img") == 5


def test_page_explains_another_answer_when_it_is_chosen():
    page = panel("Which ink", SEVEN)
    choice = choice_of(page, "What speaks for")
    assert choice.options[0] == "a 7"
    other = choice.options[1]
    choice.set_value(1).run()
    assert not page.exception
    text = shown(page)
    assert f"speaks for {other}" in text
    assert f"against {other}" in text


def test_page_asks_anew_once_the_answers_are_others():
    page = panel("Which ink", SEVEN)
    first = choice_of(page, "What speaks for")
    first.set_value(1).run()
    send(page, "examples", "taken", "3")
    again = choice_of(page, "What speaks for")
    assert again.options[0] == "a 3"
    assert again.value == 0
    assert "What speaks most for a 3 is <b>" in shown(page)
    # Another element: what the browser holds of the old one cannot be shown for it.
    assert again.proto.id != first.proto.id


def test_page_keeps_to_the_chosen_digit_while_there_is_one():
    page = page_with(inside_panel="Which ink")
    send(page, "examples", "taken", "2026")
    choice_of(page, "Digit").set_value(2).run()
    assert "What speaks most for a 2 is <b>" in shown(page)
    send(page, "tools", "used", "undo")
    choice = choice_of(page, "Digit")
    assert "".join(choice.options).replace("\u2060", "") == "202"
    assert choice.value == 2
    send(page, "tools", "used", "undo")
    assert choice_of(page, "Digit").value == 0


def test_page_explains_of_a_scribble_that_it_is_no_digit():
    text = shown(panel("Which ink", SCRIBBLE))
    assert "speaks for a digit" in text
    assert "against a digit" in text
    assert "Drawn in one stroke: without it nothing is left." in text


def test_page_says_of_a_dot_beside_digits_that_it_is_one():
    dash = np.array([[530, 160], [530, 164], [530, 168]], float)
    strokes = [*digit_strokes(7, height=160, left=60, top=80), dash]
    marks = Recognizer().read_strokes(strokes).digits
    assert [digit.text for digit in marks] == ["7", "?"]
    assert Recognizer().read_digits(marks[1].image[None])[0].text == "1"
    page = panel("Which ink", strokes)
    choice_of(page, "Digit").set_value(1).run()
    assert any("taken for a dot" in caption.value for caption in page.caption)


def test_page_of_a_digit_in_many_strokes_shows_the_few_that_matter():
    strokes = in_pieces(digit_strokes(0, height=240, left=180, top=40), 7)
    assert len(Recognizer().read_strokes(strokes).digits) == 1
    text = shown(panel("Which ink", strokes))
    assert "Drawn in 7 strokes. These 6 matter most" in text
    assert text.count("Without stroke ") == 6
