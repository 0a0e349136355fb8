"""The door of the page's server: what it refuses before Streamlit hears of it, and what it tells
browsers of itself.

A server that listens on one machine alone can still be asked by every site that its user visits, in
the user's own browser. Streamlit refuses most of that; what it lets through is refused here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# As deployment/nginx.conf.template has it, with reasons.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' data: blob:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_OWN_NAMES = {"localhost", "127.0.0.1", "::1"}
_ALONE = "localhost"  # what Streamlit is told to listen on for this machine alone
_MISDIRECTED = PlainTextResponse(
    "Expected localhost in the address. Received: another name, which a site may have given to "
    "this machine. To serve under other names: digitrec serve --host 127.0.0.1, behind a proxy.\n",
    421,
)


class Door:
    """ASGI middleware.

    Args:
        app: what is behind it.
        address: gives what the server was told to listen on. For `localhost` it answers to no other
            name: a site that has its own name lead here would else be taken for the page itself
            (DNS rebinding).
        trusted: gives origins that may open a websocket beside the page's own.
    """

    def __init__(
        self, app: ASGIApp, address: Callable[[], str], trusted: Callable[[], Sequence[str]]
    ) -> None:
        self._app, self._address, self._trusted = app, address, trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        stranger = self._address() == _ALONE and _name(host) not in _OWN_NAMES
        if scope["type"] == "websocket":
            if stranger or not self._is_own(headers.get("origin"), host):
                await send({"type": "websocket.close", "code": 1008})  # the server answers 403
                return
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await (_MISDIRECTED if stranger else self._app)(scope, receive, protected)

    def _is_own(self, origin: str | None, host: str) -> bool:
        """Whether a websocket is opened by the page itself, or by no browser.

        Streamlit would let in every other server of this machine, and to know whether the origin is
        this machine it would ask one outside for its address.
        """
        if origin is None or origin in self._trusted():
            return True
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False


def _name(host: str) -> str | None:
    """A Host header's name without its port; None where there is none."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return None
    return name.rstrip(".") if name else None


def door() -> Middleware:
    """What `st.App` is given; it looks at Streamlit's own settings at every request."""
    import streamlit as st

    def address() -> str:
        return str(st.get_option("server.address"))

    def trusted() -> list[str]:
        return list(st.get_option("server.corsAllowedOrigins"))

    return Middleware(Door, address=address, trusted=trusted)
