"""The HTTP door as a route of a server, loaded when somebody first knocks.

FastAPI takes most of a second to load, which whoever opens the page alone should not wait for.
"""

from __future__ import annotations

import asyncio
import threading

from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from digitrec.api.settings import Settings, load_settings
from digitrec.errors import SettingError

PATH = "/api"


class Door:
    """The application, built on its first request and beside the server's event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._application: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if self._application is None:
            await asyncio.to_thread(self.build)
        assert self._application is not None
        await self._application(scope, receive, send)

    def build(self) -> None:
        """Have the application ready before anybody knocks."""
        from digitrec.api.application import create_application

        with self._lock:
            if self._application is None:
                self._application = create_application(self._settings)


def api_routes() -> list[Mount]:
    """What a file that Streamlit launches hands to `st.App`, as the environment's settings say.

    Raises:
        SystemExit: a setting cannot work; with the sentence that ends the server.
    """
    try:
        return [Mount(PATH, Door(load_settings()))]
    except SettingError as error:
        raise SystemExit(f"digitrec: {error}") from error
