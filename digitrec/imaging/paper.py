"""Paper to ink: shadow, colour, grain and ruled lines taken off a photographed or scanned page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALL = 640  # px, larger side at which the paper's own brightness is estimated
_WINDOW = 1 / 14  # of that: wider than any stroke, narrower than most shadows
_FAINTEST = 18.0  # of 255: weaker marks are grain
_COLOUR, _RINGING = 0.7, 20.0  # a colour's share, and what of it may be ringing, of 255
_WEAK = 0.55  # of the threshold: what is as dark as that and touches ink is ink
_ALONG = 0.15  # of the border's length
_GRAIN = 5.0  # times the grain's own spread


def darkness(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much darker than the paper around it each pixel is, channel by channel.

    Args:
        image: (H, W) or (H, W, C) uint8, dark ink on light paper.

    Returns:
        (H, W, C) uint8, 0 is paper; shadows and the paper's own colour are gone.
    """
    channels = image[:, :, None] if image.ndim == 2 else image
    scale = min(1.0, _SMALL / max(image.shape[:2]))
    size = [max(1, round(side * scale)) for side in image.shape[1::-1]]
    small = cv2.resize(channels, size, interpolation=cv2.INTER_AREA).reshape(size[1], size[0], -1)
    reach = max(3, round(max(size) * _WINDOW)) | 1
    window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    paper = np.stack(
        [
            cv2.blur(cv2.morphologyEx(plane, cv2.MORPH_CLOSE, window), (reach, reach))
            for plane in np.moveaxis(small, -1, 0)
        ],
        axis=-1,
    )
    paper = cv2.resize(paper, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    paper = paper.reshape(channels.shape)
    missing = cv2.subtract(paper, np.ascontiguousarray(channels)).reshape(channels.shape)
    brightest = np.maximum(paper.max(axis=-1, keepdims=True), 16)
    shares = missing * (255.0 / brightest.astype(np.float32))
    return np.asarray(np.minimum(shares, 255), np.uint8)


def flatten(darker: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One plane of `darkness` (H, W, C): the brightness, or a colour's where it is far stronger.

    JPEG stores colours coarsely: around ink they ring, above all blue on yellow paper.
    """
    if darker.shape[2] == 1:
        return darker[:, :, 0]
    brightness = cv2.cvtColor(darker, cv2.COLOR_RGB2GRAY)
    coloured = darker.max(axis=2) * np.float32(_COLOUR) - np.float32(_RINGING)
    return np.asarray(np.maximum(brightness, coloured), np.uint8)


def ink_mask(flat: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink 255, paper 0: strokes with all that hangs on them and is not grain.

    Args:
        flat: (H, W) uint8, see `flatten`.
    """
    high = threshold(flat)
    strong = flat > high
    weak = (flat > max(_FAINTEST, _WEAK * high)).astype(np.uint8)
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    kept = np.zeros(count, bool)
    kept[np.unique(labels[strong])] = True
    kept[0] = False
    return np.where(kept[labels], 255, 0).astype(np.uint8)


def threshold(flat: NDArray[np.uint8]) -> float:
    """What separates ink from grain in a flattened page, 0-255."""
    grain = float(np.median(flat)) + _GRAIN * float(np.median(np.abs(flat - np.median(flat))))
    marks = flat[flat > max(_FAINTEST, grain)]
    if not len(marks):
        return 255.0
    split, _ = cv2.threshold(marks.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return max(_FAINTEST, grain, 0.6 * split)


def without_surroundings(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask less what lies along a good part of the picture's border: a table, a shadow."""
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    outside = np.zeros(count, bool)
    for border in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        along = np.bincount(border, minlength=count)
        outside |= along > _ALONG * len(border)
    outside[0] = True
    return np.where(outside[labels], 0, mask).astype(np.uint8)
