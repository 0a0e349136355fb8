"""Components of the project's own: what a page shows by its own HTML, style sheet and script."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


@functools.cache
def component(name: str, html: str, *files: Path) -> ComponentRenderer:
    """One that can be shown; its files are read once.

    Args:
        name: what tells it from the others.
        html: where its script finds its place.
        files: its style sheet (`.css`) and its scripts (`.js`, one after the other).
    """
    css, js = (
        "".join(file.read_text(encoding="utf-8") for file in files if file.suffix == suffix)
        for suffix in (".css", ".js")
    )
    return st.components.v2.component(f"digitrec_{name}", html=html, css=css, js=js)
