"""Boxes in the order in which they are read."""

import pytest

from digitrec.imaging.ordering import reading_order, wide_apart


def row(*lefts, width=20, height=40, top=0):
    return [(left, top, left + width, top + height) for left in lefts]


@pytest.mark.parametrize(("gap", "groups"), [(20, 1), (46, 1), (50, 2), (90, 2)])
def test_a_gap_alone_parts_groups_where_it_is_wider_than_digits_are_high(gap, groups):
    assert len(wide_apart(row(0, 20 + gap))) == groups


@pytest.mark.parametrize(
    ("lefts", "groups"),
    [
        ((0, 30, 60, 120, 150), [[0, 1, 2], [3, 4]]),
        ((0, 30, 60, 98, 128), [[0, 1, 2, 3, 4]]),  # wider than the others, but not wide
        ((0, 60, 120, 180), [[0, 1, 2, 3]]),  # wide, but no wider than the others
        ((0, 30, 100, 130, 200), [[0, 1], [2, 3], [4]]),
    ],
)
def test_among_others_a_gap_has_to_be_wide_and_wider_than_those(lefts, groups):
    assert wide_apart(row(*lefts)) == groups


def test_gap_begins_where_the_farthest_box_before_ends():
    long, inside, behind = (0, 0, 100, 40), (10, 0, 30, 40), (110, 0, 130, 40)
    assert wide_apart([long, inside, behind]) == [[0, 1, 2]]


def test_lines_are_read_from_the_top_and_each_from_the_left():
    boxes = [*row(60, 0, 30, top=100), *row(30, 0, top=0)]
    assert reading_order(boxes) == [[[4, 3]], [[1, 2, 0]]]
    assert reading_order([]) == []
    assert wide_apart([]) == []


def test_line_that_falls_is_followed():
    boxes = [(30 * i, 12 * i, 30 * i + 20, 12 * i + 40) for i in range(8)]
    assert reading_order(boxes) == [[list(range(8))]]


def test_low_sign_is_on_the_line_of_its_neighbours():
    first, second, below = (0, 0, 20, 40), (60, 0, 80, 40), (0, 70, 20, 110)
    dash = (28, 18, 52, 22)
    assert reading_order([first, second, below, dash]) == [[[0, 3, 1]], [[2]]]
    # A dot before a line's next digit: what comes is compared with the digit.
    dot = (24, 36, 28, 40)
    assert reading_order([first, dot, (32, 0, 52, 40)]) == [[[0, 1, 2]]]
