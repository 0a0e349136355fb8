"""HTTP under load: digits and strokes to /api/v1 by wrk, on the cores that serve them.

    python -m benchmarks.http_load

Needs the extra `dev`, and wrk (Debian's package wrk); without it the table says so.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from benchmarks.sections import Section
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.rows import Aim, Quantity, Row
from digitrec.shapes import digit_strokes

_CLIENTS = (1, 8)
_LUA = """
wrk.method, wrk.path, wrk.headers["Content-Type"] = "POST", "%s", "application/json"
local file = io.open("%s"); wrk.body = file:read("*a"); file:close()
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests": %%d, "microseconds": %%d, "p50": %%d, "p99": %%d, ' ..
    '"errors": %%d}\\n', summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def rows(quick: bool) -> Iterator[Row]:
    """Requests a second by one client and by several, for each kind of request."""
    if shutil.which("wrk") is None:
        yield Row("nothing: wrk is not installed (Debian's package wrk)", {})
        return
    seconds = 2 if quick else 20
    with _served() as (address, server):
        for what, path, body in _requests():
            for clients in _CLIENTS:
                _ask((address, path, body), 1, clients)  # what is loaded at first use
                told = f"{what}, {clients} connection{'s' if clients > 1 else ''}"
                yield _row(told, _ask((address, path, body), seconds, clients), server)


@contextlib.contextmanager
def _served() -> Iterator[tuple[str, psutil.Process]]:
    """Where `digitrec serve` answers, with the network loaded, and its process.

    The limit of requests a client may make is off: all of them are one client's here.
    """
    command = [sys.executable, "-m", "digitrec", "serve", "--port", "0"]
    environment = os.environ | {"DIGITREC_API_RATE": "off"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://[^/,]+", server.stdout.readline())
            assert found is not None, "`digitrec serve` did not begin"
            ready = f"{found[0]}/api/v1/model"
            with urllib.request.urlopen(ready, timeout=60):  # nosec B310
                yield found[0], psutil.Process(server.pid)
        finally:
            server.terminate()


def _requests() -> Iterator[tuple[str, str, str]]:
    """In words, the path, and the body of each kind."""
    image = normalize_digit(ink_from_strokes(digit_strokes(7)))
    digits = np.tile(image, (100, 1, 1)).tolist()
    strokes = [stroke.tolist() for stroke in digit_strokes(5)]
    classify = "/api/v1/classify"
    yield "`classify`, one digit", classify, json.dumps({"digits": digits[:1]})
    yield "`classify`, 100 digits", classify, json.dumps({"digits": digits})
    yield "`read-strokes`, a 5", "/api/v1/read-strokes", json.dumps({"strokes": strokes})


def _ask(request: tuple[str, str, str], seconds: int, clients: int) -> dict[str, int]:
    """What wrk tells after asking so long over so many connections."""
    address, path, body = request
    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        content, script = Path(folder) / "body.json", Path(folder) / "ask.lua"
        content.write_text(body, encoding="utf-8")
        script.write_text(_LUA % (path, content), encoding="utf-8")
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", f"-s{script}", address]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


def _row(what: str, told: dict[str, int], server: psutil.Process) -> Row:
    values = {
        "a second": Quantity(told["requests"] / told["microseconds"] * 1e6),
        "p50": Quantity(told["p50"] / 1e6, "s"),
        "p99": Quantity(told["p99"] / 1e6, "s"),
        "errors": Quantity(told["errors"]),
        "memory": Quantity(server.memory_info().rss / 1e6, "MB"),
    }
    return Row(what, values, aims=[Aim("errors", "≤", 0)])


SECTION = Section(
    "HTTP under load",
    "`POST /api/v1/…` of `digitrec serve`, the page in the same process, asked by wrk on the same "
    "machine over connections that are kept; each asks again as soon as it is answered.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
