"""Attacks on the server of the page from other sites in a visitor's browser, and from outside."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
import pytest
from browser import served
from playwright.sync_api import expect
from visiting import visitor
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

FRAMING = '<iframe src="{address}" style="width:1200px;height:800px"></iframe>'


class Elsewhere(BaseHTTPRequestHandler):
    """A machine outside: tells what it is asked for, and serves the page of a stranger."""

    def do_GET(self):
        self.server.asked.append(self.path)
        content = self.server.content.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_CONNECT(self):
        self.do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.asked, server.content = [], ""
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def address(elsewhere):
    """The page, whose way to the outside leads to `elsewhere`."""
    proxy = f"http://127.0.0.1:{elsewhere.server_port}"
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")
    with served(**dict.fromkeys(names, proxy), no_proxy="", NO_PROXY="") as address:
        yield address


def stream(address, **options):
    """The page's websocket, opened as by a browser with these headers."""
    url = f"{address.replace('http', 'ws')}/_stcore/stream"
    return connect(url, subprotocols=["streamlit"], proxy=None, open_timeout=30, **options)


def is_let_in(address, **options):
    """Whether the page's websocket stays open for whoever asks so."""
    try:
        with stream(address, **options) as socket:
            socket.recv(timeout=0.5)  # who is refused gets no websocket at all
    except TimeoutError:
        return True  # it waits to be told what to show
    except ConnectionClosed:
        return False
    except InvalidStatus as refusal:
        if refusal.response.status_code != 403:  # a fault of the server's own
            raise
        return False
    return True


def test_websocket_of_another_site_is_refused_and_nobody_is_asked_about_it(address, elsewhere):
    port = urlsplit(address).port
    assert is_let_in(address, origin=address)
    assert is_let_in(address)  # a program: it could claim any origin
    for origin in (
        "https://evil.example",
        f"http://localhost:{port + 1}",
        "http://0.0.0.0",
        "null",
        "http://[",
    ):
        assert not is_let_in(address, origin=origin), origin
    assert elsewhere.asked == []


@pytest.mark.parametrize("path", ["/", "/_stcore/host-config", "/api/v1/model", "/media/a"])
def test_another_name_of_this_machine_is_refused(address, path):
    port = urlsplit(address).port
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}", f"LOCALHOST.:{port}"):
        assert httpx.get(address + path, headers={"Host": host}, timeout=60).status_code != 421
    for host in (f"evil.example:{port}", "localhost.evil.example", "127.0.0.1.nip.io", "[", ""):
        answer = httpx.get(address + path, headers={"Host": host}, timeout=60)
        assert answer.status_code == 421
        assert answer.text.startswith("Expected localhost in the address.")
        assert "evil" not in answer.text


def test_websocket_under_another_name_is_refused(address):
    evil = f"evil.example:{urlsplit(address).port}"
    upgrade = {
        "Host": evil,
        "Origin": f"http://{evil}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert httpx.get(f"{address}/_stcore/stream", headers=upgrade, timeout=60).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_upload_that_another_site_sends_is_refused(browser, address, method):
    """A form or script elsewhere cannot read the cookie that it would have to repeat."""
    with visitor(browser, (1280, 800)) as page:
        uploads = []
        page.on("request", lambda asked: uploads.append(asked) if asked.method == "PUT" else None)
        page.goto(f"{address}/paper")
        file = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
        page.locator("input[type=file]").set_input_files(file)
        expect(page.locator(".paper-failures li")).to_contain_text("in a.png")
        (upload,) = uploads
        cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
        token = upload.headers["x-xsrftoken"]
        for shown, status in ((None, 403), ("another", 403), (token, 204)):
            headers = {"X-Xsrftoken": shown} if shown else {}
            files = {"files": ("b.png", b"no picture")} if method == "PUT" else None
            answer = httpx.request(
                method, upload.url, headers=headers, cookies=cookies, files=files, timeout=60
            )
            assert answer.status_code == status, shown


def test_page_is_shown_in_no_other_site_s_frame(browser, address, elsewhere):
    elsewhere.content = FRAMING.format(address=f"{address}/corrections")
    context = browser.new_context()
    page = context.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"http://127.0.0.1:{elsewhere.server_port}/game")
    assert page.frames[1].locator("[data-testid=stApp]").count() == 0
    context.close()


def test_no_other_site_steers_the_page_by_messages(address):
    assert httpx.get(f"{address}/_stcore/host-config", timeout=60).json()["allowedOrigins"] == []
