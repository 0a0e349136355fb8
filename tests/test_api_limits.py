"""Who may ask over HTTP, how much, how often and how slowly."""

import contextlib
import shutil
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
from knocking import JSON, asking, knocking_at, long_file, picture, plain, wait_for_requests
from waiting import wait_until

from digitrec.models import DEFAULT_ARTIFACT, artifact_folder
from digitrec.shapes import digit_strokes

KEY = "0123456789abcdef"


@pytest.fixture(scope="module")
def narrow(tmp_path_factory):
    """A server that takes little, works for one and lets none wait."""
    log = tmp_path_factory.mktemp("narrow") / "log"
    limits = {"MAX_MB": 1, "SECONDS": 2, "WORKERS": 1, "WAITING": 0}
    environment = {f"DIGITREC_API_{name}": str(value) for name, value in limits.items()}
    with knocking_at(log, **environment) as client:
        yield client


def connected(client):
    """A bare connection to its server."""
    address = urlsplit(str(client.base_url))
    return socket.create_connection((address.hostname, address.port), timeout=20)


def head(*lines):
    return "\r\n".join(["POST /api/v1/read HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def received(connection):
    """All that comes until the server closes."""
    answer = b""
    while part := connection.recv(10_000):
        answer += part
    return answer.decode()


def test_long_body_is_refused_before_it_is_sent(narrow):
    with connected(narrow) as connection:
        connection.sendall(head("Content-Length: 1000000000"))
        answer = received(connection)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "Expected a body of at most 1 MB. Received: more." in answer


def test_long_body_of_untold_length_is_refused_on_its_way(narrow):
    with connected(narrow) as connection:
        connection.sendall(head("Transfer-Encoding: chunked"))
        sent = 0
        with contextlib.suppress(OSError):  # reset, or a broken pipe
            while sent < 200_000_000:
                connection.sendall(b"100000\r\n" + bytes(0x100000) + b"\r\n")
                sent += 0x100000
    assert sent < 20_000_000
    form = {"files": ("a.png", bytes(1_000_000))}
    assert narrow.post("/v1/read", files=form).status_code == 413


def test_slow_clients_are_told_and_take_no_place_of_others(narrow):
    slow = [connected(narrow) for _ in range(10)]
    for connection in slow:
        connection.sendall(head("Content-Length: 1000"))
    assert narrow.post("/v1/read", content=picture(7)).status_code == 200
    for connection in slow:
        with connection:
            answer = received(connection)
            assert answer.startswith("HTTP/1.1 408 ")
            assert "Expected the whole body within 2 seconds. Received: 0 bytes." in answer


def test_client_that_leaves_is_forgotten(narrow):
    with connected(narrow) as connection:
        connection.sendall(head("Content-Length: 1000") + b"half")
        wait_for_requests(narrow, "arriving", 1)
    # Sooner than a slow one is sent away.
    wait_for_requests(narrow, "arriving", 0, seconds=1)


def test_full_pool_says_when_to_ask_again(narrow):
    begun = threading.Event()
    answers = []

    def ask():
        begun.set()
        answers.append(narrow.post("/v1/read", content=long_file(6)).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    begun.wait()
    wait_for_requests(narrow, "taken", 1)
    asked = time.monotonic()
    refused = narrow.post("/v1/read-strokes", json={"strokes": []})
    assert time.monotonic() - asked < 2
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert "Expected room for one more request" in refused.json()["detail"]
    assert narrow.get("/healthz").status_code == 200
    thread.join()
    assert answers == [200]
    assert narrow.post("/v1/read-strokes", json={"strokes": []}).status_code == 200


def test_nobody_works_on_for_a_client_that_left(narrow):
    content = long_file(20)
    with connected(narrow) as connection:
        connection.sendall(head(f"Content-Length: {len(content)}") + content)
        wait_for_requests(narrow, "taken", 1)
    left = time.monotonic()
    wait_for_requests(narrow, "taken", 0)
    assert time.monotonic() - left < 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-API-Key": KEY}, 200),
        ({"Authorization": f"Bearer {KEY}"}, 200),
        ({"X-API-Key": KEY[:-1]}, 401),
        ({"X-API-Key": "ключ".encode()}, 401),
        ({"Authorization": f"Basic {KEY}"}, 401),
    ],
)
def test_key_opens_readings_and_metrics(headers, status):
    with asking(key=KEY) as client:
        for path in ("/v1/model", "/metrics"):
            answer = client.get(path, headers=headers)
            assert answer.status_code == status
            if status == 401:
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert answer.headers["content-type"] == "application/problem+json"
                assert KEY not in answer.text
        for path in ("/healthz", "/openapi.json", "/docs"):
            assert client.get(path).status_code == 200


def test_key_is_asked_for_in_the_description():
    with asking(key=KEY) as client:
        told = client.get("/openapi.json").json()["paths"]
    assert "401" in told["/v1/read"]["post"]["responses"]
    assert told["/v1/read"]["post"]["security"]
    assert "security" not in told["/healthz"]["get"]


def test_each_client_may_ask_so_often():
    with asking(rate="3/minute", key=KEY) as client:
        statuses = [client.get("/v1/model").status_code for _ in range(5)]
        assert statuses == [401, 401, 401, 429, 429]  # a key cannot be guessed faster
        refused = client.get("/v1/model", headers={"X-API-Key": KEY})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 61
        assert "at most 3 requests per minute" in refused.json()["detail"]
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("proxies", "client", "statuses"),
    [
        ((), "10.0.0.1", [200, 429]),  # whoever says so himself is not believed
        (("10.0.0.0/8",), "10.0.0.1", [200, 200]),
        (("10.0.0.0/8",), "11.0.0.1", [200, 429]),
    ],
)
def test_clients_behind_a_trusted_proxy_count_for_themselves(proxies, client, statuses):
    with asking(client, rate="1/hour", proxies=proxies) as asked:
        got = [
            asked.get("/v1/model", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code
            for n in range(2)
        ]
    assert got == statuses


def test_home_network_of_ipv6_is_one_client():
    with asking("2001:db8::1", rate="1/hour", proxies=("*",)) as client:
        got = [
            client.get("/v1/model", headers={"X-Forwarded-For": address}).status_code
            for address in ("2001:db8::1", "2001:db8::2:2", "2001:db8:0:1::1")
        ]
    assert got == [200, 429, 200]


def test_other_origins_read_answers_only_if_they_may():
    origin = {"Origin": "https://example.org"}
    with asking() as client:
        assert "access-control-allow-origin" not in client.get("/healthz", headers=origin).headers
    with asking(cors=("https://example.org",)) as client:
        answer = client.get("/healthz", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"
        other = client.get("/healthz", headers={"Origin": "https://example.com"})
        assert "access-control-allow-origin" not in other.headers
        asked = origin | {"Access-Control-Request-Method": "POST"}
        asked |= {"Access-Control-Request-Headers": "X-API-Key"}
        assert client.options("/v1/read", headers=asked).status_code == 200


def test_ready_once_the_network_is_loaded_and_not_without(monkeypatch, tmp_path):
    folder = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    with asking() as client:
        first = client.get("/readyz")
        assert (first.status_code, first.headers["Retry-After"]) == (503, "2")
        wait_until(lambda: client.get("/readyz").status_code == 200)
        shutil.rmtree(folder)
        for answer in (client.get("/readyz"), client.get("/v1/model")):
            assert answer.status_code == 503
            assert str(folder) not in answer.text


def test_retrained_artifact_is_picked_up(monkeypatch, tmp_path, tiny_artifact):
    folder = shutil.copytree(DEFAULT_ARTIFACT, tmp_path / "artifact")
    monkeypatch.setenv("DIGITREC_ARTIFACT", str(folder))
    question = {"json": {"strokes": plain(digit_strokes(3))}}
    with asking() as client:
        before = client.get("/v1/model").json(), client.post("/v1/read-strokes", **question).json()
        shutil.rmtree(folder)
        shutil.copytree(tiny_artifact, artifact_folder())
        after = client.get("/v1/model").json(), client.post("/v1/read-strokes", **question).json()
    assert before[0]["sha256"] != after[0]["sha256"]
    assert before[1] != after[1]


def test_fault_of_our_own_is_a_problem_that_tells_nothing(monkeypatch):
    monkeypatch.setattr("digitrec.api.answers.classified", lambda content: 1 / 0)
    with asking() as client:
        answer = client.post("/v1/classify", content=b"{}", headers=JSON)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "zero" not in answer.text
