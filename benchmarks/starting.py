"""Start-up: import, first answer, page served; seconds and memory, beside `import tensorflow`.

    python -m benchmarks.starting

Needs the extra `train`.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator

import psutil

from benchmarks.sections import Section
from digitrec.cli.benching import FIRST_ANSWER
from digitrec.rows import Aim, Quantity, Row

_TENSORFLOW = "`import tensorflow`"
_PATIENCE = 60  # s
Started = tuple[float, float]  # seconds, MB


def rows(quick: bool) -> Iterator[Row]:
    """Every start, in turn."""
    starts: dict[str, Callable[[], Started]] = {
        _TENSORFLOW: lambda: _program("import tensorflow"),
        "Python alone": lambda: _program("pass"),
        "`import digitrec`": lambda: _program("import digitrec"),
        "import to first answer": lambda: _program(FIRST_ANSWER),
        "`digitrec serve --api-only` to its first answer": lambda: _served("--api-only"),
        "`digitrec serve` to its first answer": _served,
    }
    found: dict[str, list[Started]] = {name: [] for name in starts}
    for number in range(1 if quick else 7):
        for name, start in starts.items():
            measured = start()
            if number or quick:  # the first one finds nothing in the disk's cache
                found[name].append(measured)
    seconds = {name: statistics.median(each[0] for each in all_) for name, all_ in found.items()}
    for name, each in found.items():
        values = {
            "median": Quantity(seconds[name], "s"),
            "memory": Quantity(statistics.median(memory for _, memory in each), "MB"),
        }
        if name == _TENSORFLOW:
            yield Row(name, values)
            continue
        aims = [Aim("ratio", "≤", 0.25)] if name == "import to first answer" else []
        yield Row(name, values, _TENSORFLOW, Quantity(seconds[_TENSORFLOW], "s"), aims=aims)


def _program(code: str) -> Started:
    """A process that does this and ends, and the most memory that it had."""
    told = "\nfrom benchmarks.memory import peak; print(peak())"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code + told], check=True, capture_output=True, text=True
    )
    seconds = time.perf_counter() - started
    return seconds, float(done.stdout.split()[-1])


def _served(*options: str) -> Started:
    """A server until it has answered a request for its page or its description."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    path = "api/docs" if options else ""
    command = [sys.executable, "-m", "digitrec", "serve", "--port", port, *options]
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"XDG_DATA_HOME": folder},
        )
        try:
            _wait_for(f"http://localhost:{port}/{path}", process)
            seconds = time.perf_counter() - started
            return seconds, _memory(process.pid)
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()  # nosec B310
            return
        time.sleep(0.01)
    raise TimeoutError(f"{address} did not answer within {_PATIENCE} seconds")


def _memory(pid: int) -> float:
    """Resident memory of a process and its children, MB."""
    process = psutil.Process(pid)
    every = [process, *process.children(recursive=True)]
    return float(sum(each.memory_info().rss for each in every) / 1e6)


SECTION = Section(
    "Starting",
    "New processes in turn, and the most memory of each, or of a server what it holds; the ratio "
    "tells how many times as long as importing TensorFlow takes.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
