"""What is cut and what is not, by judges whose mind is known; and strokes of one digit."""

import cv2
import numpy as np
import pytest
from test_pages import digit

from digitrec import Recognizer
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.pages.layout import lay_out
from digitrec.imaging.pages.marks import Mark, find_marks, is_stroke, typical_height
from digitrec.imaging.pages.page import read_page
from digitrec.imaging.pages.segmentation import segment
from digitrec.imaging.pages.views import likeness_from_all_sides, views

HEIGHT = 64


def joined(first, second):
    """Two digits that touch: ink (H, W)."""
    left, right = digit(first, HEIGHT), digit(second, HEIGHT)
    whole = np.zeros((HEIGHT + 8, left.shape[1] + right.shape[1]), np.uint8)
    for ink, x in ((left, 0), (right, left.shape[1] - 4)):
        part = whole[: ink.shape[0], x : x + ink.shape[1]]
        np.maximum(part, ink, out=part)
    (mark,) = find_marks(whole)
    return mark.ink


def parts_are_digits(whole, likeness):
    """A judge to whom whatever has less ink than most of a mark looks like a digit, by so much."""
    most = 0.8 * float(whole.sum())
    return lambda inks: np.array([likeness if ink.sum() < most else 0.01 for ink in inks])


@pytest.mark.parametrize(
    ("likeness", "beside", "parts"),
    [
        (0.9, [3, 3], 2),
        (0.9, [], 1),
        (0.9, [1, 1], 1),  # they may be brackets, or letters
        (0.5, [3, 3], 1),
        (1.0, [], 2),
    ],
)
def test_a_mark_is_cut_sooner_among_digits_than_alone(likeness, beside, parts):
    mark = Mark(200, 0, joined(0, 6), 1)
    others = [Mark(10 + 80 * i, 0, digit(d, HEIGHT), 2 + i) for i, d in enumerate(beside)]
    (line,) = segment([[*others, mark]], HEIGHT, parts_are_digits(mark.ink, likeness))
    assert len(line) == len(others) + parts


def test_views_are_turned_and_slanted_to_both_sides_and_lose_no_ink():
    stroke = np.zeros((100, 9), np.uint8)
    stroke[:, 2:7] = 255
    upright, *others = views(stroke)
    assert upright is stroke
    leans = []
    for view in others:
        assert float(view.sum()) == pytest.approx(float(stroke.sum()), rel=0.1)
        middles = view.astype(float) @ np.arange(view.shape[1]) / np.maximum(view.sum(axis=1), 1)
        inked = np.flatnonzero(view.any(axis=1))
        top, bottom = inked[5], inked[-6]
        leans.append(np.rad2deg(np.arctan2(middles[top] - middles[bottom], bottom - top)))
    np.testing.assert_allclose(leans, [15, -15, -11.3, 11.3], atol=1.0)


@pytest.mark.parametrize(("likeness", "parts"), [(0.9, 1), (1.0, 2)])
def test_a_mark_no_wider_than_a_letter_is_cut_as_if_alone(likeness, parts):
    squeezed = cv2.resize(
        joined(0, 6), (round(0.98 * HEIGHT), HEIGHT), interpolation=cv2.INTER_AREA
    )
    others = [Mark(10 + 80 * i, 0, digit(3, HEIGHT), 2 + i) for i in range(2)]
    line = [*others, Mark(200, 0, squeezed, 1)]
    (found,) = segment([line], HEIGHT, parts_are_digits(squeezed, likeness))
    assert len(found) == len(others) + parts


def test_what_looks_like_a_digit_from_one_side_only_does_not_from_all():
    ink = digit(0, HEIGHT)

    def judge(inks):
        return np.array([1.0 if seen is ink else 0.5 for seen in inks], np.float32)

    assert likeness_from_all_sides([ink], judge) == pytest.approx(0.5 ** (4 / 5))


def stroke_picture(height, width, corners, thickness):
    picture = np.full((height, width), 235, np.uint8)
    cv2.polylines(picture, [np.array(corners)], False, 30, thickness, cv2.LINE_AA)
    grain = np.random.default_rng(0).normal(0, 2, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "picture",
    [
        stroke_picture(243, 137, [(65, 27), (65, 42), (71, 74), (73, 106), (73, 218)], 4),
        stroke_picture(340, 303, [(141, 75), (141, 94), (149, 151), (157, 303)], 3),
        stroke_picture(300, 400, [(230, 40), (170, 260)], 6),
    ],
)
def test_one_long_thin_stroke_is_a_1_and_no_rule(picture):
    assert Recognizer().read(picture).text == "1"


def test_joined_digits_are_no_stroke():
    zeros = np.hstack([digit(0, HEIGHT)[:, 2:-2]] * 5)
    (mark,) = find_marks(zeros)
    assert not is_stroke([mark])
    assert typical_height([mark], upright=False) == mark.height
    assert not is_stroke([])


@pytest.mark.parametrize(
    ("together", "stroke", "digits"),
    [(0.7, 0.99, 1), (0.005, 0.99, 2), (0.7, 0.01, 1), (0.3, 0.01, 2)],
)
def test_strokes_that_hardly_meet_are_what_they_look_most_like(together, stroke, digits):
    picture = np.full((200, 150), 255, np.uint8)
    cv2.line(picture, (100, 20), (100, 180), 0, 6)
    cv2.polylines(picture, [np.array([[80, 30], [18, 100], [90, 100]])], False, 0, 6)

    def judge_digits(images):
        def likeness(image):
            x, _, width, _ = cv2.boundingRect(image)
            if width < 5:
                return stroke
            return together if image[:, x + width - 1].astype(bool).sum() > 15 else 0.02

        return np.array([likeness(image) for image in images], np.float32)

    def judge(inks):
        return judge_digits([normalize_digit(ink) for ink in inks])

    layout = lay_out(read_page(picture), judge, judge_digits)
    assert sum(len(line) for line in layout.lines) == digits
