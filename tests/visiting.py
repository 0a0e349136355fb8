"""A visitor of the page in a real browser, who is watched."""

import contextlib
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from waiting import wait_until


@contextlib.contextmanager
def visitor(browser, size, **options):
    """A fresh visitor's page; any request that leaves the machine fails the test, as faults do."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    page = context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {"localhost"}
    assert faults == []


def places(*parts):
    """Where all that these locators find is: boxes of x, y, width and height, once none moves.

    What a browser is just laying out anew has no box, or one that is none a moment later.
    """

    def held_still():
        before = measured()
        parts[0].page.wait_for_timeout(60)
        return before if None not in before and before == measured() else None

    def measured():
        return [one.bounding_box() for part in parts for one in part.all()]

    for part in parts:
        part.first.wait_for()
    return wait_until(held_still, why=lambda: f"it does not come to rest: {measured()}")


def keeps_out(page):
    """What keeps somebody out, in words: axe-core's serious and critical faults that stay."""
    page.mouse.move(0, 0)  # a button under it is paler
    for _ in range(3):
        page.wait_for_timeout(400)
        faults = [
            f"{fault['id']} at {node['html'][:200]}"
            for fault in Axe().run(page).response["violations"]
            if fault["impact"] in {"serious", "critical"}
            for node in fault["nodes"]
        ]
        if not faults:
            return []
        page.wait_for_timeout(1_500)  # what has just come up is too faint to read for a moment
    return faults
