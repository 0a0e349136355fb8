"""Section "Card": what exactly runs here, where it comes from, and all of it to take home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.models import artifact_folder
from digitrec.versions import versions
from digitrec.web.model import tables
from digitrec.web.model.facts import Facts
from digitrec.web.model.head import weight
from digitrec.web.model.plain import count, items, mapping, moment, number, share, text
from digitrec.web.model.tables import Table
from digitrec.web.model.training import duration


def show(known: Facts) -> None:
    """One run of the section."""
    card = known.card
    st.html(tables.list_html(_pairs(known)))
    st.download_button(
        "Download card.json",
        json.dumps(dict(card), indent=2, ensure_ascii=False) + "\n",
        file_name="card.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="model_card",
    )
    reason = text(mapping(card.get("runtime")).get("reason"))
    if reason:
        words = escape(f"Why {known.network.name} runs: {reason}")
        st.html(f'<p class="model-words small">{words}</p>')
    st.html('<h3 class="model">Its files</h3>')
    _files(card)
    st.html('<h3 class="model">Its history</h3>')
    _history(card)
    _versions()
    made_with = [(name, text(version)) for name, version in mapping(card.get("versions")).items()]
    if made_with:
        st.html(f'<h3 class="model">Made with</h3>{tables.list_html(made_with)}')
    with st.expander("The whole card"):
        st.json(dict(card), expanded=2)


def _pairs(known: Facts) -> list[tuple[str, str]]:
    card = known.card
    created, took = moment(card.get("created")), number(card.get("duration_seconds"))
    parameters = count(card.get("parameters"))
    threshold, temperature = number(card.get("digit_threshold")), number(card.get("temperature"))
    return [
        ("network", text(mapping(card.get("recipe")).get("architecture"))),
        ("parameters", "" if parameters is None else f"{parameters:,}"),
        (
            "made",
            f"{created:%Y-%m-%d %H:%M} {created.tzname()}" if created else "nobody knows when",
        ),
        ("training took", "" if took is None else duration(took)),
        ("runs", f"{known.network.name}, {weight(known.size)}"),
        ("digit score at least", "" if threshold is None else f"{threshold:.4f}"),
        ("temperature", "" if temperature is None else f"{temperature:.4f}"),
    ]


def _files(card: Mapping[str, Any]) -> None:
    rows = [
        (str(name), "" if size is None else f"{size:,}", text(mapping(told).get("sha256")))
        for name, told in mapping(card.get("files")).items()
        for size in [count(mapping(told).get("bytes"))]
    ]
    tables.show(Table("Files of the network", ("file", "bytes", "sha256"), rows))


def _history(card: Mapping[str, Any]) -> None:
    """How it was made, exported again, taught corrections: in the order in which that was."""
    steps = [("Trained", card)]
    if mapping(card.get("promotion")) or mapping(card.get("corrections")):
        steps = [("Taught corrections", card)]
    if mapping(card.get("exported")):
        steps.append(("Exported again", mapping(card["exported"])))
    for words, told in steps:
        when = moment(told.get("created"))
        command = text(told.get("command"))
        date = f", {when:%Y-%m-%d %H:%M} {when.tzname()}" if when else ""
        st.html(f'<p class="model-words"><b>{words}</b>{date}{":" if command else "."}</p>')
        if command:
            st.code(command, language=None, wrap_lines=True)  # colours of code are too faint
    _promotion(card)


def _promotion(card: Mapping[str, Any]) -> None:
    """What it was taught, and what the comparison with its predecessor said."""
    taught, verdict = mapping(card.get("corrections")), mapping(card.get("promotion"))
    before = text(mapping(card.get("predecessor")).get("name"))
    pairs = [(str(name), text(value)) for name, value in taught.items()]
    pairs += [(f"label {n}", text(v)) for n, v in mapping(taught.get("labels")).items()]
    if before:
        pairs.insert(0, ("took the place of", before))
    if verdict.get("forced") is True:
        pairs.append(("promoted", "by force"))
    if pairs:
        st.html(tables.list_html(pairs))
    rows = [
        (
            text(mapping(row).get("name")),
            *(text(mapping(row).get(name)) for name in ("before", "after", "number", "verdict")),
        )
        for row in items(verdict.get("rows"))
    ]
    if rows:
        head = ("what was compared", "before", "after", "of", "verdict")
        tables.show(Table("Compared with its predecessor", head, rows))


def _versions() -> None:
    """The networks that it took the place of."""
    try:
        known = versions(artifact_folder())
    except DigitrecError:
        return
    if len(known) < 2:
        st.caption("It has not taken the place of another network here.")
        return
    rows = [
        (
            version.name,
            "in use" if version.in_use else "kept",
            tables.percent(share(version.figures.get("test_accuracy_at_run_time"))),
            version.sha256,
        )
        for version in known
    ]
    tables.show(
        Table("Versions", ("version", "", "test set right, %", "sha256"), rows, strong=(0,))
    )
    st.caption("`python -m digitrec models use NAME` puts one of them in use again.")
