"""The command line: read pictures, serve the page, look after corrections and networks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from digitrec import __version__
from digitrec.cli import corrections, handwriting, models, reading, serving
from digitrec.errors import DigitrecError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 all is well, 1 a failure, 2 a wrong command line."""
    parser = argparse.ArgumentParser(prog="digitrec", description="Read handwritten digits.")
    parser.add_argument("--version", action="version", version=f"digitrec {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (reading, handwriting, serving, corrections, models):
        command.add_to(commands)
    options = parser.parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
        return status
    except DigitrecError as error:
        print(f"digitrec: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `digitrec … | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
