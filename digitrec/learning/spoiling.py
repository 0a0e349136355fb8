"""MNIST's digits as they might come from worse pens, papers and cameras.

Each function takes a digit (28, 28) uint8 and gives a picture (H, W) uint8.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def _affine(digit: Image, matrix: list[list[float]]) -> Image:
    """The digit on a canvas of 84×84, three times as large a place as it needs."""
    canvas = np.zeros((84, 84), np.uint8)
    canvas[28:56, 28:56] = digit
    moved = cv2.warpAffine(canvas, np.array(matrix, np.float32), (84, 84), flags=cv2.INTER_CUBIC)
    return np.asarray(moved, np.uint8)


def _shifted(digit: Image, rng: np.random.Generator) -> Image:
    x, y = (float(v) for v in rng.integers(-26, 27, 2))
    return _affine(digit, [[1, 0, x], [0, 1, y]])


def _rotated(digit: Image, rng: np.random.Generator) -> Image:
    matrix = cv2.getRotationMatrix2D((42, 42), float(rng.uniform(-15, 15)), 1.0)
    return _affine(digit, matrix.tolist())


def _scaled(digit: Image, rng: np.random.Generator) -> Image:
    size = float(np.exp(rng.uniform(np.log(0.6), np.log(2.0))))
    matrix = cv2.getRotationMatrix2D((42, 42), 0, size)
    return _affine(digit, matrix.tolist())


def _large(digit: Image) -> Image:
    return np.asarray(cv2.resize(digit, (112, 112), interpolation=cv2.INTER_CUBIC), np.uint8)


_PEN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))


def _thin(digit: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.erode(_large(digit), _PEN), np.uint8)


def _thick(digit: Image, rng: np.random.Generator) -> Image:
    framed = cv2.copyMakeBorder(_large(digit), 8, 8, 8, 8, cv2.BORDER_CONSTANT)
    return np.asarray(cv2.dilate(framed, _PEN), np.uint8)


def _blurred(digit: Image, rng: np.random.Generator) -> Image:
    framed = cv2.copyMakeBorder(digit, 6, 6, 6, 6, cv2.BORDER_CONSTANT)
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), 1.0), np.uint8)


def _noisy(digit: Image, rng: np.random.Generator) -> Image:
    noise = rng.normal(0, 10, (112, 112))
    return np.asarray(np.clip(_large(digit) * 0.85 + 20 + noise, 0, 255), np.uint8)


def _faint(digit: Image, rng: np.random.Generator) -> Image:
    return np.asarray(110 + digit.astype(np.float32) * 0.25, np.uint8)


def _inverted(digit: Image, rng: np.random.Generator) -> Image:
    return np.asarray(255 - digit, np.uint8)


def _lined(digit: Image, rng: np.random.Generator) -> Image:
    """Dark on paper that is ruled lightly, as a notebook is."""
    paper = np.full((160, 160), 245, np.float32)
    for y in range(int(rng.integers(4, 30)), 160, 26):
        paper[y : y + 2] -= 35
    paper[24:136, 24:136] -= _large(digit).astype(np.float32) * 0.85
    return np.asarray(np.clip(paper, 0, 255), np.uint8)


SPOILS: Mapping[str, Callable[[Image, np.random.Generator], Image]] = {
    "shifted anywhere": _shifted,
    "turned up to 15°": _rotated,
    "0.6 to 2 times as large": _scaled,
    "thin pen": _thin,
    "thick pen": _thick,
    "blurred": _blurred,
    "noisy": _noisy,
    "low contrast": _faint,
    "inverted": _inverted,
    "on ruled paper": _lined,
}
