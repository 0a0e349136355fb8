"""Section "Test set": truth against answer, figures of each class, and the mistakes."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from digitrec.datasets import MNIST_SHA256
from digitrec.errors import DigitrecError
from digitrec.web import at_hand
from digitrec.web.at_hand import Answered
from digitrec.web.markdown import literal
from digitrec.web.model import matrix, mistakes, tables
from digitrec.web.model.confusion import Confusion, confusion_of
from digitrec.web.model.facts import Facts
from digitrec.web.model.mistakes import Cell
from digitrec.web.model.names import called
from digitrec.web.model.plain import items, mapping, text
from digitrec.web.model.report import Evaluation
from digitrec.web.model.tables import Table

_SET = "model_set"
_MNIST, _OWN, _HERE = "MNIST test", "its own test set", "the digits on this machine"
_GET_DATA = (
    "With MNIST on this machine the digits themselves are shown here, each mistake as the network "
    "saw it: the page Data fetches it, and so does `python scripts/fetch_data.py`."
)


class Choice(NamedTuple):
    """A set whose mistakes can be looked at.

    Attributes:
        confusion: truth against answer.
        source: where that comes from, a sentence.
        answered: the digits themselves, if they are at hand.
    """

    confusion: Confusion
    source: str
    answered: Answered | None = None


def show(known: Facts) -> None:
    """One run of the section."""
    choices = _choices(known, _at_hand())
    if not choices:
        st.info("This artifact has no report on a test set. " + _GET_DATA)
        return
    name = next(iter(choices))
    with st.container(horizontal=True, vertical_alignment="center", key="model_set_row"):
        if len(choices) > 1:
            name = st.selectbox(
                "Set",
                list(choices),
                format_func=called,
                key=_SET,
                width=240,
                label_visibility="collapsed",
            )
        _words(choices[name])
    chosen = choices[name]
    is_test = chosen.answered is not None or (name == _test_name(known) and known.test is not None)
    left, right = st.columns([5, 4], gap="large")
    cell = matrix.chosen()
    with left:
        matrix.show(called(name), chosen.confusion, cell if is_test else None)
    with right:
        _classes(chosen.confusion)
    if is_test:
        _mistakes(known, chosen, cell)
    else:
        st.caption("The mistakes of this set are counted here; its digits are not kept.")


def _at_hand() -> Answered | None:
    try:
        return at_hand.answered("test")
    except DigitrecError as error:
        st.warning(literal(error))
        return None


def _choices(known: Facts, answered: Answered | None) -> dict[str, Choice]:
    """The sets, by name; the test set first, with what is nearest to this page's network."""
    told = known.evaluation or Evaluation()
    found: dict[str, Choice] = {}
    if answered is not None and len(answered.labels):
        name = _MNIST if _is_mnist() else _HERE
        counts = confusion_of(answered.labels, answered.answers)
        found[name] = Choice(counts, "Read just now by the network that this page runs.", answered)
    if known.test:
        source = "As it was right after its training, before it was made ready to run."
        found.setdefault(_test_name(known), Choice(known.test.confusion, source))
    for name, counts in told.confusions.items():
        found.setdefault(name, Choice(counts, "Read as a visitor's drawing or picture is."))
    return found


def _test_name(known: Facts) -> str:
    """Of the set in `report.json`: what it was tested on is what it learned from first."""
    name = text(mapping(next(iter(items(known.card.get("data"))), None)).get("name"))
    return _MNIST if name.startswith("MNIST") else _OWN


def _is_mnist() -> bool:
    data = at_hand.mnist()
    return data is not None and dict(data.sha256) == dict(MNIST_SHA256)


def _words(chosen: Choice) -> None:
    all_of_it = chosen.confusion
    wrong = all_of_it.number - all_of_it.right
    st.html(
        f'<p class="model-words"><b>{wrong:,} of {all_of_it.number:,} digits</b> are read wrongly '
        f"({100 * all_of_it.right / all_of_it.number:.2f} % right). {chosen.source}</p>"
    )


def _classes(confusion: Confusion) -> None:
    figures = [*confusion.classes(), confusion.mean()]
    rows = [
        (f.name, f"{f.count:,}", *map(tables.percent, (f.precision, f.recall, f.f1)))
        for f in figures
    ]
    head = ("digit", "number", "precision, %", "recall, %", "F1, %")
    note = (
        "Precision: of what it called a 7, how much was one. Recall: of the 7s, how many it "
        "found. F1: both in one."
    )
    tables.show(Table("Figures of each digit", head, rows, strong=(10,), narrow=True), note)


def _mistakes(known: Facts, chosen: Choice, cell: Cell) -> None:
    """The boxes, what they ask for in words, and that: as pictures where the digits are here."""
    st.html('<h3 class="model">The mistakes</h3>')
    matrix.boxes(cell)
    number = mistakes.counted(chosen.confusion, cell)
    if chosen.answered is not None:
        _say(counted_words(number, cell))
        mistakes.pictures(mistakes.found(chosen.answered, cell), chosen.answered.digits, cell)
        return
    if cell.is_right:
        _say(f"A {cell.truth} read as {cell.answer} is no mistake.")
    else:
        _say(counted_words(number, cell))
        mistakes.table(mistakes.listed(known.test.mistakes if known.test else (), cell), cell)
    st.caption(_GET_DATA)


def _say(words: str) -> None:
    st.html(f'<p class="model-words" role="status">{words}</p>')


def counted_words(number: int, cell: Cell) -> str:
    """How often came what the boxes ask for; HTML."""
    truth = "another digit" if cell.truth is None else f"a {cell.truth}"
    answer = "another" if cell.answer is None else str(cell.answer)
    if cell == Cell():
        words = "1 mistake" if number == 1 else f"{number:,} mistakes"
        return f"<b>{words}</b>. The surest, which are the worst, come first."
    if not number:
        return f"{truth.capitalize()} was never read as {answer}."
    times = {1: "Once", 2: "Twice"}.get(number, f"{number:,} times")
    order = "The least sure come first." if cell.is_right else "The surest come first."
    return f"<b>{times}</b> {truth} was read as {answer}. {order}"
