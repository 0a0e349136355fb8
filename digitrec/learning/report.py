"""The report of a training: Markdown and JSON to read, PNG to look at."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from digitrec.learning.checkpoints import History
from digitrec.learning.evaluation import Evaluation
from digitrec.learning.mixture import Pools
from digitrec.learning.outliers import drawn_outliers
from digitrec.learning.recipe import Recipe
from digitrec.learning.rendering import render
from digitrec.shapes import VARIANTS, random_digit

ACCENT, QUIET = "#0b6e99", "#8a8f98"
_WORST = 30  # shown
_LISTED = 1_000  # kept in the JSON
_COLOURS = 64  # of a picture
_NAME_WIDTH = 2.0  # inches, for a row's name on a contact sheet
STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "legend.frameon": False,
}


def write_history(path: Path, history: History) -> None:
    """One row an epoch, as CSV with a header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(history[0]), lineterminator="\n")
        writer.writeheader()
        for row in history:
            writer.writerow({name: f"{value:.6g}" for name, value in row.items()})


def write_report(
    folder: Path, history: History, evaluation: Evaluation, digits: NDArray[np.uint8]
) -> None:
    """`report.md`, `report.json`, `curves.png`, `confusion.png` and `mistakes.png`.

    Args:
        folder: made if needed.
        history: a row an epoch.
        evaluation: of the test set.
        digits: (N, 28, 28) uint8, the test set; only `mistakes.png` shows any of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(_as_json(evaluation), encoding="utf-8")
    (folder / "report.md").write_text(_as_markdown(evaluation), encoding="utf-8")
    with matplotlib.rc_context(STYLE):
        save(_curves(history), folder / "curves.png")
        save(confusion_figure(evaluation.confusion), folder / "confusion.png")
        if evaluation.mistakes:
            shown = [
                (digits[m.index], f"{m.truth} as {m.answer}\n{100 * m.confidence:.0f} %")
                for m in evaluation.mistakes[:_WORST]
            ]
            save(sheet_figure(shown), folder / "mistakes.png")


def write_contact_sheet(folder: Path, pools: Pools, recipe: Recipe) -> None:
    """`shapes.png` and `outliers.png`: what the generator draws, nothing from any data set.

    Args:
        folder: made if needed.
        pools: of the training; without the generator's share nothing is written.
        recipe: the seed and the hands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng((recipe.seed, 4))
    if len(pools.drawn):
        rows = {
            f"{label}  {name}": [
                render(random_digit(label, rng, variant=name), recipe.hand, rng) for _ in range(12)
            ]
            for label, variants in VARIANTS.items()
            for name in variants
        }
        with matplotlib.rc_context(STYLE):
            save(_sheet(rows, columns=2), folder / "shapes.png")
    if len(pools.outliers):
        with matplotlib.rc_context(STYLE):
            save(_sheet(drawn_outliers(recipe.hand, rng, 26), columns=1), folder / "outliers.png")


def _sheet(rows: Mapping[str, Sequence[NDArray[np.uint8]]], columns: int) -> Figure:
    """Named rows of digits, dark on white, in so many columns of rows."""
    names = list(rows)
    height = -(-len(names) // columns)
    across = 0.3 * len(rows[names[0]])
    figure, axes = _blank(columns * (_NAME_WIDTH + across), 0.34 * height)
    for place, name in enumerate(names):
        column, row = divmod(place, height)
        left = column * (_NAME_WIDTH + across) + _NAME_WIDTH
        middle = 0.34 * (row + 0.5)
        axes.text(left - 0.08, middle, name, ha="right", va="center", fontsize=9)
        _show(axes, np.hstack(list(rows[name])), (left, middle - 0.15), 0.3)
    return figure


def _blank(width: float, height: float) -> tuple[Figure, Axes]:
    """A new figure, and one coordinate system in inches, y downwards, over the whole of it.

    One for all its pictures: matplotlib takes a tenth of a second for each more.
    """
    figure = Figure(figsize=(width, height))
    axes: Axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def _show(axes: Axes, image: NDArray[np.uint8], corner: tuple[float, float], side: float) -> None:
    """Ink (H, W) uint8, dark on white, from its upper left corner on; `side` is its height."""
    (left, top), width = corner, side * image.shape[1] / image.shape[0]
    extent = (left, left + width, top + side, top)
    axes.imshow(255 - image, cmap="gray", vmin=0, vmax=255, extent=extent, aspect="auto")


def _as_json(evaluation: Evaluation) -> str:
    content = {
        "count": evaluation.count,
        "accuracy": evaluation.accuracy,
        "negative_log_likelihood": evaluation.negative_log_likelihood,
        "confusion": evaluation.confusion.tolist(),
        "classes": [asdict(figures) for figures in evaluation.classes],
        "mistakes": [asdict(mistake) for mistake in evaluation.mistakes[:_LISTED]],
    }
    return json.dumps(content, indent=1) + "\n"


def _as_markdown(evaluation: Evaluation) -> str:
    lines = [
        "# Test set",
        "",
        f"{evaluation.count:,} digits, accuracy {100 * evaluation.accuracy:.2f} %, "
        f"negative log-likelihood {evaluation.negative_log_likelihood:.4f} nats.",
        "",
        "![Accuracy and loss over the epochs](curves.png)",
        "",
        "## By class",
        "",
        "| class | precision | recall | F1 | digits |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {c.label} | {100 * c.precision:.2f} % | {100 * c.recall:.2f} % "
            f"| {100 * c.f1:.2f} % | {c.count:,} |"
            for c in evaluation.classes
        ),
        "",
        "![Confusion matrix](confusion.png)",
        "",
        f"## The surest of {len(evaluation.mistakes)} mistakes",
        "",
        "| index | truth | answer | its probability | the truth's probability |",
        "| ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {m.index} | {m.truth} | {m.answer} | {100 * m.confidence:.1f} % "
            f"| {100 * m.probability_of_truth:.1f} % |"
            for m in evaluation.mistakes[:_WORST]
        ),
        "",
    ]
    return "\n".join(lines)


def _curves(history: History) -> Figure:
    epochs = [row["epoch"] for row in history]
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    accuracy, loss = figure.subplots(1, 2)
    marker = "o" if len(history) < 3 else None
    for axes, name, factor in ((accuracy, "accuracy", 100.0), (loss, "loss", 1.0)):
        validation = [factor * row[f"validation_{name}"] for row in history]
        training = [factor * row[name] for row in history]
        axes.plot(
            epochs,
            training,
            color=QUIET,
            label="training (varied, and more than MNIST)",
            marker=marker,
        )
        axes.plot(epochs, validation, color=ACCENT, lw=2, label="validation", marker=marker)
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.25)
        axes.legend()
    accuracy.set_title("Accuracy, %")
    # The first epochs would squeeze everything that matters into a line at the top.
    accuracy.set_ylim(min(97.0, 100 * min(r["validation_accuracy"] for r in history)), 100)
    loss.set_title("Loss, nats")
    loss.set_yscale("log")
    return figure


def confusion_figure(confusion: NDArray[np.int64]) -> Figure:
    """Counts (10, 10) or (10, 11), see `Evaluation.confusion`; the mistakes are coloured."""
    columns = confusion.shape[1]
    names = [str(c) for c in range(10)] + ["none"] * (columns - 10)
    figure = Figure(figsize=(5.6, 5.2), layout="constrained")
    axes: Axes = figure.subplots()
    off_diagonal = confusion * (1 - np.eye(10, columns, dtype=int))
    axes.imshow(off_diagonal, cmap="Blues", vmax=max(4, 1.6 * off_diagonal.max()))
    for truth in range(10):
        for answer in range(columns):
            count = int(confusion[truth, answer])
            weight = "bold" if truth == answer else "normal"
            if count:
                axes.text(answer, truth, f"{count}", ha="center", va="center", weight=weight)
    axes.set_xticks(range(columns), names)
    axes.set(yticks=range(10), xlabel="answer", ylabel="truth")
    axes.set_title("Confusion matrix (mistakes coloured)")
    axes.tick_params(length=0)
    return figure


def sheet_figure(digits: Sequence[tuple[NDArray[np.uint8], str]], title: str = "") -> Figure:
    """Digits (28, 28) uint8, ten in a row, dark on white, each under its words."""
    columns = max(1, min(10, len(digits)))
    rows = max(1, -(-len(digits) // columns))
    across, down, side = 1.3, 1.7, 1.2  # inches
    head = 0.25 if title else 0.0
    figure, axes = _blank(across * columns, head + down * rows)
    for place, (digit, words) in enumerate(digits):
        row, column = divmod(place, columns)
        left, bottom = across * column + (across - side) / 2, head + down * (row + 1) - 0.05
        _show(axes, digit, (left, bottom - side), side)
        middle = left + side / 2
        axes.text(middle, bottom - side - 0.05, words, fontsize=8, ha="center", va="bottom")
    return entitled(figure, title)


def entitled(figure: Figure, title: str) -> Figure:
    """The same, with a title over the whole of it if there is one, as over a single plot."""
    if title:
        figure.suptitle(title, x=0.01, ha="left", weight="bold")
    return figure


def save(figure: Figure, path: Path) -> None:
    """As PNG of few colours, a third of the size; the same bytes every time."""
    with io.BytesIO() as drawn:
        figure.savefig(drawn, dpi=130, format="png")
        picture = Image.open(drawn).convert("RGB")
    few = picture.quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(path, "PNG", optimize=True)
