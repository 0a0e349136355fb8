"""The page Teach as its visitors use it: a peculiar 7 is taught, and read at once."""

from itertools import combinations

import numpy as np
import pytest
from browser import draw, settle
from playwright.sync_api import expect
from sketching import open_page, reads
from visiting import places, visitor

from digitrec.handwriting import Handwriting
from digitrec.shapes import digit_strokes

# A 7 in a mirror, which the network takes for no digit.
PECULIAR = np.concatenate(
    [np.linspace((230, 260), (230, 60), 15), np.linspace((230, 60), (340, 60), 12)[1:]]
)
SMALLER = PECULIAR * [0.9, 0.8] + [40, 40]


def go(page, title):
    page.get_by_role("link", name=title, exact=True).first.click()
    page.locator("canvas.upper-canvas").wait_for()
    settle(page)
    page.wait_for_timeout(1_500)  # a stroke that is drawn while the page is still built is lost


def says(page, without, with_them):
    """What the drawing is read as, without and with the samples."""
    expect(page.get_by_test_id("tryout").locator("b").nth(0)).to_have_text(without)
    expect(page.get_by_test_id("tryout").locator("b").nth(1)).to_have_text(with_them)


def teach(page, strokes, label):
    draw(page, strokes)
    button = page.locator(f".st-key-teach-{label} button")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_text(f"Kept as a {label}.")).to_be_visible()
    says(page, "–", "–")  # the canvas is empty again
    page.wait_for_timeout(300)


def samples(page):
    return page.get_by_role("button", name="Remove sample")


def test_taught_digit_is_read_at_once_on_draw_and_from_the_file_after_a_reload(
    page, address, browser, tmp_path
):
    draw(page, [PECULIAR])
    expect(page.get_by_test_id("label")).to_have_text("?")
    go(page, "Teach")
    teach(page, [PECULIAR], 7)
    expect(samples(page)).to_have_count(1)
    draw(page, [SMALLER])
    says(page, "?", "7")
    page.keyboard.press("7")  # the digit's own key keeps it, too
    expect(samples(page)).to_have_count(2)
    go(page, "Draw")
    reads(page, 7)  # the drawing that is still there
    expect(page.get_by_text("Reads with your 2 samples")).to_be_visible()
    with visitor(browser, (1280, 720)) as other:  # nobody else's answers change
        open_page(other, address)
        draw(other, [PECULIAR])
        expect(other.get_by_test_id("label")).to_have_text("?")

    go(page, "Teach")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / started.value.suggested_filename
    started.value.save_as(file)
    assert Handwriting.load(file).counts[7] == 2
    page.reload()
    page.locator("canvas.upper-canvas").wait_for()
    expect(page.get_by_text("none yet")).to_be_visible()
    expect(samples(page)).to_have_count(0)
    load(page, file)
    expect(page.get_by_text("2 samples loaded.")).to_be_visible()
    go(page, "Draw")
    draw(page, [SMALLER])
    reads(page, 7)
    go(page, "Teach")
    expect(samples(page)).to_have_count(2)


def load(page, file):
    page.get_by_role("button", name="Load a file").click()
    page.locator("input[type=file]").set_input_files(file)


def test_samples_are_removed_brought_back_and_forgotten(page, tmp_path):
    go(page, "Teach")
    teach(page, [PECULIAR], 7)
    teach(page, digit_strokes(2, height=220, left=200, top=40), 2)
    samples(page).first.click()
    expect(page.get_by_text("A sample of 2 is removed.")).to_be_visible()
    expect(samples(page)).to_have_count(1)
    page.get_by_role("button", name="Take it back").click()
    expect(samples(page)).to_have_count(2)
    page.get_by_role("button", name="Forget all").click()
    expect(page.get_by_text("2 samples forgotten.")).to_be_visible()
    expect(samples(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Download")).to_be_disabled()
    draw(page, [PECULIAR])
    says(page, "?", "–")
    page.get_by_role("button", name="Take it back").click()
    says(page, "?", "7")

    bad = tmp_path / "bad.json"
    bad.write_text("{}")
    load(page, bad)
    expect(page.get_by_text("Expected a handwriting file")).to_be_visible()
    expect(samples(page)).to_have_count(2)


@pytest.mark.parametrize("size", [(360, 760), (1400, 900)])
def test_nothing_moves_or_overlaps_when_a_sample_is_kept(browser, address, size):
    with visitor(browser, size) as page:
        page.goto(f"{address}/teach")
        page.locator("canvas.upper-canvas").wait_for()
        expect(page.get_by_text("none yet")).to_be_visible()
        settle(page)
        page.wait_for_timeout(500)
        before = parts_in_place(page)
        teach(page, [PECULIAR], 7)
        page.wait_for_timeout(500)
        assert parts_in_place(page) == before
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0]
        assert not [pair for pair in combinations(before, 2) if overlap(*pair)]


def overlap(one, other):
    return all(
        one[side] + one[length] > other[side] + 1 and other[side] + other[length] > one[side] + 1
        for side, length in (("x", "width"), ("y", "height"))
    )


def parts_in_place(page):
    """Where the page's parts are."""
    parts = [".st-key-teach_paper", ".st-key-teach_controls", ".st-key-teach_words"]
    parts += ['[data-testid="tryout"]', ".st-key-teach_samples", ".st-key-teach_file_row"]
    return places(*map(page.locator, parts))
