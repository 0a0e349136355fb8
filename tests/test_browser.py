"""The real page in a real Chromium: what the mouse draws is what the page reads."""

import base64
import gzip
import io
import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import urlsplit

import numpy as np
import pytest
from browser import ROOT, draw, served, settle, show_example, wait_until_healthy
from PIL import Image
from playwright.sync_api import expect
from sketching import (
    clear,
    eventually,
    fitted,
    ink_on_canvas,
    open_page,
    outline,
    reads,
    shows,
)
from visiting import places

from digitrec.shapes import digit_strokes
from digitrec.web.size import HEIGHT, WIDTH


def test_mouse_draws_each_template_and_the_page_reads_it(page):
    for label in range(10):
        draw(page, fitted(digit_strokes(label)))
        reads(page, label)
        clear(page)


@pytest.mark.real_data
@pytest.mark.parametrize("writer", [0, 20, 40])  # of 55; no network of ours has seen them
def test_mouse_draws_real_digits_and_the_page_reads_them(page, data_folder, writer):
    drawings = {}
    with gzip.open(data_folder / "strokes" / "chars74k_62_characters.jsonl.gz", "rt") as file:
        for line in file:
            row = json.loads(line)
            if row["writer"] == writer and row["label"].isdigit():
                drawings.setdefault(row["label"], row["strokes"])
    assert len(drawings) == 10
    for label, strokes in sorted(drawings.items()):
        draw(page, fitted([np.array(s, float) for s in strokes]))
        reads(page, label)
        clear(page)


def test_finger_draws_on_a_phone_and_the_page_reads_it(browser, address):
    context = browser.new_context(
        viewport={"width": 360, "height": 760}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    open_page(page, address)
    paper, box = places(page.locator(".st-key-paper"), page.locator("canvas.upper-canvas"))
    assert (paper["x"], paper["width"], paper["height"]) == (16, 328, HEIGHT)
    assert box["x"] + WIDTH / 2 == paper["x"] + paper["width"] / 2  # the middle is in sight
    touch = context.new_cdp_session(page)
    for stroke in fitted(digit_strokes(2)):
        kinds = ["touchStart", *["touchMove"] * (len(stroke) - 1)]
        for kind, (x, y) in zip(kinds, stroke, strict=True):
            point = {"x": box["x"] + float(x), "y": box["y"] + float(y)}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    reads(page, 2)
    (answer,) = places(page.get_by_test_id("answer"))
    assert box["y"] + box["height"] <= answer["y"] <= box["y"] + box["height"] + 80
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_undo_takes_the_last_stroke_back_and_clear_all(page):
    draw(page, fitted(digit_strokes(1)))
    reads(page, 1)
    one = ink_on_canvas(page)
    draw(page, [np.array([[160, 280], [400, 280]])])
    assert not np.array_equal(ink_on_canvas(page), one)
    page.locator(".st-key-tools .undo").click()
    shows(page, one)
    reads(page, 1)
    clear(page)
    assert not ink_on_canvas(page).any()
    draw(page, fitted(digit_strokes(7)))
    reads(page, 7)
    clear(page)
    assert not ink_on_canvas(page).any()


def test_example_is_drawn_on_the_canvas_and_read(page):
    show_example(page, 8)
    reads(page, 8)
    eventually(page, lambda: ink_on_canvas(page).any())


def test_download_is_the_digit_as_png(page):
    show_example(page, 3)
    reads(page, 3)
    with page.expect_download() as download:
        page.locator(".st-key-download button").click()
    assert download.value.suggested_filename == "digit-3.png"
    image = np.asarray(Image.open(download.value.path()))
    assert (image.shape, image.dtype, image.max() >= 254) == ((28, 28), np.uint8, True)
    reads(page, 3)


def test_no_example_is_lost_to_the_one_before(page):
    for label in (4, 4, 1, 0, 7, 2):
        show_example(page, label)
        reads(
            page, label
        )  # and at once the next one, while the rest of the page is still on its way
    page.locator(".st-key-tools .clear").click()
    page.locator(".answer.none").wait_for()
    show_example(page, 2)
    reads(page, 2)


def test_scribble_is_told_and_nothing_moves(page):
    stood = []
    answer = page.get_by_test_id("answer")
    parts = [answer, page.locator(".answer table")]
    corners = np.random.default_rng(4).uniform(60, 260, (14, 2))
    for strokes, words in (
        ([], "Draw a digit"),
        (fitted(digit_strokes(7)), "sure that it is a 7"),
        ([corners], "This does not look like a digit"),
    ):
        draw(page, strokes)
        expect(answer).to_contain_text(words)
        stood.append(places(*parts))
        if strokes:
            page.wait_for_timeout(300)
            if words.startswith("This"):
                expect(page.get_by_test_id("label")).to_have_text("?")
                expect(page.locator(".answer tr.winner")).to_have_count(0)
            clear(page)
    assert stood[0] == stood[1] == stood[2]


def test_tap_is_too_little_ink(page):
    (box,) = places(page.locator("canvas.upper-canvas"))
    page.mouse.click(box["x"] + 100, box["y"] + 100)
    expect(page.get_by_text("Too little ink", exact=True)).to_be_visible()


def test_drawing_survives_page_theme_and_setting(page):
    draw(page, fitted(digit_strokes(5)))
    reads(page, 5)
    before = ink_on_canvas(page)
    page.get_by_role("link", name="Model").click()
    expect(page.get_by_role("heading", name="Model")).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    reads(page, 5)
    page.emulate_media(color_scheme="dark")
    page.get_by_role("slider").press("ArrowRight")
    page.wait_for_timeout(800)
    reads(page, 5)
    shows(page, before)


def is_built(came):
    """Whether a page has come, by its frames and their times, and nothing more for a while."""
    canvas = any(b"drawable_canvas" in content for _, content in came)
    return canvas and came[-1][0] < time.time() - 4


def test_drawing_survives_a_server_that_dies_and_returns(browser):
    with served() as address:
        port = str(urlsplit(address).port)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", port]

    def start():
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ)
        wait_until_healthy(address, process)
        return process

    process = start()
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        page = context.new_page()
        sessions = []  # the frames of each, and when they came

        def listen(socket):
            sessions.append([])
            came = sessions[-1]
            socket.on("framereceived", lambda frame: came.append((time.time(), frame)))

        page.on("websocket", listen)
        open_page(page, address)
        show_example(page, 8)
        reads(page, 8)
        clear(page)
        draw(page, fitted(digit_strokes(6)))
        reads(page, 6)
        before = ink_on_canvas(page)
        process.kill()
        process.wait(10)
        gone = page.get_by_role("dialog")
        expect(gone).to_be_visible()
        assert "does not answer. Leave the page open" in gone.aria_snapshot()
        assert "Streamlit" not in gone.inner_text() + gone.aria_snapshot()
        process = start()
        eventually(page, lambda: len(sessions) == 2 and is_built(sessions[1]), seconds=60)
        settle(page)
        expect(gone).to_have_count(0)
        # The new session knew nothing: with one more digit it shows what the browser gave back. A
        # stroke in the second before that would be lost to it.
        assert np.array_equal(ink_on_canvas(page), before)
        draw(page, [np.array([[80, 60], [80, 260]])])
        expect(page.get_by_test_id("label")).to_have_text(re.compile("1 ?6"), timeout=30_000)
        show_example(page, 8)  # as before the server died
        reads(page, 8)
    finally:
        context.close()
        process.kill()
        process.wait(10)


def test_edited_stroke_is_read_where_it_is_seen(page):
    draw(page, [s * 0.5 + 20 for s in fitted(digit_strokes(2))])
    reads(page, 2)
    (box,) = places(page.locator("canvas.upper-canvas"))
    edit = page.get_by_role("button", name="Edit")

    def drag(start, end):
        page.mouse.move(float(box["x"] + start[0]), float(box["y"] + start[1]))
        page.mouse.down()
        page.mouse.move(float(box["x"] + end[0]), float(box["y"] + end[1]), steps=8)
        page.mouse.up()
        page.wait_for_timeout(700)

    page.mouse.move(box["x"] + 200, box["y"] + 200)
    edit.click()
    x0, y0, x1, y1 = outline(ink_on_canvas(page))
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    page.mouse.click(float(box["x"] + middle[0]), float(box["y"] + middle[1]))
    page.wait_for_timeout(300)
    drag(middle, (middle[0] + 60, middle[1] + 40))  # moved
    assert_strip_matches(page)
    x0, y0, x1, y1 = (v + d for v, d in zip((x0, y0, x1, y1), (60, 40, 60, 40), strict=True))
    drag((x1, y1), (x1 + 60, y1 + 60))  # scaled by its corner
    assert_strip_matches(page)
    centre = ((x0 + x1 + 60) / 2, (y0 + y1 + 60) / 2)
    drag((centre[0], y0 - 40), (centre[0] + 60, y0 - 10))  # turned by the handle above
    assert_strip_matches(page)


def assert_strip_matches(page):
    """The "drawing" of the strip lies where the canvas shows its ink, within ten seconds."""
    eventually(page, lambda: strip_from_canvas(page) <= 2.5)


def strip_from_canvas(page):
    source = page.get_by_alt_text("the drawing", exact=True).get_attribute("src")
    image = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1])))
    shown = outline(255 - np.asarray(image.convert("L")) > 100)
    seen = np.array(outline(ink_on_canvas(page))) * (image.width / WIDTH)
    return np.abs(np.array(shown) - seen).max()
