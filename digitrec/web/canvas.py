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

from digitrec.imaging.strokes import objects_of_canvas, strokes_from_canvas
from digitrec.web.size import HEIGHT, WIDTH

PAPER, PEN = "#fffdf7", "#1b2733"


class Canvas:
    """One canvas of the site, with a drawing of its own for every session.

    Args:
        key: the widget's key in the session.
        name: how the keys of what the session keeps of it begin.
    """

    def __init__(self, key: str, name: str) -> None:
        self._key = key
        self._objects, self._initial = f"{name}_objects", f"{name}_initial"
        self._recovering, self._heard = f"{name}_recovering", f"{name}_heard"

    def draw(self, pen_width: int) -> None:
        """Show the canvas."""
        fresh = self._initial not in st.session_state
        if fresh:
            self.show([])
        st_canvas(
            stroke_width=pen_width,
            stroke_color=PEN,
            background_color=PAPER,
            width=WIDTH,
            height=HEIGHT,
            initial_drawing=st.session_state[self._initial],
            key=self._key,
            on_change=self.hear,
        )
        if fresh:
            self._recover()

    def strokes(self) -> list[NDArray[np.float32]]:
        """The strokes that are on it, each (n, 2) float32 in its pixels.

        Raises:
            StrokesError: what the browser sent is not a drawing.
        """
        return strokes_from_canvas({"objects": self.objects()})

    def objects(self) -> list[dict[str, Any]]:
        """The drawing as the canvas' own objects, in the order of drawing."""
        found: list[dict[str, Any]] = st.session_state.get(self._objects, [])
        return found

    def hear(self) -> None:
        """Take over what the browser sent, once.

        Whatever answers a button calls this before it asks for the drawing: a stroke may have come
        together with the click, and Streamlit calls for buttons first.
        """
        found = self._sent()
        if found == st.session_state.get(self._heard):
            return
        st.session_state[self._heard] = found
        if found:
            st.session_state[self._objects] = found
            st.session_state.pop(self._recovering, None)
        elif found is not None and not st.session_state.get(self._recovering):
            st.session_state[self._objects] = []

    def show(self, new_objects: Sequence[dict[str, Any]]) -> None:
        """Put another drawing on the canvas."""
        st.session_state.pop(self._recovering, None)
        st.session_state[self._heard] = self._sent()  # what came before is replaced
        st.session_state[self._objects] = list(new_objects)
        revision = st.session_state.get(self._initial, {}).get("revision", 0) + 1
        # The canvas looks for a change of this value: an equal drawing needs another number.
        st.session_state[self._initial] = {"objects": list(new_objects), "revision": revision}

    def undo(self) -> None:
        """Take the last stroke back."""
        self.hear()
        self.show(self.objects()[:-1])

    def clear(self) -> None:
        """Take every stroke back."""
        self.show([])

    def reopen(self) -> None:
        """The page was left and is entered again: give the canvas its drawing back, if any."""
        if self.objects():
            self.show(self.objects())

    def _sent(self) -> list[Any] | None:
        """What the browser last sent, if anything."""
        return objects_of_canvas(st.session_state.get(self._key))

    def _recover(self) -> None:
        """A new session: take over what the browser still holds of a lost one.

        That is known only once the canvas has been shown, with nothing on it. The canvas may
        answer that it is empty now; this echo must not count.
        """
        found = self._sent()
        if found:
            self.show(found)
            st.session_state[self._recovering] = True
            st.rerun()


DRAW = Canvas("canvas", "drawing")
TEACH = Canvas("teaching_canvas", "teaching")


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
