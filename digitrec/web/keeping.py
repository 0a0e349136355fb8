"""What the pages keep of a visitor's answers: the store, and what this visit put into it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from digitrec.corrections import NOT_A_DIGIT, Change, Correction, CorrectionStore, default_url
from digitrec.corrections.places import are_kept, find_place
from digitrec.errors import DigitrecError, SettingError
from digitrec.reading import Digit

_KEPT = "kept_corrections"


class Kept(NamedTuple):
    """What one click kept.

    Attributes:
        text: what the visitor said it is, digit by digit.
        changes: what that changed in the store, from this visit's first word on.
    """

    text: str
    changes: tuple[Change, ...]


def allowed() -> bool:
    """Whether this server keeps corrections; `DIGITREC_CORRECTIONS=off` says no.

    What says neither on nor off was hardly meant to keep them; `digitrec serve` refuses it.
    """
    try:
        return are_kept()
    except SettingError:
        return False


def store() -> CorrectionStore:
    """The store that every visit shares.

    Raises:
        CorrectionsError: it cannot be used now.
    """
    return _open(default_url())


@st.cache_resource(show_spinner=False, max_entries=2, on_release=CorrectionStore.close)
def _open(url: str) -> CorrectionStore:
    return CorrectionStore(url)


def place() -> str:
    """Where the store is, for people; told without opening it.

    Raises:
        CorrectionsError: the address is none.
    """
    return str(find_place(None))


def where() -> str:
    """The same, as a few words."""
    if default_url().startswith("postgres"):
        return "in the database of this page's server"
    return "on the machine that serves this page"


def explanation(*, strokes: bool = False, keys: str = "") -> str:
    """What exactly is kept of a digit, and where, in sentences.

    Args:
        strokes: whether the strokes are kept beside the pixels.
        keys: what else than a click keeps it, in brackets.
    """
    ink = "the 28×28 pixels, the strokes" if strokes else "the 28×28 pixels"
    try:
        return (
            f"Kept are {ink}, what you say it is, what was answered with which probabilities, the "
            "hash of the network, and the time: no name, no address. It is what the network learns "
            f"from when it is trained again. Nothing is kept without a click{keys}. What is kept "
            f"goes into {place()}, and nowhere else."
        )
    except DigitrecError as error:
        return str(error)


def keep(
    digits: Sequence[Digit],
    labels: Sequence[int],
    models: Sequence[str],
    strokes: Sequence[NDArray[np.float32]] = (),
) -> None:
    """Keep what each digit is, all of them or none.

    Args:
        digits: as they were read.
        labels: what they are, 0-9 or `NOT_A_DIGIT`.
        models: hashes of the networks that read them.
        strokes: the whole drawing; () for a picture.

    Raises:
        CorrectionsError: the store cannot be used now.
    """
    made = [
        correction_of(digit, label, model, strokes)
        for digit, label, model in zip(digits, labels, models, strict=True)
    ]
    visit, name = _visit(), name_of(digits)
    last = {change.key: change for change in visit[name].changes} if name in visit else {}
    changes = tuple(_since(last.get(change.key), change) for change in store().say(made))
    visit[name] = Kept("".join(map(sign, labels)), changes)


def _since(last: Change | None, change: Change) -> Change:
    """The change from what stood before this visit's first word, if nobody else spoke since."""
    if last is None or last.after is None or change.before is None:
        return change
    own = (last.after.label, last.after.time) == (change.before.label, change.before.time)
    return change._replace(before=last.before) if own else change


def kept(digits: Sequence[Digit]) -> Kept | None:
    """What this visit has kept of these digits."""
    return _visit().get(name_of(digits))


def take_back(digits: Sequence[Digit]) -> str:
    """Undo what this visit kept of these digits.

    Returns:
        A sentence on what stays, as somebody else has spoken since; else "".

    Raises:
        CorrectionsError: the store cannot be used now.
    """
    found = kept(digits)
    told = undo(found.changes) if found else ""
    _visit().pop(name_of(digits), None)
    return told


def undo(changes: Sequence[Change]) -> str:
    """Undo changes, whoever made them; returns and raises as `take_back`."""
    left = len(changes) - store().take_back(changes)
    if not left:
        return ""
    which = "It was" if len(changes) == 1 else f"{left} of the {len(changes)} digits were"
    return f"{which} corrected again since, in another window: that stays as it is."


def forget(keys: Sequence[str]) -> None:
    """Another page changed these: what this visit said of them no longer stands."""
    visit = _visit()
    for name in [n for n, kept in visit.items() if {c.key for c in kept.changes} & set(keys)]:
        visit.pop(name)


def correction_of(
    digit: Digit, label: int, model: str, strokes: Sequence[NDArray[np.float32]] = ()
) -> Correction:
    """A digit with what it really is, and nothing of who said so."""
    return Correction(
        image=digit.image,
        label=label,
        predicted=answered(digit),
        probabilities=digit.probabilities,
        digit_score=digit.digit_score,
        model=model,
        strokes=tuple(strokes[i] for i in digit.strokes) if len(strokes) else (),
    )


def answered(digit: Digit) -> int:
    """What a digit was read as: 0-9 or `NOT_A_DIGIT`."""
    return NOT_A_DIGIT if digit.status == "not a digit" else digit.label


def sign(label: int) -> str:
    """A label as it is written in an answer."""
    return "?" if label == NOT_A_DIGIT else str(label)


def name_of(digits: Sequence[Digit]) -> str:
    """What tells these digits from others: 64 hex digits."""
    return hashlib.sha256(b"".join(digit.image.tobytes() for digit in digits)).hexdigest()


def _visit() -> dict[str, Kept]:
    found: dict[str, Kept] = st.session_state.setdefault(_KEPT, {})
    return found
