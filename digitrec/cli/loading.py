"""The recognizer that a command reads with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digitrec.programs import without_cpp

if TYPE_CHECKING:
    from digitrec.recognizer import Recognizer


def load_recognizer(artifact: str | None = None, *, handwriting: str | None = None) -> Recognizer:
    """As `Recognizer`, without the note that LiteRT writes to stderr with its first network.

    Args:
        artifact: a folder, else the one in use.
        handwriting: a file of samples, else none.

    Raises:
        ArtifactNotFoundError, ArtifactError, HandwritingNotFoundError, HandwritingError: as of
            `Recognizer`.
    """
    from digitrec.recognizer import Recognizer

    with without_cpp():
        return Recognizer(artifact, handwriting=handwriting)
