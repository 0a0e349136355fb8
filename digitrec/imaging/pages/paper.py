"""Paper to ink: shadow, colour, grain and ruled lines taken off a photographed or scanned page."""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.border import border_of, medians

_SMALL = 640  # px, larger side at which the paper's own brightness is estimated
_WINDOWS = (1 / 14, 1 / 7, 1 / 3)  # of that: wider than strokes, narrower than most shadows
_SWALLOWED = 0.6  # of the paper's usual brightness: what is darker is no paper
_SPREAD = 5.0  # times the grain: what is nearer to the paper's colour is paper
_LEAST_GRAIN, _MOST_GRAIN = 3.0, 10.0  # of 255
_PLAIN_BORDER, _PLAIN = 0.9, 0.5  # share of a plain paper's pixels that have its colour
_FAINTEST = 18.0  # of 255: weaker marks are grain
_COLOUR, _RINGING = 0.7, 20.0  # a colour's share, and what of it may be ringing, of 255
_WEAK = 0.55  # of the threshold: what is as dark as that and touches ink is ink
_ALONG = 0.15  # of the border's length
_GRAIN = 5.0  # times the grain's own spread


def is_plain(image: NDArray[np.uint8]) -> bool:
    """Whether the paper has one colour all over, as on a canvas or a good scan.

    Args:
        image: (H, W) or (H, W, C) uint8.
    """
    channels = image[:, :, None] if image.ndim == 2 else image
    border = border_of(channels)
    paper = medians(border)
    grain = medians(np.abs(border - paper))
    near = _SPREAD * np.maximum(grain, _LEAST_GRAIN)
    if (grain > _MOST_GRAIN).any():
        return False
    at_border = (np.abs(border - paper) <= near).all(axis=1).mean()
    like_paper = cv2.inRange(image, tuple(np.ceil(paper - near)), tuple(np.floor(paper + near)))
    everywhere = cv2.countNonZero(like_paper) / like_paper.size
    return bool(at_border >= _PLAIN_BORDER and everywhere >= _PLAIN)


def distance_from_paper(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """How far each channel is from a plain paper's colour, which the border tells.

    Args:
        image: (H, W) or (H, W, C) uint8.

    Returns:
        (H, W, C) uint8.
    """
    channels = image[:, :, None] if image.ndim == 2 else image
    planes = [
        cv2.LUT(plane, np.abs(np.arange(256) - int(colour)).astype(np.uint8))
        for plane, colour in zip(cv2.split(channels), medians(border_of(channels)), strict=True)
    ]
    return np.asarray(cv2.merge(planes), np.uint8).reshape(channels.shape)


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
    estimate = _paper(np.asarray(small, np.uint8))
    whole = cv2.resize(estimate, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    paper = np.asarray(whole, np.uint8).reshape(channels.shape)
    missing = cv2.subtract(paper, np.ascontiguousarray(channels)).reshape(channels.shape)
    brightest = np.maximum(strongest(paper), 16).astype(np.float32)
    shares = missing * (255.0 / brightest)[:, :, None]
    return np.asarray(np.minimum(shares, 255), np.uint8)


def _paper(small: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The paper's own colour everywhere, strokes painted over.

    The window has to be wider than any stroke; the smaller it is, the sharper may shadows be.
    It grows as long as it takes patches of ink inside the sheet for paper.
    """
    for share in _WINDOWS:
        reach = max(3, round(max(small.shape[:2]) * share)) | 1
        window = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        planes = [
            cv2.blur(cv2.morphologyEx(plane, cv2.MORPH_CLOSE, window), (reach, reach))
            for plane in np.moveaxis(small, -1, 0)
        ]
        paper = np.asarray(np.stack(planes, axis=-1), np.uint8)
        brightness = strongest(paper)
        swallowed = np.where(brightness < _SWALLOWED * np.median(brightness), 255, 0)
        if not without_surroundings(swallowed.astype(np.uint8), along=0.0).any():
            break
    return paper


def strongest(channels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Of each pixel (H, W, C) the largest channel: (H, W) uint8."""
    # Plane by plane, which is ten times as fast as along an axis of three.
    return functools.reduce(np.maximum, np.moveaxis(channels, -1, 0))


def flatten(darker: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One plane of `darkness` (H, W, C): the brightness, or a colour's where it is far stronger.

    JPEG stores colours coarsely: around ink they ring, above all blue on yellow paper.
    """
    if darker.shape[2] == 1:
        return darker[:, :, 0]
    brightness = cv2.cvtColor(darker, cv2.COLOR_RGB2GRAY)
    coloured = strongest(darker) * np.float32(_COLOUR) - np.float32(_RINGING)
    return np.asarray(np.maximum(brightness, coloured), np.uint8)


def ink_mask(flat: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink 255, paper 0: strokes with all that hangs on them and is not grain.

    Args:
        flat: (H, W) uint8, see `flatten`.
    """
    mask = np.zeros_like(flat)
    part = inked(flat)  # most of a page is paper
    inside = flat[part]
    if not inside.size:
        return mask
    high = threshold(inside, flat.size - inside.size)
    weak = cv2.threshold(inside, int(max(_FAINTEST, _WEAK * high)), 1, cv2.THRESH_BINARY)[1]
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    kept = np.zeros(count, np.uint8)
    kept[labels[inside > high]] = 255
    kept[0] = 0
    mask[part] = weak * np.uint8(255) if kept[1:].all() else kept[labels]
    return mask


def inked(flat: NDArray[np.uint8]) -> tuple[slice, slice]:
    """The rows and columns of a picture (H, W) that hold all of its ink."""
    x, y, w, h = cv2.boundingRect(flat)
    return slice(y, y + h), slice(x, x + w)


def threshold(flat: NDArray[np.uint8], paper: int = 0) -> float:
    """What separates ink from grain in a flattened page, 0-255.

    Args:
        flat: (H, W) uint8, see `flatten`.
        paper: so many pixels of 0 lie around it.
    """
    middle, spread = _middle_and_spread(flat, paper)
    grain = middle + _GRAIN * spread
    marks = flat[flat > max(_FAINTEST, grain)]
    if not len(marks):
        return 255.0
    split, _ = cv2.threshold(marks.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return max(_FAINTEST, grain, 0.6 * split)


def _middle_and_spread(flat: NDArray[np.uint8], paper: int) -> tuple[float, float]:
    """The median, and the median distance from it; counted, as no sorting is needed for bytes."""
    if 2 * cv2.countNonZero(flat) <= flat.size + paper:
        return 0.0, 0.0  # most is paper
    counts = cv2.calcHist([flat], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    counts[0] += paper
    half = counts.sum() / 2
    middle = int(np.searchsorted(counts.cumsum(), half))
    away = np.bincount(np.abs(np.arange(256) - middle), weights=counts)
    return float(middle), float(np.searchsorted(away.cumsum(), half))


def without_surroundings(mask: NDArray[np.uint8], *, along: float = _ALONG) -> NDArray[np.uint8]:
    """The mask less what lies along the border: a table, a shadow.

    Args:
        mask: (H, W) uint8, 0 or 255.
        along: share of a side of the picture that a patch has to touch to be taken out.
    """
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    outside = np.zeros(count, bool)
    for border in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        touching = np.bincount(border, minlength=count)
        outside |= touching > along * len(border)
    outside[0] = True
    return np.where(outside[labels], 0, mask).astype(np.uint8)
