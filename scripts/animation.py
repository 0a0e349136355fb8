"""Film the real page: digits are drawn, stroke by stroke, and recognised.

    python scripts/animation.py docs/images

Starts the page, draws with the mouse in Chromium, light and dark, and saves what is seen as
`drawing-light.gif` and `drawing-dark.gif`.
"""

from __future__ import annotations

import argparse
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import numpy as np
from browser import ROOT, launch, served, until
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from digitrec.shapes import digit_strokes

_SIZE = (1_180, 545)  # px of the window: canvas and answer
_WIDTH = 860  # px of the picture
_COLOURS = 48
_STEP = 60  # ms a frame while the pen moves
_PAUSE, _END = 900, 2_400  # ms after a stroke, and before it begins again
_POINTS_A_FRAME = 3
# px of the canvas: the stem, which alone is a 1, the bar above, the short bar through it
_SEVEN = (
    [(262, 62), (240, 130), (222, 200), (212, 256)],
    [(166, 70), (215, 64), (264, 60)],
    [(188, 170), (272, 158)],
)


def main() -> None:
    """Save both films."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix="digitrec-") as place,
        served(XDG_DATA_HOME=place) as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for theme in ("light", "dark"):
            _film(browser, address, theme, folder / f"drawing-{theme}.gif")
        browser.close()


def _film(browser: Browser, address: str, theme: Literal["light", "dark"], path: Path) -> None:
    width, height = _SIZE
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=theme)
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(1_500)
    frames: list[Image.Image] = []
    times: list[int] = []
    for frame, time in _frames(page):
        if frames and frame.tobytes() == frames[-1].tobytes():
            times[-1] += time
        else:
            frames.append(frame)
            times.append(time)
    page.close()
    # The colours of the last frame, which has the accent too, for all: nothing flickers.
    colours = frames[-1].quantize(_COLOURS, dither=Image.Dither.NONE)
    few = [frame.quantize(palette=colours, dither=Image.Dither.NONE) for frame in frames]
    unfinished = path.with_name(f".{path.name}")
    few[0].save(
        unfinished,
        "GIF",
        save_all=True,
        append_images=few[1:],
        duration=times,
        loop=0,
        optimize=True,
    )
    unfinished.replace(path)


def _frames(page: Page) -> Iterator[tuple[Image.Image, int]]:
    """What is seen, and for how many milliseconds: a 1 becomes a 7, then a number."""
    yield _seen(page), _PAUSE
    for stroke in (*map(_line, _SEVEN), *digit_strokes(3, height=190, left=330, top=62)):
        yield from _drawn(page, stroke)
    yield _seen(page), _END


def _line(corners: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
    """A stroke through those corners, a point every few px."""
    ends = np.asarray(corners, np.float32)
    steps = [
        np.linspace(start, end, max(2, round(float(np.hypot(*(end - start))) / 6)))
        for start, end in itertools.pairwise(ends)
    ]
    return np.concatenate(steps).astype(np.float32)


def _drawn(page: Page, stroke: NDArray[np.float32]) -> Iterator[tuple[Image.Image, int]]:
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    before = page.get_by_test_id("strip").inner_html()
    for place, (x, y) in enumerate(stroke):
        page.mouse.move(box["x"] + float(x), box["y"] + float(y))
        if place == 0:
            page.mouse.down()
        elif place % _POINTS_A_FRAME == 0:
            yield _seen(page), _STEP
    page.mouse.up()
    yield _seen(page), 2 * _STEP
    # The answer has come when what the network sees has changed.
    until(
        page,
        "before => document.querySelector('[data-testid=strip]')?.innerHTML !== before",
        before,
    )
    page.wait_for_timeout(500)
    yield _seen(page), _PAUSE


def _seen(page: Page) -> Image.Image:
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        size = (_WIDTH, round(_WIDTH * picture.height / picture.width))
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
