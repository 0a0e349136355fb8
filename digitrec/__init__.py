"""digitrec reads handwritten digits.

from digitrec import Recognizer

Recognizer().read("photo.png").text
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digitrec.errors import DigitrecError
    from digitrec.handwriting import Handwriting
    from digitrec.reading import Box, Digit, Reading
    from digitrec.recognizer import Recognizer

__version__ = "0.1.0"

__all__ = ["Box", "Digit", "DigitrecError", "Handwriting", "Reading", "Recognizer", "__version__"]

_HOMES = {
    "Box": "reading",
    "Digit": "reading",
    "DigitrecError": "errors",
    "Handwriting": "handwriting",
    "Reading": "reading",
    "Recognizer": "recognizer",
}


def __getattr__(name: str) -> object:
    # Loaded when first asked for: `digitrec --help` needs none of them, nor NumPy.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
