"""The Draw page as its visitors use it, in a real browser."""

import numpy as np
from browser import settle
from playwright.sync_api import expect

from digitrec.web.size import HEIGHT, WIDTH


def open_page(page, address):
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    expect(page.get_by_text("Draw a digit").last).to_be_visible()
    settle(page)
    page.wait_for_timeout(400)  # a stroke that is drawn while the page is still built is lost


def clear(page):
    page.locator(".st-key-tools .clear").click()
    expect(page.get_by_test_id("label")).to_have_text("–")
    page.wait_for_timeout(300)


def reads(page, label, *, timeout=10_000):
    expect(page.get_by_role("status")).to_contain_text(f"This is a {label}, ", timeout=timeout)
    expect(page.get_by_test_id("label")).to_have_text(str(label))


def say(page, what):
    """Click in the row under the answer: "right", "none" or a label."""
    row = page.locator(".st-key-correcting")
    label = {"none": "?"}.get(what, what)
    row.locator(".right" if what == "right" else f"[data-label='{label}']").click()


def fitted(strokes, side=220):
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    scale = side / size.max()
    return [(s - low - size / 2) * scale + [WIDTH / 2, HEIGHT / 2] for s in strokes]


def ink_on_canvas(page):
    """Where the canvas itself shows ink: (320, 560) bool."""
    dark = page.locator("canvas.dc-canvas.lower-canvas").evaluate(
        """c => {
          const bytes = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
          let dark = '';
          for (let i = 0; i < bytes.length; i += 4)
            dark += bytes[i] < 128 && bytes[i + 3] > 128 ? '1' : '0';
          return dark;
        }"""
    )
    return (np.frombuffer(dark.encode(), np.uint8) == ord("1")).reshape(HEIGHT, WIDTH)


def eventually(page, holds, seconds=10):
    """Wait until something holds that Playwright has no words for."""
    for _ in range(10 * seconds):
        if holds():
            return
        page.wait_for_timeout(100)
    assert holds()


def shows(page, ink):
    """Wait until the canvas shows just this ink, (320, 560) bool."""
    eventually(page, lambda: np.array_equal(ink_on_canvas(page), ink))


def outline(mask):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return columns[0], rows[0], columns[-1], rows[-1]
