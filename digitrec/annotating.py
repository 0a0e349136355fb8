"""Pictures with what was read in them drawn over it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitrec.imaging.ink import on_white
from digitrec.reading import Box, DigitStatus, Reading

COLOURS: dict[DigitStatus, str] = {
    "digit": "#1f78b4",
    "ambiguous": "#d95f02",
    "not a digit": "#808080",
}


def annotated(image: NDArray[np.uint8], reading: Reading) -> NDArray[np.uint8]:
    """A picture, upright, with a coloured box and the label at every digit.

    Args:
        image: (H, W) or (H, W, 4) RGBA uint8, as `digitrec.imaging.ink.load_image` gives it.
        reading: what was read in it.

    Returns:
        (H, W, 3) uint8 RGB, or (W, H, 3) of a page that lies on its side; blue where it is a
        digit, orange where it is ambiguous, thin and grey around what is none.
    """
    picture = turned_upright(_in_colour(image), reading.turned)
    size = (image.shape[1], image.shape[0])
    for digit in reading.digits:
        box = turned_box(digit.box, size, reading.turned)
        told = None if digit.status == "not a digit" else digit.text
        draw_box(picture, box, told, COLOURS[digit.status])
    return picture


def draw_box(picture: NDArray[np.uint8], box: Box, text: str | None, colour: str) -> None:
    """Draw a box and the text above it into a picture; a thin box alone for None.

    Args:
        picture: (H, W, 3) uint8 RGB, changed in place.
        box: px.
        text: ASCII; of anything else the box alone is drawn.
        colour: "#rrggbb".
    """
    ink = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    x, y, width, height = box
    cv2.rectangle(picture, (x - 1, y - 1), (x + width, y + height), ink, 1 if text is None else 2)
    if text is None or not text.isascii():
        return
    size = max(0.4, min(1.6, height / 60))
    at = (x, max(round(22 * size), y - 5))
    for shade, thickness in (((255, 255, 255), 5), (ink, 2)):
        cv2.putText(
            picture, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, shade, thickness, cv2.LINE_AA
        )


def turned_upright(image: NDArray[np.uint8], degrees: int) -> NDArray[np.uint8]:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(image, -degrees // 90))


def turned_box(box: Box, size: tuple[int, int], degrees: int) -> Box:
    """A box on a picture of this width and height, on the picture turned clockwise."""
    (x, y, width, height), (full_width, full_height) = box, size
    right, bottom = full_width - x - width, full_height - y - height
    return {
        0: Box(x, y, width, height),
        90: Box(bottom, x, height, width),
        180: Box(right, bottom, width, height),
        270: Box(y, right, height, width),
    }[degrees % 360]


def _in_colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 3) RGB, what is transparent on white paper."""
    return np.repeat(image[:, :, None], 3, axis=2) if image.ndim == 2 else on_white(image)
