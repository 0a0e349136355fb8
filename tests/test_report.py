"""The pictures of a report."""

import numpy as np
import pytest
from PIL import Image

from digitrec.learning.report import confusion_figure, save, sheet_figure


def test_a_sheet_shows_every_digit_under_its_words(templates):
    cells = sheet_figure([(digit, f"a {i}") for i, digit in enumerate([*templates, templates[0]])])
    (axes,) = cells.axes
    assert [words.get_text() for words in axes.texts] == [f"a {i}" for i in range(11)]
    assert np.array_equal(255 - axes.images[3].get_array(), templates[3])
    for words, image in zip(axes.texts, axes.images, strict=True):
        left, right, bottom, top = image.get_extent()
        x, y = words.get_position()
        assert (left + right) / 2 == pytest.approx(x)
        assert bottom > top > y  # downwards


def test_a_sheet_s_title_stands_above_its_words(templates, tmp_path):
    sheet = sheet_figure([(templates[0], "two\nlines")], title="A title")
    save(sheet, tmp_path / "sheet.png")
    (axes,) = sheet.axes
    title = sheet.texts[0]
    assert title.get_text() == sheet.get_suptitle() == "A title"
    assert title.get_window_extent().y0 > axes.texts[0].get_window_extent().y1
    save(sheet_figure([], title="Nothing"), tmp_path / "empty.png")


def test_pictures_are_saved_small_and_alike_every_time(tmp_path):
    counts = np.diag(np.arange(10)) + 1
    for name in ("first.png", "again.png"):
        save(confusion_figure(counts), tmp_path / name)
    first = (tmp_path / "first.png").read_bytes()
    assert first == (tmp_path / "again.png").read_bytes()
    with Image.open(tmp_path / "first.png") as picture:
        assert picture.mode == "P"
        colours = picture.convert("RGB").getcolors(64)
    assert colours is not None
    assert (255, 255, 255) in {colour for _, colour in colours}
