"""Paper to ink: shadow, colour, grain and ruled lines taken off a photographed or scanned page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SMALL = 640  # px, larger side at which the paper's own brightness is estimated
_WINDOW = 1 / 14  # of that: wider than any stroke, narrower than most shadows
_FAINTEST = 18.0  # of 255: weaker marks are grain
_GRAIN = 5.0  # times the grain's own spread


def flatten(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How much darker than the paper around it each pixel is.

    Args:
        image: (H, W) or (H, W, 3) uint8, dark ink on light paper.

    Returns:
        (H, W) uint8, 0 is paper; shadows and the paper's own colour are gone.
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
    paper = paper.reshape(channels.shape).astype(np.float32)
    darker = (paper - channels).max(axis=-1)
    return np.asarray(np.clip(255 * darker / np.maximum(paper.max(axis=-1), 16), 0, 255), np.uint8)


def threshold(flat: NDArray[np.uint8]) -> float:
    """What separates ink from grain in a flattened page, 0-255."""
    grain = float(np.median(flat)) + _GRAIN * float(np.median(np.abs(flat - np.median(flat))))
    marks = flat[flat > max(_FAINTEST, grain)]
    if not len(marks):
        return 255.0
    split, _ = cv2.threshold(marks.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return max(_FAINTEST, grain, 0.6 * split)
