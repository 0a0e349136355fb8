"""Hands that are quicker than the canvas: it tells of a stroke 200 ms after the pen went up."""

import contextlib

import numpy as np
import psutil
import pytest
from browser import served, settle
from playwright.sync_api import expect
from sketching import clear, ink_on_canvas, open_page, reads, shows
from visiting import places

from digitrec.handwriting import Handwriting

STEM, BAR = [(280, 60), (280, 260)], [(160, 280), (400, 280)]


@pytest.fixture(scope="module")
def address():
    with served() as address:
        yield address


def stroke(page, points):
    """Draw a stroke and be done the moment that the pen goes up."""
    (paper,) = places(page.locator("canvas.upper-canvas"))
    (x, y), *way = [(paper["x"] + x, paper["y"] + y) for x, y in points]
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in way:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


def middle(locator):
    (place,) = places(locator)
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


@contextlib.contextmanager
def server_is_busy(address):
    """Meanwhile the server hears what comes, and does nothing."""
    port = address.rsplit(":", 1)[1]
    (server,) = (each for each in psutil.Process().children() if port in each.cmdline())
    server.suspend()
    try:
        yield
    finally:
        server.resume()


@pytest.mark.parametrize("busy", [False, True])
def test_undo_takes_the_last_stroke_back_however_soon(page, address, busy):
    open_page(page, address)
    stroke(page, STEM)
    reads(page, 1)
    one = ink_on_canvas(page)
    undo = middle(page.locator(".st-key-tools .undo"))
    with server_is_busy(address) if busy else contextlib.nullcontext():
        stroke(page, BAR)
        page.mouse.click(*undo)
        page.wait_for_timeout(600)
    shows(page, one)
    reads(page, 1)


@pytest.mark.parametrize("busy", [False, True])
def test_clear_takes_all_back_and_other_page_nothing(page, address, busy):
    open_page(page, address)
    for points in (STEM, BAR):
        stroke(page, points)
        page.wait_for_timeout(600)
    both = ink_on_canvas(page)
    clear(page)
    stroke(page, STEM)
    reads(page, 1)
    model = middle(page.get_by_role("link", name="Model"))
    with server_is_busy(address) if busy else contextlib.nullcontext():
        stroke(page, BAR)
        page.mouse.click(*model)
        page.wait_for_timeout(600)
    expect(page.get_by_role("heading", name="Model", exact=True)).to_be_visible()
    page.get_by_role("link", name="Draw").click()
    page.locator("canvas.upper-canvas").wait_for()
    shows(page, both)
    settle(page)
    page.wait_for_timeout(400)
    emptied = middle(page.locator(".st-key-tools .clear"))
    stroke(page, [(60, 60), (60, 200)])
    page.mouse.click(*emptied)
    shows(page, np.zeros_like(both))
    stroke(page, STEM)
    reads(page, 1)
    clear(page)


def test_other_page_is_asked_for_once_a_busy_server_has_the_stroke(page, address):
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    open_page(page, address)
    stroke(page, STEM)
    reads(page, 1)
    model = middle(page.get_by_role("link", name="Model"))
    before = len(sent)
    with server_is_busy(address):
        stroke(page, BAR)
        page.wait_for_timeout(500)
        assert len(sent) == before + 1  # the stroke
        page.mouse.click(*model)
        page.wait_for_timeout(300)
        # A server that finds both at once may stop what the stroke asks for before it has begun.
        assert len(sent) == before + 1
    expect(page.get_by_role("heading", name="Model", exact=True)).to_be_visible()


@pytest.mark.parametrize("way", ["key", "click", "busy"])
def test_sample_has_every_stroke_however_soon_it_is_kept(page, address, way):
    page.goto(f"{address}/teach")
    page.locator("canvas.upper-canvas").wait_for()
    settle(page)
    page.wait_for_timeout(1_500)
    kept = []
    for label, wait in (("7", 600), ("4", 0)):
        stroke(page, STEM)
        button = page.locator(f".st-key-teach-{label} button")
        expect(button).to_be_enabled()
        at = middle(button)
        page.wait_for_timeout(400)
        busy = way == "busy" and not wait
        with server_is_busy(address) if busy else contextlib.nullcontext():
            stroke(page, BAR)
            page.wait_for_timeout(wait)
            if way == "key":
                page.keyboard.press(label)
            else:
                page.mouse.click(*at)
            page.wait_for_timeout(700)
        expect(page.get_by_text(f"Kept as a {label}.")).to_be_visible()
        shows(page, np.zeros((320, 560), bool))
        with page.expect_download() as started:
            page.get_by_role("button", name="Download").click()
        kept.append(Handwriting.load(started.value.path().read_bytes()).digits[-1])
        page.wait_for_timeout(300)
    assert np.array_equal(*kept)
