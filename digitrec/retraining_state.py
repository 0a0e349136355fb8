"""How a retraining is started, watched and stopped from outside; knows no Keras.

The retraining itself, `digitrec train --corrections`, is a process of its own. It holds a lock as
long as it lives, so that there is one at a time, and writes what it is at to `state.json`:

    retraining/
        lock         held by the one that runs
        state.json   a `RetrainingState`
        log.txt      all that the last one printed
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal, get_args

from digitrec.errors import RetrainingError
from digitrec.home import data_folder

Outcome = Literal["running", "promoted", "refused", "tried", "failed", "cancelled"]

LOCK, STATE, LOG = "lock", "state.json", "log.txt"
_WAIT = 20.0  # s until a started process has to be running
_PATIENCE = 1.0  # s for a lock that somebody looks at just now
_TOLD = 3  # last lines of a log
_starting = threading.Lock()


@dataclass(frozen=True)
class RetrainingState:
    """What is known of the last retraining.

    Attributes:
        outcome: "running"; "promoted" (a new version is in use); "refused" (the old one stays, and
            `message` says why); "tried" (a try whose candidate would have been promoted);
            "failed"; "cancelled".
        stage: what it is at, in words.
        share: how far it is, 0-1.
        started: when, ISO 8601, UTC.
        pid: of its process.
        message: a sentence for people; "" while it runs.
        rows: before and after, see `learning.promotion.Measure`; each has `name`, `before`,
            `after`, `number` and `verdict`.
        suspicious: keys of corrections whose labels are in doubt.
    """

    outcome: Outcome
    stage: str
    share: float
    started: str
    pid: int
    message: str = ""
    rows: tuple[Mapping[str, Any], ...] = ()
    suspicious: tuple[str, ...] = ()


def state_folder() -> Path:
    """Where retrainings of this user on this machine are told of."""
    return data_folder() / "retraining"


def read_state(folder: Path | None = None) -> RetrainingState | None:
    """The last retraining; None where there was none, or nothing that can be read.

    One that says that it runs, and whose process has ended, has failed.
    """
    folder = folder or state_folder()
    try:
        plain = json.loads((folder / STATE).read_text(encoding="utf-8"))
        rows = tuple(dict(row) for row in plain.pop("rows"))
        suspicious = tuple(map(str, plain.pop("suspicious")))
        state = RetrainingState(**plain, rows=rows, suspicious=suspicious)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if state.outcome not in get_args(Outcome):
        return None
    if state.outcome == "running" and not _is_held(folder, state.pid):
        # Between the two looks it may have come to its end.
        again = _read_outcome(folder)
        if again != "running":
            return read_state(folder)
        message = f"The retraining ended without a word. Its output is in {folder / LOG}."
        return RetrainingState(**{**vars(state), "outcome": "failed", "message": message})
    return state


def _read_outcome(folder: Path) -> str:
    try:
        return str(json.loads((folder / STATE).read_text(encoding="utf-8"))["outcome"])
    except (OSError, ValueError, KeyError, TypeError):
        return "running"


def write_state(folder: Path, state: RetrainingState) -> None:
    """Keep a state, whole or not at all."""
    temporary = folder / f".{STATE}.tmp"
    try:
        temporary.write_text(json.dumps(asdict(state), indent=2) + "\n", encoding="utf-8")
        temporary.replace(folder / STATE)
    finally:
        temporary.unlink(missing_ok=True)


def is_running(folder: Path | None = None) -> bool:
    """Whether a retraining runs now."""
    state = read_state(folder)
    return state is not None and state.outcome == "running"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Be the one retraining of this machine for as long as this lasts.

    Raises:
        RetrainingError: another one runs, or it cannot be told of.
    """
    with _opened(folder, LOCK, "a+") as file:
        deadline = time.monotonic() + _PATIENCE
        while (locked := _locked(file)) is False:
            if time.monotonic() > deadline:
                raise _busy()
            time.sleep(0.05)
        if locked is None and is_running(folder):
            raise _busy()
        yield


def start(
    arguments: Sequence[str] = ("--corrections",), folder: Path | None = None
) -> RetrainingState:
    """Start a retraining in a process of its own, which outlives this one.

    Args:
        arguments: of `python -m digitrec train`, which say that it learns from corrections.
        folder: where it is told of.

    Returns:
        Its first state.

    Raises:
        RetrainingError: another one runs, it cannot be told of, or it ended at once.
    """
    with _starting:  # until it tells of itself, another click would write over its output
        return _started(arguments, folder or state_folder())


def _started(arguments: Sequence[str], folder: Path) -> RetrainingState:
    if is_running(folder):
        raise _busy()
    command = [sys.executable, "-m", "digitrec", "train", "--quiet", f"--state={folder}"]
    with _opened(folder, LOG, "w") as log:
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal of the page is not for it
        )
    # Where nobody waits for it, an ended process stays in the system's table.
    threading.Thread(target=process.wait, daemon=True).start()
    deadline = time.monotonic() + _WAIT
    while time.monotonic() < deadline:
        state = read_state(folder)
        if state is not None and state.pid == process.pid:
            return state
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RetrainingError(
        "Expected the retraining to begin. Received: a process that "
        f"{'does not answer' if process.poll() is None else 'ended'}. {_last_words(folder)}"
    )


def cancel(folder: Path | None = None) -> bool:
    """Ask the retraining that runs to stop; the artifact stays as it was.

    Returns:
        Whether one was running. It ends within seconds, `read_state` tells when.
    """
    state = read_state(folder)
    if state is None or state.outcome != "running":
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(state.pid, signal.SIGTERM)
    return True


def _opened(folder: Path, name: str, mode: str) -> IO[str]:
    """A file of the folder, which is made if needed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return (folder / name).open(mode)
    except OSError as error:
        raise RetrainingError(
            f"Expected to write in {folder} how far a retraining is. Received: {error}. Give this "
            "user a home folder to write in, or name another place in XDG_DATA_HOME."
        ) from error


def _busy() -> RetrainingError:
    return RetrainingError(
        "Expected no other retraining. Received: one that is running. Wait for it, or cancel it."
    )


def _last_words(folder: Path) -> str:
    with contextlib.suppress(OSError):
        lines = (folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        if lines:
            return "It said: " + " ".join(lines[-_TOLD:])
    return f"Look into {folder / LOG}."


def _locked(file: IO[str]) -> bool | None:
    """Whether the file's lock is ours now; None where the file system knows no locks.

    The system frees it when its holder ends, however that comes.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _is_held(folder: Path, pid: int) -> bool:
    """Whether the process that wrote the state lives."""
    try:
        with (folder / LOCK).open("a+") as file:
            locked = _locked(file)
    except OSError:
        locked = None
    return _is_alive(pid) if locked is None else not locked


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # which has locks everywhere
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
