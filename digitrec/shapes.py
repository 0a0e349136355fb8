"""The project's own drawings of the ten digits, as strokes. NumPy only.

Each stroke is given by a few points on a 100×140 sheet, x right, y down, and smoothed by a
Catmull-Rom curve (E. Catmull, R. Rom, "A class of local interpolating splines", 1974), which
passes through every point; a point given twice in a row makes a corner.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float32]

SHEET = (100.0, 140.0)  # width and height that the templates were drawn on
_STEPS = 8  # points between two given ones

_TEMPLATES: dict[int, tuple[tuple[tuple[float, float], ...], ...]] = {
    0: (
        (
            (56, 10),
            (28, 22),
            (14, 62),
            (22, 108),
            (48, 130),
            (74, 116),
            (88, 72),
            (78, 28),
            (52, 10),
        ),
    ),
    1: (((54, 10), (52, 50), (50, 90), (48, 130)),),
    2: (
        (
            (18, 38),
            (30, 16),
            (54, 10),
            (76, 24),
            (74, 52),
            (48, 90),
            (16, 128),
            (16, 128),
            (50, 126),
            (86, 126),
        ),
    ),
    3: (
        (
            (20, 24),
            (44, 10),
            (70, 20),
            (72, 44),
            (44, 64),
            (44, 64),
            (74, 78),
            (80, 106),
            (54, 130),
            (20, 120),
        ),
    ),
    4: (
        ((38, 10), (30, 44), (18, 84), (18, 84), (50, 84), (90, 82)),
        ((68, 44), (66, 88), (62, 132)),
    ),
    5: (
        (
            (32, 14),
            (30, 38),
            (26, 64),
            (26, 64),
            (52, 56),
            (78, 74),
            (78, 106),
            (52, 130),
            (18, 120),
        ),
        ((32, 14), (56, 14), (82, 12)),
    ),
    6: (
        (
            (68, 10),
            (40, 36),
            (22, 76),
            (24, 112),
            (46, 130),
            (70, 116),
            (72, 90),
            (50, 78),
            (26, 96),
        ),
    ),
    7: (((16, 16), (48, 16), (84, 14), (84, 14), (66, 54), (50, 92), (40, 132)),),
    8: (
        (
            (74, 24),
            (48, 10),
            (26, 26),
            (36, 54),
            (66, 84),
            (72, 112),
            (48, 130),
            (24, 114),
            (34, 84),
            (66, 54),
            (78, 30),
            (66, 14),
            (50, 10),
        ),
    ),
    9: (
        (
            (76, 34),
            (52, 12),
            (26, 28),
            (24, 56),
            (46, 68),
            (72, 52),
            (78, 30),
            (78, 30),
            (74, 84),
            (66, 132),
        ),
    ),
}


def digit_strokes(
    label: int, *, height: float = 200.0, left: float = 0.0, top: float = 0.0
) -> list[Stroke]:
    """The drawing of one digit.

    Args:
        label: 0-9.
        height: of the whole sheet, px; the digit itself is about 120/140 of it.
        left: of the sheet, px.
        top: of the sheet, px.

    Returns:
        Strokes (n, 2) float32 in the order of writing.

    Raises:
        KeyError: no such digit.
    """
    scale = height / SHEET[1]
    offset = np.array([left, top])
    return [
        (_smooth(np.array(stroke, float)) * scale + offset).astype(np.float32)
        for stroke in _TEMPLATES[label]
    ]


def _smooth(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A curve through the points, with corners where a point stands twice."""
    corners = np.flatnonzero((np.diff(points, axis=0) == 0).all(axis=1)) + 1
    return np.concatenate([_curve(part) for part in np.split(points, corners)])


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, _STEPS, endpoint=False)[:, None]
    pieces = [
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - 3 * c + d - a) * t**3
        )
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.vstack([*pieces, points[-1:]])
