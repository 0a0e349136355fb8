"""A picture of any size to the marks of writing in it, every step kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.ink import ink_from_image, on_white
from digitrec.imaging.pages.marks import Mark, find_marks, is_stroke, on_page, typical_height
from digitrec.imaging.pages.paper import (
    darkness,
    distance_from_paper,
    flatten,
    ink_mask,
    inked,
    is_plain,
    without_surroundings,
)
from digitrec.imaging.pages.ruling import Mask, remove_lines, share_of_lines, split_inks
from digitrec.imaging.pages.skew import skew, straighten

_LARGEST = 2_000  # px, larger side that is worked on: a page of 40 lines is legible
_LARGE = 400  # px: the paper of larger pictures is what most of them shows
_FORM = 0.6  # share of an ink that draws lines at which it is the form's
_LEAST_SKEW = 1.0  # degrees: less harms nothing, and turning blurs
_RIM = 0.25  # of the form's height: writing is at least as high
_SPECK = 0.15  # typical heights
# Of the page's width, and times as wide as high: a rule or the sheet's edge.
_ACROSS, _FLAT = 0.8, 8
_TALLEST, _WIDEST = 2.5, 8.0  # typical heights: larger marks are no writing


@dataclass(frozen=True)
class Page:
    """A picture on its way to marks.

    Attributes:
        to_picture: (2, 3) float64, the way from pixels of the arrays below to those of the picture.
        skew: degrees, clockwise, by which the picture leaned; the arrays are straight.
        flat: (H, W) uint8, how much darker than the paper; 0 is paper.
        mask: (H, W) uint8, what is ink, 255.
        cleaned: the mask without forms, frames and rules.
        marks: the writing, in pixels of these arrays.
    """

    to_picture: NDArray[np.float64]
    skew: float
    flat: NDArray[np.uint8]
    mask: Mask
    cleaned: Mask
    marks: list[Mark]


def read_page(image: NDArray[np.uint8]) -> Page:
    """Take paper, shadows, surroundings and forms off a picture.

    Args:
        image: (H, W) or (H, W, 4) RGBA uint8, as `ink.load_image` gives it.
    """
    image = _without_planes(image)
    scale = min(1.0, _LARGEST / max(image.shape[:2]))
    if scale < 1:
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    to_picture = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]])
    found = _find_ink(image)
    angle = skew(found.mask, found.marks, found.height)
    if abs(angle) >= _LEAST_SKEW:
        image, back = straighten(image, angle)
        to_picture, found = back / scale, _find_ink(image)
    else:
        angle = 0.0
    cleaned = _without_form(found)
    ink = found.ink & cleaned
    # The patches are those of the mask, where nothing was taken out of it.
    marks = found.marks if cleaned is found.mask else find_marks(cleaned)
    marks = [replace(m, ink=on_page(ink, m) & m.ink) for m in marks]
    return Page(to_picture, angle, found.flat, found.mask, cleaned, _writing(marks, ink.shape[1]))


def _without_planes(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One plane (H, W) of an opaque image that has no colour: every step takes a third of the time.

    Such as what a canvas or a scanner gives.
    """
    if image.ndim == 2:
        return image
    red = np.asarray(cv2.extractChannel(image, 0), np.uint8)
    return red if np.array_equal(cv2.cvtColor(red, cv2.COLOR_GRAY2RGBA), image) else image


@dataclass(frozen=True)
class _Ink:
    """Channels (H, W, C) and one plane (H, W), how much darker than the paper; what is ink, 255;
    the strokes, 0-255, wherever that is; its patches, and their typical height, px.
    """

    darker: NDArray[np.uint8]
    flat: NDArray[np.uint8]
    mask: Mask
    ink: NDArray[np.uint8]
    marks: list[Mark]
    height: float


def _find_ink(image: NDArray[np.uint8]) -> _Ink:
    colours = image if image.ndim == 2 else on_white(image)
    if is_plain(colours):
        # Nothing has to be guessed: the strokes keep their soft edges.
        flat = ink = ink_from_image(image)
        darker = distance_from_paper(colours) if colours.ndim == 3 else flat[:, :, None]
        mask = _with_edges(ink_mask(flat), flat)
    else:
        darker = darkness(255 - colours if _is_dark(colours) else colours)
        flat = flatten(darker)
        mask = without_surroundings(ink_mask(flat))
        ink = _solid(flat, mask)
    marks = find_marks(mask)
    return _Ink(darker, flat, mask, ink, marks, typical_height(marks, upright=False))


def _writing(marks: list[Mark], width: int) -> list[Mark]:
    """The marks that are neither specks nor rules, on a page so wide, nor too large for writing."""
    height = typical_height(marks, upright=False)
    return [
        m
        for m in marks
        if max(m.width, m.height) >= _SPECK * height
        and not (m.width > _ACROSS * width and m.width > _FLAT * m.height)
        and min(m.width, m.height) < _TALLEST * height
        and max(m.width, m.height) < _WIDEST * height
    ]


def _with_edges(mask: Mask, ink: NDArray[np.uint8]) -> Mask:
    """The mask with the ink beside it."""
    part = inked(ink)
    whole = np.zeros_like(mask)
    if not mask.any():
        return whole
    edges = cv2.dilate(mask[part], np.ones((3, 3), np.uint8))
    cv2.bitwise_and(edges, cv2.threshold(ink[part], 0, 255, cv2.THRESH_BINARY)[1], whole[part])
    return whole


def _is_dark(colours: NDArray[np.uint8]) -> bool:
    """Whether the paper is dark: a blackboard, a canvas in dark mode."""
    grey = colours if colours.ndim == 2 else cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    if max(grey.shape) < _LARGE:
        grey = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return float(np.median(grey)) < 127


def _without_form(found: _Ink) -> Mask:
    """The mask without the ink that draws the form, if it has one of its own, and without lines."""
    darker, mask, marks, height = found.darker, found.mask, found.marks, found.height
    inks = split_inks(darker, mask) if darker.shape[2] == 3 else [mask]
    if len(inks) == 2:
        heights = [typical_height(find_marks(ink), upright=False) for ink in inks]
        shares = [share_of_lines(ink, heights[1 - i]) for i, ink in enumerate(inks)]
        form = int(np.argmax(shares))
        # The soft rims of strokes may have a colour of their own: they are no writing.
        if shares[form] > _FORM and heights[1 - form] > _RIM * heights[form]:
            mask = inks[1 - form]
            marks = find_marks(mask)
            height = typical_height(marks, upright=False)
    return mask if is_stroke(marks) else remove_lines(mask, height)


def _solid(flat: NDArray[np.uint8], mask: Mask) -> NDArray[np.uint8]:
    """Ink 255 from the strokes' middles to about half at their rims, whatever pen drew them."""
    inside = flat[mask > 0]
    full = float(np.percentile(inside, 60)) if len(inside) else 255.0
    return np.asarray(np.clip(flat * (255.0 / max(full, 1.0)), 1, 255), np.uint8)


def ink_on_paper(page: Page) -> NDArray[np.uint8]:
    """(H, W) uint8, the writing alone, 0 is paper; as large as the page's own arrays."""
    ink = np.zeros(page.mask.shape, np.uint8)
    for mark in page.marks:
        part = on_page(ink, mark)
        np.maximum(part, mark.ink, out=part)
    return ink
