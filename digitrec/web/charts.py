"""How charts get on a page: made in Altair once, their numbers sent with them each time.

Streamlit's theme gives the colours of text and ground, and its own blue for "primary".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import streamlit as st

from digitrec.web.style import QUIET

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

PRIMARY = "primary"  # legible as text in both themes
ROWS = alt.NamedData("rows")
_MANNERS: Spec = {
    "axis": {
        "ticks": False,
        "domain": False,
        "labelPadding": 8,
        "titlePadding": 10,
        "titleFontWeight": "normal",
        "titleFontSize": 13,
        "labelFontSize": 12,
        "gridOpacity": 0.6,
    },
    "legend": {"labelFontSize": 13, "labelLimit": 300, "symbolFillColor": QUIET, "orient": "top"},
    "view": {"stroke": None},
}


def show(spec: Spec, rows: Rows, words: str, *, key: str | None = None, **options: Any) -> None:
    """A chart on the page; its toolbar shows the rows, saves them as CSV and it as PNG.

    Args:
        spec: what Altair made of a chart of `ROWS`; costs much, so it is better kept.
        rows: the numbers.
        words: what it shows, for screen readers.
        key: of the chart, where it answers to clicks.
        options: more of `st.vega_lite_chart`.
    """
    numbers = {**spec.get("datasets", {}), "rows": list(rows)}
    whole = {**spec, "config": _MANNERS, "datasets": numbers}
    # Without Streamlit's own theme for charts: its grey for words is too faint.
    st.vega_lite_chart(whole, key=key, alt=words, width="stretch", theme=None, **options)
