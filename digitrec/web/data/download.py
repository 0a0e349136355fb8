"""MNIST on its way into the cache: in the background, one for all visitors."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import Literal

import streamlit as st

from digitrec.datasets import fetching
from digitrec.datasets.places import CACHE_VARIABLE, mirror_address, mnist_folder
from digitrec.errors import DigitrecError

State = Literal["running", "stopped", "failed", "done"]
_log = logging.getLogger(__name__)


class Download:
    """One attempt; its thread fills it in, the pages only look.

    Attributes:
        state: how it stands.
        there: bytes that are there.
        total: bytes of all of it, as it is published.
        error: why it failed, a sentence; else empty.
    """

    def __init__(self, before: Download | None, *, anew: bool) -> None:
        self.state: State = "running"
        self.there, self.total, self.error = 0 if anew else bytes_there(), size(), ""
        self._before, self._anew = before, anew
        # A daemon: a server that is stopped waits for no file.
        self._thread = threading.Thread(
            target=self._work, args=(mnist_folder(), mirror_address()), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop at the next piece; what is there is kept."""
        if self.state == "running":
            self.state = "stopped"

    def wait(self, seconds: float | None = None) -> None:
        """Return when its thread has ended, or after so long."""
        self._thread.join(seconds)

    def _work(self, folder: Path, mirror: str | None) -> None:
        if self._before is not None:  # one that was stopped may still write its last piece
            self._before.wait()
            self._before = None
        try:
            self._step(self.there, self.total)
            if self._anew:
                _throw_away(folder)
            fetching.fetch_mnist(folder, mirror=mirror, progress=self._step)
        except _StoppedError:
            return
        except DigitrecError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(
                f"Expected to write into {folder}. Received: {error}. Make room there, or let "
                f"{CACHE_VARIABLE} name another folder and start the page again."
            )
        except Exception:
            _log.exception("fetching MNIST failed")
            self._fail(
                "Expected to fetch MNIST. Received: a failure that the server's log tells. "
                "Try again, or run python scripts/fetch_data.py."
            )
        else:
            self.state = "done"

    def _fail(self, sentence: str) -> None:
        if self.state == "running":
            self.error, self.state = sentence, "failed"

    def _step(self, there: int, total: int) -> None:
        if self.state != "running":
            raise _StoppedError
        self.there, self.total = there, total


class _StoppedError(Exception):
    """The visitor wants no more of it."""


class Downloads:
    """The latest attempt of this server; two never run at a time."""

    def __init__(self) -> None:
        self.latest: Download | None = None
        self._lock = threading.Lock()

    def start(self, *, anew: bool = False) -> None:
        """Begin, or go on where the last one ended; nothing where one runs.

        Args:
            anew: throw away what is there first; only files that are fetched here go.
        """
        with self._lock:
            if self.latest is not None and self.latest.state == "running":
                return
            self.latest = Download(self.latest, anew=anew)

    def stop(self) -> None:
        """Stop the one that runs, if any."""
        if self.latest is not None:
            self.latest.stop()


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """Those of this server."""
    return Downloads()


def address() -> str:
    """Where it is fetched from."""
    return mirror_address() or fetching.MNIST_ADDRESS


def size() -> int:
    """Bytes of the four files, as they are published."""
    return sum(remote.size for remote in fetching.MNIST_FILES)


def bytes_there() -> int:
    """How many bytes of them are in the cache."""
    found = 0
    for path in _ours(mnist_folder()):
        with suppress(OSError):  # not there, or just renamed
            found += path.stat().st_size
    return found


def _ours(folder: Path) -> list[Path]:
    names = [remote.name for remote in fetching.MNIST_FILES]
    return [folder / f"{name}{end}" for name in names for end in ("", ".part")]


def _throw_away(folder: Path) -> None:
    for path in _ours(folder):
        path.unlink(missing_ok=True)
