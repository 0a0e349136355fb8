"""`digitrec serve`: page and HTTP in one process, how it begins, and how it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest
from browser import draw
from knocking import long_file, serving, wait_for_requests
from visiting import visitor

from digitrec.models import DEFAULT_ARTIFACT
from digitrec.shapes import digit_strokes

FORMS = pytest.mark.parametrize("options", [[], ["--api-only"]], ids=["page", "api"])


def serve(*options, **environment):
    """What it says and how it ends where it cannot serve."""
    command = [sys.executable, "-m", "digitrec", "serve", "--port", "0", *map(str, options)]
    return subprocess.run(
        command,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@FORMS
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ARTIFACT", "nowhere", "Expected an artifact folder"),
        ("API_WORKERS", "many", "Expected a whole number from 1 to 64 in DIGITREC_API_WORKERS"),
    ],
)
def test_wrong_settings_end_it_with_a_sentence(options, name, value, words):
    done = serve(*options, **{f"DIGITREC_{name}": value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"digitrec: {words}")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("CORRECTIONS", "of", "Expected on or off"),
        ("DATABASE_URL", "mysql://localhost/x", "Expected the place of the corrections"),
    ],
)
def test_wrong_settings_of_the_page_end_it_with_a_sentence(name, value, words):
    done = serve(**{f"DIGITREC_{name}": value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"digitrec: {words}")


@FORMS
def test_damaged_network_ends_it_with_a_sentence(options, tmp_path):
    folder = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")
    network = folder / "model.int8.tflite"
    network.write_bytes(network.read_bytes()[:-1])
    done = serve(*options, DIGITREC_ARTIFACT=str(folder))
    assert done.returncode == 1
    assert "to have the sha256 that its card gives" in done.stderr


@FORMS
def test_taken_port_ends_it_with_a_sentence(options):
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = other.getsockname()[1]
        done = serve("--port", port, *options)
    assert (done.returncode, done.stdout) == (1, "")
    sentence = f"Expected a free port. Received: {port}, one that another program has."
    assert done.stderr == f"digitrec: {sentence} Give another --port.\n"


@pytest.mark.parametrize(
    ("options", "status"), [(["--host", "nowhere.invalid"], 1), (["--port", "70000"], 2)]
)
def test_wrong_address_ends_it(options, status):
    done = serve(*options)
    assert done.returncode == status
    assert options[1] in done.stderr


@FORMS
def test_address_that_is_empty_is_not_every_network(options):
    """A socket would take it for that, and the page for another address than localhost."""
    done = serve("--host", "", *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("digitrec: Expected an address of this machine. Received: ''")
    assert len(done.stderr.splitlines()) == 1


def test_wrong_setting_ends_streamlit_s_own_command_with_the_sentence():
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0"]
    environment = os.environ | {"DIGITREC_API_RATE": "often"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("digitrec: Expected a number a second")
    assert "Traceback" not in done.stderr


@FORMS
def test_sigterm_answers_what_is_under_way(options, tmp_path):
    answers = []
    with (
        serving(tmp_path / "log", *options) as (process, address),
        httpx.Client(base_url=address, timeout=60) as client,
    ):

        def ask():
            answers.append(client.post("/v1/read", content=long_file(3)))

        thread = threading.Thread(target=ask)
        thread.start()
        wait_for_requests(client, "taken", 1)
        process.send_signal(signal.SIGTERM)
        thread.join()
        (answer,) = answers
        assert answer.status_code == 200
        assert len(answer.json()["pages"]) == 3
        process.wait(20)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{address}/healthz")
    assert "Traceback" not in (tmp_path / "log").read_text()


@FORMS
def test_interrupt_ends_it_at_once(options, tmp_path):
    with serving(tmp_path / "log", *options) as (process, _):
        process.send_signal(signal.SIGINT)
        process.wait(20)
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_page_works_while_http_is_busy(browser, tmp_path):
    """Both are served by one process; with every worker at work the page still reads drawings."""
    stop = threading.Event()
    statuses = []
    with (
        serving(tmp_path / "log") as (_, address),
        httpx.Client(base_url=address, timeout=120) as client,
        visitor(browser, (1280, 720)) as page,
    ):

        def ask():
            content = long_file(3)
            while not stop.is_set():
                statuses.append(client.post("/v1/read", content=content).status_code)

        page.goto(address.removesuffix("/api"))
        page.locator("canvas.upper-canvas").wait_for()
        page.wait_for_timeout(1_500)
        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            wait_for_requests(client, "taken", 2)
            begun = time.monotonic()
            draw(page, digit_strokes(7, left=200, top=60))
            page.get_by_text("This is a 7").first.wait_for(state="attached", timeout=10_000)
            assert time.monotonic() - begun < 10
            health = time.monotonic()
            assert client.get("/healthz", timeout=10).status_code == 200
            assert time.monotonic() - health < 5
            wait_for_requests(client, "taken", 2)  # they were at work all the time
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    assert set(statuses) == {200}


def test_documentation_loads_nothing_from_elsewhere(browser, tmp_path):
    """Under an address at which Swagger's page would ask for a badge from outside, too."""
    if sys.platform != "linux":
        pytest.skip("every address of 127/8 is this machine on Linux alone")
    asked, faults = [], []
    with serving(tmp_path / "log", "--api-only", "--host", "127.0.0.2") as (_, address):
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/docs")
        page.get_by_text("Read a drawing").click()
        page.get_by_role("button", name="Execute").click()
        page.get_by_text('"text": "73"').first.wait_for()
        page.close()
    assert faults == []
    assert {httpx.URL(url).host for url in asked if not url.startswith("data:")} == {"127.0.0.2"}
