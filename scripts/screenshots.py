"""Take the README's screenshots of the real page.

    python scripts/screenshots.py docs/images

Starts the page, draws a 7 with the mouse in Chromium, and saves each page light and dark,
at laptop and phone width; the page Paper reads its own example.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from browser import ROOT, draw, launch, served
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from digitrec.corrections import CorrectionStore
from digitrec.recognizer import Recognizer
from digitrec.shapes import StrokeVariation, digit_strokes, random_digit, vary_strokes
from digitrec.web.keeping import correction_of
from digitrec.web.size import WIDTH

SIZES = {"": (1280, 720), "-phone": (360, 760)}
_SCRIBBLE = [
    np.array([[190, 210], [230, 90], [260, 250], [300, 80], [325, 240], [370, 100], [400, 230]])
]
_CORNERED_SIX = np.array([[0, 0], [0, 1], [0.8, 1], [0.8, 0.5], [0, 0.5]])
_PITCH = 80.0  # px from digit to digit
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def _draw_anew(page: Page, strokes: list[NDArray[np.float64]]) -> None:
    page.locator(".st-key-clear button").click()
    page.get_by_test_id("label").get_by_text("–").wait_for()
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    draw(page, [stroke.astype(np.float32) for stroke in strokes])
    page.wait_for_timeout(700)


def _draw_between_seven_and_one(page: Page) -> None:
    """Shorten a 7's bar until the network hesitates."""
    for left in range(230, 305, 5):
        flag = [[left, 112], [(left + 320) / 2, 94], [320, 80]]
        _draw_anew(page, [np.array([*flag, [310, 150], [300, 220], [290, 270]], float)])
        if page.locator(".answer.ambiguous").count():
            return
    raise RuntimeError("no drawing between 7 and 1 is ambiguous")


def _number(text: str) -> list[NDArray[np.float64]]:
    """Digits beside each other in the part of the canvas that a phone shows."""
    left = (WIDTH - _PITCH * len(text)) / 2
    return [
        stroke.astype(np.float64)
        for place, label in enumerate(text)
        for stroke in digit_strokes(int(label), height=110, left=left + _PITCH * place, top=100)
    ]


def _shoot(page: Page, path: Path) -> None:
    page.mouse.move(0, 1)
    page.wait_for_timeout(600)
    page.screenshot(path=path, full_page=True)


def _shoot_paper(page: Page, address: str, path: Path) -> None:
    """The example, read; one of its digits is struck out."""
    size = page.viewport_size
    assert size is not None
    # The page scrolls inside of itself: a higher window shows all of it.
    page.set_viewport_size(
        {"width": size["width"], "height": 1_540 if size["width"] < 640 else 950}
    )
    page.goto(f"{address}/paper")
    page.get_by_role("button", name="Read this page").click(timeout=30_000)
    page.locator(".viewer rect").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Download JSON").wait_for()
    page.wait_for_timeout(1_200)
    _shoot(page, path)
    page.set_viewport_size(size)


def _shoot_teach(page: Page, address: str, path: Path) -> None:
    """A 7 in a mirror, taught and drawn again."""
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(
        {"width": size["width"], "height": 1_560 if size["width"] < 640 else 720}
    )
    page.goto(f"{address}/teach")
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(800)
    down, along = np.linspace((235, 260), (235, 60), 15), np.linspace((235, 60), (335, 60), 12)
    for slant in (0.0, 0.06, 0.12):
        stroke = np.concatenate([down, along[1:]])
        stroke[:, 0] += slant * (260 - stroke[:, 1])
        draw(page, [stroke.astype(np.float32)])
        page.wait_for_timeout(800)
        if slant < 0.12:
            page.locator(".st-key-teach-7 button").click()
            page.get_by_text("Kept as a 7").wait_for()
            page.wait_for_timeout(800)
    _shoot(page, path)
    page.set_viewport_size(size)


def _keep_some(place: str) -> None:
    """Two hours of somebody's corrections, by the project's own hands."""
    recognizer, rng = Recognizer(), np.random.default_rng(8)
    now, made = datetime.now(UTC), []
    for number in range(40):
        label = 6 if number % 5 == 2 else int(rng.integers(10))
        drawn = [_CORNERED_SIX] if number % 5 == 2 else random_digit(label, rng)
        shape = vary_strokes(drawn, StrokeVariation(), rng)
        strokes = [(200 * stroke).astype(np.float32) for stroke in shape]
        digit = recognizer.read_strokes(strokes).digits[0]
        made.append(
            replace(
                correction_of(digit, label, recognizer.model, strokes),
                time=now - timedelta(minutes=3 * number),
            )
        )
    with CorrectionStore(place) as store:
        store.save_all(made)


def _shoot_corrections(page: Page, address: str, path: Path) -> None:
    """All of them, one chosen."""
    page.goto(f"{address}/corrections")
    tiles = page.locator(".st-key-corrections_gallery li button")
    tiles.nth(2).click(timeout=30_000)
    page.get_by_text("1 chosen.").wait_for()
    _shoot(page, path)


def main() -> None:
    """Save every page in every size and theme."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="digitrec-") as place:
        store = f"{place}/corrections.sqlite"
        _keep_some(store)
        _take_all(folder, store, place)


def _take_all(folder: Path, store: str, place: str) -> None:
    site = served(DIGITREC_DATABASE_URL=store, XDG_DATA_HOME=place)
    with site as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for theme in THEMES:
            for suffix, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme
                )
                page = context.new_page()
                page.goto(address)
                page.locator("canvas.upper-canvas").wait_for()
                page.wait_for_timeout(800)
                draw(page, digit_strokes(7, height=230, left=198, top=40))
                page.get_by_test_id("label").get_by_text("7").wait_for()
                page.mouse.move(0, height - 1)
                page.wait_for_timeout(800)
                page.screenshot(path=folder / f"draw-{theme}{suffix}.png", full_page=True)
                _draw_anew(page, _number("2047"))
                page.locator(".answer.number").wait_for()
                _shoot(page, folder / f"number-{theme}{suffix}.png")
                _draw_anew(page, _SCRIBBLE)
                page.locator(".answer.not-a-digit").wait_for()
                _shoot(page, folder / f"not-a-digit-{theme}{suffix}.png")
                _draw_between_seven_and_one(page)
                _shoot(page, folder / f"ambiguous-{theme}{suffix}.png")
                _shoot_paper(page, address, folder / f"paper-{theme}{suffix}.png")
                _shoot_teach(page, address, folder / f"teach-{theme}{suffix}.png")
                _shoot_corrections(page, address, folder / f"corrections-{theme}{suffix}.png")
                page.goto(f"{address}/model")
                page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").last.wait_for()
                page.wait_for_timeout(1200)
                page.screenshot(path=folder / f"model-{theme}{suffix}.png", full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
