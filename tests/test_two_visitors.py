"""Two browsers at once on one server: nothing of one visitor gets to the other."""

import json
import re
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from browser import draw, served, settle, show_example
from knocking import picture
from playwright.sync_api import expect
from sketching import fitted, ink_on_canvas, open_page, reads, say
from visiting import visitor

from digitrec.shapes import digit_strokes

SESSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET = "salary-of-one.png"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    store = tmp_path_factory.mktemp("store") / "corrections.sqlite"
    with served(DIGITREC_DATABASE_URL=str(store)) as address:
        yield address


@pytest.fixture
def two(browser, address):
    """Two visitors who are there at the same time, and all that the server tells the second."""
    heard = bytearray()

    def listen(socket):
        socket.on(
            "framereceived",
            lambda frame: heard.extend(frame if isinstance(frame, bytes) else frame.encode()),
        )

    with visitor(browser, (1280, 900)) as one, visitor(browser, (1280, 900)) as other:
        other.on("websocket", listen)
        open_page(one, address)
        open_page(other, address)
        yield one, other, heard


def session_of(page, address):
    """The visit's id: the browser hears it, and shows it at uploads."""
    sent = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "PUT" else None)
    page.goto(f"{address}/paper")
    file = {"name": SECRET, "mimeType": "image/png", "buffer": picture(5)}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator(".paper-summary")).to_contain_text("1 number")
    return SESSION.search(sent[0])[0]


def test_drawings_are_each_visitor_s_own(two):
    one, other, heard = two
    for round_ in (((one, 7), (other, 3)), ((other, 1), (one, 2))):
        for page, label in round_:
            show_example(page, label)
        for page, label in round_:
            reads(page, label, timeout=30_000)
    draw(one, fitted(digit_strokes(4)))
    expect(one.get_by_test_id("label")).not_to_have_text("2")
    settle(one)
    other.locator(".st-key-tools .undo").click()
    expect(other.get_by_test_id("label")).to_have_text("–")
    settle(other)
    assert ink_on_canvas(one).any()
    # Of both rounds the second one heard its own answers, and of the first one's none.
    assert b"This is a 3" in heard
    assert b"This is a 1" in heard
    for answer in (b"This is a 7", b"This is a 2", b"This is a 4", b"These are"):
        assert answer not in heard, answer


def test_uploads_and_downloads_are_each_visitor_s_own(two, address):
    one, other, heard = two
    secret = session_of(one, address)
    with one.expect_download() as download:
        one.get_by_role("button", name="Download CSV").click()
    path = urlsplit(download.value.url).path
    for title in ("paper", "model", "teach", "corrections", ""):
        other.goto(f"{address}/{title}")
        settle(other)
        other.wait_for_timeout(300)
    assert heard
    for what in (SECRET, "salary", secret, path):
        assert what.encode() not in heard, what
    # Who was given the address of a download can fetch it; there is no list, and it is no number.
    assert re.fullmatch(r"/media/[0-9a-f]{32,}\.csv", path)
    for guess in ("/media/", "/media/0.csv", f"{path[:-5]}.csv"):
        assert httpx.get(address + guess, timeout=60).status_code in {400, 404}, guess


def test_address_and_browser_s_store_hold_no_key_to_a_visit(two, address):
    one, other, _ = two
    show_example(one, 7)
    reads(one, 7, timeout=30_000)
    assert urlsplit(one.url).query == ""
    kept = one.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    secret = session_of(one, address)
    cookies = json.dumps(one.context.cookies())
    assert secret not in kept + cookies + one.url
    other.goto(one.url.removesuffix("paper"))
    expect(other.get_by_test_id("label")).to_have_text("–")
    answer = httpx.put(
        f"{address}/_stcore/upload_file/{uuid4()}/{uuid4()}", files={"f": b"x"}, timeout=60
    )
    assert answer.status_code in {400, 403}


def test_corrections_are_shared_by_all_on_purpose(two, address):
    """Where they are kept, whoever can open the page sees all of them, and may change them."""
    one, other, _ = two
    show_example(one, 7)
    reads(one, 7, timeout=30_000)
    say(one, "1")
    expect(one.get_by_text("Kept as 1. Thank you.")).to_be_visible()
    show_example(other, 7)
    reads(other, 7, timeout=30_000)
    expect(other.get_by_text("Thank you.")).to_have_count(0)
    other.get_by_role("link", name="Corrections").click()
    expect(other.locator(".corrections-sum")).to_contain_text("1 digit is kept")
