"""`digitrec serve`: serve the page from inside the package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click


@click.command()
@click.option("--host", default="localhost", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8501, show_default=True)
def command(host: str, port: int) -> int:
    """Serve the page."""
    # Streamlit, on the page inside the package, with the settings that lie beside it.
    page = Path(__file__).parent.parent / "web" / "main.py"
    program = [sys.executable, "-m", "streamlit", "run", str(page)]
    program += ["--server.address", host, "--server.port", str(port)]
    return subprocess.call(program, env=os.environ)
