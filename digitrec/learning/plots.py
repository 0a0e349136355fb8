"""The pictures of an evaluation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from digitrec.learning.figures import Rejection, by_group, digit_figures, reliability
from digitrec.learning.judging import Outcome
from digitrec.learning.report import ACCENT, QUIET, sheet_figure

_WORST = 40  # mistakes on the sheet
_SHOWN_GROUPS = 60


def reliability_figure(outcomes: Sequence[Outcome]) -> Figure:
    """Share right against probability, both as distance from 1, where all of it happens."""
    figure = Figure(figsize=(5.6, 5.0), layout="constrained")
    axes: Axes = figure.subplots()
    ends = (1e-4, 1.0)
    axes.plot(ends, ends, color=QUIET, lw=1, ls="--", label="they hold")
    for outcome in outcomes:
        right = outcome.answers == outcome.judged.labels
        bins = reliability(outcome.probabilities.max(axis=1), right)
        x = [max(1e-4, 1 - confidence) for confidence, _, _ in bins]
        y = [max(1e-4, 1 - share) for _, share, _ in bins]
        row = digit_figures(outcome)
        label = (
            f"{row.name}: ECE {100 * row.calibration_error:.2f} %, "
            f"NLL {row.negative_log_likelihood:.3f}"
        )
        axes.plot(x, y, marker="o", ms=4, lw=1.2, label=label)
    axes.set(xscale="log", yscale="log", xlim=ends, ylim=(0.8e-4, 1.0))
    axes.set(xlabel="share of errors that the probabilities promise", ylabel="share of errors")
    axes.set_title("Do the percentages hold?")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def rejection_figure(curve: Rejection) -> Figure:
    """What is refused against how many digits are accepted."""
    figure = Figure(figsize=(5.6, 4.4), layout="constrained")
    axes: Axes = figure.subplots()
    axes.plot(100 * curve.accepted, 100 * (1 - curve.passed), color=ACCENT, lw=2)
    for accepted, passed in ((95, curve.passed_at_95), (99, curve.passed_at_99)):
        refused = 100 * (1 - passed)
        axes.plot([accepted], [refused], "o", color=ACCENT)
        axes.annotate(
            f"{accepted} % accepted: {refused:.1f} % refused",
            (accepted, refused),
            xytext=(-10, -14),
            textcoords="offset points",
            ha="right",
        )
    axes.set(xlim=(80, 100.2), ylim=(min(80.0, 100 * (1 - curve.passed_at_99) - 8), 100.5))
    axes.set(xlabel="digits accepted, %", ylabel="of what is no digit refused, %")
    axes.set_title("Digits against what is none")
    axes.grid(alpha=0.25)
    return figure


def groups_figure(outcomes: Sequence[Outcome]) -> Figure | None:
    """Accuracy by person, the worst first; None where nobody is known."""
    people = [
        (share, f"{outcome.judged.name}: {name}", count)
        for outcome in outcomes
        for name, (share, count) in by_group(outcome).items()
    ]
    if not people:
        return None
    shown = sorted(people)[:_SHOWN_GROUPS]
    imperfect = [person for person in shown if person[0] < 1] or shown[:1]
    figure = Figure(figsize=(7, 1.1 + 0.24 * len(imperfect)), layout="constrained")
    axes: Axes = figure.subplots()
    names = [f"{name} ({count})" for _, name, count in imperfect]
    colours = [ACCENT if i == 0 else QUIET for i in range(len(imperfect))]
    axes.barh(names, [100 * share for share, _, _ in imperfect], color=colours)
    axes.margins(y=0.5 / len(imperfect))
    axes.invert_yaxis()
    axes.set_xlim(min(90.0, 100 * imperfect[0][0] - 2), 100)
    axes.tick_params(labelsize=8, length=0)
    axes.set_xlabel("right, %")
    perfect = sum(share == 1 for share, _, _ in people)
    axes.set_title(f"Who is read worst ({perfect} of {len(people)} people: 100 %)")
    return figure


def mistakes_figure(outcomes: Sequence[Outcome]) -> Figure | None:
    """The surest mistakes of all sets; it shows samples, so it stays on the user's machine."""
    wrong = [
        (float(o.probabilities[i].max()), o, int(i))
        for o in outcomes
        for i in np.flatnonzero((o.answers != o.judged.labels) & (o.answers >= 0))
    ]
    if not wrong:
        return None
    worst = sorted(wrong, key=lambda item: -item[0])[:_WORST]
    return sheet_figure([(o.images[i], _words(o, i, sure)) for sure, o, i in worst])


def _words(outcome: Outcome, index: int, sure: float) -> str:
    truth, answer = outcome.judged.labels[index], outcome.answers[index]
    return f"{truth} as {answer}, {100 * sure:.0f} %\n{outcome.judged.name[:18]}"
