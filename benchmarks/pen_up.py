"""The page in Chromium: pen up to the changed answer, beside an empty page with the same canvas.

    python -m benchmarks.pen_up

Needs the extra `dev`, and a Chromium.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks.sections import Section
from digitrec.rows import Aim, Quantity, Row

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import draw, launch, served

EMPTY = "benchmarks/empty_page.py"
# From the pen's last move to the first change of the answer, or of what the network saw where the
# words stay the same, as the page itself sees it.
WATCH = """() => {
  window.waits = []; let up = null, last = null;
  const parts = '[data-testid=answer], [data-testid=strip]';
  const text = () => [...document.querySelectorAll(parts)].map((part) => part.innerHTML).join();
  last = text();
  window.addEventListener('pointerup', () => { up = performance.now(); }, true);
  window.addEventListener('mouseup', () => { up ??= performance.now(); }, true);
  new MutationObserver(() => {
    const now = text();
    if (now === '' || now === last) return;
    last = now;
    if (up !== null) { window.waits.push(performance.now() - up); up = null; }
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def rows(quick: bool) -> Iterator[Row]:
    """Memory of the serving process, and the wait from pen up to the changed answer."""
    scale = 4 if quick else 1
    drawings = 200 // scale
    with sync_playwright() as playwright, served() as real, served(EMPTY) as empty:
        browser = launch(playwright)
        memory = _memory_after(browser.new_page(), real, drawings)
        yield Row(
            f"serving process after {drawings} drawings",
            {"memory": Quantity(memory, "MB")},
            aims=[Aim("memory", "≤", 250)],
        )
        pages = []
        for address in (real, empty):
            page = browser.new_page()
            page.goto(address)
            page.locator("canvas.upper-canvas").wait_for()
            page.wait_for_timeout(1500)
            page.evaluate(WATCH)
            pages.append(page)
        rng = np.random.default_rng(0)
        for _ in range(32 // scale):
            stroke = rng.uniform(30, 290, (6, 2)).astype(np.float32)
            for page in pages:
                page.bring_to_front()
                draw(page, [stroke])
                page.wait_for_timeout(400)
        waits = [page.evaluate("window.waits") for page in pages]
        browser.close()
    if min(map(len, waits)) < 16 // scale:
        raise RuntimeError(f"too few answers changed: {[len(w) for w in waits]}")
    ours, theirs = (statistics.median(w[2:]) / 1000 for w in waits)
    yield Row(
        "pen up to changed answer",
        {"median": Quantity(ours, "s")},
        "empty page, same canvas",
        Quantity(theirs, "s"),
        aims=[Aim("ratio", "≤", 1.25)],
    )


def _memory_after(page: Page, address: str, drawings: int) -> float:
    """Resident memory of the process that serves `address`, in MB, after so many drawings."""
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(800)
    for number in range(drawings):
        label = number % 10
        page.locator(f".st-key-example-{label} button").click()
        page.wait_for_function(
            "label => document.querySelector('[data-testid=label]')?.innerText == label",
            arg=str(label),
        )
    page.close()
    port = urlsplit(address).port
    for process in psutil.process_iter():
        try:
            if any(
                c.laddr.port == port and c.status == "LISTEN" for c in process.net_connections()
            ):
                return float(process.memory_info().rss / 1e6)
        except psutil.Error:
            continue
    raise RuntimeError(f"no process listens on port {port}")


SECTION = Section(
    "The page",
    "In Chromium, the real page and an empty one in turn; the ratio tells how many times as long.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
