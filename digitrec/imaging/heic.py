"""HEIC, the form in which phones save photos, through an optional library."""

from __future__ import annotations

import importlib.util

from digitrec.errors import PictureError

_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def is_heic(content: bytes) -> bool:
    """Whether a file's bytes begin as HEIC's do."""
    if content[4:8] != b"ftyp" or content[8:12] not in _BRANDS:
        return False
    # AVIF may name itself `mif1` too, and Pillow reads it by itself.
    return b"avif" not in content[12:64]


def has_heic() -> bool:
    """Whether the library for HEIC is installed."""
    return importlib.util.find_spec("pillow_heif") is not None


def enable_heic(name: str, others: str) -> None:
    """Let Pillow decode HEIC.

    Args:
        name: of the file, for the error.
        others: the forms that need no library, for the error as well.

    Raises:
        PictureError: pillow-heif is not installed.
    """
    try:
        import pillow_heif
    except ImportError as error:
        raise PictureError(
            f"Expected a picture ({others}) in {name}. Received: HEIC, which needs pillow-heif. "
            'Run `pip install "digitrec[heic]"`, or save it as JPEG.'
        ) from error
    pillow_heif.register_heif_opener(thumbnails=False)
