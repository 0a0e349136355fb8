"""Pages of digits as a camera would see them, drawn by the project itself."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import random_digit

_MARGIN = 0.1  # of a cell: what stays free around a digit at least


def draw_page(
    file: Path, size: tuple[int, int], cells: tuple[int, int], count: int | None = None
) -> str:
    """Write a page of the generator's digits, lit from one side.

    Args:
        file: a JPEG.
        size: width and height, px.
        cells: rows and columns of places for digits.
        count: so many digits, from the top; else one in every cell.

    Returns:
        Its digits.
    """
    rng = np.random.default_rng(1)
    (width, height), (rows, columns) = size, cells
    down, across = height // rows, width // columns
    paper = np.full((height, width), 245, np.float32)
    labels = rng.integers(0, 10, (rows, columns))
    for row, column in list(np.ndindex(rows, columns))[:count]:
        digit = _digit(int(labels[row, column]), 0.5 * min(down, across), rng)
        top = row * down + round(rng.uniform(_MARGIN, 0.3) * down)
        left = column * across + round(rng.uniform(_MARGIN, 0.3) * across)
        part = paper[top : top + digit.shape[0], left : left + digit.shape[1]]
        part -= 0.8 * digit[: part.shape[0], : part.shape[1]]
    paper *= np.linspace(0.6, 1, width, dtype=np.float32)
    paper += rng.normal(0, 3, paper.shape).astype(np.float32)
    page = Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8)).convert("RGB")
    page.save(file, quality=90)
    return "".join(map(str, labels.ravel()[:count]))


def _digit(label: int, height: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    ink = ink_from_strokes([stroke.astype(np.float32) for stroke in random_digit(label, rng)])
    scale = height / ink.shape[0]
    size = (max(1, round(ink.shape[1] * scale)), round(height))
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_AREA), np.uint8)
