"""What the committed nginx configuration does with requests, told by servers that tell all."""

import json
import ssl
import subprocess
import threading
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import missing
from nginx import Nginx, find_nginx, free_port

_TOO_LARGE = 60_000_000  # bytes; nginx takes less, and the program less than nginx


class Telling(BaseHTTPRequestHandler):
    """Answers with the request's own headers; on /…/breaks it breaks off without a word."""

    def do_GET(self):
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        self.server.counted[self.command, self.path] += 1
        if self.path.endswith("/breaks"):
            self.close_connection = True
            return
        kind = "text/html" if self.path == "/" else "application/json"
        content = json.dumps({"length": length} | dict(self.headers)).encode().ljust(2_000)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        self.do_GET()

    def do_PUT(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def program():
    found = find_nginx()
    if found is None:
        missing("nginx is not installed (Debian's package nginx)")
    return found


@pytest.fixture(scope="module")
def behind():
    """Two servers in the replicas' place."""
    both = [ThreadingHTTPServer(("127.0.0.1", 0), Telling) for _ in range(2)]
    for server in both:
        server.counted = Counter()
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield both
    for server in both:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def nginx(program, behind):
    nginx = Nginx(program, [f"127.0.0.1:{server.server_port}" for server in behind])
    nginx.start()
    yield nginx
    nginx.stop()


@pytest.fixture(scope="module")
def alone(program):
    """One whose replicas are both away."""
    nginx = Nginx(program, [f"127.0.0.1:{free_port()}" for _ in range(2)])
    nginx.start()
    yield nginx
    nginx.stop()


def told(nginx, path="/api/v1/model", **headers):
    status, _, content = nginx.ask("GET", path, **headers)
    assert status == 200
    return json.loads(content)


def test_replica_hears_who_asks_and_not_what_he_claims(nginx):
    heard = told(nginx, X_Forwarded_For="1.2.3.4", Host="digits.example:81")
    assert heard["X-Forwarded-For"] == "127.0.0.1"
    assert heard["X-Forwarded-Proto"] == "http"
    assert heard["Host"] == "digits.example:81"
    assert "Accept-Encoding" not in heard  # which the client did send
    assert told(nginx, X_Forwarded_Proto="https")["X-Forwarded-Proto"] == "https"


def test_websocket_of_a_stranger_s_page_is_refused(nginx):
    path, host = "/_stcore/stream", "digits.example:81"
    assert told(nginx, path, Host=host, Origin="https://digits.example:81")
    assert told(nginx, path, Host=host)
    for stranger in ("https://evil.example", "https://digits.example:810", "null"):
        assert nginx.ask("GET", path, Host=host, Origin=stranger)[0] == 403


def test_answers_are_packed_and_carry_what_protects_the_page(nginx):
    _, headers, _ = nginx.ask("GET", "/api/v1/model", Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "nginx/" not in headers["Server"]


@pytest.mark.parametrize("number", [1, 2])
def test_cookie_leads_to_its_replica(nginx, behind, number):
    before = behind[number - 1].counted.total()
    for _ in range(6):
        told(nginx, Cookie=f"digitrec_replica={number}")
    assert behind[number - 1].counted.total() == before + 6


@pytest.mark.parametrize("cookie", ["digitrec_replica=3", "digitrec_replica=127.0.0.1:22", "a=b"])
def test_any_other_cookie_leads_to_either(nginx, behind, cookie):
    before = [server.counted.total() for server in behind]
    for _ in range(10):
        told(nginx, Cookie=cookie)
    more = [server.counted.total() - b for server, b in zip(behind, before, strict=True)]
    assert sum(more) == 10
    assert min(more) > 0


def test_only_a_page_sets_the_cookie(nginx):
    _, page, _ = nginx.ask("GET", "/")
    assert page["Set-Cookie"].startswith("digitrec_replica=")
    assert page["Set-Cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax")
    _, page, _ = nginx.ask("GET", "/", X_Forwarded_Proto="https")
    assert page["Set-Cookie"].endswith("; Secure")
    _, answer, _ = nginx.ask("GET", "/api/v1/model")
    assert "Set-Cookie" not in answer


def test_tls_is_two_lines_in_a_file_beside(program, behind, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    nginx = Nginx(
        program,
        [f"127.0.0.1:{server.server_port}" for server in behind],
        listen=" ssl",
        beside=f"ssl_certificate {certificate};\nssl_certificate_key {key};\n",
    )
    nginx.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate))
        trust.check_hostname = False
        with urllib.request.urlopen(f"https://localhost:{nginx.port}/", context=trust) as page:
            assert json.load(page)["X-Forwarded-Proto"] == "https"
            assert page.headers["Set-Cookie"].endswith("; Secure")
    finally:
        nginx.stop()


def test_broken_question_is_asked_again_broken_order_never(nginx, behind):
    for method, times in (("POST", 1), ("GET", 2)):
        status, headers, content = nginx.ask(method, "/api/v1/breaks", b"x" * 10)
        assert status == 503
        assert headers["Retry-After"] == "5"
        assert json.loads(content)["detail"].startswith("Expected a server that answers.")
        asked = sum(server.counted[method, "/api/v1/breaks"] for server in behind)
        assert asked == times, method


def test_body_that_nobody_takes_is_refused_in_words(nginx):
    length = {"Content_Length": str(_TOO_LARGE)}
    status, headers, content = nginx.ask("POST", "/api/v1/read", **length)
    assert (status, headers["Content-Type"]) == (413, "application/problem+json")
    assert json.loads(content)["detail"].startswith("Expected a body of 50 MB at most.")
    status, headers, content = nginx.ask("PUT", "/_stcore/upload_file/a/b", **length)
    assert status == 413
    assert content == b"This is too large: a file may have 50 MB.\n"


def test_body_that_the_program_judges_gets_there(nginx):
    _, _, content = nginx.ask("POST", "/api/v1/read", bytes(51_000_000))
    assert json.loads(content)["length"] == 51_000_000


@pytest.mark.parametrize("path", ["/api/metrics", "/_stcore/metrics"])
def test_metrics_are_no_visitor_s_business(nginx, path):
    assert nginx.ask("GET", path)[0] == 404


def test_where_no_replica_answers_visitors_read_why(alone):
    status, headers, content = alone.ask("GET", "/paper")
    assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert headers["Retry-After"] == "5"
    assert b"digitrec is away for a moment" in content
    status, headers, content = alone.ask("POST", "/api/v1/read", b"x")
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(content)["status"] == 503
