"""What is no digit, in MNIST's form, for teaching a network to say so.

Each kind is a function from randomness to one (28, 28) uint8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.learning.rendering import random_pen, render, render_plain
from digitrec.learning.scribbles import random_scribble
from digitrec.shapes import StrokeVariation, random_character, random_letter

Image = NDArray[np.uint8]
Draw = Callable[[np.random.Generator], Image]

_SIDE = 112  # px, four times a digit: room to draw
# Mirrored or turned, these are no digits any more, and no letter that looks like one.
_MIRRORED = (3, 4, 6, 7, 9)
_UPSIDE_DOWN = (4, 7)
_QUARTER_TURNED = (2, 3, 4, 5, 6, 7, 8, 9)
# Of these, that half is no digit either.
_HALVES = (("left", (8,)), ("top", (4, 5)), ("bottom", (2, 3, 5)))
_FONTS = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
    cv2.FONT_HERSHEY_SCRIPT_COMPLEX,
)
_COMPARED = 4_000  # digits that an invented character is compared with
_TOO_ALIKE = 0.945  # cosine from which on it may pass for one of them
# Degrees from upright. Of MNIST's ones 0.4 % lean further to the right, next to none to the left.
_LEAST_LEAN, _LEAST_BACKWARD_LEAN = 45.0, 30.0
_PRINTED = "AaCcdEeFfGHhKkLMmNnPpRrUuVvWwXx#$%&*+=?@<>"


def make_outliers(
    count: int,
    digits: LabelledDigits,
    pictures: NDArray[np.uint8],
    variation: StrokeVariation,
    rng: np.random.Generator,
) -> Image:
    """A pool of what is no digit.

    Args:
        count: how many.
        digits: in MNIST's form; pieces, pairs and mirrored ones are made of them.
        pictures: (M, 28, 28) uint8, other scripts in MNIST's form; M may be 0.
        variation: of the strokes of letters.
        rng: the randomness.

    Returns:
        (count, 28, 28) uint8, shuffled; the shares of the kinds are in `_kinds`.
    """
    kinds = _kinds(digits, pictures, variation)
    weights = np.array([weight for weight, _ in kinds.values()])
    draws = [draw for _, draw in kinds.values()]
    chosen = rng.choice(len(draws), count, p=weights / weights.sum())
    outliers = np.empty((count, 28, 28), np.uint8)
    for index, kind in enumerate(chosen):
        outliers[index] = _with_ink(draws[kind], rng)
    return outliers


def drawn_outliers(
    variation: StrokeVariation, rng: np.random.Generator, count: int
) -> dict[str, list[Image]]:
    """The kinds that need no data set, `count` of each: for a contact sheet."""
    kinds: dict[str, Draw] = {
        "letters and signs": lambda rng: render(random_letter(rng), variation, rng),
        "printed letters": _printed,
        "invented characters": lambda rng: render(random_character(rng), variation, rng),
        "scribbles": random_scribble,
        "blobs and textures": _texture,
        "lying lines": _lying_line,
    }
    return {name: [_with_ink(draw, rng) for _ in range(count)] for name, draw in kinds.items()}


def _with_ink(draw: Draw, rng: np.random.Generator) -> Image:
    """The first drawing that holds any ink; half a digit may have none."""
    while True:
        image = draw(rng)
        if image.any():
            return image


def _kinds(
    digits: LabelledDigits, pictures: NDArray[np.uint8], variation: StrokeVariation
) -> Mapping[str, tuple[float, Draw]]:
    """The share of each kind, and how one is drawn."""
    by_class = [np.flatnonzero(digits.labels == c) for c in range(10)]

    def some(rng: np.random.Generator, classes: tuple[int, ...] = tuple(range(10))) -> Image:
        present = [c for c in classes if len(by_class[c])] or [int(digits.labels[0])]
        index = by_class[present[rng.integers(len(present))]]
        return np.asarray(digits.digits[index[rng.integers(len(index))]], np.uint8)

    kinds: dict[str, tuple[float, Draw]] = {
        "letters and signs": (0.28, lambda rng: render(random_letter(rng), variation, rng)),
        "printed letters": (0.06, _printed),
        "invented characters": (0.16, _invented(digits, variation)),
        "scribbles": (0.18, random_scribble),
        "mirrored or turned digits": (0.09, lambda rng: _turned(some, rng)),
        "halves": (0.04, lambda rng: _half(some, rng)),
        "two digits": (0.07, lambda rng: _pair(some(rng), some(rng), rng)),
        "blobs and textures": (0.05, _texture),
        "lying lines": (0.03, _lying_line),
    }
    if len(pictures):
        kinds["other scripts"] = (0.12, lambda rng: pictures[rng.integers(len(pictures))])
    return kinds


def _invented(digits: LabelledDigits, variation: StrokeVariation) -> Draw:
    """Invented characters, less those that came out like a digit."""
    sample = np.linspace(0, len(digits) - 1, min(len(digits), _COMPARED)).astype(int)
    known = np.stack([_blurred(digit) for digit in digits.digits[sample] if digit.any()])

    def draw(rng: np.random.Generator) -> Image:
        while True:
            image = render(random_character(rng), variation, rng)
            if image.any() and float((known @ _blurred(image)).max()) < _TOO_ALIKE:
                return image

    return draw


def _blurred(image: Image) -> NDArray[np.float32]:
    """A digit as a vector (784,) of length 1 that forgives a pixel or two of shift."""
    soft = cv2.GaussianBlur(image.astype(np.float32), (0, 0), 1.5).ravel()
    return np.asarray(soft / np.linalg.norm(soft), np.float32)


def _printed(rng: np.random.Generator) -> Image:
    character = _PRINTED[rng.integers(len(_PRINTED))]
    canvas = np.zeros((_SIDE, _SIDE), np.uint8)
    font, width = _FONTS[rng.integers(len(_FONTS))], int(rng.integers(2, 9))
    cv2.putText(canvas, character, (24, 86), font, 2.6, 255, width, cv2.LINE_AA)
    return normalize_digit(canvas)


def _turned(some: Callable[..., Image], rng: np.random.Generator) -> Image:
    kind = rng.uniform()
    if kind < 0.4:
        return normalize_digit(np.ascontiguousarray(some(rng, _MIRRORED)[:, ::-1]))
    if kind < 0.6:
        return normalize_digit(np.ascontiguousarray(some(rng, _UPSIDE_DOWN)[::-1]))
    quarter = np.rot90(some(rng, _QUARTER_TURNED), int(rng.choice([1, 3])))
    return normalize_digit(np.ascontiguousarray(quarter))


def _half(some: Callable[..., Image], rng: np.random.Generator) -> Image:
    side, classes = _HALVES[rng.integers(len(_HALVES))]
    digit = some(rng, classes).copy()
    cut = int(rng.integers(13, 16))
    if side == "left":
        digit[:, cut:] = 0
    elif side == "top":
        digit[cut:] = 0
    else:
        digit[:cut] = 0
    _, _, width, height = cv2.boundingRect(digit)
    # A slim half may be a 1: better none than a wrong lesson.
    return normalize_digit(digit) if width >= 0.7 * height else np.zeros((28, 28), np.uint8)


def _pair(first: Image, second: Image, rng: np.random.Generator) -> Image:
    """Two digits side by side, one above the other, or one on the other."""
    canvas = np.zeros((56, 56), np.uint8)
    canvas[14:42, 0:28] = first
    layout = rng.uniform()
    if layout < 0.6:
        x, y = int(rng.integers(14, 24)), int(rng.integers(9, 19))
    elif layout < 0.8:
        x, y = int(rng.integers(-4, 5)), 28
    else:
        x, y = int(rng.integers(4, 12)), int(rng.integers(8, 20))
    x = max(0, x)
    canvas[y : y + 28, x : x + 28] = np.maximum(canvas[y : y + 28, x : x + 28], second)
    return normalize_digit(canvas)


def _lying_line(rng: np.random.Generator) -> Image:
    """A stroke that leans further than ones do, slightly bent: a slash, a dash, a backslash."""
    lean = np.deg2rad(rng.uniform(_LEAST_LEAN, 180 - _LEAST_BACKWARD_LEAN))
    t = np.linspace(-1, 1, 9)[:, None]
    along = np.array([np.sin(lean), -np.cos(lean)])
    bulge = rng.uniform(-0.08, 0.08) * (1 - t**2) * along[::-1] * (1, -1)
    return render_plain([along * t + bulge], random_pen(rng))


def _texture(rng: np.random.Generator) -> Image:
    canvas = np.zeros((_SIDE, _SIDE), np.uint8)
    kind = rng.integers(4)
    if kind == 0:  # blobs; not long ones, which may be a marker's ones
        for _ in range(int(rng.integers(1, 4))):
            centre = [int(v) for v in rng.integers(35, 77, 2)]
            size = rng.uniform(10, 28)
            axes = [int(size), int(size / rng.uniform(1, 1.6))]
            cv2.ellipse(canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, 255, -1)
    elif kind == 1:  # noise, fine or coarse
        coarse = int(rng.integers(4, 28))
        noise = rng.integers(0, 256, (coarse, coarse), np.uint8)
        canvas = np.asarray(cv2.resize(noise, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC))
    elif kind == 2:  # stripes
        period, angle = rng.uniform(6, 30), rng.uniform(0, np.pi)
        x, y = np.meshgrid(np.arange(_SIDE), np.arange(_SIDE))
        wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period)
        canvas = np.asarray(np.where(wave > 0, 255, 0), np.uint8)
    else:  # dots
        for _ in range(int(rng.integers(2, 12))):
            place = [int(v) for v in rng.integers(12, 100, 2)]
            cv2.circle(canvas, place, int(rng.integers(3, 12)), 255, -1, cv2.LINE_AA)
    return normalize_digit(canvas)
