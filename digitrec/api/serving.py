"""A server for one application: HTTP alone, or the page with HTTP beside it."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from digitrec.api.mounting import PATH, Door
from digitrec.api.settings import Settings
from digitrec.engine import shared_recognizer

_LARGEST_MESSAGE = 200_000_000  # bytes
_LAST_ANSWERS = 60  # s, after which a server that was told to end waits for nobody any more


def alone(settings: Settings) -> ASGIApp:
    """HTTP without the page, loaded and ready.

    Raises:
        ArtifactNotFoundError, ArtifactError: there is no network that works.
    """
    shared_recognizer()
    door = Door(settings)
    door.build()
    return Starlette(routes=[Mount(PATH, door)])


def serve(application: ASGIApp, listener: socket.socket) -> None:
    """Answer until SIGTERM or SIGINT; what is under way then is answered before this ends.

    Args:
        application: what answers.
        listener: bound and listening.

    Raises:
        KeyboardInterrupt: it was SIGINT. SIGTERM ends the process, as it does where nobody
            listens to it.
    """
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `application` looks at them, as the settings say
        timeout_graceful_shutdown=_LAST_ANSWERS,
        # As Streamlit itself has it: a pasted photo comes to the page in one message.
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
    )
    uvicorn.Server(config).run(sockets=[listener])
