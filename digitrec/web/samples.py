"""What was taught, ten classes with their samples: a component of the project's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.handwriting import MOST, Handwriting
from digitrec.web.component import component
from digitrec.web.views import data_url

_HERE = Path(__file__).parent


def show(name: str, handwriting: Handwriting, on_removal: Callable[[], None]) -> None:
    """Show every sample in its class' row; a click on one asks to remove it.

    Args:
        name: the widget's key; `removed_in` tells in `on_removal` which one it is.
        handwriting: what was taught.
        on_removal: called when the visitor clicks a sample.
    """
    files = ("samples.css", "samples.js", "pen.js")
    shown = component("samples", "<ul></ul>", *(_HERE / file for file in files))
    classes: list[list[dict[str, Any]]] = [[] for _ in range(10)]
    for index, (digit, label) in enumerate(
        zip(handwriting.digits, handwriting.labels, strict=True)
    ):
        classes[int(label)].append({"index": index, "picture": data_url(digit)})
    shown(key=name, data={"classes": classes, "most": MOST}, on_removed_change=on_removal)


def removed_in(name: str) -> int | None:
    """The place of the sample that is to go, as the browser tells it."""
    found = (st.session_state.get(name) or {}).get("removed")
    return found if isinstance(found, int) else None
