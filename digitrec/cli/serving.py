"""`digitrec serve`: the page with HTTP beside it, or HTTP alone."""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING

import click

from digitrec.errors import SettingError

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@click.command()
@click.option("--host", default="localhost", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8501,
    show_default=True,
    help="0 takes any that is free.",
)
@click.option("--api-only", is_flag=True, help="HTTP without the page.")
def command(host: str, port: int, api_only: bool) -> int:
    """Serve the page, and HTTP below /api.

    What cannot work is told before anything is served: a taken port, a network that is missing or
    damaged, a wrong setting. SIGTERM and Ctrl-C end it once the requests under way are answered.
    """
    from digitrec.api.settings import load_settings
    from digitrec.models import load_artifact

    settings = load_settings()
    load_artifact()
    if not api_only:
        _check_corrections()
    with _listening(host, port) as listener:
        port = listener.getsockname()[1]
        from digitrec.api.serving import alone, serve

        application = alone(settings) if api_only else _page(host, port)
        where = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        page = "" if api_only else f"The page is at {where}, "
        print(f"{page}HTTP is described at {where}/api/docs", flush=True)
        serve(application, listener)
    return 0


def _check_corrections() -> None:
    """Raise if the store of the page's corrections cannot be found: it is not opened yet."""
    from digitrec.corrections.places import are_kept, find_place

    if are_kept():
        find_place(None)


def _page(host: str, port: int) -> ASGIApp:
    """The page with HTTP beside it; Streamlit is told where it is served."""
    os.environ["STREAMLIT_SERVER_ADDRESS"] = host
    os.environ["STREAMLIT_SERVER_PORT"] = str(port)
    from digitrec.web.serving import app

    return app


def _listening(host: str, port: int) -> socket.socket:
    """A socket at that address.

    Raises:
        SettingError: it cannot be listened on.
    """
    if not host:  # a socket takes it for every network, and the page's door would not know
        raise SettingError(_refusal(host, port, ValueError("an empty one")))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named asyncio sends small answers at once, and not 40 ms later.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2_048)
    except (OSError, UnicodeError) as error:
        listener.close()
        raise SettingError(_refusal(host, port, error)) from error
    return listener


def _refusal(host: str, port: int, error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno in {errno.EADDRINUSE, errno.EACCES}:
        taken = error.errno == errno.EADDRINUSE
        received = "one that another program has" if taken else "one that is the system's own"
        return f"Expected a free port. Received: {port}, {received}. Give another --port."
    return (
        f"Expected an address of this machine. Received: {host[:100]!r} ({error}). Give another "
        "--host, such as localhost, or 0.0.0.0 for every network."
    )
