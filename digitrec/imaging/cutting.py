"""Touching digits apart: paths from top to bottom that cross little ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.marks import Mark

_WORKING_HEIGHT = 32  # px of a digit while paths are looked for
_STEP = 0.12  # digit heights between two tries
_REACH = 0.24  # digit heights to each side that a path may wander
_MARGIN = 0.18  # digit heights from the mark's sides
_MOST_INK = 0.45  # digit heights of ink that a cut may cross
_MOST_CUTS = 7
_SLANT_COST = 0.15  # of a pixel of ink, for a step aside


def cut(mark: Mark, height: float) -> list[Mark]:
    """The mark in parts, left to right, of which neighbours may be joined again.

    Args:
        mark: wider than a digit.
        height: px, of a typical digit.
    """
    scale = _WORKING_HEIGHT / max(height, 1)
    size = (max(2, round(mark.width * scale)), max(2, round(mark.height * scale)))
    covered = cv2.resize((mark.ink > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small = np.asarray(covered, np.float32)
    found = _cheapest_paths(small)
    if not found:
        return [mark]
    rows = np.clip((np.arange(mark.height) * scale).astype(int), 0, size[1] - 1)
    edges = np.stack([path[rows] / scale for _, path in found])  # (cuts, H)
    columns = np.arange(mark.width)
    owner = (columns[None, None, :] >= edges[:, :, None]).sum(axis=0)  # (H, W)
    costs = [0.0, *(cost / scale for cost, _ in found), 0.0]
    parts: list[Mark] = []
    for place in range(len(found) + 1):
        part = np.where(owner == place, mark.ink, 0).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(part)
        if w and h:
            ink = part[y : y + h, x : x + w]
            cuts = (costs[place], costs[place + 1])
            parts.append(Mark(mark.x + x, mark.y + y, ink, mark.whole, len(parts), cuts))
    return parts


def _cheapest_paths(ink: NDArray[np.float32]) -> list[tuple[float, NDArray[np.float64]]]:
    """Paths (H,) of columns, left to right, that cross the least ink, and how much."""
    _, width = ink.shape
    margin, reach = _MARGIN * _WORKING_HEIGHT, round(_REACH * _WORKING_HEIGHT)
    step = max(1.0, _STEP * _WORKING_HEIGHT)
    found: list[tuple[float, NDArray[np.float64]]] = []
    for centre in np.arange(margin, width - margin + 1e-6, step):
        left, right = max(0, round(centre) - reach), min(width, round(centre) + reach + 1)
        cost, path = _path(ink[:, left:right])
        if cost <= _MOST_INK * _WORKING_HEIGHT:
            found.append((cost, path + left))
    chosen: list[tuple[float, NDArray[np.float64]]] = []
    for cost, path in sorted(found, key=lambda item: item[0]):
        apart = [abs(float((path - other).mean())) > step for _, other in chosen]
        if all(apart) and len(chosen) < _MOST_CUTS:
            chosen.append((cost, path))
    return sorted(chosen, key=lambda item: float(item[1].mean()))


def _path(ink: NDArray[np.float32]) -> tuple[float, NDArray[np.float64]]:
    """The cheapest way from the top row to the bottom row, and the ink that it crosses."""
    rows, columns = ink.shape
    best = ink[0].astype(np.float64)
    came = np.zeros((rows, columns), np.int64)
    index = np.arange(columns)
    for row in range(1, rows):
        padded = np.pad(best, 1, constant_values=np.inf)
        ways = np.stack([padded[:-2] + _SLANT_COST, padded[1:-1], padded[2:] + _SLANT_COST])
        choice = ways.argmin(axis=0)
        came[row] = index + choice - 1
        best = ways[choice, index] + ink[row]
    column = int(best.argmin())
    path = np.zeros(rows)
    for row in range(rows - 1, -1, -1):
        path[row] = column
        column = int(came[row, column])
    return float(ink[np.arange(rows), path.astype(int)].sum()), path
