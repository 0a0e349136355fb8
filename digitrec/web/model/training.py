"""Section "Training": what it learned from, how, and how it went."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal

import streamlit as st

from digitrec.web import charts as drawing
from digitrec.web.model import charts, tables
from digitrec.web.model.facts import Facts
from digitrec.web.model.plain import count, items, mapping, number, text

_CALLED = {
    "architecture": "network",
    "batch_size": "examples a step",
    "optimizer": "optimiser",
    "schedule": "learning rate falls",
    "learning_rate": "learning rate at most",
    "drawn_share": "own drawings, share of MNIST's",
    "outlier_share": "what is no digit, share",
    "stroke_epochs": "last epochs, with pen strokes",
    "stroke_share": "pen strokes in them, share",
    "stroke_renderings": "renderings of each drawing",
    "touching_share": "parts of touching digits, share",
    "outlier_weight": "weight of what is no digit",
    "score_weight": "weight of digit or not",
    "validation_size": "digits held out",
    "validation_writers": "writers held out",
    "limit": "digits at most (0: all)",
}
_RIGHT, _LOSS = "Right, %", "Loss, nats"
# The history's columns, the line that matters first in each chart.
_CURVES = (
    (_RIGHT, {"validation_accuracy": "validation", "accuracy": "training"}),
    (_LOSS, {"validation_loss": "validation", "loss": "training"}),
    (
        "Held out as well, %",
        {"strokes_accuracy": "pen strokes right", "refused": "no digits refused"},
    ),
)
_NESTED = {
    "augmentation": "How far pictures are varied",
    "hand": "How far pen strokes are varied",
}


def show(known: Facts) -> None:
    """One run of the section."""
    st.html('<h3 class="model">How it went</h3>')
    _curves(known)
    st.html('<h3 class="model">What it learned from</h3>')
    data = "".join(map(data_html, map(mapping, items(known.card.get("data")))))
    if data:
        st.html(f'<ul class="model-list">{data}</ul>')
    else:
        st.info("The card of this artifact does not say what it learned from.")
    st.html('<h3 class="model">The recipe</h3>')
    _recipe(known.card)


def _curves(known: Facts) -> None:
    """A chart for each kind of value that the history holds."""
    if not any(name in row for row in known.history for _, names in _CURVES for name in names):
        st.info("This artifact has no history of its training.")
        return
    for place, (title, names) in zip(st.columns(len(_CURVES), gap="medium"), _CURVES, strict=True):
        with place:
            _curve(known, title, names)
    st.caption(
        "Validation: digits that were held out, as they are. Training digits are varied anew "
        "each epoch, which makes them harder to read." + _joined(mapping(known.card.get("recipe")))
    )


def _joined(recipe: Mapping[str, Any]) -> str:
    """Why the training's own digits get harder near the end."""
    epochs, last = count(recipe.get("epochs")), count(recipe.get("stroke_epochs"))
    if not epochs or not last or last >= epochs:
        return ""
    return (
        f" From epoch {epochs - last + 1} on, pen strokes and parts of touching digits join, "
        "which are harder still."
    )


def _curve(known: Facts, title: str, columns: Mapping[str, str]) -> None:
    """A chart of those of the columns that the history has."""
    factor = 1 if title == _LOSS else 100
    there = {
        name: words for name, words in columns.items() if any(name in row for row in known.history)
    }
    if not there:
        return
    rows = [
        {"epoch": row["epoch"]}
        | {words: factor * row[name] for name, words in there.items() if name in row}
        for row in known.history
    ]
    names = list(there.values())
    told = ", ".join(f"{words} {rows[-1][words]:.4g}" for words in names if words in rows[-1])
    domain, scale = _scale(title, [[row[name] for row in rows if name in row] for name in names])
    st.html(f'<h4 class="model">{escape(title)}</h4>')
    spec = charts.curves(names, max(row["epoch"] for row in rows), domain, scale)
    drawing.show(spec, rows, f"{title}, over {len(rows)} epochs. In the end: {told}.")


def _scale(
    title: str, values: Sequence[Sequence[float]]
) -> tuple[tuple[float, float], Literal["linear", "log"]]:
    """What is shown of the values of each line, and how."""
    everything = [value for line in values for value in line]
    low, high = min(everything), max(everything)
    if title != _LOSS:
        # The first epochs of training would squeeze all that matters into a line at the top.
        least = min([*values[0], *(line[-1] for line in values[1:])]) if title == _RIGHT else low
        return (float(math.floor(min(97.0, least))), max(100.0, high)), "linear"
    if low > 0:
        return (0.8 * low, 1.2 * high), "log"
    return (low, high if high > low else low + 1), "linear"


def data_html(data: Mapping[str, Any]) -> str:
    """One set of the card: what it is, how much of it, whose it is."""
    name = text(data.get("name")) or "a set without a name"
    credit = [escape(text(data.get(key))) for key in ("authors", "licence")]
    amounts = ", ".join(_amounts(data))
    words = f"<b>{escape(name[:1].upper() + name[1:])}</b>" + (amounts and f": {escape(amounts)}")
    told = " · ".join(filter(None, [*credit, _linked(text(data.get("source")))]))
    return f"<li>{words}<small>{told}</small></li>"


def _linked(source: str) -> str:
    """Where it comes from; a card may name anything, and only what is on the web is a link."""
    shown = escape(source)
    if not source.startswith(("https://", "http://")):
        return shown
    return f'<a href="{shown}" target="_blank" rel="noreferrer">{shown}</a>'


def _amounts(data: Mapping[str, Any]) -> list[str]:
    digits, drawings = mapping(data.get("digits")), data.get("drawings")
    if digits:
        to = {
            "training": "to learn from",
            "validation": "to watch the training",
            "test": "to judge",
        }
        return [
            f"{text(digits[part])} {words}" for part, words in to.items() if text(digits.get(part))
        ]
    if isinstance(drawings, Mapping):
        return [f"{text(many)} {name}" for name, many in drawings.items() if text(many)]
    found = [f"{text(drawings)} drawings"] if count(drawings) is not None else []
    found += [
        f"{text(data[k])} {k}" for k in ("writers", "pictures") if count(data.get(k)) is not None
    ]
    held_out = [text(name) for name in items(data.get("validation_writers"))]
    if held_out:
        found.append(f"writers {', '.join(held_out)} held out")
    return found


def _recipe(card: Mapping[str, Any]) -> None:
    recipe = mapping(card.get("recipe"))
    if not recipe:
        st.info("The card of this artifact holds no recipe.")
        return
    pairs = [(_words(name), _value(value)) for name, value in recipe.items()]
    took = number(card.get("duration_seconds"))
    if took is not None:
        pairs.append(("took", duration(took)))
    st.html(tables.list_html(pairs))
    for name, words in _NESTED.items():
        nested = [(_words(n), _value(v)) for n, v in mapping(recipe.get(name)).items()]
        if nested:
            with st.expander(words):
                st.html(tables.list_html(nested))
    settings = [(_words(n), _value(v)) for n, v in mapping(card.get("fine_tuning")).items()]
    if settings:
        with st.expander("How it learned corrections later"):
            st.html(tables.list_html(settings))


def _words(name: object) -> str:
    return _CALLED.get(str(name), str(name).removeprefix("stroke_").replace("_", " "))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text(value)


def duration(seconds: float) -> str:
    """A time in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"
