"""A server of readings over HTTP in a process of its own, and what is sent to it."""

import asyncio
import contextlib
import io
import os
import re
import subprocess
import sys
import time
from types import SimpleNamespace

import httpx
import numpy as np
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Mount
from waiting import wait_until

from digitrec.api.application import create_application
from digitrec.api.settings import Settings
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes

JSON = {"Content-Type": "application/json"}


@contextlib.contextmanager
def knocking_at(log, *options, **environment):
    """A running `digitrec serve --api-only`, as a client; any number of requests is allowed."""
    with serving(log, "--api-only", *options, **environment) as (process, address):
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
        assert process.poll() is None


@contextlib.contextmanager
def asking(address="127.0.0.1", **settings):
    """A client, at this address, of an application with these settings in this process."""
    door = Starlette(routes=[Mount("/api", create_application(Settings(**settings)))])
    transport = httpx.ASGITransport(door, raise_app_exceptions=False, client=(address, 50_000))
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost/api")
    with asyncio.Runner() as runner:

        def asker(name):
            return lambda *given, **more: runner.run(getattr(client, name)(*given, **more))

        yield SimpleNamespace(**{name: asker(name) for name in ("get", "post", "options")})
        runner.run(client.aclose())


@contextlib.contextmanager
def serving(log, *options, **environment):
    """A running `digitrec serve` on a port of its own: its process and the address of /api."""
    command = [sys.executable, "-m", "digitrec", "serve", "--port", "0", *options]
    environment = os.environ | {"DIGITREC_API_RATE": "off"} | environment
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
    try:
        yield process, _address(log, process)
    finally:
        process.terminate()
        process.wait(30)


def _address(log, process):
    """What it says once it listens: the page's address, or that of /api."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        if found := re.search(r"http://[\w.]+:\d+", log.read_text()):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{found[0]}/api/healthz", timeout=30)
                return f"{found[0]}/api"
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


def wait_for_requests(client, where, count, seconds=10):
    """Wait until so many are "arriving" or "taken", as the server counts them."""
    line = f"digitrec_pool_{where} {count}.0"
    wait_until(lambda: line in client.get("/metrics").text, seconds)


def picture(label, kind="PNG", **options):
    """The file of a picture with that digit."""
    ink = ink_from_strokes(digit_strokes(label, height=200))
    file = io.BytesIO()
    Image.fromarray(np.pad(255 - ink, 40, constant_values=255)).save(file, kind, **options)
    return file.getvalue()


def long_file(pages=20):
    """A small TIFF of pages full of digits: some seconds of work in all."""
    digits = [
        np.pad(255 - ink_from_strokes(digit_strokes(c)), 30, constant_values=255) for c in (2, 8)
    ]
    shape = [min(side) for side in zip(*(digit.shape for digit in digits), strict=True)]
    line = np.hstack([digit[: shape[0], : shape[1]] for digit in digits] * 4)
    page = Image.fromarray(np.vstack([line] * 6)).convert("1")
    file = io.BytesIO()
    more = {"save_all": True, "append_images": [page] * (pages - 1)}
    page.save(file, "TIFF", compression="group4", **more)
    return file.getvalue()


def plain(strokes):
    """Strokes as JSON has them."""
    return [np.asarray(stroke).tolist() for stroke in strokes]
