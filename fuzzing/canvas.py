"""What a browser sends of the canvas: JSON of any form, and the drawing in it."""

import json
from typing import Any

from digitrec.imaging.strokes import objects_of_canvas, strokes_from_canvas
from digitrec.recognizer import Recognizer

_recognizer = Recognizer(threads=1)


def seeds() -> list[bytes]:
    """A drawing, moved and turned, and some that are none."""
    path = [["M", 10, 10], ["Q", 10, 10, 20, 15], ["L", 60, 90]]
    placed = {"left": 30, "top": 40, "scaleX": 2, "scaleY": 0.5, "angle": 30, "skewX": 5}
    drawn = {"type": "Path", "path": path, "width": 50, "height": 80, "strokeWidth": 16}
    other = {"type": "rect", "left": 3}
    drawings: list[Any] = [
        [drawn],
        [drawn | placed | {"originX": "center", "flipX": True}, other],
        [],
        None,
    ]
    sent = [{"drawing": {"raw": {"objects": objects}, "data": None}} for objects in drawings]
    return [json.dumps(state).encode() for state in [*sent, {"drawing": []}, 7]]


def take(data: bytes) -> None:
    """Take the strokes, and read them."""
    try:
        sent = json.loads(data)
    except (ValueError, RecursionError):
        return  # the page's own server takes these apart
    objects = objects_of_canvas(sent)
    if objects is not None:
        _recognizer.read_strokes(strokes_from_canvas({"objects": objects}))
