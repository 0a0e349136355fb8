"""Pictures for looking closely: steps, one answer, a page, several networks side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

from digitrec.learning.checkpoints import History
from digitrec.learning.report import ACCENT, QUIET, entitled
from digitrec.reading import Digit, Reading

_HEIGHT = 2.1  # inches of a step's picture
_WIDEST = 3.4  # times as wide as high
_FRAME = "#cdd6dd"
_ALMOST = 0.9995  # what would be rounded up to 100.0 %


def steps_figure(steps: Mapping[str, NDArray[np.uint8]], title: str = "") -> Figure:
    """Pictures in a row, each under its words.

    Args:
        steps: by their words: ink (H, W), shown dark on white, or (H, W, 3) RGB, shown as it is.
        title: over the whole of it.
    """
    widths = [min(_WIDEST, p.shape[1] / p.shape[0]) for p in steps.values()]
    figure = Figure(figsize=(_HEIGHT * sum(widths) + 0.4 * len(widths), _HEIGHT + 0.5))
    figure.set_layout_engine("constrained", wspace=0.06)
    row = figure.subplots(1, len(steps), squeeze=False, width_ratios=widths)
    for axes, (words, picture) in zip(row.flat, steps.items(), strict=True):
        _show(axes, picture)
        axes.set_title(words, fontsize=10, weight="normal")
    return entitled(figure, title)


def _show(axes: Axes, picture: NDArray[np.uint8]) -> None:
    """A picture in a thin frame: without one nobody sees where a white page ends."""
    if picture.ndim == 2:
        axes.imshow(255 - picture, cmap="gray", vmin=0, vmax=255)
    else:
        axes.imshow(picture)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set(visible=True, color=_FRAME, linewidth=0.8)


def verdict(digit: Digit) -> str:
    """What is answered, in a few words: "7, 99.8 %", "7 or maybe 1", "no digit"."""
    if digit.status == "not a digit":
        return "no digit"
    if digit.status == "ambiguous":
        return " or maybe ".join(str(label) for label in digit.alternatives)
    share = "> 99.9" if digit.confidence > _ALMOST else f"{100 * digit.confidence:.1f}"
    return f"{digit.label}, {share} %"


def answer_figure(digit: Digit) -> Figure:
    """What the network saw, and its ten probabilities; the accent marks what is answered."""
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    seen, bars = figure.subplots(1, 2, width_ratios=[1, 1.6])
    _show(seen, digit.image)
    seen.set_title("What the network sees", fontsize=10, weight="normal")
    named = digit.alternatives or (() if digit.status == "not a digit" else (digit.label,))
    colours = [ACCENT if label in named else QUIET for label in range(10)]
    shares = 100 * digit.probabilities
    bars.barh(range(10), shares, color=colours)
    for label, share in enumerate(shares):
        weight = "bold" if label in named else "normal"
        bars.text(share + 1.5, label, f"{share:.1f}", va="center", fontsize=8, weight=weight)
    bars.set(yticks=range(10), xlim=(0, 112), xticks=[0, 50, 100])
    bars.set_xticklabels(["0", "50", "100 %"])
    bars.tick_params(length=0)
    bars.invert_yaxis()
    bars.set_title(verdict(digit).capitalize())
    return figure


def page_figure(picture: NDArray[np.uint8], reading: Reading, title: str = "") -> Figure:
    """A picture with a box and an answer at every digit; what is doubtful is dashed and grey.

    Args:
        picture: (H, W) or (H, W, 3) uint8, as it was read.
        reading: what was read in it.
        title: over the whole of it.
    """
    height, width = picture.shape[:2]
    figure = Figure(figsize=(9, 9 * height / width + 0.4), layout="constrained")
    axes: Axes = figure.subplots()
    _show(axes, picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2))
    for digit in reading.digits:
        colour, line = (ACCENT, "-") if digit.status == "digit" else (QUIET, "--")
        x, y, wide, high = digit.box
        axes.add_patch(Rectangle((x, y), wide, high, fill=False, ec=colour, ls=line, lw=1.4))
        axes.annotate(
            digit.text,
            (x + wide / 2, y),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            color=colour,
            weight="bold",
        )
    return entitled(figure, title)


def courses_figure(histories: Mapping[str, History], title: str = "") -> Figure:
    """Accuracy and loss over the epochs, a column a network, all on the same scales.

    Args:
        histories: rows of figures by the network's name, see `training.Trained`.
        title: over the whole of it.
    """
    figure = Figure(figsize=(1.2 + 1.85 * len(histories), 4.6), layout="constrained")
    grid = figure.subplots(2, len(histories), sharey="row", sharex="col", squeeze=False)
    for column, (name, history) in enumerate(histories.items()):
        for axes, figures, factor in (
            (grid[0, column], "accuracy", 100.0),
            (grid[1, column], "loss", 1.0),
        ):
            _course(axes, history, figures, factor)
        grid[0, column].set_title(name, fontsize=10)
        grid[1, column].set_xlabel("epoch")
    grid[0, 0].set_ylabel("accuracy, %")
    # Varied digits are hard at first: that would squeeze everything else into a line at the top.
    worth_seeing = [row["validation_accuracy"] for h in histories.values() for row in h]
    worth_seeing += [history[-1]["accuracy"] for history in histories.values()]
    grid[0, 0].set_ylim(min(97.0, 100 * min(worth_seeing) - 1), 100)
    grid[1, 0].set_ylabel("loss, nats")
    grid[1, 0].set_yscale("log")
    grid[1, 0].yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    grid[1, 0].yaxis.set_major_formatter("{x:g}")
    grid[1, 0].yaxis.set_minor_formatter(NullFormatter())
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return entitled(figure, title)


def _course(axes: Axes, history: History, name: str, factor: float) -> None:
    epochs = [row["epoch"] for row in history]
    shown: list[tuple[str, str, dict[str, Any]]] = [
        (name, "training", {"color": QUIET, "ls": "--"}),
        (f"validation_{name}", "validation", {"color": ACCENT, "lw": 2}),
    ]
    for key, label, look in shown:
        values = [factor * row[key] for row in history]
        axes.plot(epochs, values, label=label, marker="o", ms=3, **look)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(alpha=0.25)


def beside_figure(
    shares: Mapping[str, Mapping[str, float]], chosen: str, title: str = ""
) -> Figure:
    """Shares of several networks on several sets: a row a network, a column a set.

    Args:
        shares: 0-1, by the network's name and the set's.
        chosen: the network that wears the accent.
        title: over the whole of it.
    """
    names, sets = list(shares), list(next(iter(shares.values())))
    size = (1.4 + 1.5 * len(sets), 1.0 + 0.34 * len(names))
    figure = Figure(figsize=size, layout="constrained")
    colours = [ACCENT if name == chosen else QUIET for name in names]
    for axes, judged in zip(figure.subplots(1, len(sets), squeeze=False).flat, sets, strict=True):
        values = [100 * shares[name][judged] for name in names]
        _column(axes, values, colours)
        axes.set_title(judged, fontsize=9, weight="normal")
        axes.set_yticks(range(len(names)), names if axes.get_subplotspec().is_first_col() else [])
    return entitled(figure, title)


def _column(axes: Axes, values: list[float], colours: list[str]) -> None:
    """Percentages below each other, each beside its dot, on a scale of their own up to 100."""
    span = max(1.0, 100 - min(values))
    ends = min(values) - 0.6 * span, 100 + 0.1 * span
    axes.hlines(range(len(values)), *ends, color=_FRAME, lw=0.6, zorder=0)
    axes.scatter(values, range(len(values)), color=colours, s=45, zorder=2)
    for row, (value, colour) in enumerate(zip(values, colours, strict=True)):
        words = axes.text(value - 0.09 * span, row, f"{value:.1f}", ha="right", va="center")
        words.set(fontsize=9, color=ACCENT if colour == ACCENT else "black")
        words.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1})
    axes.set(xlim=ends, ylim=(len(values) - 0.5, -0.5))
    axes.set_xticks([])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
