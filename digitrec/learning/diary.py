"""What a retraining tells of itself as it goes, and how it hears that it should stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digitrec.retraining_state import Outcome, RetrainingState, write_state

if TYPE_CHECKING:
    from digitrec.learning.verdict import Promotion

_EVERY = 0.5  # s between two states of one stage


class Diary:
    """The state file's one writer."""

    def __init__(self, folder: Path, asked: threading.Event) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._folder, self._asked, self._written = folder, asked, 0.0
        self._state = RetrainingState("running", "Reading the corrections", 0.0, now, os.getpid())
        write_state(folder, self._state)

    def tell(self, stage: str, share: float) -> None:
        """Say what is being done; here a retraining that was asked to stop does."""
        if self._asked.is_set():
            raise KeyboardInterrupt
        same = stage == self._state.stage
        if same and time.monotonic() - self._written < _EVERY:
            return
        self._state = replace(self._state, stage=stage, share=round(share, 3))
        write_state(self._folder, self._state)
        self._written = time.monotonic()

    def end(
        self, outcome: Outcome, message: str, verdict: Promotion | None = None
    ) -> RetrainingState:
        """Write the last state."""
        rows = tuple(asdict(row) for row in verdict.rows) if verdict else ()
        self._state = replace(
            self._state,
            outcome=outcome,
            share=1.0 if verdict else self._state.share,
            message=message,
            rows=rows,
            suspicious=verdict.suspicious if verdict else (),
        )
        write_state(self._folder, self._state)
        return self._state


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """SIGTERM, which `retraining_state.cancel` sends, stops as Ctrl-C does."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread may handle signals
        return

    def stop(number: int, frame: object) -> None:
        asked.set()
        signal.raise_signal(signal.SIGINT)

    # A process that a shell put into the background ignores Ctrl-C from the start.
    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, stop),
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
    }
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
