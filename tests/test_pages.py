"""Paper to ink to marks: each step on pictures that are drawn here."""

import cv2
import numpy as np
import pytest

from digitrec import Recognizer
from digitrec.imaging.ink import load_image
from digitrec.imaging.pages.marks import Mark, find_marks, turn_marks, typical_height, union
from digitrec.imaging.pages.page import ink_on_paper, read_page
from digitrec.imaging.pages.paper import darkness, flatten, ink_mask, is_plain, without_surroundings
from digitrec.imaging.pages.ruling import remove_lines, split_inks
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


def digit(label, height):
    """Ink (H, W) of a drawn digit."""
    ink = ink_from_strokes(digit_strokes(label, height=height))
    scale = height / ink.shape[0]
    return cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def page(text, *, height=80, gap=40, margin=60, paper=255, pen=(20, 20, 20)):
    """A page (H, W, 3) of lines of digits."""
    lines = text.split("\n")
    width = 2 * margin + max(map(len, lines)) * (height + gap)
    image = np.full((2 * margin + len(lines) * (height + gap), width, 3), paper, np.uint8)
    for row, line in enumerate(lines):
        for column, label in enumerate(line):
            if label != " ":
                put(
                    image,
                    digit(int(label), height),
                    margin + column * (height + gap),
                    margin + row * (height + gap),
                    pen,
                )
    return image


def put(image, ink, x, y, pen):
    share = ink[:, :, None].astype(float) / 255
    part = image[y : y + ink.shape[0], x : x + ink.shape[1]]
    part[:] = np.rint(part * (1 - share) + np.array(pen) * share).astype(np.uint8)


def shaded(image, rng):
    """Photographed: light from one side, a soft shadow, grain."""
    height, width = image.shape[:2]
    light = np.linspace(0.55, 1.0, width)[None, :, None] * np.ones((height, 1, 1))
    rows = np.arange(height)[:, None, None]
    light = light * (1 - 0.35 * np.exp(-(((rows - 0.7 * height) / (0.2 * height)) ** 2)))
    return np.clip(image * light + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def test_shadow_and_grain_leave_the_ink():
    plain = page("2026")
    photo = shaded(plain, np.random.default_rng(0))
    assert is_plain(plain)
    assert not is_plain(photo)
    wanted = plain.min(axis=2) < 128
    found = ink_mask(flatten(darkness(photo))) > 0
    assert (found & wanted).sum() > 0.97 * wanted.sum()
    assert (found & ~wanted).sum() < 0.35 * wanted.sum()  # strokes' soft edges


def test_thick_strokes_are_not_taken_for_paper():
    image = np.full((300, 300, 3), 230, np.uint8)
    image[40:260, 110:190] = 30
    photo = shaded(image, np.random.default_rng(0))
    found = ink_mask(flatten(darkness(photo)))
    assert (found[60:240, 120:180] > 0).all()


def test_a_table_around_the_sheet_is_no_ink():
    mask = np.zeros((200, 300), np.uint8)
    mask[:20] = mask[:, -15:] = 255
    mask[90:130, 100:120] = 255
    mask[195:, 40:60] = 255  # a digit that is cut off by the border
    cleaned = without_surroundings(mask)
    assert not cleaned[:20].any()
    assert not cleaned[50:, -15:].any()
    assert cleaned[90:130, 100:120].all()
    assert cleaned[195:, 40:60].all()


@pytest.mark.parametrize("spacing", [110, 150])
def test_rules_and_boxes_go_and_bars_stay(spacing):
    image = page("7425")
    ink = (image.min(axis=2) < 128).astype(np.uint8) * 255
    ruled = ink.copy()
    for y in range(20, ruled.shape[0], spacing):
        ruled[y : y + 3] = 255
    cleaned = remove_lines(ruled, 80)
    assert (cleaned & ink).sum() > 0.9 * ink.sum()
    assert (cleaned & ~ink).sum() < 0.1 * ink.sum()


def test_red_boxes_are_told_from_the_writing_in_them():
    image = page("493", gap=30, margin=70)
    writing = image.min(axis=2) < 128
    red = (210, 30, 40)
    for x in range(50, image.shape[1] - 60, 110):
        for left, top, right, bottom in (
            (x, 50, x + 4, 180),
            (x, 50, x + 114, 54),
            (x, 176, x + 114, 180),
        ):
            image[top:bottom, left:right] = red
    rgba = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
    found = read_page(rgba)
    kept = ink_on_paper(found) > 0
    assert len(found.marks) == 3
    assert (kept & writing).sum() > 0.9 * writing.sum()


def test_one_ink_is_not_split():
    image = page("31", pen=(30, 40, 150))
    darker = 255 - image
    mask = np.where(darker.max(axis=2) > 60, 255, 0).astype(np.uint8)
    assert len(split_inks(darker, mask)) == 1


def test_marks_turn_with_their_page():
    rng = np.random.default_rng(0)
    ink = np.where(rng.uniform(size=(40, 60)) > 0.97, 255, 0).astype(np.uint8)
    marks = find_marks(ink)
    for quarters in range(4):
        turned = np.rot90(ink, -quarters)
        there = np.zeros_like(turned)
        for mark in turn_marks(marks, ink.shape, quarters):
            there[mark.y : mark.bottom, mark.x : mark.right] |= mark.ink
        assert np.array_equal(there, turned)


def test_typical_height_is_the_writing_s():
    def mark(x, y, width, height):
        return Mark(x, y, np.full((height, width), 255, np.uint8))

    digits = [mark(100 + 60 * i, 100, 40, 80) for i in range(4)]
    specks = [mark(10 * i, 400, 2, 2) for i in range(50)]
    frame = mark(0, 0, 500, 500)
    rule = mark(0, 300, 450, 3)
    assert typical_height([*digits, *specks, frame, rule]) == 80
    assert typical_height([]) == 0
    assert typical_height([frame]) == 500


def test_union_is_both_marks_ink():
    ink = np.zeros((10, 10), np.uint8)
    ink[1:4, 1:3] = 100
    ink[6:9, 5:9] = 200
    assert np.array_equal(union(find_marks(ink)), ink[1:9, 1:9])


@pytest.mark.parametrize(
    "image",
    [
        np.full((1, 1), 255, np.uint8),
        np.full((300, 400, 4), 255, np.uint8),
        np.zeros((300, 400), np.uint8),
        np.full((200, 20_000), 250, np.uint8),
    ],
    ids=["one pixel", "blank", "black", "20,000 wide"],
)
def test_nothing_on_the_page_is_no_mark(image):
    assert read_page(load_image(image)).marks == []


def leaning(image, degrees, paper=255):
    """Turned clockwise about its middle, with room for its corners."""
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    matrix[:, 2] += 100
    size = (width + 200, height + 200)
    return cv2.warpAffine(image, matrix, size, borderValue=(paper,) * 3)


def form():
    image = page("20 26\n14 57", gap=60)
    for row in range(2):
        for column in range(5):
            corner = (40 + 140 * column, 40 + 140 * row)
            cv2.rectangle(image, corner, (corner[0] + 140, corner[1] + 140), (40, 40, 40), 3)
    return image


@pytest.mark.parametrize("degrees", [-12, -3, 0, 2, 8])
def test_a_leaning_form_is_straightened_and_its_boxes_lie_on_the_picture(degrees):
    picture = leaning(form(), degrees)
    found = read_page(load_image(picture))
    assert found.skew == pytest.approx(degrees, abs=0.6)
    reading = Recognizer().read(picture)
    assert reading.text == "20 26\n14 57"
    plain = Recognizer().read(leaning(form(), 0))
    turn = cv2.getRotationMatrix2D((0, 0), -degrees, 1)[:, :2]
    height, width = form().shape[:2]
    about = np.array([width / 2 + 100, height / 2 + 100])
    for mine, straight in zip(reading.digits, plain.digits, strict=True):
        expected = turn @ (centre(straight.box) - about) + about
        assert np.abs(centre(mine.box) - expected).max() < 6


def centre(box):
    return np.array([box.x + box.width / 2, box.y + box.height / 2])


def test_a_page_without_rules_is_not_turned():
    assert read_page(load_image(page("1471\n7114"))).skew == 0
    assert read_page(load_image(page("7", height=300))).skew == 0
