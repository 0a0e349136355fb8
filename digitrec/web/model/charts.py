"""The charts of the page Model, in Altair; their numbers come with `web.charts.show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt
import streamlit as st

from digitrec.web.charts import PRIMARY, ROWS, Spec
from digitrec.web.style import ACCENT, QUIET

CELL = "cell"  # the confusion matrix' selection
NINES = 4  # 99.99 %: beyond it, a probability is as good as certain
_WARM = ["#fbe8d3", "#e58e36"]  # black is legible on both
_EMPTY = "#7d88931f"
_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
_MARKED = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]  # on a logarithmic axis


@st.cache_data(show_spinner=False)
def curves(
    names: Sequence[str], last: float, domain: tuple[float, float], scale: Literal["linear", "log"]
) -> Spec:
    """Values over the epochs, a line each; the pointer tells all of an epoch.

    Args:
        names: of the lines, the one that matters first.
        last: the last epoch.
        domain: what is shown of the values; the rest is cut off.
        scale: of the values.
    """
    low, high = domain
    marked = [mark for mark in _MARKED if low <= mark <= high] if scale == "log" else []
    pointed = alt.selection_point(
        name="pointed",
        on="pointerover",
        clear="pointerout",
        nearest=True,
        fields=["epoch"],
        empty=False,
    )
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "epoch:Q",
            axis=alt.Axis(tickMinStep=1, format="d"),
            scale=alt.Scale(domain=[min(1, last), last], nice=False),
        )
    )
    lines = (
        base.transform_fold(list(names), as_=["line", "value"])
        .transform_filter("isValid(datum.value)")
        .encode(
            y=alt.Y(
                "value:Q",
                title=None,
                axis=alt.Axis(values=marked or alt.Undefined, format=".4~r"),
                scale=alt.Scale(type=scale, domain=[low, high], nice=False),
            ),
            color=alt.Color(
                "line:N",
                scale=alt.Scale(domain=list(names), range=[PRIMARY, QUIET]),
                legend=alt.Legend(title=None, symbolType="stroke", symbolStrokeWidth=3),
            ),
        )
    )
    told = [alt.Tooltip("epoch:Q", format="d")]
    told += [alt.Tooltip(f"{name}:Q", format=".4~r") for name in names]
    rule = base.mark_rule(strokeWidth=20, color=QUIET).encode(
        opacity=alt.condition(pointed, alt.value(0.2), alt.value(0)), tooltip=told
    )
    single = last <= 1  # of one epoch there is no line, only its points
    points = lines.mark_point(filled=True, size=50, clip=True).encode(
        opacity=alt.condition(pointed, alt.value(1), alt.value(1 if single else 0))
    )
    drawn = lines.mark_line(strokeWidth=2.5, clip=True)
    return _plain((rule.add_params(pointed) + drawn + points).properties(height=280))


@st.cache_data(show_spinner=False, max_entries=100)
def confusion(
    answers: Sequence[str], most: int, framed: Sequence[tuple[str, str]], *, clickable: bool
) -> Spec:
    """Truth against answer; mistakes are coloured, right answers are bold.

    Args:
        answers: what the columns are.
        most: of the same mistake.
        framed: cells that are chosen from the beginning, each its truth and its answer.
        clickable: whether a click on a cell tells of it as the selection `CELL`.
    """
    base = alt.Chart(ROWS).encode(
        x=alt.X(
            "answer:N",
            title="read as",
            sort=list(answers),
            axis=alt.Axis(labelAngle=0, grid=False),
            scale=alt.Scale(padding=0.04),
        ),
        y=alt.Y("truth:N", axis=alt.Axis(grid=False), scale=alt.Scale(padding=0.04)),
    )
    colours = alt.Scale(domain=[0, most], range=_WARM)
    wrong = alt.Color("wrong:Q", scale=colours, legend=None)
    ground = base.mark_rect(cornerRadius=3, stroke=ACCENT, strokeWidth=0).encode(
        color=alt.condition("datum.wrong > 0", wrong, alt.value(_EMPTY)),
        tooltip=["truth:N", alt.Tooltip("answer:N", title="read as"), "digits:Q"],
    )
    if clickable:
        chosen: Any = [{"truth": truth, "answer": answer} for truth, answer in framed]
        cell = alt.selection_point(
            name=CELL, fields=["truth", "answer"], toggle=False, value=chosen or alt.Undefined
        )
        frame = alt.condition(cell, alt.value(3), alt.value(0), empty=False)
        ground = ground.encode(strokeWidth=frame).add_params(cell)
    number = alt.Text("digits:Q")
    mistakes = base.transform_filter("datum.wrong > 0").mark_text(fontSize=12)
    right = base.transform_filter("datum.wrong == 0 && datum.digits > 0")
    chart = (
        ground
        + mistakes.encode(text=number, color=alt.value("#101010"))
        + right.mark_text(fontSize=12, fontWeight="bold").encode(
            text=number, color=alt.value(PRIMARY)
        )
    )
    return _plain(chart.properties(height=430))


@st.cache_data(show_spinner=False)
def reliability() -> Spec:
    """What the probabilities promise against what came, both in nines; bars: 95 % by chance."""
    labels = "{0: '0 %', 1: '90 %', 2: '99 %', 3: '99.9 %', 4: '99.99 %'}[datum.value]"
    axis = alt.Axis(values=list(range(NINES + 1)), labelExpr=labels)
    scale = alt.Scale(domain=[0, NINES])
    x = alt.X("says:Q", title="it says", axis=axis, scale=scale)
    y = alt.Y("right:Q", title="it is right", axis=axis, scale=scale)
    ends = _fixed([{"says": 0, "right": 0}, {"says": NINES, "right": NINES}])
    diagonal = ends.mark_line(strokeDash=[5, 4], strokeWidth=1.5)
    base = alt.Chart(ROWS).encode(
        x=x,
        color=alt.value(PRIMARY),
        tooltip=["it says:N", "it is right:N", "by chance:N", "digits:Q"],
    )
    bars = base.mark_rule(strokeWidth=2, opacity=0.4).encode(y=alt.Y("low:Q"), y2="high:Q")
    points = base.mark_point(filled=True, size=80, opacity=1).encode(y=y)
    chart = diagonal.encode(x=x, y=y, color=alt.value(QUIET)) + bars + points
    return _plain(chart.properties(height=340))


@st.cache_data(show_spinner=False)
def rejection(low: float, least: float, here: tuple[float, float] | None) -> Spec:
    """Of what is no digit refused, against digits accepted; percent.

    Args:
        low: where the axis of digits accepted begins.
        least: where that of what is refused begins.
        here: where the artifact's threshold lies, on both.
    """
    x = alt.X("accepted:Q", title="digits accepted, %", scale=alt.Scale(domain=[low, 100]))
    y = alt.Y("refused:Q", title="no digits refused, %", scale=alt.Scale(domain=[least, 100]))
    told = [
        alt.Tooltip("accepted:Q", title="digits accepted, %", format=".2f"),
        alt.Tooltip("refused:Q", title="no digits refused, %", format=".2f"),
    ]
    base = alt.Chart(ROWS).encode(x=x, y=y, color=alt.value(PRIMARY), tooltip=told)
    # Points that nobody sees: a pointer finds them more easily than the line.
    chart = base.mark_line(strokeWidth=2.5, clip=True) + base.mark_point(
        size=200, opacity=0, filled=True, clip=True
    )
    if here:
        spot = _fixed([{"accepted": here[0], "refused": here[1]}])
        chart += spot.mark_point(filled=True, size=150, opacity=1).encode(
            x=x, y=y, color=alt.value(PRIMARY), tooltip=told
        )
    return _plain(chart.properties(height=340))


@st.cache_data(show_spinner=False)
def sets(names: Sequence[str], low: float) -> Spec:
    """Sets of digits, as they are and spoilt: how many of each are read rightly.

    Args:
        names: of the sets, from top to bottom.
        low: where the axis begins, percent.
    """
    kinds = alt.Scale(domain=["as it is", "spoilt"], range=[PRIMARY, QUIET])
    chart = _dots("set", names, low).encode(
        color=alt.Color("kind:N", scale=kinds, legend=alt.Legend(title=None)),
        size=alt.condition("datum.kind == 'as it is'", alt.value(160), alt.value(60)),
        order=alt.Order("kind:N", sort="descending"),
        tooltip=[
            alt.Tooltip("name:N", title="set"),
            alt.Tooltip("right:Q", title="right, %", format=".2f"),
            "digits:Q",
        ],
    )
    return _plain(chart)


@st.cache_data(show_spinner=False)
def networks(names: Sequence[str], sets_of_them: Sequence[str], low: float) -> Spec:
    """Networks, and how much each reads rightly of each set; ours is coloured.

    Args:
        names: of the networks, from top to bottom.
        sets_of_them: the sets, a shape each.
        low: where the axis begins, percent.
    """
    shapes = alt.Scale(domain=list(sets_of_them), range=_SHAPES[: len(sets_of_them)])
    whose = alt.Scale(domain=["ours", "another's"], range=[PRIMARY, QUIET])
    chart = _dots("network", names, low).encode(
        shape=alt.Shape("set:N", scale=shapes, legend=alt.Legend(title=None, columns=2)),
        color=alt.Color("whose:N", scale=whose, legend=None),
        size=alt.value(130),
        tooltip=["network:N", "set:N", alt.Tooltip("right:Q", title="right, %", format=".2f")],
    )
    return _plain(chart)


def _dots(row: str, names: Sequence[str], low: float) -> alt.Chart:
    """A row a name, and dots in it: `right`, percent."""
    y = alt.Y(f"{row}:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=130, grid=True))
    x = alt.X(
        "right:Q",
        title="right, %",
        axis=alt.Axis(tickMinStep=1, format=".4~r"),
        scale=alt.Scale(domain=[low, 100]),
    )
    chart: alt.Chart = alt.Chart(ROWS).mark_point(filled=True, opacity=1).encode(x=x, y=y)
    return chart.properties(height=90 + 34 * len(names))


def _fixed(rows: list[dict[str, float]]) -> alt.Chart:
    """A chart of a few numbers of its own."""
    return alt.Chart(alt.InlineData(values=rows))


def _plain(chart: alt.Chart | alt.LayerChart) -> Spec:
    return dict(chart.to_dict())
