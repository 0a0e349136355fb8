"""A visitor of the page in a real browser, who is watched."""

import contextlib
from urllib.parse import urlsplit


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
