"""The visitor's pile: the files given in this visit, and what was corrected in them.

Both lie in the session, not in widgets, so that they outlive a change of page.
"""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from digitrec.errors import PictureError
from digitrec.imaging.contents import read_bytes
from digitrec.recognizer import Recognizer
from digitrec.web.paper.desk import Job, content_hash, desk
from digitrec.web.paper.sheets import Number, Sheet

MAX_FILES = 50
STEPS = "paper_steps"  # pictures of the page whose steps are shown; they go with the pile
_JOBS, _CORRECTIONS = "paper_jobs", "paper_corrections"


class Place(NamedTuple):
    """Which number of which page: the name by which a correction finds it again."""

    key: str
    page: int
    line: int
    place: int


class Entry(NamedTuple):
    """A number with all that belongs to it."""

    at: Place
    job: Job
    sheet: Sheet
    number: Number


def jobs() -> list[Job]:
    """The files on the pile, in the order in which they were given."""
    return list(_jobs().values())


def add(name: str, content: bytes, recognizer: Recognizer) -> None:
    """Lay a file on the pile and have it read; the same content is there once.

    Raises:
        PictureError: the pile is as high as it may be, or the file is too large.
    """
    name, content = read_bytes(content, name)
    held, key = _jobs(), content_hash(content)
    if key in held:
        return
    if len(held) >= MAX_FILES:
        raise PictureError(
            f"Expected {MAX_FILES} files at most at a time. Received: one more, {name}. "
            "Remove some that are done."
        )
    held[key] = desk().put(name, content, recognizer)


def remove(keys: list[str]) -> None:
    """Take files off the pile, with what was corrected in them."""
    for key in keys:
        _jobs().pop(key, None)
    for at in [at for at in corrections() if at.key in keys]:
        corrections().pop(at)
    st.session_state.pop(STEPS, None)


def corrections() -> dict[Place, str]:
    """What the visitor wrote instead of what was read."""
    found: dict[Place, str] = st.session_state.setdefault(_CORRECTIONS, {})
    return found


def correct(entry: Entry, text: str | None) -> None:
    """Take over what the visitor wrote; what was read already is no correction."""
    text = (text or "").strip()
    if text == entry.number.text:
        corrections().pop(entry.at, None)
    else:
        corrections()[entry.at] = text


def entries() -> list[Entry]:
    """Every number of every file that has been read to its end, in reading order."""
    return [
        Entry(Place(job.key, sheet.page, number.line, number.place), job, sheet, number)
        for job in jobs()
        if job.done
        for sheet in job.sheets
        for number in sheet.numbers
    ]


def sheets() -> list[tuple[Job, Sheet]]:
    """Every page of every file that has been read to its end."""
    return [(job, sheet) for job in jobs() if job.done for sheet in job.sheets]


def _jobs() -> dict[str, Job]:
    held: dict[str, Job] = st.session_state.setdefault(_JOBS, {})
    return held
