"""What a terminal shows of a program: a result, or one sentence and an exit status; no noise."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from digitrec.errors import DigitrecError

_STDERR = 2  # what C++ writes to, whatever sys.stderr is
# What a terminal obeys instead of showing it: controls, and what turns the direction of text.
_OBEYED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Text with a stranger's words in it, such as a file's name, for a terminal to show."""
    return _OBEYED.sub(lambda found: ascii(found[0])[1:-1], text)


def tell(sentence: str, program: str = "digitrec") -> None:
    """One line on stderr: which program says it, and what."""
    print(printable(f"{program}: {sentence}"), file=sys.stderr)


def run_program(
    name: str, work: Callable[[], None], *, unharmed: str, stopped: str | Callable[[], str] = ""
) -> int:
    """Do the work; whatever goes wrong that a user can mend is one sentence on stderr.

    Args:
        name: the program's, as its messages begin.
        work: everything that it does.
        unharmed: a sentence on what a full disk or a lost file left as it was.
        stopped: the sentence after Ctrl-C, or what gives it; else `unharmed`.

    Returns:
        The exit status: 0 all is well, 1 a failure, 130 stopped by Ctrl-C.
    """
    try:
        work()
    except DigitrecError as error:
        tell(str(error), name)
        return 1
    except OSError as error:
        tell(f"{error}. {unharmed}", name)
        return 1
    except KeyboardInterrupt:
        sentence = stopped() if callable(stopped) else stopped
        print(f"\n{name}: stopped. {sentence or unharmed}", file=sys.stderr)
        return 130
    return 0


@contextlib.contextmanager
def without_cpp() -> Iterator[None]:
    """What C++ libraries write to stderr goes nowhere."""
    sys.stderr.flush()
    kept = os.dup(_STDERR)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
