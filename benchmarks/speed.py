"""How fast and how small digitrec is, as ratios against something else in the same run.

    python benchmarks/speed.py

prints one Markdown table. Needs the extras `train` and `dev`, and a Chromium.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import psutil
from playwright.sync_api import Page, sync_playwright

from digitrec import Recognizer
from digitrec.classifier import Classifier
from digitrec.cli.benching import FIRST_ANSWER
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes
from digitrec.timing import Comparison, machine, paired, table, timed

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import draw, launch, served, until

_SIZES = (32, 64, 128, 192, 256, 384, 512, 1000, 4000)  # of batches for `model.predict`
_VERSIONED = ("ai-edge-litert", "tensorflow", "keras", "streamlit")
IMPORT_TENSORFLOW = "import tensorflow"
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


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description="Print the table of speed and memory.")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--no-browser", action="store_true", help="without the page")
    options = parser.parse_args()
    scale = 4 if options.quick else 1
    rows = [row.cells(inverse=True) for row in engine_rows(scale)]
    rows += [row.cells() for row in start_rows(scale)]
    if not options.no_browser:
        rows += page_rows(scale)
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _VERSIONED)
    print(f"{machine()}, {versions}\n")
    print(table(rows))


def engine_rows(scale: int) -> list[Comparison]:
    """`classify` against Keras, and the whole way from strokes."""
    import keras
    import tensorflow as tf

    recognizer = Recognizer()
    artifact = recognizer.artifact
    model = keras.models.load_model(artifact.folder / "model.keras")
    templates = [normalize_digit(ink_from_strokes(digit_strokes(c))) for c in range(10)]
    digits = np.tile(np.stack(templates), (400, 1, 1))
    one = digits[:1]

    compiled = tf.function(
        lambda x: model(x, training=False),
        input_signature=[tf.TensorSpec((None, 28, 28), tf.uint8)],
    )
    tensor = tf.constant(one)
    name = artifact.network.name
    pairs = 40 // scale

    ours, predict = paired(
        lambda: recognizer.classify(one),
        lambda: model.predict(one, verbose=0),
        pairs=pairs,
        inner=25,
    )
    rows = [Comparison(f"one digit ({name})", ours, "`model.predict`", predict, "≥ 300")]
    ours, function = paired(
        lambda: recognizer.classify(one),
        lambda: compiled(tensor).numpy(),
        pairs=10 * pairs,
        inner=5,
    )
    rows.append(Comparison(f"one digit ({name})", ours, "`tf.function`", function, "≥ 5"))

    float32 = Classifier(artifact.folder / "model.tflite")
    int8 = Classifier(artifact.folder / "model.int8.tflite")
    quick, slow = paired(
        lambda: int8.classify(one), lambda: float32.classify(one), pairs=10 * pairs, inner=3
    )
    rows.append(Comparison("one digit, int8", quick, "float32 export", slow, "3 to 4"))
    quick, slow = paired(
        lambda: int8.classify(digits), lambda: float32.classify(digits), pairs=12 // scale
    )
    rows.append(Comparison("4,000 digits at once, int8", quick, "float32 export", slow, "3 to 4"))

    sizes = {size: _predict_all(model, digits, size) for size in _SIZES}
    best = min(sizes, key=lambda size: sizes[size])
    ours, predict = paired(
        lambda: recognizer.classify(digits),
        lambda: model.predict(digits, batch_size=best, verbose=0),
        pairs=max(5, 12 // scale),
    )
    what = f"`model.predict`, its best batch {best}"
    rows.append(Comparison(f"4,000 digits at once ({name})", ours, what, predict, "≥ 4"))

    strokes = [digit_strokes(c) for c in range(10)]
    for drawing in strokes:
        recognizer.read_strokes(drawing)
    times = [timed(lambda s=s: recognizer.read_strokes(s)) for s in strokes * (40 // scale)]  # type: ignore[misc]
    rows.append(Comparison("strokes to `Reading`", statistics.median(times), aim="≤ 3 ms"))
    return rows


def _predict_all(model: object, digits: np.ndarray, size: int) -> float:
    def predict() -> object:
        return model.predict(digits, batch_size=size, verbose=0)  # type: ignore[attr-defined]

    predict()
    return statistics.median(timed(predict) for _ in range(5))


def start_rows(scale: int) -> list[Comparison]:
    """A fresh process to its first answer, against importing TensorFlow."""

    def run(code: str) -> object:
        return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    ours, theirs = paired(
        lambda: run(FIRST_ANSWER), lambda: run(IMPORT_TENSORFLOW), pairs=max(3, 7 // scale)
    )
    beside = f"`{IMPORT_TENSORFLOW}`"
    return [Comparison("import to first answer", ours, beside, theirs, "≤ 0.25")]


def page_rows(scale: int) -> list[list[str]]:
    """Memory of the serving process, and the wait from pen up to the changed answer."""
    drawings = 200 // scale
    with sync_playwright() as playwright, served() as real, served(EMPTY) as empty:
        browser = launch(playwright)
        memory = _memory_after(browser.new_page(), real, drawings)
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
    ours, theirs = (statistics.median(w[2:]) / 1000 for w in waits)
    if min(map(len, waits)) < 16 // scale:
        raise RuntimeError(f"too few answers changed: {[len(w) for w in waits]}")
    beside = "empty page, same canvas"
    return [
        [f"serving process after {drawings} drawings", f"{memory:.0f} MB", "", "", "< 250 MB"],
        Comparison("pen up to changed answer", ours, beside, theirs, "≤ 1.5").cells(),
    ]


EMPTY = "benchmarks/empty_page.py"


def _memory_after(page: Page, address: str, drawings: int) -> float:
    """Resident memory of the process that serves `address`, in MB, after so many drawings."""
    page.goto(address)
    page.locator("canvas.upper-canvas").wait_for()
    page.wait_for_timeout(800)
    for number in range(drawings):
        label = number % 10
        page.locator(f".st-key-example-{label} button").click()
        until(
            page,
            "label => document.querySelector('[data-testid=label]')?.innerText == label",
            str(label),
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


if __name__ == "__main__":
    main()
