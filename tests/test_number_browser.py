"""Numbers on the real page in a real Chromium: a box, bars and a 28×28 a digit."""

import numpy as np
from browser import draw, show_example
from PIL import Image
from playwright.sync_api import expect
from sketching import clear, eventually, fitted, ink_on_canvas, open_page, reads, shows
from visiting import places

from digitrec.shapes import digit_strokes


def test_mouse_draws_a_number_with_the_bar_of_its_seven_last(page):
    digits = [
        digit_strokes(int(c), height=120, left=60 + 105 * i, top=90) for i, c in enumerate("207")
    ]
    two, zero, seven = digits
    x, y = np.concatenate(seven).mean(axis=0)
    bar = np.array([[x - 22, y + 10], [x, y + 7], [x + 24, y + 4]])
    draw(page, [*two, *seven, *zero])
    expect(page.get_by_test_id("label")).to_have_text("207")
    without = ink_on_canvas(page)
    strip = page.locator(".strip").inner_html()
    draw(page, [bar])
    eventually(page, lambda: page.locator(".strip").inner_html() != strip)
    assert (ink_on_canvas(page) & ~without).any()
    expect(page.get_by_role("status")).to_contain_text("2 0 7.")
    expect(page.get_by_test_id("label")).to_have_text("207")
    assert_boxes_hold_the_ink(page, 3)
    expect(page.locator(".answer .columns td.winner")).to_have_count(3)
    expect(page.locator(".strip .tiles .frame.seen img")).to_have_count(3)
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    assert download.value.suggested_filename == "number-207.png"
    with Image.open(download.value.path()) as image:
        assert image.size == (84, 28)
    page.locator(".st-key-tools .undo").click()
    shows(page, without)
    expect(page.locator(".boxes .box")).to_have_count(3)
    clear(page)
    expect(page.locator(".boxes .box")).to_have_count(0)


def assert_boxes_hold_the_ink(page, count):
    """Every box lies where the canvas shows ink, and all ink in a box."""
    boxes = page.locator(".boxes .box")
    expect(boxes).to_have_count(count)
    canvas, *held = places(page.locator("canvas.upper-canvas"), boxes)
    ink = ink_on_canvas(page)
    for place in held:
        x, y = round(place["x"] - canvas["x"]), round(place["y"] - canvas["y"])
        part = (slice(y, y + round(place["height"])), slice(x, x + round(place["width"])))
        assert ink[part].sum() > 400
        ink[part] = False
    assert ink.sum() == 0


def place_of_answer(page):
    """Of the answer and its bars, whatever is scrolled: top and height below the canvas' top."""
    parts = [".st-key-paper", '[data-testid="answer"]', ".answer table"]
    paper, *held = places(*map(page.locator, parts))
    return [(place["x"], place["y"] - paper["y"]) for place in held] + [held[0]["height"]]


def test_example_number_shows_on_phone_and_laptop_alike(browser, address):
    for width, height in ((360, 760), (1280, 720)):
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        open_page(page, address)
        before = place_of_answer(page)
        show_example(page, 2026)
        expect(page.get_by_test_id("label")).to_have_text("2026")
        page.wait_for_timeout(600)
        assert_boxes_hold_the_ink(page, 4)
        paper, *held = places(page.locator(".st-key-paper"), page.locator(".boxes .box"))
        for place in held:
            assert paper["x"] <= place["x"]
            assert place["x"] + place["width"] <= paper["x"] + paper["width"]
        assert place_of_answer(page) == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        context.close()


def test_row_below_the_answer_changes_with_what_is_drawn(page):
    buttons = page.locator(".st-key-correcting .row button").filter(visible=True)
    undo = page.locator(".st-key-tools .undo")
    expect(undo).to_be_disabled()
    expect(page.locator(".st-key-tools .clear")).to_be_disabled()
    expect(buttons).to_have_count(12)
    for button in buttons.all():
        expect(button).to_be_disabled()
    for _ in range(2):
        show_example(page, 2026)
        expect(page.get_by_placeholder("No, it says")).to_be_visible()
        expect(buttons).to_have_count(1)
        page.locator(".st-key-tools .clear").click()
        expect(buttons).to_have_count(12)
        expect(buttons.first).to_be_disabled()
        expect(undo).to_be_disabled()
        draw(page, fitted(digit_strokes(7)))
        reads(page, 7)
        expect(buttons).to_have_count(12)
        expect(buttons.first).to_be_enabled()
        expect(undo).to_be_enabled()
    # From one digit to two, and back, by strokes.
    draw(page, [np.array([[500, 60], [500, 260]])])
    expect(page.get_by_placeholder("No, it says")).to_be_visible()
    expect(buttons).to_have_count(1)
    undo.click()
    expect(buttons).to_have_count(12)
    expect(page.get_by_placeholder("No, it says")).to_be_hidden()
