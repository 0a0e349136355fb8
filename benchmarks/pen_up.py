"""The page in Chromium: pen up to the changed answer, beside an empty page with the same canvas.

    python -m benchmarks.pen_up

Needs the extra `dev`, and a Chromium.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks import load
from benchmarks.sections import Section
from digitrec.rows import Aim, Quantity, Row
from digitrec.shapes import digit_strokes
from digitrec.timing import percentile

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import draw, launch, served, settle, show_example, until

EMPTY = "benchmarks/empty_page.py"
# From the pen's last move to the first change of the answer, or of what the network saw where the
# words stay the same, as the page itself sees it.
WATCH = """() => {
  window.waits = []; let up = null, last = null, tell = () => {};
  // Whether there are more than so many waits now or soon.
  window.more = (than, patience) => new Promise((told) => {
    if (window.waits.length > than) return told(true);
    tell = () => told(true);
    setTimeout(() => { up = null; told(false); }, patience);
  });
  const parts = '[data-testid=answer], [data-testid=strip]';
  const text = () => [...document.querySelectorAll(parts)].map((part) => part.innerHTML).join();
  last = text();
  window.addEventListener('pointerup', () => { up = performance.now(); }, true);
  window.addEventListener('mouseup', () => { up ??= performance.now(); }, true);
  new MutationObserver(() => {
    const now = text();
    if (now === '' || now === last) return;
    last = now;
    if (up !== null) { window.waits.push(performance.now() - up); up = null; tell(); }
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


_HEIGHT, _ROOM = 160.0, 130.0  # px: four digits side by side
_DIGITS, _OTHERS = 4, 49


@dataclass
class Watched:
    """A page that is drawn on.

    Attributes:
        address: where it is served.
        waits: seconds from pen up to the changed answer.
        lost: strokes after which nothing changed.
        up: bytes on the websocket to the server, in strokes alone.
        down: bytes from there.
    """

    address: str
    waits: list[float] = field(default_factory=list)
    lost: int = 0
    up: int = 0
    down: int = 0

    def row(
        self, what: str, beside: Watched, factor: float, crowd: load.Outcome | None = None
    ) -> Row:
        """Its waits beside those of another page, and how many times as long they may be.

        Args:
            what: what it tells, in words.
            beside: the other page.
            factor: how many times.
            crowd: what others went through meanwhile.
        """
        theirs = Quantity(percentile(beside.waits, 50), "s")
        most = round(factor * percentile(beside.waits, 95), 4)
        values = {
            "p50": Quantity(percentile(self.waits, 50), "s"),
            "p95": Quantity(percentile(self.waits, 95), "s"),
            "strokes": Quantity(len(self.waits) + self.lost),
            "lost": Quantity(self.lost + (crowd.lost if crowd else 0)),
        }
        aims = [Aim("ratio", "≤", factor), Aim("p95", "≤", most), Aim("lost", "≤", 0)]
        if crowd is not None:
            values["errors"] = Quantity(crowd.errors)
            aims.append(Aim("errors", "≤", 0))
        return Row(what, values, "p50 of an empty page, same canvas", theirs, aims=aims)

    def bytes_row(self, name: str) -> Row:
        """What a stroke sends, on average."""
        count = len(self.waits)
        values = {"up": self.up, "down": self.down}
        a_stroke = {way: Quantity(n / count / 1000, "kB") for way, n in values.items()}
        return Row(f"websocket, a stroke on {name}", a_stroke)


def rows(quick: bool) -> Iterator[Row]:
    """Memory of the serving process, and the wait from pen up to the changed answer."""
    sheets, digits = (1, 2) if quick else (8, _DIGITS)
    drawings = 10 if quick else 200
    with sync_playwright() as playwright, served() as real, served(EMPTY) as empty:
        browser = launch(playwright)
        memory = _memory_after(browser.new_page(), real, drawings)
        yield Row(
            f"serving process after {drawings} drawings",
            {"memory": Quantity(memory, "MB")},
            aims=[Aim("memory", "≤", 250)],
        )
        ours, theirs, crowded = Watched(real), Watched(empty), Watched(real)
        for sheet in range(sheets):
            for watched in (ours, theirs):
                _fill_sheet(browser, watched, sheet, digits)
        yield ours.row("pen up to changed answer", theirs, 1.25)
        yield ours.bytes_row("the page Draw")
        yield theirs.bytes_row("the empty page")
        others = 2 if quick else _OTHERS
        with _crowd(real, others) as outcome:
            for sheet in range(sheets):
                _fill_sheet(browser, crowded, sheet, digits)
        told = f"the same while {others} others draw a digit every 3 s"
        yield crowded.row(told, theirs, 4, outcome.result())
        browser.close()


def _fill_sheet(browser: Browser, watched: Watched, sheet: int, digits: int) -> None:
    """Some digits on a fresh page, and how long each of their strokes took."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("websocket", lambda socket: _count(socket, watched))
    page.goto(watched.address)
    page.locator("canvas.upper-canvas").wait_for()
    settle(page)
    page.wait_for_timeout(1000)  # a stroke that is drawn while the page is still built is lost
    page.evaluate(WATCH)
    before = watched.up, watched.down
    watched.up, watched.down = 0, 0
    for place in range(digits):
        label = (digits * sheet + place) % 10
        for stroke in digit_strokes(label, height=_HEIGHT, left=20 + _ROOM * place, top=80):
            seen = page.evaluate("window.waits.length")
            draw(page, [stroke])
            answered = page.evaluate("seen => window.more(seen, 30000)", seen)
            watched.lost += not answered
            page.wait_for_timeout(400)
            settle(page)
    watched.up, watched.down = watched.up + before[0], watched.down + before[1]
    watched.waits += [wait / 1000 for wait in page.evaluate("window.waits")]
    page.close()


def _count(socket: WebSocket, watched: Watched) -> None:
    def up(frame: str | bytes) -> None:
        watched.up += len(frame)

    def down(frame: str | bytes) -> None:
        watched.down += len(frame)

    socket.on("framesent", up)
    socket.on("framereceived", down)


@contextlib.contextmanager
def _crowd(address: str, sessions: int) -> Iterator[Future[load.Outcome]]:
    """So many visitors beside, all drawing as long as this lasts; what they went through."""
    drawing, ended = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        crowd = threads.submit(load.crowd, address, sessions, drawing.set, ended)
        try:
            if not drawing.wait(120):
                raise RuntimeError(f"{sessions} visitors did not arrive within two minutes")
            yield crowd
        finally:
            ended.set()


def _memory_after(page: Page, address: str, drawings: int) -> float:
    """Resident memory of the process that serves `address`, in MB, after so many drawings."""
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(800)
    for number in range(drawings):
        label = number % 10
        show_example(page, label)
        shown = "label => document.querySelector('[data-testid=label]')?.innerText == label"
        until(page, shown, str(label))
    page.close()
    return float(psutil.Process(load.serving_process(address)).memory_info().rss / 1e6)


SECTION = Section(
    "The page",
    "In Chromium, the page Draw and an empty page with the same canvas in turn, four digits a "
    "visit; the ratio tells how many times as long the median is, and p95 aims at as many times "
    "the empty page's p95. The canvas itself waits a fifth of a second before it sends a stroke.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
