"""Charts of the page, in Altair; Streamlit's theme gives the colours of text and ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from digitrec.web.style import ACCENT

QUIET = "#8c97a1"  # like the accent, legible on white and on near-black


def curve_chart(rows: Sequence[dict[str, float]], name: str, title: str) -> alt.Chart:
    """Training and validation over the epochs.

    Args:
        rows: one an epoch, with `epoch`, `<name>` and `validation_<name>`.
        name: "accuracy" (shown in percent) or "loss" (on a logarithmic axis).
        title: what the values are, for screen readers.
    """
    factor = 100 if name == "accuracy" else 1
    points = [
        {"epoch": row["epoch"], "value": factor * row[key], "digits": digits}
        for row in rows
        for key, digits in ((name, "training"), (f"validation_{name}", "validation"))
    ]
    kind: Literal["linear", "log"] = "linear" if name == "accuracy" else "log"
    lowest = factor * min(row[f"validation_{name}"] for row in rows)
    # The first epochs would squeeze everything that matters into a line at the top.
    domain = [min(97.0, lowest), 100.0] if name == "accuracy" else alt.Undefined
    legend: Literal["bottom-right", "top-right"] = (
        "bottom-right" if name == "accuracy" else "top-right"
    )
    chart: alt.Chart = (
        alt.Chart(_data(points))
        .mark_line(strokeWidth=2.5, point=len(rows) < 3, clip=True)
        .encode(
            x=alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1, format="d")),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(type=kind, zero=False, domain=domain)),
            color=alt.Color(
                "digits:N",
                scale=alt.Scale(domain=["validation", "training"], range=[ACCENT, QUIET]),
                legend=alt.Legend(title=None, orient=legend, labelFontSize=13),
            ),
            tooltip=[
                alt.Tooltip("epoch:Q"),
                alt.Tooltip("digits:N"),
                alt.Tooltip("value:Q", format=".4f"),
            ],
        )
        .properties(height=300, description=f"{title} of training and validation over the epochs")
    )
    return chart


def confusion_chart(confusion: Sequence[Sequence[int]]) -> alt.LayerChart:
    """Truth against answer; mistakes are coloured, right answers are bold.

    Args:
        confusion: 10 × 10 counts, rows are truth.
    """
    cells = [
        {
            "truth": str(t),
            "answer": str(a),
            "count": n,
            "mistakes": 0 if t == a else n,
        }
        for t, row in enumerate(confusion)
        for a, n in enumerate(row)
    ]
    most = max(1, *(n for t, row in enumerate(confusion) for a, n in enumerate(row) if a != t))
    base = alt.Chart(_data(cells), title="Truth (rows) and answer (columns)").encode(
        x=alt.X("answer:N", title="answer", axis=alt.Axis(labelAngle=0, orient="bottom")),
        y=alt.Y("truth:N", title="truth"),
        tooltip=["truth:N", "answer:N", "count:Q"],
    )
    made = alt.datum.mistakes > 0
    # Black on these colours is legible whatever the theme's ground is.
    cell = base.transform_filter(made).mark_rect(cornerRadius=3)
    colours = alt.Scale(domain=[0, most], range=["#fbe8d3", "#e58e36"])
    ground = cell.encode(color=alt.Color("mistakes:Q", scale=colours, legend=None))
    mistakes = base.transform_filter(made).mark_text(fontSize=12, color="#101010")
    right = base.transform_filter(alt.datum.truth == alt.datum.answer)
    correct = right.mark_text(fontSize=12, color=ACCENT, fontWeight="bold")
    text = mistakes.encode(text="count:Q") + correct.encode(text="count:Q")
    chart: alt.LayerChart = (ground + text).properties(
        height=380, description="Confusion matrix of the test set: truth in rows, answer in columns"
    )
    return chart


def _data(rows: Sequence[dict[str, Any]]) -> Any:
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]
