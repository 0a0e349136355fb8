"""TensorFlow's and LiteRT's notes on their own work, kept off the screen."""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from digitrec.programs import without_cpp


def load_quietly() -> None:
    """Load TensorFlow and LiteRT, and keep them from telling of their own work from then on.

    For a notebook, which shows every such line as if something were wrong. To be called before
    anything else loads TensorFlow; errors are told as ever.
    """
    with without_cpp():  # before it has read that variable, it writes what it likes
        import tensorflow as tf

        from digitrec.recognizer import Recognizer

        Recognizer()  # LiteRT's only note comes with its first network
    tf.get_logger().setLevel(logging.ERROR)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing that the converter prints is seen; exceptions come through."""
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        without_cpp(),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
