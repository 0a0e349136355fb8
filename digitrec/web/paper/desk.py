"""The desk on which files are read: in the background, each content once.

A page of the site must stay quick while a long file is read, and a visitor who leaves must
not wait for it. So reading has threads of its own, and the pages look at how far it is.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import weakref

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.imaging.files import File, open_file
from digitrec.recognizer import Recognizer
from digitrec.web.paper.sheets import Sheet, make_sheet

_AT_ONCE = 2  # files that are read at a time, for all visitors
_OFTEN = 1.0  # s, how often one that waits looks whether anybody still wants it
_log = logging.getLogger(__name__)


class Job:
    """A file on the desk; its reader fills it in, the pages only look.

    Attributes:
        key: hash of the content.
        name: what the visitor calls it.
        content: the file's bytes.
        sheets: what has been read so far, in order.
        pages: how many there will be; 0 before that is known.
        notes: what was left out or failed, one sentence each.
        error: why there is nothing of it at all, in a sentence; else empty.
        done: whether the reader is through with it.
    """

    def __init__(self, key: str, name: str, content: bytes) -> None:
        self.key, self.name, self.content = key, name, content
        self.sheets: list[Sheet] = []
        self.pages = 0
        self.notes: list[str] = []
        self.error = ""
        self.done = False


Held = weakref.ref[Job]  # as long as a pile has it


class Desk:
    """Reads files; what nobody holds any longer is forgotten."""

    def __init__(self) -> None:
        self._jobs: weakref.WeakValueDictionary[tuple[str, str, Recognizer], Job] = (
            weakref.WeakValueDictionary()
        )
        self._lock = threading.Lock()
        self._free = threading.Semaphore(_AT_ONCE)

    def put(self, name: str, content: bytes, recognizer: Recognizer) -> Job:
        """Have a file read; at once if that content has been read under this name."""
        key = content_hash(content)
        place = (key, name, recognizer)  # a retrained one reads it anew
        with self._lock:
            job = self._jobs.get(place)
            if job is None:
                job = self._jobs[place] = Job(key, name, content)
                # A daemon: a server that is stopped waits for no page. It does not hold the job:
                # what was taken off every pile is not read, or no further.
                reader = threading.Thread(
                    target=self._work, args=(weakref.ref(job), name, recognizer), daemon=True
                )
                reader.start()
        return job

    def _work(self, held: Held, name: str, recognizer: Recognizer) -> None:
        while not self._free.acquire(timeout=_OFTEN):
            if held() is None:
                return
        error = ""
        try:
            _read(held, recognizer)
        except DigitrecError as told:
            error = str(told)
        except Exception:
            _log.exception("reading a file failed")
            error = (
                f"Expected a picture or a PDF in {name}. Received: one that cannot be read, for a "
                "reason that the server's log tells. Try it in another form."
            )
        finally:
            self._free.release()
        if (job := held()) is not None:
            job.error, job.done = error, True


def _read(held: Held, recognizer: Recognizer) -> None:
    """Page after page, as long as somebody holds the job."""
    file = _begun(held)
    for page in range(file.pages if file else 0):
        if file is None or held() is None:
            return
        try:
            image = file.load(page)
            sheet = make_sheet(
                file.page_name(page), page, image, recognizer.read(image), recognizer.model
            )
        except DigitrecError as error:
            if file.pages == 1:
                raise
            _add(held, note=f"Page {page + 1} is left out. {error}")
            continue
        _add(held, sheet)


def _begun(held: Held) -> File | None:
    """The job's file, opened; None where nobody holds it."""
    job = held()
    if job is None:
        return None
    file = open_file(job.content, job.name)
    job.pages = file.pages
    _add(held, note=file.note)
    return file


def _add(held: Held, sheet: Sheet | None = None, *, note: str = "") -> None:
    if (job := held()) is not None:
        job.sheets.extend([sheet] if sheet else [])
        job.notes.extend([note] if note else [])


def content_hash(content: bytes) -> str:
    """What tells contents apart."""
    return hashlib.sha256(content).hexdigest()


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The one desk of this server."""
    return Desk()
