"""Two replicas behind a real nginx, with the committed configuration and a real browser."""

import io
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from browser import draw, settle
from conftest import missing
from nginx import Nginx, Replica, find_nginx
from PIL import Image
from playwright.sync_api import expect
from sketching import fitted, ink_on_canvas, open_page, reads
from visiting import visitor

from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes

_COOKIE = "digitrec_replica"


@pytest.fixture(scope="module")
def replicas(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replicas")
    both = [Replica(folder, XDG_DATA_HOME=str(folder)) for _ in range(2)]
    for replica in both:
        replica.start()
    for replica in both:
        replica.wait_until_ready()
    yield both
    for replica in both:
        replica.kill()


@pytest.fixture(scope="module")
def nginx(replicas):
    program = find_nginx()
    if program is None:
        missing("nginx is not installed (Debian's package nginx)")
    nginx = Nginx(program, [replica.place for replica in replicas])
    nginx.start()
    yield nginx
    nginx.stop()


@pytest.fixture
def visit(browser, nginx, replicas):
    """A visitor on the Draw page, and every replica up again when he is gone."""
    with visitor(browser, (1280, 720)) as page:
        open_page(page, nginx.address)
        yield page
    for replica in replicas:
        if replica.process.poll() is not None:
            replica.start()
            replica.wait_until_ready()


def holder(page, replicas):
    """The replica that the visitor's cookie names, and the other one."""
    number = next(c["value"] for c in page.context.cookies() if c["name"] == _COOKIE)
    return replicas[int(number) - 1], replicas[2 - int(number)]


def moved(page, replicas, gone):
    """Return once the visit has gone from a replica to the other one, which is returned."""
    for _ in range(100):
        mine, _ = holder(page, replicas)
        if mine is not gone and mine.connections() > 0:
            settle(page)
            page.wait_for_timeout(400)  # as in `open_page`
            return mine
        page.wait_for_timeout(100)
    raise AssertionError("the visit went nowhere within 10 seconds")


def small_one():
    """A 1 beside which there is room for another digit on its left."""
    return [fitted(digit_strokes(1))[0] * 0.5 + [-130, 80]]


def one_page(count=1):
    """The digits 0 to 9, twenty times, as a picture of so many pages (TIFF)."""
    rows = [
        np.hstack([cv2.copyMakeBorder(ink, *[30] * 4, cv2.BORDER_CONSTANT) for ink in inks])
        for inks in [[cv2.resize(ink_from_strokes(digit_strokes(c)), (60, 80)) for c in range(10)]]
    ]
    image = Image.fromarray(255 - np.vstack(rows * 20))
    file = io.BytesIO()
    image.save(
        file,
        "TIFF",
        compression="tiff_deflate",
        save_all=True,
        append_images=[image] * (count - 1),
    )
    return file.getvalue()


def test_drawing_session_stays_on_its_replica(visit, nginx, replicas):
    mine, other = holder(visit, replicas)
    mine.wait_for_connections(1)
    nginx.asked()
    draw(visit, fitted(digit_strokes(5)))
    reads(visit, 5)
    with visit.expect_download():
        visit.locator(".st-key-download button").click()
    visit.get_by_role("link", name="Paper").click()
    expect(visit.get_by_role("heading", name="Read a page of digits")).to_be_visible()
    found = nginx.asked()
    assert len(found) > 2
    assert {place for _, _, _, place in found} == {mine.place}
    mine.wait_for_connections(1)
    other.wait_for_connections(0)


def test_nothing_that_the_pages_need_is_kept_from_them(visit, nginx):
    refused = []
    visit.on("console", lambda message: refused.append(message.text))
    for name in ("Paper", "Teach", "Corrections", "Model", "Data", "Draw"):
        visit.get_by_role("link", name=name, exact=True).click()
        settle(visit)
        if name == "Model":  # whose charts are compiled in the browser
            expect(visit.locator(".vega-embed svg, .vega-embed canvas").first).to_be_visible()
    visit.goto(f"{nginx.address}/api/docs")
    expect(visit.get_by_text("read-strokes").first).to_be_visible()
    assert [text for text in refused if "Content Security Policy" in text] == []


def test_visits_are_shared_out(visit, browser, nginx, replicas):
    with visitor(browser, (1280, 720)) as second:
        open_page(second, nginx.address)
        for replica in replicas:
            replica.wait_for_connections(1)
        assert holder(visit, replicas)[0] is not holder(second, replicas)[0]


def test_killed_replica_loses_no_drawing_and_disturbs_nobody(visit, browser, nginx, replicas):
    draw(visit, fitted(digit_strokes(6)))
    reads(visit, 6)
    before = ink_on_canvas(visit)
    mine, other = holder(visit, replicas)
    with visitor(browser, (1280, 720)) as neighbour:
        sockets = []  # Playwright takes no method of a list
        neighbour.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108
        open_page(neighbour, nginx.address)
        assert holder(neighbour, replicas)[0] is other
        draw(neighbour, fitted(digit_strokes(3)))
        reads(neighbour, 3)
        mine.kill()
        assert moved(visit, replicas, mine) is other
        reads(visit, 6, timeout=30_000)
        assert np.array_equal(ink_on_canvas(visit), before)
        # The new session does know the old stroke: with one more it is a number.
        draw(visit, small_one())
        expect(visit.get_by_test_id("label")).to_have_text("1 6", timeout=30_000)
        reads(neighbour, 3)
        assert len(sockets) == 1
        # The replica is back: the visits stay where they are, and it gets the next one.
        mine.start()
        mine.wait_until_ready()
        nginx.asked()
        upload(visit)
        assert {place for _, _, _, place in nginx.asked()} == {other.place}
        mine.wait_for_connections(0)
        other.wait_for_connections(2)
        with visitor(browser, (1280, 720)) as third:
            open_page(third, nginx.address)
            assert holder(third, replicas)[0] is mine


def upload(page):
    """Read a picture on the page Paper: nobody else but this visit's replica would take it."""
    page.get_by_role("link", name="Paper").click()
    file = {"name": "page.tiff", "mimeType": "image/tiff", "buffer": one_page()}
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("200 sure")).to_be_visible(timeout=60_000)


def test_stopped_replica_answers_what_is_under_way_and_hands_its_visits_over(
    visit, nginx, replicas
):
    draw(visit, fitted(digit_strokes(6)))
    reads(visit, 6)
    mine, other = holder(visit, replicas)
    cookie = f"{_COOKIE}={replicas.index(mine) + 1}"
    kind = {"Content_Type": "image/tiff", "Cookie": cookie}
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(nginx.ask, "POST", "/api/v1/read", one_page(8), **kind)
        mine.wait_for_connections(2)  # the visit's, and this one
        time.sleep(0.2)
        mine.process.terminate()
        mine.wait_until_closed()
        status, _, _ = nginx.ask("GET", "/api/v1/model", Cookie=cookie)
        assert (status, answer.done(), mine.process.poll()) == (200, False, None)
        status, _, content = answer.result(60)
    assert (status, len(json.loads(content)["pages"])) == (200, 8)
    assert mine.process.wait(20) in {0, -signal.SIGTERM}  # either is a clean end to systemd
    assert moved(visit, replicas, mine) is other
    draw(visit, small_one())
    expect(visit.get_by_test_id("label")).to_have_text("1 6", timeout=30_000)
