"""Take the README's screenshots of the real page.

    python scripts/screenshots.py docs/images

Starts the page, draws a 7 with the mouse in Chromium, and saves each page light and dark,
at laptop and phone width; the page Paper reads its own example.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from browser import ROOT, draw, launch, served, settle
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from posing import (
    CROSSED_SEVEN,
    SCRIBBLE,
    draw_anew,
    draw_between_seven_and_one,
    draw_data,
    keep_some,
    number,
)

from digitrec.shapes import digit_strokes
from digitrec.web.inside.section import PANELS

SIZES = {"": (1280, 720), "-phone": (360, 760)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


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


def _shoot_corrections(page: Page, address: str, path: Path) -> None:
    """All of them, one chosen."""
    page.goto(f"{address}/corrections")
    tiles = page.locator(".st-key-corrections_gallery li button")
    tiles.nth(2).click(timeout=30_000)
    page.get_by_text("1 chosen.").wait_for()
    _shoot(page, path)


def _shoot_inside(page: Page, folder: Path, theme: str) -> None:
    """Each panel of "See inside", for a crossed 7."""
    page.set_viewport_size({"width": 1280, "height": 2_000})
    draw_anew(page, CROSSED_SEVEN)
    for panel in PANELS:
        page.locator(".st-key-inside_panel button", has_text=panel).click()
        _settle(page)
        if panel == "Replay":
            page.locator(".st-key-inside input[type=range]").fill("20")
        page.wait_for_timeout(600)
        name = panel.lower().replace(" ", "-")
        page.locator(".st-key-inside").screenshot(path=folder / f"inside-{name}-{theme}.png")
    page.locator(".st-key-inside_panel button", has_text=panel).click()
    page.set_viewport_size({"width": 1280, "height": 720})


def _shoot_model(page: Page, address: str, folder: Path, end: str) -> None:
    """The sections that tell most."""
    size = page.viewport_size
    assert size is not None
    tall = 2_300 if size["width"] < 640 else 1_000
    page.set_viewport_size({"width": size["width"], "height": tall})
    page.goto(f"{address}/model")
    _settle(page)
    _shoot(page, folder / f"model-{end}.png")
    for section in ("Confidence", "Training") if size["width"] > 640 else ():
        page.locator(".stButtonGroup button", has_text=section).first.click()
        _settle(page)
        page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").last.wait_for()
        _shoot(page, folder / f"model-{section.lower()}-{end}.png")
    page.set_viewport_size(size)


def _shoot_data(page: Page, address: str, path: Path) -> None:
    size = page.viewport_size
    assert size is not None
    tall = 1_500 if size["width"] < 640 else 900
    page.set_viewport_size({"width": size["width"], "height": tall})
    page.goto(f"{address}/data")
    _settle(page)
    page.wait_for_timeout(1_500)
    _shoot(page, path)
    page.set_viewport_size(size)


def _settle(page: Page) -> None:
    """Wait until the server has nothing to do, and what it sent is drawn."""
    page.wait_for_timeout(800)
    settle(page)
    page.wait_for_timeout(600)


def _shoot_all(page: Page, address: str, folder: Path, theme: str, suffix: str) -> None:
    """Every page but Data, in one size and theme."""
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(800)
    draw(page, digit_strokes(7, height=230, left=198, top=40))
    page.get_by_test_id("label").get_by_text("7").wait_for()
    _shoot(page, folder / f"draw-{theme}{suffix}.png")
    draw_anew(page, number("2047"))
    page.locator(".answer.number").wait_for()
    _shoot(page, folder / f"number-{theme}{suffix}.png")
    draw_anew(page, SCRIBBLE)
    page.locator(".answer.not-a-digit").wait_for()
    _shoot(page, folder / f"not-a-digit-{theme}{suffix}.png")
    draw_between_seven_and_one(page)
    _shoot(page, folder / f"ambiguous-{theme}{suffix}.png")
    if not suffix:
        _shoot_inside(page, folder, theme)
    _shoot_paper(page, address, folder / f"paper-{theme}{suffix}.png")
    _shoot_teach(page, address, folder / f"teach-{theme}{suffix}.png")
    _shoot_corrections(page, address, folder / f"corrections-{theme}{suffix}.png")
    _shoot_model(page, address, folder, f"{theme}{suffix}")


def main() -> None:
    """Save every page in every size and theme."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="digitrec-") as place, sync_playwright() as playwright:
        store, data = f"{place}/corrections.sqlite", f"{place}/drawn.npz"
        keep_some(store)
        draw_data(Path(data))
        browser = launch(playwright)
        here = {"DIGITREC_DATABASE_URL": store, "XDG_DATA_HOME": place, "DIGITREC_CACHE": place}
        for named in ("", data):
            with served(log=None, **here, DIGITREC_MNIST=named) as address:
                _take_all(browser, address, folder, only_data=bool(named))
        browser.close()


def _take_all(browser: Browser, address: str, folder: Path, *, only_data: bool) -> None:
    for theme in THEMES:
        for suffix, (width, height) in SIZES.items():
            size: ViewportSize = {"width": width, "height": height}
            page = browser.new_page(viewport=size, color_scheme=theme)
            if only_data:
                _shoot_data(page, address, folder / f"data-{theme}{suffix}.png")
            else:
                _shoot_all(page, address, folder, theme, suffix)
            page.close()


if __name__ == "__main__":
    main()
