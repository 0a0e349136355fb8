"""The HTTP door alone, without the page."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from digitrec.api.mounting import PATH, Door
from digitrec.api.settings import Settings
from digitrec.engine import shared_recognizer

_LAST_ANSWERS = 60  # s, after which a server that was told to end waits for nobody any more


def serve(listener: socket.socket, settings: Settings) -> None:
    """Answer until SIGTERM or SIGINT; what is under way then is answered before this returns.

    Args:
        listener: bound and listening.
        settings: the limits.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is no network that works.
        KeyboardInterrupt: it was SIGINT.
    """
    shared_recognizer()
    door = Door(settings)
    door.build()
    config = uvicorn.Config(
        Starlette(routes=[Mount(PATH, door)]),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the application looks at them, as the settings say
        timeout_graceful_shutdown=_LAST_ANSWERS,
    )
    uvicorn.Server(config).run(sockets=[listener])
