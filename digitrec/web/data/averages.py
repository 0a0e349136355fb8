"""On the page Data: the mean of each class, where its hands differ, and how many it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.datasets import LabelledDigits
from digitrec.web.data.picture import picture_html
from digitrec.web.style import ACCENT, QUIET

Pictures = NDArray[np.uint8]


def show(digits: LabelledDigits, key: str) -> None:
    """Two rows of pictures and a chart.

    Args:
        digits: the part of the data that is shown.
        key: what tells its content from any other's.
    """
    means, spreads, counts = _of_each_class(key, digits)
    st.html('<h2 class="data">The mean of each digit</h2>')
    st.html(_row(means, counts, "The mean of {count:,} digits {label}"))
    st.html('<h2 class="data">Where hands differ</h2>')
    st.html(_row(spreads, counts, "Where {count:,} digits {label} differ"))
    st.caption(
        "Bright is where some have ink and others have none: the variance of each pixel. What is "
        "dark in the middle of a stroke is what all hands share."
    )
    st.html('<h2 class="data">How many there are of each</h2>')
    st.vega_lite_chart(_chart(tuple(counts)), alt=_told(counts))


@st.cache_resource(show_spinner=False, max_entries=4)
def _of_each_class(key: str, _digits: LabelledDigits) -> tuple[Pictures, Pictures, list[int]]:
    return of_each_class(_digits)


@st.cache_data(show_spinner=False, max_entries=4)
def _chart(counts: tuple[int, ...]) -> dict[str, Any]:
    """The chart as Vega-Lite, which Altair takes 40 ms to write."""
    return count_chart(counts).to_dict()


def of_each_class(digits: LabelledDigits) -> tuple[Pictures, Pictures, list[int]]:
    """Mean and variance of each class' pixels, (10, 28, 28) uint8 each, and how many it has.

    White is the largest variance that there can be: half of them have full ink there, and half
    have none. A class without digits is black.
    """
    means, spreads = np.zeros((10, 28, 28)), np.zeros((10, 28, 28))
    counts = np.bincount(digits.labels, minlength=10)
    for label in np.flatnonzero(counts):
        of_it = digits.digits[digits.labels == label].astype(np.float32)
        means[label], spreads[label] = of_it.mean(axis=0), of_it.var(axis=0)
    spreads *= 255 / 127.5**2
    return (
        np.rint(means).astype(np.uint8),
        np.rint(spreads).astype(np.uint8),
        [int(count) for count in counts],
    )


def _row(pictures: Pictures, counts: Sequence[int], told: str) -> str:
    figures = [
        f"<figure>{picture_html(picture, told.format(count=count, label=label))}"
        f"<figcaption>{label}</figcaption></figure>"
        for label, (picture, count) in enumerate(zip(pictures, counts, strict=True))
    ]
    return f'<div class="data-row">{"".join(figures)}</div>'


def count_chart(counts: Sequence[int]) -> alt.LayerChart:
    """A bar a class, its number in it."""
    total = max(1, sum(counts))
    rows: list[dict[str, Any]] = [
        {"digit": str(label), "digits": count, "share": count / total}
        for label, count in enumerate(counts)
    ]
    pointed = alt.selection_point(on="pointerover", clear="pointerout", fields=["digit"])
    base = alt.Chart(alt.Data(values=rows)).encode(  # type: ignore[no-untyped-call]
        x=alt.X("digit:N", title=None, axis=alt.Axis(labelAngle=0, labelFontSize=14, ticks=False)),
        y=alt.Y("digits:Q", title=None, axis=None),
        tooltip=[
            alt.Tooltip("digit:N"),
            alt.Tooltip("digits:Q", format=",", title="how many"),
            alt.Tooltip("share:Q", format=".1%"),
        ],
    )
    bars = base.mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3).encode(
        color=alt.condition(pointed, alt.value(ACCENT), alt.value(QUIET), empty=False)
    )
    # Inside the bars, so that one colour serves the light and the dark theme.
    numbers = base.mark_text(baseline="top", dy=6, fontSize=12, color="#101010").encode(
        text=alt.Text("digits:Q", format=",")
    )
    chart: alt.LayerChart = (bars.add_params(pointed) + numbers).properties(height=220)
    return chart


def _told(counts: Sequence[int]) -> str:
    each = ", ".join(f"{count:,} of {label}" for label, count in enumerate(counts))
    return f"Bar chart, how many digits there are of each: {each}."
