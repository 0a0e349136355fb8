"""One target under libFuzzer: `python -m fuzzing.one TARGET CORPUS [libFuzzer's options]`."""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["digitrec", "PIL"]):
    target = importlib.import_module(f"fuzzing.{sys.argv[1]}")

from digitrec.errors import DigitrecError
from fuzzing.run import plant


def take(data: bytes) -> None:
    """Whatever is no answer in words is a find."""
    try:
        target.take(data)
    except DigitrecError as error:
        if "Received" not in str(error):
            raise AssertionError(f"no sentence: {error}") from error


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    plant(sys.argv[1], Path(sys.argv[2]))
    atheris.Setup([sys.argv[0], *sys.argv[3:]], take)
    atheris.Fuzz()
