"""Any picture to ink: decoded, upright, on white, grey, the right way round."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from typing import IO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from digitrec.errors import PictureError
from digitrec.imaging.border import border_of, median
from digitrec.imaging.contents import read_bytes
from digitrec.imaging.heic import enable_heic, is_heic

Picture = str | os.PathLike[str] | bytes | bytearray | IO[bytes] | Image.Image | NDArray[np.generic]

MAX_PIXELS = 50_000_000
# Ink weaker than this against its paper is grain, not writing.
_FAINTEST = 24
# In a picture larger than MNIST's, ink below this share of the strongest is what compression
# leaves around a stroke; in MNIST's own size it is the stroke's edge.
_RINGING = 0.08
_TINY = 28  # px
# Pillow knows forty forms more. Each is a decoder that a stranger's bytes can be made for, and
# PostScript is even a program, which Pillow lets Ghostscript run.
FORMS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF")
FORMS_IN_WORDS = "PNG, JPEG, WebP, BMP, TIFF, GIF, AVIF"
# How files of these forms are called, where a folder is searched for them.
ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif"})


def load_image(picture: Picture, *, page: int = 0) -> NDArray[np.uint8]:
    """Decode a picture.

    Args:
        picture: a path, the bytes of a file, an open binary file, a PIL image, or an array
            (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) of uint8, uint16, bool or float in 0-1,
            colours in RGB order.
        page: which picture of a file that holds several, from 0.

    Returns:
        (H, W) uint8 for grey pictures, (H, W, 4) uint8 RGBA for all others, turned upright
        as EXIF says.

    Raises:
        PictureNotFoundError: the path leads nowhere.
        PictureError: empty, damaged, over 50 million pixels, or of another shape or type.
    """
    if isinstance(picture, np.ndarray):
        return _from_array(picture)
    if isinstance(picture, Image.Image):
        return _from_pil(picture, "a PIL image")
    name, content = read_bytes(picture)
    if not content:
        raise PictureError(f"Expected a picture in {name}. Received: no bytes at all.")
    try:
        with opened(content, name) as image:
            return _from_pil(image, name, page)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError(
            f"Expected a picture ({FORMS_IN_WORDS}) in {name}. Received: {_kind(content)}. Save it "
            "in one of these forms."
        ) from error
    except Image.DecompressionBombError as error:
        raise PictureError(_too_large(name, "far more")) from error
    except Exception as error:  # each decoder fails in its own ways on what was changed
        raise _damaged(name, error) from error


@contextlib.contextmanager
def opened(content: bytes, name: str) -> Iterator[Image.Image]:
    """A picture's file as Pillow has it before it decodes; whatever is wrong with it raises.

    Raises:
        PictureError: HEIC, and the library for it is not installed.
    """
    forms: tuple[str, ...] = FORMS
    if is_heic(content):
        enable_heic(name, FORMS_IN_WORDS)
        forms = (*FORMS, "HEIF")
    with warnings.catch_warnings():
        # Of damage, which is told if it matters, and of bombs: the limit here is lower.
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(content), formats=forms) as image:
            yield image


def _kind(content: bytes) -> str:
    if b"%PDF-" in content[:1024]:
        return "a PDF, whose pages `digitrec.imaging.files.open_file` gives"
    return "something else"


def _too_large(name: str, received: str) -> str:
    return (
        f"Expected a picture of at most {MAX_PIXELS:,} pixels in {name}. Received: {received}. "
        "Scale it down first."
    )


def _from_pil(image: Image.Image, name: str, page: int = 0) -> NDArray[np.uint8]:
    try:
        if page:
            image.seek(page)
        width, height = image.size
        if width * height <= MAX_PIXELS:
            image.load()
    except Exception as error:
        raise _damaged(name, error) from error
    if width * height > MAX_PIXELS:
        raise PictureError(_too_large(name, f"{width}×{height}"))
    try:
        # A copy is made only where something has to change.
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) != 1
        upright = ImageOps.exif_transpose(image) if turned else image
        if upright.mode.startswith("I") or upright.mode == "F":
            return _from_deep(np.asarray(upright))
        grey = upright.mode in ("1", "L") and "transparency" not in upright.info
        mode = "L" if grey else "RGBA"
        return np.array(upright if upright.mode == mode else upright.convert(mode))
    except Exception as error:
        raise _damaged(name, error) from error


def _damaged(name: str, error: BaseException) -> PictureError:
    return PictureError(
        f"Expected a whole picture in {name}. Received: a damaged or truncated one ({error}). "
        "Save or send it again."
    )


def _from_deep(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey of 16 or 32 bits, integers 0-65535 or floats, as (H, W) uint8."""
    grey = values.astype(np.float32)
    if not np.isfinite(grey).all():
        raise ValueError("NaN or infinity among the pixels")
    top = 65535.0 if values.dtype != np.float32 else max(float(grey.max(initial=0)), 1.0)
    return np.asarray(np.rint(np.clip(grey / top, 0, 1) * 255), np.uint8)


def _from_array(array: NDArray[np.generic]) -> NDArray[np.uint8]:
    received = f"shape {array.shape} of {array.dtype}"
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise PictureError(
            f"Expected an array (H, W), (H, W, 3) or (H, W, 4). Received: {received}. "
            "Give one picture at a time, colours last."
        )
    if array.shape[0] * array.shape[1] > MAX_PIXELS:
        raise PictureError(_too_large("the array", received))
    if array.dtype == np.bool_:
        pixels = array.astype(np.uint8) * np.uint8(255)
    elif array.dtype == np.uint8:
        pixels = array.astype(np.uint8)
    elif array.dtype == np.uint16:
        pixels = np.rint(array.astype(np.float32) / 257).astype(np.uint8)
    elif np.issubdtype(array.dtype, np.floating):
        values = array.astype(np.float32)
        if not (np.isfinite(values).all() and values.min(initial=0) >= 0):
            raise PictureError(
                f"Expected floats in 0-1. Received: {received} with NaN, infinity or negative "
                "numbers. Mend or clip them first."
            )
        if values.max(initial=0) > 1:
            raise PictureError(
                f"Expected floats in 0-1. Received: {received} up to {values.max():g}. "
                "Divide by the largest possible value, or convert to uint8."
            )
        pixels = np.rint(values * 255).astype(np.uint8)
    else:
        raise PictureError(
            f"Expected uint8, uint16, bool or float in 0-1. Received: {received}. "
            "Convert the array to uint8."
        )
    if pixels.ndim == 3 and pixels.shape[2] == 3:
        return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
    return pixels


def ink_from_image(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Ink as brightness, whichever way round the picture is.

    Args:
        image: (H, W) or (H, W, 4) RGBA uint8, as `load_image` gives it.

    Returns:
        (H, W) uint8, 0 is paper, 255 as far from it as can be; all zeros for an empty
        picture. It is not stretched: `normalize_digit` does that once, as MNIST did.
    """
    if image.size == 0:
        return np.zeros(image.shape[:2], np.uint8)
    grey = image if image.ndim == 2 else cv2.cvtColor(on_white(image), cv2.COLOR_RGB2GRAY)
    ink = _against_paper(np.asarray(grey, np.uint8))
    if image.ndim == 3 and not ink.any() and np.ptp(image[:, :, 3]) >= _FAINTEST:
        # White ink on a transparent page is lost on white; the page's shape still has it.
        ink = _against_paper(image[:, :, 3])
    return ink


def on_white(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 4) RGBA composited on white: (H, W, 3) uint8."""
    if image[:, :, 3].min(initial=255) == 255:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGBA2RGB), np.uint8)
    alpha = image[:, :, 3:].astype(np.float32) / 255
    colours = image[:, :, :3].astype(np.float32) * alpha + 255 * (1 - alpha)
    return np.rint(colours).astype(np.uint8)


def _against_paper(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Distance from the paper's grey, which the border's median tells, on the ink's side."""
    border = border_of(grey)
    paper = median(border)
    # Of every grey there is: what a pixel becomes depends on its own alone.
    distance = np.arange(256, dtype=np.float32) - paper
    least, most, _, _ = cv2.minMaxLoc(grey)
    strongest = float(distance[int(most)])
    if paper > 127:
        distance = -distance
        strongest = float(distance[int(least)])
    grain = 6 * median(np.abs(border - paper))
    if strongest < max(_FAINTEST, grain):
        return np.zeros(grey.shape, np.uint8)
    if max(grey.shape) > _TINY:
        grain = max(grain, _RINGING * strongest)
    distance[distance <= grain] = 0
    table = np.rint(np.clip(distance, 0, 255)).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, table), np.uint8)
