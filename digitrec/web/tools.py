"""Undo, Clear and the pen below a canvas: a component of the project's own.

One element of the page and not four: every element costs at every stroke.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from digitrec.web.component import component

LEAST_PEN, MOST_PEN = 2, 60  # px
_HERE = Path(__file__).parent
_HTML = f"""
<div class="tools">
  <button type="button" class="undo">Undo</button>
  <button type="button" class="clear">Clear</button>
  <label>
    <span>Pen width, px <b></b></span>
    <input type="range" min="{LEAST_PEN}" max="{MOST_PEN}">
  </label>
</div>
"""


def show(name: str, pen_width: int, on_use: Callable[[], None], *, empty: bool) -> None:
    """Show them.

    Args:
        name: the widget's key.
        pen_width: as it is now, `LEAST_PEN` to `MOST_PEN` px.
        on_use: called when the visitor uses one; `used` tells which.
        empty: whether there is nothing to take back.
    """
    files = ("tools.css", "tools.js", "pen.js")
    shown = component("tools", _HTML, *(_HERE / file for file in files))
    shown(key=name, data={"empty": empty, "pen": pen_width}, on_used_change=on_use)


def used(name: str) -> str | int | None:
    """What the browser tells: "undo", "clear", or another width of the pen in px."""
    found = (st.session_state.get(name) or {}).get("used")
    if found in ("undo", "clear"):
        return str(found)
    return found if isinstance(found, int) and LEAST_PEN <= found <= MOST_PEN else None
