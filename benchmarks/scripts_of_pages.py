"""How long the server works on each page: one run of its script, with a warm cache.

    python -m benchmarks.scripts_of_pages

A real Chromium goes from page to page in one visit, with a drawing, and
with each panel of "See inside" open. Needs the extra `dev`; with MNIST on this machine the page
Data shows it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.sections import Section

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import launch, served, settle, show_example

from digitrec.rows import Aim, Quantity, Row
from digitrec.web.inside.section import PANELS

_AIM = 0.1  # s
_PATIENCE = 60  # s


def rows(quick: bool) -> Iterator[Row]:
    """Every page."""
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        times = Path(folder) / "times"
        clocked = served(
            "benchmarks/timed_page.py",
            XDG_DATA_HOME=folder,
            DIGITREC_CACHE=folder,
            DIGITREC_TIMES=str(times),
            DIGITREC_MNIST=f"{folder}/none.npz",
        )
        with clocked as address, sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(address)
            page.locator("canvas.upper-canvas").wait_for()
            for words, title in _states(page):
                took = _timed(page, title, times, 2 if quick else 12)
                yield Row(
                    words,
                    {
                        "median": Quantity(statistics.median(took), "s"),
                        "slowest": Quantity(max(took), "s"),
                    },
                    aims=[Aim("median", "≤", _AIM)],
                )
            browser.close()


def _states(page: Page) -> Iterator[tuple[str, str]]:
    """Puts the pages into one state after the other; its words, and the page's title."""
    yield "Draw, nothing drawn", "Draw"
    show_example(page, 7)
    page.get_by_test_id("label").get_by_text("7").wait_for()
    yield "Draw, a 7", "Draw"
    for panel in PANELS:
        page.locator(".st-key-inside_panel button", has_text=panel).click()
        settle(page)
        yield f"Draw, a 7, {panel}", "Draw"
    show_example(page, 2026)
    page.locator(".answer.number").wait_for()
    yield f"Draw, 2026, {list(PANELS)[-1]}", "Draw"
    for title in page.locator("[data-testid=stTopNavLink]").all_inner_texts():
        if title.strip() != "Draw":
            yield title.strip(), title.strip()


def _timed(page: Page, title: str, times: Path, visits: int) -> list[float]:
    """Seconds of so many visits to a page, each from another one, but for the first two."""
    for _ in range(visits + 2):
        _visit(page, "Paper" if title != "Paper" else "Teach", times)
        _visit(page, title, times)
    return _runs(times, title)[-visits:]


def _visit(page: Page, title: str, times: Path) -> None:
    """Go to a page, and wait until its script has run, which a busy machine may put off."""
    before = len(_runs(times, title))
    page.get_by_role("link", name=title, exact=True).click()
    for _ in range(10 * _PATIENCE):
        if len(_runs(times, title)) > before:
            settle(page)
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"the page {title} did not run within {_PATIENCE} seconds")


def _runs(times: Path, title: str) -> list[float]:
    """Seconds of every run of a page's script so far."""
    lines = [line.split("\t") for line in times.read_text(encoding="utf-8").splitlines()]
    return [float(took) / 1000 for name, took in lines if name == title]


SECTION = Section(
    "The scripts of the pages",
    "One run of each page's script on the server, in one visit in Chromium, with a warm cache. "
    "Where something is drawn 40 ms of it are a pause, in which the browser shows the answer. The "
    "other pages hold nothing yet: no file, no sample, no correction, no MNIST.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
