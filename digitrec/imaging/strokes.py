"""Canvas strokes: from the canvas' JSON to point lists, and from those to ink.

A drawing is a list of strokes; a stroke is (n, 2) float32, x right, y down, in canvas
pixels. Ink is drawn anew from the points, with a pen that suits the digit's size, so that
neither the canvas' pen, nor the place, nor the size of a drawing changes the digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from digitrec.errors import StrokesError

Stroke = NDArray[np.float32]

MAX_POINTS = 50_000
SMALLEST_DRAWING = 8.0  # canvas px, larger side of the path: less is a touch of the pen
MAX_COORDINATE = 100_000.0  # canvas pixels
# MNIST's strokes are 2-4.4 px wide in its 20 px box. A pen of 12 % of the path's larger side
# gives 2.1 px of full ink and its soft edges.
PEN_SHARE = 0.12
_PATH_SIDE = 200  # px, the larger side of the path as it is inked: ten times MNIST's box
_SHIFT = 4  # OpenCV draws with 4 bits of fraction
# Canvas px by which lines may leave a canvas' curve: a hundredth of a pixel in MNIST's box. More
# points would cost time and change nothing.
_CURVE_FINENESS = 0.1
_MOST_CURVE_LINES = 8  # a canvas' curve spans a few pixels
_ORIGIN = {"left": -0.5, "top": -0.5, "center": 0.0, "right": 0.5, "bottom": 0.5}


def checked_strokes(strokes: Iterable[ArrayLike]) -> list[Stroke]:
    """The strokes as arrays (n, 2) float32; strokes without a point are dropped.

    Raises:
        StrokesError: not lists of points, too many points, or coordinates that are not
            finite or lie beyond 100,000 px.
    """
    if isinstance(strokes, (str, bytes, Mapping)) or not isinstance(strokes, Iterable):
        raise StrokesError(
            "Expected a list of strokes, each a list of [x, y] points. "
            f"Received: {type(strokes).__name__}."
        )
    checked: list[Stroke] = []
    for number, stroke in enumerate(strokes):
        points = _points(stroke, number)
        if len(points):
            checked.append(points)
    total = sum(map(len, checked))
    if total > MAX_POINTS:
        raise StrokesError(
            f"Expected at most {MAX_POINTS:,} points in a drawing. Received: {total:,}. "
            "Leave out points that lie closer together than a pixel."
        )
    return checked


def _points(stroke: ArrayLike, number: int) -> Stroke:
    try:
        points = np.asarray(stroke, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise StrokesError(
            f"Expected stroke {number} as a list of [x, y] numbers. Received: something else "
            f"({error})."
        ) from error
    if points.size == 0:
        return np.zeros((0, 2), np.float32)
    if points.ndim != 2 or points.shape[1] != 2:
        raise StrokesError(
            f"Expected stroke {number} as (n, 2): x and y of each point. "
            f"Received: shape {points.shape}."
        )
    if not np.isfinite(points).all() or np.abs(points).max() > MAX_COORDINATE:
        raise StrokesError(
            f"Expected finite coordinates within ±{MAX_COORDINATE:,.0f} px in stroke {number}. "
            "Received: NaN, infinity or a larger number. Give canvas pixels."
        )
    return points.astype(np.float32)


def extent(strokes: Sequence[Stroke]) -> float:
    """Larger side of the box around all points, canvas pixels; 0 for none."""
    if not strokes:
        return 0.0
    points = np.concatenate(strokes)
    return float(np.ptp(points, axis=0).max())


def ink_from_strokes(
    strokes: Sequence[Stroke], *, pen_share: float = PEN_SHARE
) -> NDArray[np.uint8]:
    """Draw the strokes with a pen that suits the drawing's size.

    Args:
        strokes: each (n, 2) float32; one point is a dot.
        pen_share: the pen's width as a share of the drawing's larger side; only training
            asks for others than MNIST's own 12 %.

    Returns:
        (H, W) uint8 ink, the path's larger side 200 px; (0, 0) without strokes.
    """
    if not strokes:
        return np.zeros((0, 0), np.uint8)
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    side = float(np.ptp(points, axis=0).max())
    scale = _PATH_SIDE / side if side > 0 else 1.0
    pen = max(1, round(pen_share * _PATH_SIDE))
    width, height = np.ceil(np.ptp(points, axis=0) * scale).astype(int) + 2 * pen
    ink = np.zeros((height, width), np.uint8)
    for stroke in strokes:
        # Half the pen and a few pixels of room; a fixed-point grid for OpenCV.
        path = np.rint(((stroke - low) * scale + pen) * (1 << _SHIFT)).astype(np.int32)
        if len(path) == 1:
            path = np.repeat(path, 2, axis=0)
        cv2.polylines(ink, [path], False, 255, pen, cv2.LINE_AA, _SHIFT)
    return ink


def objects_of_canvas(state: object) -> list[Any] | None:
    """The drawing in what the canvas' component last sent; None where it sent none.

    A browser may send anything in its place.
    """
    for name in ("drawing", "raw", "objects"):
        state = state.get(name) if isinstance(state, Mapping) else None
    return state if isinstance(state, list) else None


def strokes_from_canvas(json_data: Mapping[str, Any] | None) -> list[Stroke]:
    """The strokes in a streamlit-drawable-canvas' `json_data`, in the order of drawing.

    Quadratic segments become short lines; an object that was moved, scaled, turned, flipped
    or skewed is taken where it is seen. Anything but a path is passed over.

    Raises:
        StrokesError: the JSON is of another form.
    """
    if json_data is None:
        return []
    try:
        objects = json_data["objects"]
        paths = [item for item in objects if str(item.get("type", "")).lower() == "path"]
        with np.errstate(all="ignore"):  # what becomes infinite on the way is refused as such
            return checked_strokes(_placed(_flattened(item["path"]), item) for item in paths)
    except StrokesError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise StrokesError(
            "Expected a canvas' JSON with Path objects. Received: something else "
            f"({type(error).__name__}: {error})."
        ) from error


def _flattened(path: Sequence[Sequence[Any]]) -> NDArray[np.float64]:
    """Points (n, 2) along the commands M, L and Q of a Fabric.js path."""
    points: list[tuple[float, float]] = []
    for command, *numbers in path:
        values = [float(number) for number in numbers]
        if command in ("M", "L"):
            points += zip(values[::2], values[1::2], strict=True)
        elif command == "Q":
            points += _curve(points[-1], *values)
        elif command not in ("Z", "z"):
            raise StrokesError(
                f"Expected path commands M, L, Q and Z. Received: {command!r}. Draw with the pen."
            )
    return np.array(points, np.float64).reshape(-1, 2)


def _curve(
    start: tuple[float, float], control_x: float, control_y: float, end_x: float, end_y: float
) -> list[tuple[float, float]]:
    """The ends of as many lines as a quadratic Bezier curve needs, the last being its own."""
    # The farthest that n equal lines leave it is |start - 2 control + end| / (4 n²).
    bend = math.hypot(start[0] - 2 * control_x + end_x, start[1] - 2 * control_y + end_y)
    lines = 1
    while lines < _MOST_CURVE_LINES and bend > 4 * _CURVE_FINENESS * lines**2:
        lines += 1
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * control_x + t**2 * end_x,
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * control_y + t**2 * end_y,
        )
        for t in (line / lines for line in range(1, lines + 1))
    ]


def _placed(points: NDArray[np.float64], item: Mapping[str, Any]) -> NDArray[np.float64]:
    """Apply a Fabric.js object's transform to its path's points.

    Fabric keeps the path as it was drawn and maps its box' centre to the object's centre:
    point → turn · scale · skew · (point − box' centre) + object's centre.
    """
    if not len(points) or "left" not in item:
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    angle = np.deg2rad(float(item.get("angle", 0)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    factors = np.array([float(item.get("scaleX", 1)), float(item.get("scaleY", 1))])
    signs = np.array([-1 if item.get("flipX") else 1, -1 if item.get("flipY") else 1])
    skew_x, skew_y = (np.tan(np.deg2rad(float(item.get(n, 0)))) for n in ("skewX", "skewY"))
    skew = np.array([[1, skew_x], [0, 1]]) @ np.array([[1, 0], [skew_y, 1]])
    origin = np.array([float(item["left"]), float(item.get("top", 0))])
    offset = np.array([_ORIGIN[item.get("originX", "left")], _ORIGIN[item.get("originY", "top")]])
    pen = float(item.get("strokeWidth", 0))
    outer = np.array([float(item.get("width", 0)), float(item.get("height", 0))])
    size = outer * factors + pen if item.get("strokeUniform") else (outer + pen) * factors
    centre = origin - turn @ (offset * size)
    matrix = turn @ np.diag(factors * signs) @ skew
    return np.asarray((points - (low + high) / 2) @ matrix.T + centre, np.float64)
