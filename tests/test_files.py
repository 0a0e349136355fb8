"""Every form of file to pictures, and what is wrong with the others in a sentence."""

import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from digitrec.errors import PictureError, PictureNotFoundError
from digitrec.imaging.files import _COUNTED, MAX_PAGES, open_file
from digitrec.imaging.heic import is_heic

GREY = np.full((60, 90), 200, np.uint8)
GREY[20:40, 30:60] = 10
LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -44/O<%s>/U<%s>>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<%s><%s>]>>
%%%%EOF""" % (b"11" * 32, b"22" * 32, b"33" * 16, b"33" * 16)


def saved(kind, pictures=(GREY,), **options):
    file = io.BytesIO()
    first, *rest = [Image.fromarray(picture) for picture in pictures]
    more = {"save_all": True, "append_images": rest} if rest else {}
    first.save(file, kind, **more, **options)
    return file.getvalue()


def pdf(pages, size=(200, 300)):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(*size)
    file = io.BytesIO()
    document.save(file)
    document.close()
    return file.getvalue()


def grey(image):
    return image if image.ndim == 2 else image[:, :, 0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "AVIF", "HEIF"])
def test_picture_of_every_form_is_one_page(kind):
    if kind == "HEIF":
        heif = pytest.importorskip("pillow_heif")
        heif.register_heif_opener()
    content = saved(kind)
    if kind == "HEIF":
        heif.options.THUMBNAILS = False
        Image.OPEN.pop("HEIF")  # `open_file` has to see to it
        Image.ID.remove("HEIF")
    file = open_file(content, "digits")
    ((name, image),) = list(file)
    assert (name, file.pages, file.note) == ("digits", 1, "")
    assert image.shape[:2] == GREY.shape
    assert np.abs(grey(image).astype(int) - GREY).max() < 60
    assert np.abs(grey(image).astype(int) - GREY).mean() < 4


def test_phone_photo_comes_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    path = tmp_path / "photo.jpg"
    path.write_bytes(saved("JPEG", exif=exif))
    assert open_file(path).load().shape[:2] == (90, 60)


def test_pdf_pages_are_drawn_at_200_dots_per_inch():
    file = open_file(saved("PDF", (GREY, 255 - GREY), resolution=72.0), "scan.pdf")
    names, images = zip(*file, strict=True)
    assert names == ("scan.pdf, page 1", "scan.pdf, page 2")
    assert images[0].shape == (round(60 * 200 / 72), 90 * 200 // 72, 4)
    middle = [int(image[80, 125, 0]) for image in images]
    assert (middle[0] < 40, middle[1] > 200) == (True, True)


def test_pdf_page_of_a_poster_is_limited():
    assert max(open_file(pdf(1, (5_000, 9_000)), "poster.pdf").load().shape) == 3_000


def test_pages_beyond_the_limit_are_told():
    file = open_file(pdf(100), "book.pdf")
    assert (file.pages, file.note) == (20, "Only the first 20 of its 100 pages are read.")
    file = open_file(saved("TIFF", [GREY] * (MAX_PAGES + 1)), "fax.tiff")
    assert (file.pages, file.note) == (20, "Only the first 20 of its 21 pages are read.")
    assert file.page_name(19) == "fax.tiff, page 20"


def test_pages_that_are_not_all_counted_are_told_as_more():
    file = open_file(saved("TIFF", [GREY[:2, :2]] * (_COUNTED + 3)), "fax.tiff")
    assert file.note == f"Only the first 20 of its {_COUNTED:,} or more pages are read."


def test_damaged_page_of_a_pdf_is_told_in_a_sentence(monkeypatch):
    content = pdf(1)
    with pytest.raises(PictureError) as told:
        # What draws a page is asked for one that is not there.
        replace(open_file(content, "scan.pdf"), pages=8).load(7)
    assert re.fullmatch(
        r"Expected a whole page in scan\.pdf, page 8\. Received: a damaged one \([^()\n]+\)\. "
        r"Save the PDF again\.",
        str(told.value),
    )
    assert "Failed to load page" in str(told.value)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (-9, "scan.pdf"),
        (1, "a whole page in scan.pdf. Received: a damaged one (it ended at once)."),
    ],
)
def test_drawer_that_ends_without_a_word_is_told(monkeypatch, ended, words):
    content = open_file(pdf(1), "scan.pdf")
    done = subprocess.CompletedProcess([], ended, b"", b"")
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: done)
    with pytest.raises(PictureError, match=re.escape(words)) as told:
        content.load(0)
    assert "None" not in str(told.value)


def test_tiff_gives_each_page_its_own_picture():
    pages = [np.full((40, 50), value, np.uint8) for value in (10, 120, 250)]
    images = [image for _, image in open_file(saved("TIFF", pages), "fax.tiff")]
    assert [int(grey(image)[0, 0]) for image in images] == [10, 120, 250]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_animation_gives_its_first_frame_and_says_so(kind):
    frames = [np.full((40, 50), value, np.uint8) for value in (10, 120, 250)]
    file = open_file(saved(kind, frames), "moving")
    assert (file.pages, file.note) == (1, "Only the first of its 3 frames is read.")
    assert abs(int(grey(file.load())[0, 0]) - 10) < 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"hello", "something else"),
        (LOCKED, "locked by a password"),
        (b"%PDF-1.7 and no more", "a damaged one"),
        (pdf(3)[:200], "a damaged one"),
        (saved("PNG")[:60], "damaged or truncated"),
        (saved("JPEG")[:-80], "damaged or truncated"),
        (saved("TIFF")[:200], "damaged or truncated"),
        (saved("WEBP")[:-40], "damaged or truncated"),
    ],
)
def test_file_that_is_none_is_told(content, words):
    with pytest.raises(PictureError, match=words) as told:
        open_file(content, "cat.png").load()
    assert "cat.png" in str(told.value)


def test_missing_file_is_told(tmp_path):
    with pytest.raises(PictureNotFoundError, match="no such file"):
        open_file(tmp_path / "none.png")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", True),
        (b"\0\0\0\x18ftypmsf1\0\0\0\0msf1hevc", True),
        (b"\0\0\0\x20ftypmif1\0\0\0\0mif1heicmiaf", True),
        (b"\0\0\0\x20ftypmif1\0\0\0\0mif1avifmiaf", False),
        (b"\0\0\0\x20ftypmif1" + bytes(4) + b"mif1miaf" * 5 + b"avif", False),
        (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", False),
        (b"\0\0\0\x18moovheic\0\0\0\0mif1heic", False),
    ],
)
def test_heic_is_told_from_what_begins_alike(head, told):
    assert is_heic(head + bytes(60)) == told


def test_heic_without_its_library_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError, match=r'pip install "digitrec\[heic\]"'):
        open_file(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "photo.heic").load()
