"""Numbers drawn with real strokes, read by the shipped network: what belongs together stays so."""

import itertools
import time

import numpy as np
import pytest

from digitrec.datasets import load_drawings
from digitrec.imaging.bonds import bonds
from digitrec.imaging.grouping import group_pieces
from digitrec.imaging.oneness import is_one
from digitrec.imaging.ordering import reading_order
from digitrec.learning.strings import compose_strings
from digitrec.shapes import LETTERS, digit_strokes
from digitrec.shapes.curves import given_points, smooth


def number(text, *, height=120.0, left=0.0, top=0.0, pitch=0.8):
    """The digits' strokes, one list a digit."""
    return [
        digit_strokes(int(c), height=height, left=left + i * pitch * height, top=top)
        for i, c in enumerate(text)
    ]


def flat(digits):
    return [stroke for digit in digits for stroke in digit]


def moved(stroke, x, y):
    return stroke + np.array([x, y], np.float32)


@pytest.mark.parametrize("text", ["2026", "17", "4455", "7", "90210", "00", "1234567890"])
def test_number_is_read_digit_by_digit(recognizer, text):
    reading = recognizer.read_strokes(flat(number(text)))
    assert reading.text == text
    ((group,),) = reading.lines
    assert [digit.text for digit in group] == list(text)
    assert [digit.box.x for digit in group] == sorted(digit.box.x for digit in group)


def test_bar_drawn_last_belongs_to_its_digit(recognizer):
    seven, bar = [np.array([[10, 10], [70, 12], [40, 110]])], np.array([[25, 60], [65, 56]])
    two, five = digit_strokes(2, height=120, left=110), digit_strokes(5, height=120, left=210)
    assert len(five) == 2
    strokes = [*seven, *two, five[0], bar, five[1]]
    reading = recognizer.read_strokes(strokes)
    assert reading.text == "725"
    assert reading.digits[0].box.width == 60


def test_stroke_order_does_not_matter(recognizer):
    strokes = flat(number("5747", pitch=0.7))
    expected = [(d.text, d.box) for d in recognizer.read_strokes(strokes).digits]
    rng = np.random.default_rng(0)
    for _ in range(5):
        shuffled = [strokes[i] for i in rng.permutation(len(strokes))]
        assert [(d.text, d.box) for d in recognizer.read_strokes(shuffled).digits] == expected


@pytest.mark.parametrize(("scale", "shift"), [(0.2, 0), (7.0, 0), (1.0, 900), (3.0, -5000)])
def test_size_and_place_do_not_matter(recognizer, scale, shift):
    strokes = flat(number("4075", pitch=0.65))
    other = [stroke * scale + shift for stroke in strokes]
    assert recognizer.read_strokes(other).text == recognizer.read_strokes(strokes).text == "4075"


def test_every_piece_is_in_exactly_one_group():
    rng = np.random.default_rng(1)
    for count in (1, 2, 5, 40, 301):
        pieces = [
            (rng.uniform(0, 300, 2) + rng.normal(0, 20, (6, 2))).astype(np.float32)
            for _ in range(count)
        ]
        groups = group_pieces(pieces, lambda groups: rng.uniform(size=len(groups)))
        assert sorted(i for group in groups for i in group) == list(range(count))
    assert group_pieces([], lambda groups: np.zeros(len(groups))) == []


def bar(x, top=0.0, height=60.0):
    return np.array([[x, top], [x, top + height]], np.float32)


def test_what_clings_together_most_is_proposed_first():
    pieces = [bar(x) for x in (0, 4, 8, 12, 16, 28, 32, 36, 40, 44)]
    proposed = []

    def judge(groups):
        proposed.extend(groups)
        return np.full(len(groups), 0.9)

    group_pieces(pieces, judge)
    assert {group for group in proposed if len(group) == 5} == {(0, 1, 2, 3, 4), (5, 6, 7, 8, 9)}


def test_a_dash_beside_a_digit_is_too_low_for_one_of_its_own():
    digit = np.array([[0, 0], [30, 0], [30, 100], [0, 100]], np.float32)
    dash = np.array([[60, 40], [135, 42]], np.float32)
    tall = dash * np.array([1, 0], np.float32) + np.array([[0, 0], [0, 100]], np.float32)
    assert group_pieces([digit, dash], sure_of_one) == [(0, 1)]
    assert group_pieces([digit, tall], sure_of_one) == [(0,), (1,)]


def sure_of_one(groups):
    """A judge to whom single pieces look like digits, and several together less so."""
    return np.array([0.9 if len(group) == 1 else 0.6 for group in groups])


@pytest.mark.parametrize("reversed_ones", [(), (0,), (1,), (0, 1)])
def test_lines_that_meet_and_part_are_a_letter_and_lines_side_by_side_are_ones(reversed_ones):
    letter = [np.array(p, np.float32) for p in ([[0, 0], [20, 80]], [[40, 0], [20, 80]])]
    ones = [bar(0, height=80), bar(25, height=80)]
    for pieces, expected in ((letter, True), (ones, False)):
        drawn = [p[::-1] if i in reversed_ones else p for i, p in enumerate(pieces)]
        assert is_one(drawn, {(0, 1): -4.0}, {(0,): 0.99, (1,): 0.99}) == expected


@pytest.mark.parametrize(("scale", "shift"), [(0.1, 0), (1, 700), (8, -90)])
def test_bonds_are_those_of_shapes_and_not_of_places(scale, shift):
    pieces = flat(number("45", pitch=0.6))
    expected = bonds(pieces)
    assert len(expected) >= 3
    found = bonds([(piece * scale + shift).astype(np.float32) for piece in pieces])
    assert found == {pair: pytest.approx(odds, abs=0.05) for pair, odds in expected.items()}


def test_every_digit_knows_its_strokes(recognizer):
    strokes = flat(number("4075"))
    digits = recognizer.read_strokes([strokes[0], [], *strokes[1:]]).digits
    assert sorted(i for digit in digits for i in digit.strokes) == list(range(len(strokes)))
    for digit in digits:
        points = np.concatenate([strokes[i] for i in digit.strokes])
        assert points[:, 0].min() == pytest.approx(digit.box.x, abs=1)


def test_lines_are_read_top_to_bottom(recognizer):
    lower, upper = number("583", top=150, left=20), number("2046")
    reading = recognizer.read_strokes([*flat(lower), *flat(upper)])
    assert reading.text == "2046\n583"
    assert [len(line) for line in reading.lines] == [1, 1]


def test_lines_that_climb_are_read_apart(recognizer):
    climb = np.array([[1, -0.25], [0, 1]], np.float32)
    strokes = [*flat(number("271828")), *flat(number("314159", top=170))]
    assert recognizer.read_strokes([s @ climb for s in strokes]).text == "271828\n314159"


def test_wide_gap_parts_groups_and_even_gaps_do_not(recognizer):
    pair = [*number("20"), *number("26", left=360)]
    assert recognizer.read_strokes(flat(pair)).text == "20 26"
    assert recognizer.read_strokes(flat(number("2026", pitch=1.8))).text == "2026"


def test_reading_order_holds_every_box_once():
    rng = np.random.default_rng(2)
    for count in (0, 1, 30):
        corners = rng.uniform(0, 500, (count, 2))
        boxes = np.hstack([corners, corners + rng.uniform(0, 60, (count, 2))])
        order = [i for line in reading_order(boxes) for group in line for i in group]
        assert sorted(order) == list(range(count))


@pytest.mark.parametrize("label", [0, 2, 3, 4, 5, 6, 7, 8, 9])  # a 1 that touches a 3 is a B
def test_touching_digits_come_apart_by_their_strokes(recognizer, label):
    strokes = digit_strokes(label, height=100)
    edge = max(stroke[:, 0].max() for stroke in strokes)
    three = digit_strokes(3, height=100)
    shift = edge - min(stroke[:, 0].min() for stroke in three)
    drawing = [*strokes, *(moved(stroke, shift, 0) for stroke in three)]
    assert recognizer.read_strokes(drawing).text == f"{label}3"


@pytest.mark.parametrize("letter", ["A", "E", "F", "H", "K", "P", "R", "X", "d"])
def test_letter_of_several_strokes_stays_one_answer(recognizer, letter):
    several = [template for template in LETTERS[letter] if len(template) > 1]
    for template in several:
        reading = recognizer.read_strokes([smooth(points) for points in given_points(template)])
        assert reading.text == "?"


def test_letter_drawn_line_by_line_is_not_ones(recognizer):
    corners = {
        "V": [(0, 0), (40, 100), (80, 0)],
        "N": [(0, 100), (0, 0), (70, 100), (70, 0)],
        "M": [(0, 100), (5, 0), (45, 70), (85, 0), (90, 100)],
    }
    for points in corners.values():
        ends = np.array(points, float)
        lines = [np.linspace(a, b, 20) for a, b in itertools.pairwise(ends)]
        assert recognizer.read_strokes(lines).text == "?"
    ones = [np.linspace((x, 0), (x - 5, 100), 20) for x in (0, 35, 70)]
    assert recognizer.read_strokes(ones).text == "111"


def test_eight_of_two_rings_is_one_digit_and_apart_they_are_two_lines(recognizer):
    turn = np.linspace(0, 2 * np.pi, 40)[:, None]
    ring = 50 * np.hstack([0.8 * np.sin(turn), -np.cos(turn)])
    assert recognizer.read_strokes([ring, moved(ring, 0, 100)]).text == "8"
    assert recognizer.read_strokes([ring, moved(ring, 0, 160)]).text == "0\n0"


def test_dots_are_no_digits(recognizer):
    stroke, dot = np.linspace((50, 10), (50, 100), 20), np.array([[50.0, 124], [50, 130]])
    assert recognizer.read_strokes([stroke, dot]).text == "?"  # an exclamation mark
    assert recognizer.read_strokes([dot, moved(dot, 0, -60)]).text == "?"  # a colon
    stray = np.array([[700.0, 50], [700, 58]])
    reading = recognizer.read_strokes([*flat(number("20")), stray])
    assert reading.text.replace(" ", "") == "20?"


def test_zero_with_a_dot_stays_one_digit(recognizer):
    dot = np.array([[52.0, 68], [53, 72]])
    assert recognizer.read_strokes([*digit_strokes(0, height=140), dot]).text == "0"


@pytest.mark.parametrize("count", [100, 300, 2000])
def test_many_strokes_are_answered_soon(recognizer, count):
    rng = np.random.default_rng(3)
    scribble = [rng.uniform(0, 300, (8, 2)) for _ in range(count)]
    recognizer.read_strokes(scribble[:3])
    start = time.perf_counter()
    assert recognizer.read_strokes(scribble).digits
    assert time.perf_counter() - start < 10  # about one second; the machine may be busy


def test_long_line_is_read_soon(recognizer):
    text = "1234567890" * 6
    start = time.perf_counter()
    assert recognizer.read_strokes(flat(number(text, pitch=0.75))).text == text
    assert time.perf_counter() - start < 10


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("spacing", "least"), [("wide", 0.98), ("close", 0.97), ("touching", 0.92)]
)
def test_numbers_of_real_hands_are_read(recognizer, data_folder, spacing, least):
    """A sample; the whole table is that of `digitrec evaluate --strings`."""
    drawings = load_drawings(data_folder / "strokes" / "chars74k_62_characters.jsonl.gz")
    numbers = list(compose_strings(drawings, spacing, 150, np.random.default_rng(0)))
    answers = [recognizer.read_strokes(n.strokes).text.replace(" ", "") for n in numbers]
    assert np.mean([a == n.text for a, n in zip(answers, numbers, strict=True)]) >= least
