"""A page with the canvas of the real one and nothing else: what the browser and Streamlit cost."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from digitrec.web.canvas import PAPER, PEN
from digitrec.web.size import HEIGHT, WIDTH


@st.fragment
def show() -> None:
    """The canvas, and the number of strokes on it."""
    result = st_canvas(
        stroke_width=18,
        stroke_color=PEN,
        background_color=PAPER,
        width=WIDTH,
        height=HEIGHT,
        key="canvas",
    )
    count = len((result.json_data or {}).get("objects", []))
    st.html(f'<div data-testid="answer">{count}</div>')


show()
