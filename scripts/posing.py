"""What the pages show on screenshots: drawings, corrections and data, all of the project's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from browser import draw
from numpy.typing import NDArray
from playwright.sync_api import Page

from digitrec.corrections import CorrectionStore
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.recognizer import Recognizer
from digitrec.shapes import StrokeVariation, digit_strokes, random_digit, vary_strokes
from digitrec.web.keeping import correction_of
from digitrec.web.size import WIDTH

SCRIBBLE = [
    np.array([[190, 210], [230, 90], [260, 250], [300, 80], [325, 240], [370, 100], [400, 230]])
]
CROSSED_SEVEN = [
    np.array([[212, 62], [262, 58], [310, 56], [296, 110], [276, 170], [262, 254]], float),
    np.array([[232, 166], [270, 158], [318, 154]], float),
]
_CORNERED_SIX = np.array([[0, 0], [0, 1], [0.8, 1], [0.8, 0.5], [0, 0.5]])
_PITCH = 80.0  # px from digit to digit


def draw_anew(page: Page, strokes: list[NDArray[np.float64]]) -> None:
    """Draw these strokes with the mouse on an empty canvas."""
    page.locator(".st-key-tools .clear").click()
    page.get_by_test_id("label").get_by_text("–").wait_for()
    page.locator("canvas.upper-canvas").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    draw(page, [stroke.astype(np.float32) for stroke in strokes])
    page.wait_for_timeout(700)


def draw_between_seven_and_one(page: Page) -> None:
    """Shorten a 7's bar until the network hesitates."""
    for left in range(230, 305, 5):
        flag = [[left, 112], [(left + 320) / 2, 94], [320, 80]]
        draw_anew(page, [np.array([*flag, [310, 150], [300, 220], [290, 270]], float)])
        if page.locator(".answer.ambiguous").count():
            return
    raise RuntimeError("no drawing between 7 and 1 is ambiguous")


def number(text: str) -> list[NDArray[np.float64]]:
    """Digits beside each other in the part of the canvas that a phone shows."""
    left = (WIDTH - _PITCH * len(text)) / 2
    return [
        stroke.astype(np.float64)
        for place, label in enumerate(text)
        for stroke in digit_strokes(int(label), height=110, left=left + _PITCH * place, top=100)
    ]


def keep_some(place: str) -> None:
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


def draw_data(place: Path) -> None:
    """An `.npz` in MNIST's form, of digits by the project's own generator."""
    rng = np.random.default_rng(3)
    labels = np.arange(1_500) % 10
    drawn = [vary_strokes(random_digit(int(c), rng), StrokeVariation(), rng) for c in labels]
    digits = np.stack(
        [normalize_digit(ink_from_strokes([s.astype(np.float32) for s in d])) for d in drawn]
    )
    np.savez(
        place,
        x_train=digits[:1_000],
        y_train=labels[:1_000],
        x_test=digits[1_000:],
        y_test=labels[1_000:],
    )
