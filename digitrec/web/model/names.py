"""What people call the sets that the scripts name after files."""

from __future__ import annotations

_CALLED = {
    "MNIST test": "MNIST's test set",
    "own_digits": "own pictures",
    "optdigits_32x32": "optdigits",
    "chars74k_62_characters": "chars74k",
    "numberpad_digits_and_signs": "numberpad",
    "not_digits_omniglot": "Omniglot",
    "pendigits_30_writers": "pendigits",
    ", others": ", letters and signs",
}
_ABOUT = {
    "own_digits": "photos, scans and paintings by 13 people who tried their own recogniser",
    "optdigits_32x32": "scanned forms as bitmaps of 32×32",
    "chars74k_62_characters": "a pen on a tablet, 55 people",
    "numberpad_digits_and_signs": "a finger on a tablet, one person",
}


def called(name: str) -> str:
    """A set's name in words."""
    for file, words in _CALLED.items():
        name = name.replace(file, words)
    return name.replace("_", " ")


def about(name: str) -> str:
    """Who wrote it with what; "" of a set that is not known here."""
    return _ABOUT.get(name, "")
