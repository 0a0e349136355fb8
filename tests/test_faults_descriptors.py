"""A process that has used up its open files: it says so, and goes on once there are some again."""

import resource
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import httpx
from conftest import ROOT
from knocking import picture, serving

_BEGUN = b"POST /api/v1/read HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"
_STORE = """
import os, resource, sys
sys.path.insert(0, "tests")
from correcting import correction
from digitrec.corrections import CorrectionStore
from digitrec.errors import DigitrecError
from digitrec.imaging.files import open_file
from digitrec.models import load_artifact
resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
store = CorrectionStore(sys.argv[1])
store.save(correction(1))
taken = []
while True:
    try:
        taken.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        break
for work in (lambda: store.save(correction(2)), store.all, load_artifact,
             lambda: open_file("README.md")):
    try:
        work()
    except DigitrecError as error:
        print(error)
for number in taken:
    os.close(number)
store.save(correction(2))
print(len(store.all()), load_artifact().network.name)
"""


def test_store_and_files_say_so_and_go_on(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _STORE, str(tmp_path / "corrections.sqlite")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *told, last = done.stdout.splitlines()
    assert len(told) == 4
    assert all(sentence.startswith("Expected") for sentence in told)
    assert last == "2 model.int8.tflite"


def test_server_answers_again_after_too_many_connections(tmp_path):
    with serving(tmp_path / "log", "--api-only") as (process, address):
        there = 48
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (there, there))
        place = urlsplit(address)
        connections = []
        for _ in range(there + 20):
            connection = socket.create_connection((place.hostname, place.port), timeout=20)
            connection.sendall(_BEGUN)
            connections.append(connection)
        for connection in connections:
            connection.close()
        assert process.poll() is None
        answer = _asked(f"{address}/v1/read")
        assert answer.json()["pages"][0]["text"] == "7"
        assert process.poll() is None


def _asked(address):
    """The answer, as soon as the server takes connections again."""
    deadline = time.monotonic() + 30
    while True:
        try:
            answer = httpx.post(address, content=picture(7), timeout=10)
            if answer.status_code == 200 or time.monotonic() > deadline:
                return answer
        except httpx.TransportError:
            assert time.monotonic() < deadline
        time.sleep(0.2)
