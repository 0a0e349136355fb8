"""Take the README's screenshots of the real page.

    python scripts/screenshots.py docs/images

Starts the page, draws a 7 with the mouse in Chromium, and saves each page light and dark,
at laptop and phone width.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from digitrec.shapes import digit_strokes

ROOT = Path(__file__).parent.parent
SIZES = {"": (1280, 720), "-phone": (360, 760), "-wide": (1400, 900)}
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served(app: str = "app.py", **environment: str) -> Iterator[str]:
    """The page on a free port of this machine, as its address; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    import os

    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL
    )
    address = f"http://localhost:{port}"
    try:
        _wait_until_healthy(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the page stopped as soon as it was started")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the page did not answer within 30 seconds")


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium if there is one, else Playwright's own."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    return playwright.chromium.launch(executable_path=system, args=_FLAGS)


def draw(page: Page, strokes: Iterator[object] | list) -> None:  # type: ignore[type-arg]
    """Draw strokes (n, 2) in canvas pixels with the mouse."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    for stroke in strokes:
        points = [(box["x"] + float(x), box["y"] + float(y)) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
        page.wait_for_timeout(150)


def main() -> None:
    """Save every page in every size and theme."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for theme in ("light", "dark"):
            for suffix, (width, height) in SIZES.items():
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme
                )
                page = context.new_page()
                page.goto(address)
                page.locator("canvas.upper-canvas").wait_for()
                page.wait_for_timeout(800)
                if suffix == "-wide":
                    page.screenshot(path=folder / f"empty-{theme}.png")
                draw(page, digit_strokes(7, height=230, left=75, top=40))
                page.get_by_test_id("label").get_by_text("7").wait_for()
                page.mouse.move(0, height - 1)
                page.wait_for_timeout(800)
                page.screenshot(path=folder / f"draw-{theme}{suffix}.png", full_page=True)
                page.goto(f"{address}/model")
                page.locator(".stVegaLiteChart canvas, .stVegaLiteChart svg").last.wait_for()
                page.wait_for_timeout(1200)
                page.screenshot(path=folder / f"model-{theme}{suffix}.png", full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
