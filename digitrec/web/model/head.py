"""What a visitor of the page Model sees first: how good, on what, how honest, how large."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

from digitrec.web.model.facts import Facts
from digitrec.web.model.plain import count, items, mapping, moment, share, text
from digitrec.web.model.report import DigitSet, Evaluation


class Figure(NamedTuple):
    """A number, what it is, and a few words below it."""

    value: str
    words: str
    note: str = ""


def show(known: Facts) -> None:
    """The figures, and a sentence about the network."""
    rows = "".join(
        f'<div><dt>{escape(f.words)}</dt><dd class="figure">{escape(f.value)}</dd>'
        f'<dd class="note">{escape(f.note)}</dd></div>'
        for f in figures(known)
    )
    st.html(f'<dl class="model-figures">{rows}</dl>')
    st.html(f'<p class="model-words">{escape(sentence(known))}</p>')


def figures(known: Facts) -> list[Figure]:
    """As many as the artifact tells of."""
    told = known.evaluation or Evaluation()
    return [*_test(known), *_others(told), *_refused(told), *_honest(told), _size(known)]


def _test(known: Facts) -> list[Figure]:
    card = mapping(known.card.get("figures"))
    at_run_time, in_keras = (
        share(card.get("test_accuracy_at_run_time")),
        share(card.get("test_accuracy")),
    )
    right = at_run_time if at_run_time is not None else in_keras
    if right is None and known.test:
        right = known.test.confusion.right / known.test.confusion.number
    if right is None:
        return [Figure("–", "of the test set right", "nobody has tested it")]
    number = count(card.get("test_digits")) or (known.test.confusion.number if known.test else 0)
    digits = f"{number:,} digits" if number else ""
    how = "as it runs here" if at_run_time is not None else ""
    return [
        Figure(_percent(right), "of the test set right", ", ".join(filter(None, (digits, how))))
    ]


def other_hands(told: Evaluation) -> Sequence[DigitSet]:
    """The sets of digits that are not MNIST's."""
    return [row for row in told.plain if not row.name.startswith("MNIST")]


def _others(told: Evaluation) -> list[Figure]:
    strangers = other_hands(told)
    number = sum(row.count for row in strangers)
    if not number:
        return []
    right = sum(row.right * row.count for row in strangers) / number
    sets = "1 other set" if len(strangers) == 1 else f"{len(strangers)} other sets"
    return [Figure(_percent(right), "of other people's digits right", f"{number:,} digits, {sets}")]


def _refused(told: Evaluation) -> list[Figure]:
    if not told.rejection:
        return []
    refused = 1 - told.rejection.passed_at_99
    note = "letters, signs, scribbles; 99 % of digits pass"
    return [Figure(_percent(refused, 1), "of what is no digit refused", note)]


def _honest(told: Evaluation) -> list[Figure]:
    errors = [row.calibration_error for row in told.plain if row.name.startswith("MNIST")]
    if not errors or errors[0] is None:
        return []
    words = "points off when it says how sure it is"
    return [Figure(f"{100 * errors[0]:.2f}", words, "on average, on MNIST")]


def _size(known: Facts) -> Figure:
    parameters = count(known.card.get("parameters"))
    return Figure(
        "–" if parameters is None else f"{parameters:,}",
        "parameters",
        f"{weight(known.size)} to run",
    )


def sentence(known: Facts) -> str:
    """Which network it is, what it learned from, and when."""
    recipe = mapping(known.card.get("recipe"))
    names = [text(mapping(data).get("name")) for data in items(known.card.get("data"))]
    network = text(recipe.get("architecture")) or "of an unknown kind"
    parts = [f"The network {network}"]
    learned = [name.partition(":")[0] for name in names if name]
    if learned:
        parts.append(f"learned from {_listed(learned)}")
    made = moment(known.card.get("created"))
    if made:
        parts.append(f"{'on' if learned else 'was made on'} {made:%Y-%m-%d}")
    return f"{' '.join(parts)}. It runs as {known.network.name}."


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def weight(size: int) -> str:
    """Bytes in words."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"


def _percent(value: float, digits: int = 2) -> str:
    return f"{100 * value:.{digits}f} %"
