"""Two replicas behind a real nginx, with the committed configuration and a real browser."""

import http.client
import time

import numpy as np
import pytest
from browser import draw
from conftest import missing
from nginx import Nginx, Replica, find_nginx
from playwright.sync_api import expect
from sketching import fitted, ink_on_canvas, open_page, reads
from visiting import visitor

from digitrec.shapes import digit_strokes

_REPLICA = "digitrec_replica"


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
    nginx = Nginx(program, replicas)
    nginx.start()
    yield nginx
    nginx.stop()


@pytest.fixture
def visit(browser, nginx):
    with visitor(browser, (1280, 720)) as page:
        open_page(page, nginx.address)
        nginx.asked()
        yield page


def holder(page, replicas):
    """The replica that the visitor's cookie names, and the other one."""
    number = next(c["value"] for c in page.context.cookies() if c["name"] == _REPLICA)
    mine = replicas[int(number) - 1]
    return mine, replicas[2 - int(number)]


def test_drawing_session_stays_on_its_replica(visit, nginx, replicas):
    mine, other = holder(visit, replicas)
    assert (mine.connections(), other.connections()) == (1, 0)
    draw(visit, fitted(digit_strokes(5)))
    reads(visit, 5)
    with visit.expect_download():
        visit.locator(".st-key-download button").click()
    visit.get_by_role("link", name="Paper").click()
    expect(visit.get_by_role("heading", name="Paper")).to_be_attached()
    asked = nginx.asked()
    assert asked
    assert {place for _, _, _, place in asked} == {mine.place}
    assert (mine.connections(), other.connections()) == (1, 0)


def test_x(visit, nginx, replicas):
    mine, other = holder(visit, replicas)
    draw(visit, fitted(digit_strokes(6)))
    reads(visit, 6)
    before = ink_on_canvas(visit)
    mine.kill()
    t = time.time()
    try:
        visit.wait_for_timeout(3000)
        reads(visit, 6, timeout=30_000)
        print(time.time() - t)
        visit.get_by_role("slider").press("ArrowRight")
        reads(visit, 6, timeout=30_000)
        assert np.array_equal(ink_on_canvas(visit), before)
        assert holder(visit, replicas)[0] is other
        assert other.connections() == 1
    finally:
        mine.start()
        mine.wait_until_ready()
