"""Picture files and PDFs, as every door opens them, and what is read of them."""

import io
from typing import Any

import numpy as np
from PIL import Image

from digitrec.imaging.files import open_file
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.recognizer import Recognizer
from digitrec.shapes import digit_strokes

_SMALL = 40_000  # pixels: what is larger is decoded and not read, which takes too long here
_recognizer = Recognizer(threads=1)


def seeds() -> list[bytes]:
    """A drawn 7 in every form that can be read."""
    ink = ink_from_strokes(digit_strokes(7))
    grey = Image.fromarray(np.pad(255 - ink, 20, constant_values=255)).resize((60, 70))
    colour, turned = grey.convert("RGB"), grey.rotate(9)
    several = {"save_all": True, "append_images": [turned]}
    exif = Image.Exif()
    exif[274] = 6  # on its side
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    files: list[tuple[Image.Image, str, dict[str, Any]]] = [
        (grey, "PNG", {}),
        (grey.convert("P"), "PNG", {}),
        (deep, "PNG", {}),
    ]
    files += [(colour, kind, {}) for kind in ("JPEG", "WEBP", "BMP", "GIF", "AVIF", "MPO", "PDF")]
    files += [(grey, "PNG", several), (colour, "WEBP", several), (grey, "GIF", several)]
    files += [(grey, "TIFF", {"compression": kind}) for kind in ("tiff_lzw", "tiff_deflate")]
    faxes = {"save_all": True, "append_images": [turned.convert("1")], "compression": "group4"}
    files += [(grey.convert("1"), "TIFF", faxes)]
    files += [(colour, "JPEG", {"exif": exif.tobytes()}), (grey.convert("F"), "TIFF", {})]
    return [_saved(*file) for file in files]


def _saved(picture: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def take(data: bytes) -> None:
    """Read every page."""
    for _, picture in open_file(data):
        if picture.shape[0] * picture.shape[1] <= _SMALL:
            _recognizer.read(picture)
