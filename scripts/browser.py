"""The real page in a real Chromium: for tests, benchmarks and screenshots.

    python scripts/browser.py

makes sure that there is a Chromium: the system's, else Playwright's own, else Debian's
package where this is root; else it says what to install. Chromium's headless shell, the same
browser without a window around its pages, is taken first: it costs less.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).parent.parent
_PACE = 6.0  # px between two places of a mouse that draws
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that shows a test picture, and that may be used.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def system_chromium() -> str | None:
    """Path of the Chromium or Chrome that this system has, if any."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@contextmanager
def served(app: str = "app.py", *, log: Path | None = None, **environment: str) -> Iterator[str]:
    """The page on a free port of this machine, as its address; stopped at the end.

    Args:
        app: what Streamlit runs.
        log: where the server writes what it has to say; else to the terminal.
        environment: variables that it sees.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    with contextlib.ExitStack() as files:
        errors = files.enter_context(log.open("wb")) if log else None
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    address = f"http://localhost:{port}"
    try:
        wait_until_healthy(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    """Return once the page answers; raise if its process ends or 30 seconds have gone."""
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError("the page stopped as soon as it was started")
        try:
            # The address is this machine's own, made above.
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # nosec B310
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the page did not answer within 30 seconds")


def settle(page: Page, timeout: float = 60) -> None:
    """Return once the server has nothing more to do for this page; fails after seconds."""
    page.wait_for_timeout(60)  # until it has heard of what was done last
    idle = "[data-testid=stApp][data-test-script-state=notRunning]"
    page.locator(idle).wait_for(timeout=1_000 * timeout)


def until(page: Page, condition: str, argument: object = None, timeout: float = 30) -> None:
    """Return once a function in JavaScript gives true; fails after seconds.

    Playwright's own `wait_for_function` lets the page evaluate text, which its policy forbids.
    """
    end = time.monotonic() + timeout
    while not page.evaluate(condition, argument):
        if time.monotonic() > end:
            raise TimeoutError(f"it does not come true: {condition}")
        page.wait_for_timeout(20)


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium if there is one, else Playwright's own."""
    return playwright.chromium.launch(executable_path=system_chromium(), args=_FLAGS)


def draw(page: Page, strokes: Iterable[NDArray[np.float32]]) -> None:
    """Draw strokes (n, 2) in canvas pixels with the mouse, as fast as a hand would."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    assert box is not None
    for stroke in strokes:
        points = [(box["x"] + float(x), box["y"] + float(y)) for x, y in _mouse_points(stroke)]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
        page.wait_for_timeout(150)


def show_example(page: Page, number: int | str) -> None:
    """Click one of the examples below the canvas of the page Draw."""
    examples = page.locator(".st-key-examples")
    examples.get_by_role("button", name=str(number), exact=True).click()


def _mouse_points(stroke: NDArray[np.float32]) -> NDArray[np.float32]:
    """The points where a moving mouse would be seen: `_PACE` apart, and where the stroke ends."""
    kept = [0]
    for place in range(1, len(stroke)):
        if np.hypot(*(stroke[place] - stroke[kept[-1]])) >= _PACE:
            kept.append(place)
    return stroke[[*kept, len(stroke) - 1]]


def _can_launch() -> bool:
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except Exception:  # Playwright has one class for a missing browser and for every other fault
        return False
    return True


def main() -> int:
    """Find a browser or install one; the exit status."""
    if _can_launch():
        return 0
    debian_root = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    attempts = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if debian_root:
        install = "apt-get install -y chromium-headless-shell || apt-get install -y chromium"
        attempts.append(["sh", "-c", f"apt-get update && ({install})"])
    for attempt in attempts:
        subprocess.run(attempt, check=False, timeout=900)
        if _can_launch():
            return 0
    print("No browser for the tests: install Chromium and put it on the PATH.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
