"""Variations of digits that keep their meaning: how else the same hand might have written them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.mnist_format import normalize_digit

SIDE = 28
_CENTRE = 14.0  # where MNIST puts the centre of mass
_BOLDEST = 4  # px more on each side
_FILLED = 0.3  # of the convex hull: more new ink than that fills bays
_COARSE = 5  # points a side of the elastic grid: bends of about a third of the digit


@dataclass(frozen=True)
class Augmentation:
    """How far digits are varied; 0 switches a variation off.

    Attributes:
        rotation: standard deviation of the turn, degrees.
        shift: largest shift along each axis, pixels.
        scale: standard deviation of the logarithm of the size; half as much for the aspect.
        shear: standard deviation of the horizontal slant, as a tangent.
        elastic: standard deviation of a smooth displacement field, pixels.
        stroke_width: largest share by which strokes are thickened or thinned, 0-1.
        contrast: largest relative change of the ink's strength, 0-1.
        blur: chance that a digit is blurred, 0-1, as a photo out of focus is.
        bilevel: chance that a digit becomes black and white, 0-1, as in a fax or a paint program.
        bold: chance that a digit is drawn with a marker, 0-1: up to 4 pixels more on each side.
    """

    rotation: float = 6.0
    shift: float = 1.2
    scale: float = 0.08
    shear: float = 0.1
    elastic: float = 0.55
    stroke_width: float = 0.6
    contrast: float = 0.3
    blur: float = 0.08
    bilevel: float = 0.08
    bold: float = 0.06


def augment(
    digits: NDArray[np.uint8], settings: Augmentation, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Each digit once, varied at random.

    Args:
        digits: (N, 28, 28) uint8.
        settings: how far.
        rng: where the randomness comes from; the same state gives the same digits.

    Returns:
        (N, 28, 28) uint8, a new array.
    """
    if settings == _NONE:
        return digits.copy()
    maps = _sampling_maps(len(digits), settings, rng)
    amounts = rng.uniform(-settings.stroke_width, settings.stroke_width, len(digits))
    gains = 1 + rng.uniform(-settings.contrast, settings.contrast, len(digits))
    lots = rng.uniform(size=len(digits))
    bold = rng.uniform(size=len(digits)) < settings.bold
    varied = np.empty_like(digits)
    for index, digit in enumerate(digits):
        drawn = _embolden(digit, rng) if bold[index] else digit
        warped = cv2.remap(drawn, maps[index], None, cv2.INTER_LINEAR)  # type: ignore[call-overload]
        warped = _change_stroke_width(np.asarray(warped, np.uint8), float(amounts[index]))
        if lots[index] < settings.blur:
            warped = np.asarray(cv2.GaussianBlur(warped, (0, 0), rng.uniform(0.4, 1.0)), np.uint8)
        elif lots[index] > 1 - settings.bilevel:
            edge = rng.uniform(0.25, 0.6) * float(warped.max())
            warped = np.where(warped > edge, 255, 0).astype(np.uint8)
        varied[index] = cv2.convertScaleAbs(warped, alpha=float(gains[index]))
    return varied


def _sampling_maps(
    count: int, settings: Augmentation, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Where each output pixel is taken from: (N, 28, 28, 2) float32, x before y."""
    angle = np.deg2rad(rng.normal(0, settings.rotation, count))
    size = np.exp(rng.normal(0, settings.scale, count))
    aspect = np.exp(rng.normal(0, settings.scale / 2, count))
    slant = rng.normal(0, settings.shear, count)
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.stack([cos, -sin, sin, cos], axis=-1).reshape(count, 2, 2)
    one, zero = np.ones(count), np.zeros(count)
    shear = np.stack([one, slant, zero, one], axis=-1).reshape(count, 2, 2)
    stretch = np.stack([size * aspect, zero, zero, size / aspect], axis=-1).reshape(count, 2, 2)
    matrix = rotation @ shear @ stretch  # (N, 2, 2)

    shift = rng.uniform(-settings.shift, settings.shift, (count, 1, 1, 2))
    grid = np.stack(np.meshgrid(np.arange(SIDE), np.arange(SIDE)), axis=-1) - _CENTRE
    maps = np.einsum("nij,hwj->nhwi", matrix, grid, optimize=True) + _CENTRE + shift
    maps += _elastic_field(count, settings.elastic, rng)
    return np.asarray(maps, np.float32)


def _elastic_field(count: int, strength: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Smooth random displacements (N, 28, 28, 2), pixels: a coarse grid of noise, interpolated."""
    noise = rng.normal(0, strength, (count, _COARSE, _COARSE, 2))
    field = np.einsum("hi,nijc,wj->nhwc", _UPSAMPLING, noise, _UPSAMPLING, optimize=True)
    return np.asarray(field, np.float64)


def _change_stroke_width(digit: NDArray[np.uint8], amount: float) -> NDArray[np.uint8]:
    """Strokes blended towards their dilation (amount > 0) or erosion (amount < 0)."""
    morph = cv2.dilate if amount > 0 else cv2.erode
    blended = cv2.addWeighted(digit, 1 - abs(amount), morph(digit, _CROSS), abs(amount), 0)
    return np.asarray(blended, np.uint8)


def _embolden(digit: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The digit as a marker would have drawn it, in MNIST's form again.

    Where that would close a hole or fill a bay, and so make another shape, it stays as it is.
    """
    reach = int(rng.integers(1, _BOLDEST + 1))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    room = np.pad(digit, _BOLDEST + 1)
    marked = normalize_digit(np.asarray(cv2.dilate(room, disc), np.uint8))
    if _grounds(marked) != _grounds(digit) or _solidity(marked) - _solidity(digit) > _FILLED:
        return digit
    return marked


def _grounds(image: NDArray[np.uint8]) -> int:
    """In how many pieces the ink cuts the paper."""
    count, _ = cv2.connectedComponents(np.asarray(image < 128, np.uint8))
    return int(count)


def _solidity(image: NDArray[np.uint8]) -> float:
    """The share of its convex hull that the ink fills, 0-1."""
    ink = np.asarray(image >= image.max() / 2, np.uint8)
    points = cv2.findNonZero(ink)
    hull = cv2.fillConvexPoly(np.zeros_like(ink), cv2.convexHull(points), 1)
    return float(ink.sum() / hull.sum())


_NONE = Augmentation(**dict.fromkeys((f.name for f in fields(Augmentation)), 0.0))
# A plus of 3×3 changes a stroke by one pixel a side without squaring its ends.
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_UPSAMPLING = cv2.resize(
    np.eye(_COARSE, dtype=np.float64), (_COARSE, SIDE), interpolation=cv2.INTER_CUBIC
)  # (28, 5): each row interpolates one pixel from the coarse points
