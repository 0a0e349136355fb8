"""Files to pictures: one file may hold several pages (PDF, TIFF), or none at all."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw as pdfium

from digitrec.errors import PictureError
from digitrec.imaging.contents import read_bytes
from digitrec.imaging.ink import load_image, opened

MAX_PAGES = 20  # of one file
# A TIFF's pages are counted up to here: each costs more time than the one before.
_COUNTED = 1_000
_RESOLUTION = 200  # dots per inch that a PDF's pages are drawn at,
_LARGEST = 3_000  # px, unless their larger side would be longer
_POINTS = 72  # per inch, PDF's unit
_DRAWER = Path(__file__).with_name("pdf_page.py")
_PATIENCE = 20  # s, for one page; most take less than one
_PDFIUM = threading.Lock()  # PDFium must not be called by two threads at once


@dataclass(frozen=True)
class File:
    """A file that was looked into.

    Attributes:
        name: as it was given.
        content: its bytes.
        pages: how many of its pages can be taken, 20 at most.
        note: what is left out, in a sentence; else empty.
        is_pdf: whether its pages have to be drawn.
    """

    name: str
    content: bytes
    pages: int
    note: str
    is_pdf: bool

    def page_name(self, page: int) -> str:
        """The file's name, with the page's number if it has several."""
        return f"{self.name}, page {page + 1}" if self.pages > 1 else self.name

    def load(self, page: int = 0) -> NDArray[np.uint8]:
        """Decode one page, counted from 0.

        Returns:
            (H, W) or (H, W, 4) RGBA uint8, upright, as `ink.load_image` gives it.

        Raises:
            PictureError: this page is damaged or too large.
        """
        if self.is_pdf:
            return _draw_pdf_page(self.content, page, self.page_name(page))
        file = io.BytesIO(self.content)
        file.name = self.page_name(page)
        return load_image(file, page=page)

    def __iter__(self) -> Iterator[tuple[str, NDArray[np.uint8]]]:
        """Each page's name and picture."""
        for page in range(self.pages):
            yield self.page_name(page), self.load(page)


def open_file(source: str | os.PathLike[str] | bytes | IO[bytes], name: str | None = None) -> File:
    """Look into a file: a picture (of `ink.FORMS`, or HEIC where it is installed) or a PDF.

    Args:
        source: its path, its bytes, or the file opened for reading bytes.
        name: what to call it in errors; without it the path.

    Raises:
        PictureNotFoundError: the path leads nowhere.
        PictureError: neither picture nor PDF, empty, too large, or locked by a password.
    """
    name, content = read_bytes(source, name)
    if b"%PDF-" in content[:1024]:
        return _file(name, content, _count_pdf_pages(content, name), "pages", is_pdf=True)
    if not content:
        raise PictureError(
            f"Expected a picture or a PDF in {name}. Received: an empty file. Save it again."
        )
    frames, kind = _count_frames(content, name)
    return _file(name, content, frames, kind, is_pdf=False)


def _file(name: str, content: bytes, count: int, kind: str, *, is_pdf: bool) -> File:
    """A file of `count` pages, or of animation frames of which the first alone is taken."""
    told = f"{count:,}" + (" or more" if count == _COUNTED and kind == "pages" else "")
    if kind == "frames":
        note = f"Only the first of its {told} frames is read." if count > 1 else ""
        return File(name, content, 1, note, is_pdf)
    note = f"Only the first {MAX_PAGES} of its {told} pages are read."
    return File(name, content, min(count, MAX_PAGES), note if count > MAX_PAGES else "", is_pdf)


def _count_frames(content: bytes, name: str) -> tuple[int, str]:
    """How many pictures are in the bytes; 1 for what is no picture: decoding says why."""
    count, kind = 1, "frames"
    try:
        with opened(content, name) as image:
            kind = "pages" if image.format == "TIFF" else "frames"
            # A photo with a small second picture in it (MPO) is no animation.
            still = image.format in ("MPO", "JPEG")
            if kind == "frames":
                return (1 if still else int(getattr(image, "n_frames", 1))), kind
            while count < _COUNTED:
                image.seek(count)
                count += 1
    except EOFError:  # the end
        return count, kind
    except Exception:  # whatever a damaged file does to Pillow, `load_image` tells it in words
        return 1, "frames"
    return count, kind


def _count_pdf_pages(content: bytes, name: str) -> int:
    with _PDFIUM:
        document = _open_pdf(content, name)
        try:
            count = len(document)
        finally:
            document.close()
    if not count:
        raise PictureError(f"Expected pages in {name}. Received: a PDF without any.")
    return count


def _open_pdf(content: bytes, name: str) -> Any:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise PictureError(
                f"Expected an open PDF in {name}. Received: one that is locked by a password. "
                "Save a copy without it, for example by printing it to a PDF."
            ) from error
        raise PictureError(
            f"Expected a whole PDF in {name}. Received: a damaged one ({error}). "
            "Save or send it again."
        ) from error


def _draw_pdf_page(content: bytes, page: int, name: str) -> NDArray[np.uint8]:
    """(H, W, 4) RGBA uint8, opaque."""
    # Not as a module: where strangers' files lie, none of them may be taken for one.
    command = [sys.executable, "-P", str(_DRAWER), str(page)]
    command += [str(_RESOLUTION / _POINTS), str(_LARGEST)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _endless(name) from error
    except OSError as error:  # no process, no open file is left
        raise PictureError(
            f"Expected to draw a page of {name}. Received: no program to do it ({error}). Close "
            "other programs and try again."
        ) from error
    if done.returncode < 0:  # PDFium ends so where there is no more memory for it
        raise _endless(name)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it ended at once"]
        raise PictureError(
            f"Expected a whole page in {name}. Received: a damaged one ({said[-1]}). "
            "Save the PDF again."
        )
    head, _, pixels = done.stdout.partition(b"\n")
    height, width, channels, stride = map(int, head.split())
    rows = np.frombuffer(pixels, np.uint8).reshape(height, stride)
    drawn = rows[:, : width * channels].reshape(height, width, channels).copy()
    if channels == 4:
        drawn[:, :, 3] = 255
    return load_image(drawn)


def _endless(name: str) -> PictureError:
    return PictureError(
        f"Expected a page that is drawn within {_PATIENCE} seconds and 1 GB in {name}. Received: "
        "one that takes more. Save it as a picture."
    )
