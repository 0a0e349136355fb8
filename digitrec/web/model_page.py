"""Page "Model": what is known about the artifact in use."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.web import retraining
from digitrec.web.charts import confusion_chart, curve_chart
from digitrec.web.engine import recognizer


def show() -> None:
    """Card, curves and confusion matrix."""
    st.header("Model", anchor=False)
    try:
        artifact = recognizer().artifact
    except DigitrecError as error:
        st.error(str(error))
        return
    _card(dict(artifact.card))
    retraining.show(artifact.card)
    _curves(artifact.folder / "history.csv")
    _report(artifact.folder / "report" / "report.json")


def _card(card: dict[str, Any]) -> None:
    figures = card.get("figures", {})
    with st.container(horizontal=True, gap="large"):
        st.metric("Test accuracy", _percent(figures.get("test_accuracy")), width="content")
        running = _percent(figures.get("test_accuracy_at_run_time"))
        st.metric("As it runs here", running, width="content")
        st.metric("Parameters", f"{card.get('parameters', 0):,}", width="content")
        st.metric("Trained", str(card.get("created", "–"))[:10], width="content")
    runtime = card.get("runtime", {})
    st.write(f"The page runs `{runtime.get('file')}`. {runtime.get('reason', '')}")
    for data in card.get("data", []):
        st.write(_data_words(data))
    with st.expander("The whole card: recipe, versions, hashes"):
        st.json(card, expanded=2)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def _data_words(data: dict[str, Any]) -> str:
    """One set of the card in a sentence: what it is, how much of it, whose it is."""
    amounts = []
    if "digits" in data:
        digits = data["digits"]
        amounts = [
            f"{digits.get('training', 0):,} digits to train",
            f"{digits.get('validation', 0):,} to watch the training",
            f"{digits.get('test', 0):,} to judge",
        ]
    elif "writers" in data:
        amounts = [f"{data.get('drawings', 0):,} drawings by {data['writers']} writers"]
    elif "pictures" in data:
        amounts = [f"{data['pictures']:,} pictures"]
    elif isinstance(data.get("drawings"), dict):
        amounts = [f"{count:,} {name}" for name, count in data["drawings"].items()]
    credit = ". ".join(str(data[key]) for key in ("authors", "licence", "source") if key in data)
    named = ", ".join([f"**{data.get('name')}**", *amounts])
    return f"Data: {named}. {credit}"


def _curves(path: Path) -> None:
    st.subheader("Training", anchor=False)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [
                {name: float(value) for name, value in row.items()} for row in csv.DictReader(file)
            ]
    except (OSError, ValueError):
        st.info("This artifact has no history of its training.")
        return
    accuracy, loss = st.columns(2)
    for column, name, title in (
        (accuracy, "accuracy", "Accuracy, %"),
        (loss, "loss", "Loss, nats"),
    ):
        column.write(f"**{title}**")
        column.altair_chart(curve_chart(rows, name, title))
    st.caption("Training digits are varied anew each epoch, which makes them harder to read.")


def _report(path: Path) -> None:
    st.subheader("Test set", anchor=False)
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        chart = confusion_chart(report["confusion"])
    except (OSError, ValueError, KeyError, TypeError):
        st.info("This artifact has no report on a test set.")
        return
    wide, narrow = st.columns([5, 4], gap="large")
    wide.altair_chart(chart)
    rows = [
        {
            "digit": str(c["label"]),
            "precision %": f"{100 * c['precision']:.2f}",
            "recall %": f"{100 * c['recall']:.2f}",
            "F1 %": f"{100 * c['f1']:.2f}",
        }
        for c in report["classes"]
    ]
    narrow.table(rows)
