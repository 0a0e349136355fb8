"""`digitrec serve`: the page with HTTP beside it, or HTTP alone."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digitrec.errors import SettingError

if TYPE_CHECKING:
    from digitrec.api.settings import Settings


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
    listener = _listening(host, port)
    if api_only:
        from digitrec.api.serving import serve

        where = f"http://{host}:{listener.getsockname()[1]}/api"
        print(f"digitrec: {where} answers, {where}/docs tells what.", file=sys.stderr)
        serve(listener, settings)
        return 0
    listener.close()  # Streamlit opens it itself
    _check_corrections()
    return _launch_page(host, port, settings)


def _check_corrections() -> None:
    """Raise if the store of the page's corrections cannot be found: it is not opened yet."""
    from digitrec.corrections.places import are_kept, find_place

    if are_kept():
        find_place(None)


def _launch_page(host: str, port: int, settings: Settings) -> int:
    """Streamlit on the page inside the package, with the settings that lie beside it."""
    page = Path(__file__).parent.parent / "web" / "serving.py"
    program = [sys.executable, "-m", "streamlit", "run", str(page)]
    program += ["--server.address", host, "--server.port", str(port)]
    # uvicorn would believe whatever a program on this machine says of its client's address.
    trusted = {"FORWARDED_ALLOW_IPS": ",".join(settings.proxies)}
    environment = trusted | os.environ
    if os.name == "posix":
        # In this very process: whoever sends it a signal reaches the server, which answers first.
        sys.stdout.flush()
        os.execve(sys.executable, program, environment)  # noqa: S606
    return subprocess.call(program, env=environment)


def _listening(host: str, port: int) -> socket.socket:
    """A socket at that address.

    Raises:
        SettingError: it cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2_048)
    except (OSError, UnicodeError) as error:
        listener.close()
        raise SettingError(_refusal(host, port, error)) from error
    return listener


def _refusal(host: str, port: int, error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.errno in {errno.EADDRINUSE, errno.EACCES}:
        taken = error.errno == errno.EADDRINUSE
        received = "one that another program has" if taken else "one that is the system's own"
        return f"Expected a free port. Received: {port}, {received}. Give another --port."
    return (
        f"Expected an address of this machine. Received: {host[:100]!r} ({error}). Give another "
        "--host, such as localhost, or 0.0.0.0 for every network."
    )
