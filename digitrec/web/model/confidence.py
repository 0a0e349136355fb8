"""Section "Confidence": do its percentages hold, and what does it refuse?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st

from digitrec.web import charts as drawing
from digitrec.web.model import charts, tables
from digitrec.web.model.facts import Facts
from digitrec.web.model.names import called
from digitrec.web.model.report import Bin, DigitSet, Evaluation, Rejection
from digitrec.web.model.tables import Table

_SET = "model_reliability_set"
_95 = 1.96  # standard deviations
_NONE = (
    "This artifact has not been evaluated. `python -m digitrec evaluate` measures whether its "
    "percentages hold and what it refuses."
)


_NOTE = (
    "Off: how far its percentages are from the truth, on average over 15 groups. Loss: the mean of "
    "−ln of the probability that it gives to the truth. Accepted: taken for a digit."
)


def show(known: Facts) -> None:
    """One run of the section."""
    if known.evaluation is None:
        st.info(_NONE)
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.html('<h3 class="model">Do its percentages hold?</h3>')
        _reliability(known.evaluation)
    with right:
        st.html('<h3 class="model">Digits against what is none</h3>')
        _rejection(known.evaluation)
    _table(known.evaluation.plain)


def _reliability(told: Evaluation) -> None:
    if not told.reliability:
        st.info("The evaluation of this artifact holds no reliability diagram: it is an older one.")
        return
    names = list(told.reliability)
    name = names[0]
    if len(names) > 1:
        name = st.selectbox(
            "Set", names, format_func=called, key=_SET, width=240, label_visibility="collapsed"
        )
    bins = told.reliability[name]
    off = [row.calibration_error for row in told.digits if row.name == name]
    error = (
        f" They are off by {100 * off[0]:.2f} points on average."
        if off and off[0] is not None
        else ""
    )
    words = f"What the network says of {called(name)}, and how often it is right.{error}"
    drawing.show(charts.reliability(), [_point(one) for one in bins], words)
    st.caption(
        f"Its answers in {len(bins)} groups, from the least to the most sure. On the dashed line "
        "it is right as often as it says; a bar is what chance allows a group of that size." + error
    )


def _point(one: Bin) -> dict[str, float | str]:
    low, high = wilson(one.right, one.count)
    return {
        "says": nines(one.confidence),
        "right": nines(one.right),
        "low": nines(low),
        "high": nines(high),
        "it says": f"{100 * one.confidence:.2f} %",
        "it is right": f"{100 * one.right:.2f} %",
        "by chance": f"{100 * low:.2f} to {100 * high:.2f} %",
        "digits": one.count,
    }


def nines(share: float) -> float:
    """How many nines a share of 0-1 has: 1 for 0.9, 2 for 0.99, at most `charts.NINES`."""
    return min(float(charts.NINES), -math.log10(max(1 - share, 10.0**-charts.NINES)))


def wilson(share: float, number: int) -> tuple[float, float]:
    """Between which shares the truth lies with a probability of 95 %.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
    22, 1927.
    """
    z = _95 * _95 / number
    middle = (share + z / 2) / (1 + z)
    half = _95 / (1 + z) * math.sqrt(share * (1 - share) / number + z / (4 * number))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _rejection(told: Evaluation) -> None:
    curve = told.rejection
    if curve is None:
        st.info("The evaluation of this artifact had no digits, or nothing that is none.")
        return
    st.html(
        '<p class="model-words">Where 95 % of the digits are accepted, '
        f"<b>{100 * (1 - curve.passed_at_95):.1f} %</b> of what is no digit is refused; where 99 % "
        f"are, <b>{100 * (1 - curve.passed_at_99):.1f} %</b>.</p>"
    )
    if not curve.curve:
        st.caption("The curve itself is not in this artifact's evaluation: it is an older one.")
        return
    points = np.array(curve.curve)
    accepted, refused = 100 * points[:, 0], 100 * (1 - points[:, 1])
    here = _threshold(told.plain, curve)
    low = 90.0 if (accepted >= 90).sum() > 2 else 0.0
    # The last digit in a thousand would let everything pass: that is cut off.
    least = 10.0 * math.floor(np.interp(99.9, accepted, refused) / 10 - 0.2)
    rows = [
        {"accepted": float(a), "refused": float(r)} for a, r in zip(accepted, refused, strict=True)
    ]
    words = (
        f"What is refused against digits accepted: at 95 % {100 * (1 - curve.passed_at_95):.1f} %, "
        f"at 99 % {100 * (1 - curve.passed_at_99):.1f} %."
    )
    drawing.show(charts.rejection(low, least, here), rows, words)
    if here:
        st.caption(
            f"The dot is where this page draws the line: it accepts {here[0]:.1f} % of the digits "
            f"and refuses {here[1]:.1f} % of the rest."
        )


def _threshold(digits: Sequence[DigitSet], curve: Rejection) -> tuple[float, float] | None:
    """Where the artifact's threshold lies on the curve, percent; all sets as one."""
    told = [(row.accepted, row.count) for row in digits if row.accepted is not None]
    number = sum(many for _, many in told)
    if not number or len(told) < len(digits):
        return None
    accepted = sum(share * many for share, many in told) / number
    points = np.array(curve.curve)
    passed = float(np.interp(accepted, points[:, 0], points[:, 1]))
    return 100 * accepted, 100 * (1 - passed)


def _table(digits: Sequence[DigitSet]) -> None:
    rows = [
        (
            called(row.name),
            f"{row.count:,}",
            tables.percent(row.calibration_error),
            "" if row.negative_log_likelihood is None else f"{row.negative_log_likelihood:.4f}",
            tables.percent(row.accepted),
        )
        for row in digits
    ]
    if rows:
        head = ("set", "digits", "off, points", "loss, nats", "accepted, %")
        st.html(f'<h3 class="model">{escape("Set by set")}</h3>')
        tables.show(Table("Confidence on each set", head, rows, narrow=True), _NOTE)
