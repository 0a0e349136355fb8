"""`digitrec serve`: serve the page from inside the package."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    serve = commands.add_parser("serve", help="serve the page")
    serve.add_argument("--host", default="localhost", help="the address to listen on")
    serve.add_argument("--port", type=int, default=8501)
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    """Streamlit, on the page inside the package, with the settings that lie beside it."""
    page = Path(__file__).parent.parent / "web" / "main.py"
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += ["--server.address", options.host, "--server.port", str(options.port)]
    return subprocess.call(command, env=os.environ)
