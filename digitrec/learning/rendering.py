"""Strokes to digits, as a training needs them: other hands, other pens."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import PEN_SHARE, ink_from_strokes
from digitrec.learning.recipe import Recipe
from digitrec.shapes import StrokeVariation, random_digit, vary_strokes

_SHEET_PX = 200.0
_COARSE = 0.12  # share of drawings that are seen as a bitmap of few pixels
_PENS = (0.05, 0.22)  # shares of the drawing's larger side: a fineliner, a broad marker


def random_pen(rng: np.random.Generator) -> float:
    """A pen's width as a share of the drawing: half the time about MNIST's, else any."""
    if rng.uniform() < 0.5:
        return float(np.clip(rng.normal(PEN_SHARE, 0.02), *_PENS))
    return float(np.exp(rng.uniform(*np.log(_PENS))))


def render(
    strokes: Sequence[NDArray[np.floating]],
    variation: StrokeVariation,
    rng: np.random.Generator,
) -> NDArray[np.uint8]:
    """One drawing, varied, through the same imaging as a user's drawing.

    Args:
        strokes: each (n, 2), any unit.
        variation: how far the hand differs.
        rng: the randomness of hand and pen.

    Returns:
        (28, 28) uint8 in MNIST's form.
    """
    varied, pen = vary_strokes(strokes, variation, rng), random_pen(rng)
    if rng.uniform() < _COARSE:
        return normalize_digit(_as_bitmap(_ink(varied, pen), rng))
    return render_plain(varied, pen)


def _as_bitmap(ink: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The drawing in few pixels, each black or white: a coarse scan, a small paint window."""
    side = int(rng.integers(20, 44))
    scale = side / max(ink.shape)
    size = [max(1, round(length * scale)) for length in ink.shape[::-1]]
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    return np.where(small > rng.integers(70, 160), 255, 0).astype(np.uint8)


def _ink(strokes: Sequence[NDArray[np.floating]], pen_share: float) -> NDArray[np.uint8]:
    scaled = [(np.asarray(stroke) * _SHEET_PX).astype(np.float32) for stroke in strokes]
    return ink_from_strokes(scaled, pen_share=pen_share)


def render_plain(
    strokes: Sequence[NDArray[np.floating]], pen_share: float = PEN_SHARE
) -> NDArray[np.uint8]:
    """One drawing as it is: (28, 28) uint8 in MNIST's form."""
    return normalize_digit(_ink(strokes, pen_share))


def draw_digits(count: int, recipe: Recipe, rng: np.random.Generator) -> LabelledDigits:
    """So many of the generator's digits, each by another hand and pen."""
    labels = rng.integers(0, 10, count)
    images = np.zeros((count, 28, 28), np.uint8)
    for index, label in enumerate(labels):
        images[index] = render(random_digit(int(label), rng), recipe.hand, rng)
    return LabelledDigits(images, labels)
