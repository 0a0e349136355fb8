"""Adapter around streamlit-drawable-canvas: strokes come out, nothing else.

The drawing lives in the session, not in the widget, so that it outlives a change of page.
The canvas keeps one key for ever: what it holds comes back after a lost connection. It
loads a drawing whenever `initial_drawing` changes, which is how Undo, Clear and the
examples reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

from digitrec.imaging.strokes import strokes_from_canvas
from digitrec.web.size import HEIGHT, WIDTH

PAPER, PEN = "#fffdf7", "#1b2733"
KEY = "canvas"
_OBJECTS, _INITIAL = "drawing_objects", "drawing_initial"
_RECOVERING = "drawing_recovering"


def draw(pen_width: int) -> list[NDArray[np.float32]]:
    """Show the canvas; the strokes that are on it, each (n, 2) float32 in its pixels.

    Raises:
        StrokesError: what the browser sent is not a drawing.
    """
    fresh = _INITIAL not in st.session_state
    if fresh:
        show([])
    st_canvas(
        stroke_width=pen_width,
        stroke_color=PEN,
        background_color=PAPER,
        width=WIDTH,
        height=HEIGHT,
        initial_drawing=st.session_state[_INITIAL],
        key=KEY,
        on_change=_take_over,
    )
    if fresh:
        _recover()
    return strokes_from_canvas({"objects": objects()})


def objects() -> list[dict[str, Any]]:
    """The drawing as the canvas' own objects, in the order of drawing."""
    found: list[dict[str, Any]] = st.session_state.get(_OBJECTS, [])
    return found


def show(new_objects: Sequence[dict[str, Any]]) -> None:
    """Put another drawing on the canvas."""
    st.session_state.pop(_RECOVERING, None)
    st.session_state[_OBJECTS] = list(new_objects)
    revision = st.session_state.get(_INITIAL, {}).get("revision", 0) + 1
    # The canvas looks for a change of this value: an equal drawing needs another number.
    st.session_state[_INITIAL] = {"objects": list(new_objects), "revision": revision}


def reopen() -> None:
    """The page was left and is entered again: give the canvas its drawing back."""
    show(objects())


def as_objects(strokes: Sequence[NDArray[np.float32]], pen_width: int) -> list[dict[str, Any]]:
    """Strokes (n, 2) as the canvas' Path objects."""
    return [_as_path(np.asarray(stroke, float), pen_width) for stroke in strokes]


def _as_path(points: NDArray[np.float64], pen_width: int) -> dict[str, Any]:
    low, high = points.min(axis=0), points.max(axis=0)
    commands = [["M" if i == 0 else "L", *map(float, p)] for i, p in enumerate(points.round(2))]
    (left, top), (width, height) = (low + high) / 2, high - low
    return {
        "type": "Path",
        "path": commands,
        "left": float(left),
        "top": float(top),
        "originX": "center",
        "originY": "center",
        "width": float(width),
        "height": float(height),
        "fill": None,
        "stroke": PEN,
        "strokeWidth": pen_width,
        "strokeLineCap": "round",
        "strokeLineJoin": "round",
    }


def _sent() -> list[dict[str, Any]] | None:
    """What the browser last sent, if anything."""
    state = st.session_state.get(KEY)
    raw = ((state or {}).get("drawing") or {}).get("raw") or {}
    found = raw.get("objects")
    return found if isinstance(found, list) else None


def _take_over() -> None:
    found = _sent()
    if found:
        st.session_state[_OBJECTS] = found
        st.session_state.pop(_RECOVERING, None)
    elif found is not None and not st.session_state.get(_RECOVERING):
        st.session_state[_OBJECTS] = []


def _recover() -> None:
    """A new session: take over what the browser still holds of a lost one.

    That is known only once the canvas has been shown, with nothing on it. The canvas may
    answer that it is empty now; this echo must not count.
    """
    found = _sent()
    if found:
        show(found)
        st.session_state[_RECOVERING] = True
        st.rerun()
