"""Single steps from paper to lines of writing, each on a picture made to tell it from others."""

import cv2
import numpy as np
import pytest

from digitrec.imaging.pages.layout import lay_out
from digitrec.imaging.pages.lines import find_lines as lines_of_writing
from digitrec.imaging.pages.lines import find_skew
from digitrec.imaging.pages.marks import Mark, find_marks
from digitrec.imaging.pages.neighbours import scores_among_neighbours
from digitrec.imaging.pages.page import read_page
from digitrec.imaging.pages.paper import darkness, threshold
from digitrec.imaging.pages.ruling import find_lines, split_inks
from digitrec.imaging.pages.skew import skew


def mark(x, y, width=40, height=80):
    return Mark(x, y, np.full((height, width), 255, np.uint8))


def leaning_line(mask, start, length, degrees, thickness=3):
    turn = np.deg2rad(degrees)
    end = (start[0] + length * np.cos(turn), start[1] + length * np.sin(turn))
    cv2.line(mask, start, tuple(map(round, end)), 255, thickness)


def test_long_lines_tell_how_a_page_leans_and_many_short_ones_do_not():
    mask = np.zeros((700, 900), np.uint8)
    for row in range(2):
        leaning_line(mask, (60, 60 + 60 * row), 760, 3)
    for row in range(5):
        for column in range(8):
            leaning_line(mask, (60 + 100 * column, 300 + 70 * row), 80, -10)
    assert skew(mask, find_marks(mask), 30.0) == pytest.approx(3, abs=0.4)


def test_lean_of_a_large_page_is_told_in_its_own_pixels():
    mask = np.zeros((2_000, 2_000), np.uint8)
    for row in range(4):
        for column in range(4):
            leaning_line(mask, (100 + 450 * column, 150 + 450 * row), 320, 6, 5)
    assert skew(mask, find_marks(mask), 70.0) == pytest.approx(6, abs=0.4)


@pytest.mark.parametrize("degrees", [-6, 0, 4])
def test_lines_of_writing_tell_their_slope(degrees):
    slope = np.tan(np.deg2rad(degrees))
    marks = [
        mark(60 * column, round(200 * row + 60 * column * slope))
        for row in range(5)
        for column in range(12)
    ]
    assert np.rad2deg(find_skew(marks, 80.0)) == pytest.approx(degrees, abs=1)


def test_writing_that_tells_no_slope_is_taken_for_level():
    column = [mark(100, 200 * row) for row in range(8)]
    assert abs(np.rad2deg(find_skew(column, 80.0))) < 0.1


def test_a_tall_mark_beside_small_ones_has_to_be_on_their_level():
    small = [mark(60 * place, 100, 20, 40) for place in range(3)]  # middles at 120
    on_it, above = mark(200, 78, 50, 100), mark(200, 40, 50, 100)
    assert len(lines_of_writing([*small, on_it], 40.0)) == 1
    assert len(lines_of_writing([*small, above], 40.0)) == 2


def test_grain_stays_below_the_threshold():
    grain = np.random.default_rng(0).normal(40, 6, (300, 300))
    level = threshold(np.clip(grain, 0, 255).astype(np.uint8))
    assert 55 < level < 100
    assert (grain > level).mean() < 0.01


def test_darkness_is_a_share_of_the_paper_s_own_brightness():
    image = np.full((200, 300, 3), (250, 220, 120), np.uint8)
    image[90:110, 140:160] //= 2
    dark = darkness(image)
    assert (dark.shape, dark.dtype) == (image.shape, np.uint8)
    assert dark[:60].max() == 0
    assert dark[100, 150].tolist() == pytest.approx([127, 112, 61], abs=3)


def test_two_inks_share_the_mask_between_them():
    paper = np.full((120, 200, 3), 255, np.uint8)
    paper[20:100, 20:60], paper[20:100, 120:180] = (210, 30, 40), (20, 20, 20)
    mask = np.where(paper.min(axis=2) < 128, 255, 0).astype(np.uint8)
    inks = sorted(split_inks(255 - paper, mask), key=lambda ink: int(np.argmax(ink.any(axis=0))))
    assert [np.count_nonzero(ink) for ink in inks] == pytest.approx([3_200, 4_800], rel=0.01)
    assert np.array_equal(inks[0] | inks[1], mask)
    assert not (inks[0] & inks[1]).any()


@pytest.mark.parametrize(("length", "is_rule"), [(3.0, False), (6.0, True)])
def test_a_line_alone_is_a_rule_once_it_is_long(length, is_rule):
    mask = np.zeros((200, 400), np.uint8)
    mask[100:103, 30 : 30 + round(length * 50)] = 255
    assert find_lines(mask, 50.0).any() == is_rule


def test_what_is_one_digit_is_not_turned():
    ink = np.zeros((120, 120), np.uint8)
    ink[20:100, 30:36] = ink[20:26, 38:80] = 255
    image = 255 - ink
    found = lay_out(
        read_page(image),
        lambda inks: np.full(len(inks), 0.9, np.float32),
        lambda digits: np.full(len(digits), 0.9, np.float32),
    )
    assert found.quarters == 0
    assert [len(digit) for digit in found.lines[0]] == [2]


def test_a_page_too_large_to_work_on_keeps_its_proportions():
    image = np.full((1_500, 6_000), 255, np.uint8)
    image[600:900, 4_000:4_100] = 0
    page = read_page(image)
    assert page.mask.shape == (500, 2_000)
    (only,) = page.marks
    left, top = page.to_picture @ (only.x, only.y, 1)
    assert (left, top) == pytest.approx((4_000, 600), abs=6)
    assert only.height / only.width == pytest.approx(3, abs=0.3)


def test_two_marks_are_a_word_and_move_each_other():
    spans = [(0, 40), (60, 100)]
    sure, alone = np.array([0.99, 0.4], np.float32), [(0, 40), (400, 440)]
    together = scores_among_neighbours(sure, spans, [False, False], 80.0, 0.5)
    apart = scores_among_neighbours(sure, alone, [False, False], 80.0, 0.5)
    assert apart.tolist() == pytest.approx(sure.tolist())
    assert together[1] != pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("degrees", [-5, 5])
def test_lines_of_a_leaning_page_are_in_their_order(degrees):
    slope = np.tan(np.deg2rad(degrees))

    def line(level, columns):
        return [mark(40 * c, round(400 + level + 40 * c * slope), 20, 30) for c in columns]

    long, short = line(0, range(26)), line(45, range(5))
    if degrees < 0:  # the short one stands where the long one is lowest, on the page as it lies
        long, short = line(0, range(26)), line(45, range(21, 26))
    first, second = lines_of_writing([*short, *long], 30.0)
    assert first == long
    assert second == short
