"""The pictures of a report."""

import numpy as np
from PIL import Image

from digitrec.learning.report import confusion_figure, save, sheet_figure


def test_a_sheet_shows_every_digit_under_its_words(templates):
    cells = sheet_figure([(digit, f"a {i}") for i, digit in enumerate([*templates, templates[0]])])
    shown = [axes for axes in cells.axes if axes.images]
    assert [axes.get_title() for axes in shown] == [f"a {i}" for i in range(11)]
    assert np.array_equal(255 - shown[3].images[0].get_array(), templates[3])


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
