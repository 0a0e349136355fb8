"""`digitrec read`: print the digits in pictures."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from digitrec.errors import DigitrecError


def add_to(commands: Any) -> None:
    """Add the command to the parser's."""
    read = commands.add_parser("read", help="print the digits in each picture or PDF")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--artifact", help="an artifact folder; else the shipped one")
    read.add_argument(
        "--handwriting",
        metavar="FILE",
        help="your own digits, downloaded from the page or made by `digitrec handwriting`",
    )
    read.set_defaults(run=_read)


def _read(options: argparse.Namespace) -> int:
    """One reading a page; a bad file or page is told on stderr and the rest goes on."""
    from digitrec.imaging.files import open_file
    from digitrec.recognizer import Recognizer

    recognizer = Recognizer(options.artifact, handwriting=options.handwriting)
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
