"""The command line: read pictures, serve the page."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from digitrec import __version__
from digitrec.errors import DigitrecError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 all is well, 1 a failure, 2 a wrong command line."""
    parser = argparse.ArgumentParser(prog="digitrec", description="Read handwritten digits.")
    parser.add_argument("--version", action="version", version=f"digitrec {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    read = commands.add_parser("read", help="print the digits in each picture or PDF")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--artifact", help="an artifact folder; else the shipped one")
    read.set_defaults(run=_read)
    serve = commands.add_parser("serve", help="serve the page")
    serve.add_argument("--host", default="localhost", help="the address to listen on")
    serve.add_argument("--port", type=int, default=8501)
    serve.set_defaults(run=_serve)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except DigitrecError as error:
        print(f"digitrec: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _read(options: argparse.Namespace) -> int:
    """One reading a page; a bad file or page is told on stderr and the rest goes on."""
    from digitrec.imaging.files import open_file
    from digitrec.recognizer import Recognizer

    recognizer = Recognizer(options.artifact)
    status = 0
    for path in options.files:
        try:
            file = open_file(path)
        except DigitrecError as error:
            status = _failed(error)
            continue
        if file.note:
            print(f"digitrec: {path}: {file.note}", file=sys.stderr)
        for page in range(file.pages):
            try:
                text = recognizer.read(file.load(page)).text
            except DigitrecError as error:
                status = _failed(error)
                continue
            named = len(options.files) > 1 or file.pages > 1
            print(f"{file.page_name(page)}: {text}" if named else text)
    return status


def _failed(error: DigitrecError) -> int:
    print(f"digitrec: {error}", file=sys.stderr)
    return 1


def _serve(options: argparse.Namespace) -> int:
    """Streamlit, on the page inside the package, with the settings that lie beside it."""
    page = Path(__file__).parent / "web" / "main.py"
    command = [sys.executable, "-m", "streamlit", "run", str(page)]
    command += ["--server.address", options.host, "--server.port", str(options.port)]
    return subprocess.call(command, env=os.environ)
