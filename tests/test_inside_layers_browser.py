"""The panels Layers and Look-alikes of "See inside", in a real Chromium."""

import numpy as np
import pytest
from browser import draw, served, show_example, until
from playwright.sync_api import expect
from sketching import fitted, open_page, reads, say
from visiting import keeps_out, visitor

from digitrec import Recognizer
from digitrec.explaining.layers import Network
from digitrec.models import load_artifact
from digitrec.shapes import digit_strokes

# The colour at the middle of every unit of a layer whose units have no place in the drawing.
COLOURS = """
canvas => {
  const context = canvas.getContext("2d"), columns = 16, rows = 8;
  return Array.from({ length: columns * rows }, (_, n) => {
    const x = ((n % columns) + 0.5) / columns, y = (Math.floor(n / columns) + 0.5) / rows;
    return Array.from(context.getImageData(x * canvas.width, y * canvas.height, 1, 1).data);
  });
}
"""

# How far below the canvas a part is, px.
BELOW = """
() => document.querySelector('[data-testid="softmax"]').getBoundingClientRect().top
  - document.querySelector(".st-key-paper").getBoundingClientRect().top
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page, with a store of its own."""
    place = tmp_path_factory.mktemp("kept") / "corrections.sqlite"
    with served(DIGITREC_DATABASE_URL=str(place)) as address:
        yield address


def example(page, label):
    show_example(page, label)
    reads(page, label)


def look(page, panel):
    page.locator(".st-key-inside").get_by_role("radio", name=panel).click()
    page.get_by_test_id("softmax" if panel == "Layers" else "each").wait_for(timeout=30_000)


def layers(page):
    return page.get_by_role("button", name="Layer ")


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_every_layer_is_shown_live_and_moved_over(page):
    example(page, 7)
    look(page, "Layers")
    expect(layers(page)).to_have_count(7)
    said = page.locator(".said")
    expect(said).to_contain_text("The strongest answer of this layer: map ")
    expect(page.locator(".product b")).to_be_visible()  # pixels × filter
    for number in range(7):
        layers(page).nth(number).click()
        expect(page.locator(".maps .words")).to_contain_text(
            f"Layer {number + 1} of 8, a convolution:"
        )
        expect(layers(page).nth(number)).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".product b")).to_be_visible(visible=number == 0)
    layers(page).nth(3).click()
    sheet = page.locator(".sheet")
    sheet.locator("canvas").hover(position={"x": 8, "y": 8})
    expect(said).to_contain_text("map 1, row 1, column 1: ", ignore_case=True)
    for key, where in (
        ("ArrowRight", "map 1, row 1, column 2: "),
        ("ArrowDown", "map 1, row 2, column 2: "),
        ("ArrowLeft", "map 1, row 2, column 1: "),
        ("ArrowLeft", "map 1, row 2, column 1: "),  # at the edge it stays
    ):
        sheet.press(key)
        expect(said).to_contain_text(where, ignore_case=True)
    # Another drawing: the same layer, the same point, another answer.
    before = sheet.locator("canvas").evaluate("canvas => canvas.toDataURL()")
    example(page, 4)
    expect(page.locator(".chain b")).to_have_text("4")
    expect(page.locator(".maps .words")).to_contain_text("Layer 4 of 8")
    expect(said).to_contain_text("map 1, row 2, column 1: ", ignore_case=True)
    assert sheet.locator("canvas").evaluate("canvas => canvas.toDataURL()") != before


def test_colours_are_what_the_layer_answers(page):
    example(page, 3)
    look(page, "Layers")
    layers(page).nth(6).click()
    expect(page.locator(".maps .words")).to_contain_text("Layer 7 of 8")
    red, green, blue, _ = np.array(page.locator(".sheet canvas").evaluate(COLOURS)).T
    with_light = red.astype(int) + green + blue
    # The very strokes may differ by the browser's rounding, so the answers nearly agree.
    image = Recognizer().read_strokes(digit_strokes(3, height=250)).digits[0].image
    units = Network(load_artifact()).look(image).layers[6].maps[:, 0, 0]
    order = np.corrcoef(np.sqrt(units), with_light)[0, 1]
    assert order > 0.95
    assert ((with_light > 60) == (units > 0)).mean() > 0.95


def test_scores_are_added_up_for_whom_the_visitor_chooses(page):
    example(page, 7)
    look(page, "Layers")
    heads = page.get_by_test_id("sums").locator("h4")
    expect(heads).to_contain_text(["Score of the 7: ", "Score of the 1: −"])
    beside = page.get_by_role("radiogroup", name="Beside it")
    beside.get_by_role("radio", name="a digit at all?").click()
    expect(heads).to_contain_text(["Score of the 7: ", "Score of being a digit at all: "])
    beside.get_by_role("radio", name="3").click()
    expect(heads).to_contain_text(["Score of the 7: ", "Score of the 3: −"])
    place = page.evaluate(BELOW)
    example(page, 9)
    expect(heads).to_contain_text(["Score of the 9: ", "Score of the 3: "])
    until(page, f"place => ({BELOW})() === place", place)  # nothing jumps


def test_look_alikes_show_what_was_kept(page):
    drawn = [stroke * [1.0, 1.04] for stroke in digit_strokes(5)]
    draw(page, fitted(drawn))
    reads(page, 5)
    look(page, "Look-alikes")
    expect(page.get_by_test_id("alike").locator("li")).to_have_count(10)
    say(page, "right")
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(page.get_by_text("and with 1 digit that was kept here")).to_be_visible()
    expect(page.get_by_text("kept on ")).to_have_count(0)  # the very drawing that is looked at
    example(page, 5)
    expect(page.get_by_test_id("alike").get_by_text("kept on ")).to_have_count(1)
    expect(page.get_by_test_id("each").locator("li")).to_have_count(10)
    expect(page.get_by_text("The nearest of another digit is a")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panels_fit_a_phone_and_keep_nobody_out(browser, address, theme):
    with visitor(browser, (360, 760), color_scheme=theme) as page:
        open_page(page, address)
        example(page, 2)
        for panel in ("Layers", "Look-alikes"):
            look(page, panel)
            assert fits(page)
            assert keeps_out(page) == []
            page.set_viewport_size({"width": 1400, "height": 900})
            page.wait_for_timeout(300)
            assert fits(page)
            assert keeps_out(page) == []
            page.set_viewport_size({"width": 360, "height": 760})
