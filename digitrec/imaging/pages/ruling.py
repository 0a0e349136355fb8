"""Ink without the form: frames, boxes, rules and grids taken out, the writing left whole."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.pages.paper import strongest

Mask = NDArray[np.uint8]  # (H, W), 0 or 255

_ANGLES = np.deg2rad(np.arange(-9, 10, 3))  # a hand-drawn or photographed line's slopes
_WORKING_HEIGHT = 28  # px of a digit: enough to find lines, and quick
_LONG = 1.6  # digit heights: no stroke of a digit is as long and straight
_THICKER = 1.6  # times as thick as its line: a stroke that crosses it
_MOST_THICK = 31  # px, a line
_CONTAINER = 2.2  # digit heights: larger marks may be frames
_RULE = 4.0  # digit heights: a line that crosses no other one is at least as long
_SIDE = 0.8  # of a box' height: what reaches from its top to its bottom is its side
_ROUNDS = 10
_SPAN = 0.6  # of its patch: a line is as long
_CORE = 60  # of 255: ink that is dark enough to tell its colour
_APART = 0.45  # distance of two inks' colours at which they are two


def split_inks(darkness: NDArray[np.uint8], mask: Mask) -> list[Mask]:
    """The mask by colour of ink: one or two masks.

    Args:
        darkness: (H, W, 3) uint8, how much darker than the paper each channel is.
        mask: ink, 255.
    """
    core = (mask > 0) & (strongest(darkness) >= _CORE)
    if core.sum() < 100:
        return [mask]
    ys, xs = np.nonzero(core)
    chosen = np.random.default_rng(0).permutation(len(ys))[:5_000]
    colours = _chroma(darkness[ys[chosen], xs[chosen]])
    centres = _two_means(colours)
    if np.linalg.norm(centres[0] - centres[1]) < _APART:
        return [mask]
    ys, xs = np.nonzero(mask)
    everywhere = _chroma(darkness[ys, xs])
    distances = np.linalg.norm(everywhere[:, None] - centres[None], axis=2)
    second = np.zeros(mask.shape, np.uint8)
    second[ys, xs] = np.where(distances[:, 1] < distances[:, 0], 255, 0)
    # A line's soft edge has all colours; its neighbours decide.
    second = np.asarray(cv2.medianBlur(second, 3), np.uint8) & mask
    return [mask & ~second, second]


def _two_means(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """The centres (2, 2) of two clusters, from the two points that lie farthest out."""
    one = points[np.linalg.norm(points - points.mean(axis=0), axis=1).argmax()]
    other = points[np.linalg.norm(points - one, axis=1).argmax()]
    centres = np.stack([one, other])
    for _ in range(_ROUNDS):
        nearer = np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1)
        if not 0 < nearer.sum() < len(nearer):
            break
        centres = np.stack([points[nearer == k].mean(axis=0) for k in (0, 1)])
    return centres


def _chroma(darkness: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, 3) → (N, 2) float32: an ink's colour, whatever its strength; (0, 0) is grey."""
    share = darkness.astype(np.float32) / np.maximum(darkness.max(axis=1, keepdims=True), 1)
    red, green, blue = share.T
    return np.stack([red - green, (red + green) / 2 - blue], axis=1)


def share_of_lines(mask: Mask, height: float) -> float:
    """How much of an ink draws lines and boxes rather than digits, 0-1."""
    in_lines = int(np.count_nonzero(find_lines(mask, height)))
    return in_lines / max(1, int(np.count_nonzero(mask)))


def remove_lines(mask: Mask, height: float) -> Mask:
    """The mask without frames, boxes and rules, itself where it has none.

    Strokes that cross a line keep their pixels.

    Args:
        mask: ink, 255.
        height: px, of a typical digit.
    """
    lines = find_lines(mask, height)
    return mask & ~lines if lines.any() else mask


def find_lines(mask: Mask, height: float) -> Mask:
    """What `remove_lines` takes out, 255."""
    scale = min(1.0, _WORKING_HEIGHT / max(height, 1))
    if (max(cv2.boundingRect(mask)[2:]) + 1) * scale + 1 < _CONTAINER * height * scale:
        return np.zeros_like(mask)  # nothing is large enough
    size = [max(1, round(side * scale)) for side in mask.shape[::-1]]
    small = np.where(cv2.resize(mask, size, interpolation=cv2.INTER_AREA) > 60, 255, 0)
    small = small.astype(np.uint8)
    height *= scale
    count, labels, stats, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    level, upright = np.zeros_like(small), np.zeros_like(small)
    for index in range(1, count):
        x, y, w, h, _ = stats[index]
        if max(w, h) < _CONTAINER * height:
            continue
        part = np.where(labels[y : y + h, x : x + w] == index, 255, 0).astype(np.uint8)
        found = _lines_of(part, height)
        level[y : y + h, x : x + w] |= found[0]
        upright[y : y + h, x : x + w] |= found[1]
    return _without_strokes(level, mask, 0) | _without_strokes(upright, mask, 1)


def _lines_of(part: Mask, height: float) -> tuple[Mask, Mask]:
    """The level and the upright lines of one connected patch."""
    length = max(9, round(_LONG * height))
    padded = np.pad(part, length)  # room around, or lines at the rim are shorter than they are
    inner = (slice(length, -length), slice(length, -length))
    level = _straight(padded, length, 0.0)
    upright = _straight(padded, length, np.pi / 2) | _sides(padded, level, height)
    level, upright = _spanning(level, part.shape[1], 0), _spanning(upright, part.shape[0], 1)
    if max(part.shape) < _RULE * height and not (level.any() and upright.any()):
        return np.zeros_like(part), np.zeros_like(part)
    return level[inner], upright[inner]


def _without_strokes(lines: Mask, mask: Mask, axis: int) -> Mask:
    """Lines found in the small mask on the mask itself, less what is thicker than they are.

    Where a stroke crosses a line or lies along it, the ink is thicker than the line alone.
    """
    if not lines.any():
        return np.zeros_like(mask)
    grown = cv2.dilate(lines, np.ones((3, 1) if axis == 0 else (1, 3), np.uint8))
    back = cv2.resize(grown, mask.shape[::-1], interpolation=cv2.INTER_NEAREST)
    on_lines = np.asarray(back, np.uint8) & mask
    # How thick a line is, most of its columns (or rows) tell.
    runs = _thickness(on_lines, axis)
    thick = round(_THICKER * float(np.median(runs[on_lines > 0]))) + 2 if on_lines.any() else 2
    strokes = _opened(mask, 1, thick) if axis == 0 else _opened(mask, thick, 1)
    return on_lines & ~strokes


def _thickness(mask: Mask, axis: int) -> NDArray[np.float32]:
    """Of each pixel, how far the ink around it reaches across a line, px."""
    inside = (mask > 0).astype(np.float32)
    reach = _MOST_THICK
    kernel = np.ones((reach, 1) if axis == 0 else (1, reach), np.float32)
    return np.asarray(cv2.filter2D(inside, -1, kernel, borderType=cv2.BORDER_CONSTANT), np.float32)


def _spanning(lines: Mask, extent: int, axis: int) -> Mask:
    """Those that reach across most of the patch: joined writing has straight pieces too."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    long = stats[:, cv2.CC_STAT_WIDTH + axis] >= _SPAN * extent
    long[0] = False
    return np.where(long[labels], 255, 0).astype(np.uint8)


def _opened(mask: Mask, width: int, height: int) -> Mask:
    kernel = np.ones((height, width), np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def _straight(mask: Mask, length: int, direction: float) -> Mask:
    """Pixels of straight runs at least as long, within a few degrees of a direction."""
    upright = direction > 1
    swollen = cv2.dilate(mask, np.ones((1, 3) if upright else (3, 1), np.uint8))
    found = np.zeros_like(mask)
    for angle in _ANGLES:
        kernel = _line_kernel(length, direction + angle)
        found |= np.asarray(cv2.morphologyEx(swollen, cv2.MORPH_OPEN, kernel), np.uint8)
    return found & mask


def _sides(mask: Mask, level: Mask, height: float) -> Mask:
    """The sides of boxes: what reaches from one level line to the next."""
    rows = np.flatnonzero(np.count_nonzero(level, axis=1) >= _LONG * height)
    if len(rows) < 2:
        return np.zeros_like(mask)
    gap = int(rows[-1] - rows[0])
    if not 0.7 * height < gap < 3 * height:
        return np.zeros_like(mask)
    return _straight(mask, max(5, round(_SIDE * gap)), np.pi / 2)


def _line_kernel(length: int, angle: float) -> NDArray[np.uint8]:
    half = length / 2
    dx, dy = half * np.cos(angle), half * np.sin(angle)
    kernel = np.zeros((int(2 * abs(dy)) + 1, int(2 * abs(dx)) + 1), np.uint8)
    centre = np.array([kernel.shape[1] - 1, kernel.shape[0] - 1]) / 2
    ends = [np.rint(centre + sign * np.array([dx, dy])).astype(int) for sign in (-1, 1)]
    cv2.line(kernel, tuple(map(int, ends[0])), tuple(map(int, ends[1])), 1, 1)
    return kernel
