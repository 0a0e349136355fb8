"""The panel "Which ink" as visitors use it, in a real browser."""

import io

import numpy as np
from browser import draw, settle, show_example
from PIL import Image
from playwright.sync_api import expect
from sketching import open_page, reads
from visiting import keeps_out, places, visitor

SEVEN = [
    np.linspace((220, 70), (330, 66), 14),
    np.linspace((330, 66), (270, 260), 18),
    np.linspace((245, 170), (335, 160), 10),
]
SCRIBBLE = [
    np.array([[190, 210], [230, 90], [260, 250], [300, 80], [325, 240], [370, 100], [400, 230]])
]


def open_panel(page):
    page.locator(".st-key-inside_panel button", has_text="Which ink").click()
    settle(page)  # its words are shorter: a page that is scrolled down moves under the mouse


def panel(page):
    return page.get_by_test_id("ink")


def draw_above(page, strokes):
    """Draw with the panel open, which is below what a low window shows."""
    page.locator(".st-key-paper").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    draw(page, strokes)


def test_a_seven_by_mouse_shows_its_ink_and_its_strokes(page):
    open_panel(page)
    expect(page.get_by_text("Draw something first")).to_be_visible()
    draw_above(page, SEVEN)
    reads(page, 7)
    told = panel(page)
    expect(told).to_contain_text("Drawn in 3 strokes.")
    expect(told).to_contain_text("What speaks most for a 7 is at ")
    rows = told.locator("ul.strokes li")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Without stroke 1 it would ")
    expect(rows.nth(2)).to_contain_text("Without stroke 3 it would still be a 7")
    expect(rows.nth(2).locator("b")).to_have_text("7")
    expect(told.locator("ul.spot li")).to_contain_text("Without it, it would ")
    colours = shown(told.locator(".map img"))
    assert (colours[..., 2] > colours[..., 0] + 60).sum() > 300  # the accent's blue
    ring, picture = places(told.locator(".map i"), told.locator(".map img"))
    assert picture["x"] < ring["x"] + ring["width"] / 2 < picture["x"] + picture["width"]
    assert picture["y"] < ring["y"] + ring["height"] / 2 < picture["y"] + picture["height"]
    assert keeps_out(page) == []
    page.locator(".st-key-tools .undo").click()
    expect(rows).to_have_count(2)
    expect(told).to_contain_text("Drawn in 2 strokes.")


def shown(picture):
    """A picture as the browser shows it: (H, W, 3)."""
    with Image.open(io.BytesIO(picture.screenshot())) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_another_answer_is_explained_until_the_drawing_changes(page):
    open_panel(page)
    draw_above(page, SEVEN[:2])
    told = panel(page)
    expect(told).to_contain_text("speaks for a 7")
    choices = page.locator(".st-key-inside_ink_answer button")
    other = choices.nth(1).inner_text()
    choices.nth(1).click()
    expect(told).to_contain_text(f"speaks for {other}")
    expect(told).to_contain_text(f"What speaks most against {other} is at ")
    colours = shown(told.locator(".map img"))
    assert (colours[..., 0] > colours[..., 2] + 60).sum() > 300  # orange
    show_example(page, 3)
    expect(told).to_contain_text("speaks for a 3")
    expect(choices.nth(0)).to_have_attribute("aria-checked", "true")
    assert page.locator(".st-key-inside_ink_answer [aria-checked=true]").count() == 1


def test_keyboard_chooses_the_answer(page):
    open_panel(page)
    show_example(page, 4)
    told = panel(page)
    expect(told).to_contain_text("speaks for a 4")
    choices = page.locator(".st-key-inside_ink_answer button")
    choices.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(told).to_contain_text(f"speaks for {choices.nth(1).inner_text()}")


def test_a_digit_of_a_number_is_chosen_and_looked_into(page):
    open_panel(page)
    show_example(page, 2026)
    told = panel(page)
    expect(told).to_contain_text("What speaks most for a 2 is")
    page.locator(".st-key-inside_digit button").nth(3).click()
    expect(told).to_contain_text("What speaks most for a 6 is")
    expect(told).to_contain_text("Drawn in one stroke: without it nothing is left.")
    assert keeps_out(page) == []


def test_a_scribble_on_a_phone_is_explained_as_no_digit(browser, address):
    with visitor(browser, (360, 760), color_scheme="dark") as page:
        open_page(page, address)
        draw(page, SCRIBBLE)
        open_panel(page)
        told = panel(page)
        expect(told).to_contain_text("speaks for a digit")
        expect(told).to_contain_text("against a digit is ")
        expect(told.locator("ul.spot li")).to_contain_text("Without it, it would ")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for place in places(told.locator("p, li, img, figure")):
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 360
        assert keeps_out(page) == []
