"""A server of readings over HTTP in a process of its own, and what is sent to it."""

import contextlib
import io
import os
import re
import subprocess
import sys
import time

import httpx
import numpy as np
from PIL import Image

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
        if found := re.search(r"http://localhost:\d+", log.read_text()):
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{found[0]}/api/healthz", timeout=30)
                return f"{found[0]}/api"
        time.sleep(0.1)
    raise TimeoutError(log.read_text())


def picture(label, kind="PNG", **options):
    """The file of a picture with that digit."""
    ink = ink_from_strokes(digit_strokes(label, height=200))
    file = io.BytesIO()
    Image.fromarray(np.pad(255 - ink, 40, constant_values=255)).save(file, kind, **options)
    return file.getvalue()


def long_file(pages=20):
    """A TIFF of pages that take long to read: a few seconds in all."""
    rng = np.random.default_rng(0)
    side = Image.fromarray((255 * (rng.random((1_500, 1_500)) > 0.02)).astype(np.uint8))
    file = io.BytesIO()
    side.save(file, "TIFF", save_all=True, append_images=[side] * (pages - 1))
    return file.getvalue()


def plain(strokes):
    """Strokes as JSON has them."""
    return [np.asarray(stroke).tolist() for stroke in strokes]
