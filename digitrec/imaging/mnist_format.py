"""Ink to digit: the exact form of MNIST's images.

The steps are those of the reconstruction of MNIST from its source (C. Yadav, L. Bottou,
"Cold Case: The Lost MNIST Digits", NeurIPS 2019): crop to the ink, extend to a square,
area-resample to 20×20, stretch the strongest pixel to 255, and place the result in 28×28
so that, moved by whole pixels, its centre of mass lies nearest to (14, 14).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 28
INNER_SIDE = 20
_CENTRE = 14.0


def normalize_digit(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digit in MNIST's form.

    Args:
        ink: (H, W) uint8, 0 is paper, 255 the strongest ink; all of it belongs to the digit.

    Returns:
        (28, 28) uint8; all zeros where there is no ink.
    """
    height, width, inner = _inner(ink)
    if not height or not width:
        return np.zeros((SIDE, SIDE), np.uint8)
    return _place(_stretch(inner))


def crop_to_ink(ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part of `ink` (H, W) uint8 that holds every pixel above 0; (0, 0) without any."""
    x, y, width, height = cv2.boundingRect(ink)
    return ink[y : y + height, x : x + width]


def _inner(ink: NDArray[np.uint8]) -> tuple[int, int, NDArray[np.float32]]:
    """Height and width of the ink, and it as (20, 20) float32, 0-255."""
    crop = crop_to_ink(ink)
    height, width = crop.shape
    if not height or not width:
        return 0, 0, np.zeros((INNER_SIDE, INNER_SIDE), np.float32)
    side = max(height, width)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = crop
    # INTER_AREA averages when it shrinks; enlarging with it would make blocks.
    how = cv2.INTER_AREA if side >= INNER_SIDE else cv2.INTER_LINEAR
    inner = cv2.resize(square, (INNER_SIDE, INNER_SIDE), interpolation=how)
    return height, width, np.asarray(inner, np.float32)


def _stretch(inner: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The strongest pixel brought to 255, truncated as MNIST's own program did.

    One MNIST digit in ten has 254 as its maximum: there the product fell just short of 255.
    Falling short by a hair whenever the maximum is not 255 already gives those back unchanged.
    """
    strongest = float(inner.max())
    factor = 1.0 if strongest == 255 else (255 - 1e-3) / strongest
    return np.floor(inner.astype(np.float64) * factor + 1e-4).astype(np.uint8)


def _place(inner: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The (20, 20) digit in (28, 28), its centre of mass nearest to (14, 14)."""
    moments = cv2.moments(inner)
    row, column = moments["m01"] / moments["m00"], moments["m10"] / moments["m00"]
    margin = SIDE - INNER_SIDE
    top, left = (int(np.clip(np.floor(_CENTRE - c + 0.5), 0, margin)) for c in (row, column))
    digit = np.zeros((SIDE, SIDE), np.uint8)
    digit[top : top + INNER_SIDE, left : left + INNER_SIDE] = inner
    return digit
