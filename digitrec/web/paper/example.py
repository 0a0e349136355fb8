"""A page to try, made of the project's own drawings: numbers on ruled paper in uneven light."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.shapes import StrokeVariation, digit_strokes, vary_strokes

EXAMPLE_NAME = "example.png"
EXAMPLE_LINES = ("1902 45 318", "67 2024 5531", "80 914 36", "7412 00#5")
_WIDTH, _HEIGHT = 1_100, 760  # px
_DIGIT = 74.0  # px high
_PAPER, _RULE, _INK = (246, 243, 232), (178, 200, 222), (43, 52, 92)  # RGB
_SHARP = 8  # OpenCV's fractional bits
_HAND = StrokeVariation(stroke_slant=0.06, stroke_turn=2, stroke_lifts=0)
# Somebody changed their mind: from the drawing's left top, 0, 0, to its right bottom, 1, 1.
_STRUCK_OUT = np.array(
    [[-0.1, 0.7], [0.9, 0.1], [0.1, 0.9], [1.1, 0.3], [0.0, 0.4], [1.0, 0.9], [0.2, 0.1]]
)


@cache
def example_page() -> bytes:
    """PNG, always the same: well legible but for one digit, which is struck out."""
    return as_png(compose_page(EXAMPLE_LINES, np.random.default_rng(5)))


def compose_page(lines: tuple[str, ...], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A photographed page: (H, W, 3) uint8, RGB.

    Args:
        lines: digits, spaces, and `#` for a digit struck out; one string a line of writing.
        rng: the hand that writes.
    """
    page = np.full((_HEIGHT, _WIDTH, 3), _PAPER, np.uint8)
    distance = _HEIGHT / (len(lines) + 1)
    for number in range(1, len(lines) + 1):
        y = round(distance * number + 0.62 * _DIGIT)
        cv2.line(page, (0, y), (_WIDTH, y), _RULE, 2, cv2.LINE_AA)
    for number, line in enumerate(lines, 1):
        x = 110 + rng.uniform(0, 30)
        for character in line:
            if character == " ":
                x += 1.15 * _DIGIT
                continue
            strokes = vary_strokes(_drawing(character), _HAND, rng)
            points = np.concatenate(strokes) * _DIGIT
            left, right = points[:, 0].min(), points[:, 0].max()
            at = np.array([x - left, distance * number + rng.uniform(-3, 3)])
            drawn = [(stroke * _DIGIT + at) * 2**_SHARP for stroke in strokes]
            cv2.polylines(
                page,
                [np.rint(stroke).astype(np.int32) for stroke in drawn],
                isClosed=False,
                color=_INK,
                thickness=6,
                lineType=cv2.LINE_AA,
                shift=_SHARP,
            )
            x += right - left + 0.26 * _DIGIT
    return _in_uneven_light(page)


def _drawing(character: str) -> list[NDArray[np.float64]]:
    if character != "#":
        return [np.asarray(stroke, np.float64) for stroke in digit_strokes(int(character))]
    three = _drawing("3")
    points = np.concatenate(three)
    return [*three, points.min(axis=0) + _STRUCK_OUT * np.ptp(points, axis=0)]


def _in_uneven_light(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The lamp stands at the top left, the hand's shadow lies over the lower right."""
    down, right = np.mgrid[0 : 1 : _HEIGHT * 1j, 0 : 1 : _WIDTH * 1j]
    light = 1.0 - 0.3 * (0.5 * down + 0.5 * right)
    shadow = 1 / (1 + np.exp(-(right + 0.6 * down - 1.15) * 18))
    light = light * (1 - 0.22 * shadow)
    return np.asarray(np.rint(page * light[:, :, None]), np.uint8)


def as_png(picture: NDArray[np.uint8]) -> bytes:
    """(H, W, 3) uint8 RGB as a file's bytes."""
    _, encoded = cv2.imencode(".png", np.ascontiguousarray(picture[:, :, ::-1]))
    return bytes(encoded)
