"""Picture files that are made to do harm: every one is refused in a sentence, soon."""

import io
import struct
import sys
import time
import warnings

import pytest
from PIL import EpsImagePlugin, Image

from digitrec.errors import PictureError
from digitrec.imaging.files import open_file
from digitrec.imaging.ink import FORMS_IN_WORDS, load_image

_POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 30 30\n%%EndComments\nshowpage\n%%EOF\n"


def read(content):
    """Every page of a file, as all doors read it."""
    return [picture for _, picture in open_file(content)]


def test_postscript_is_refused_before_a_program_for_it_is_started(tmp_path, monkeypatch):
    """Pillow hands PostScript, which is a programming language, to Ghostscript if that is there."""
    sign, program = tmp_path / "started", tmp_path / "gs"
    program.write_text(f"#!{sys.executable}\nopen({str(sign)!r}, 'w').close()\n")
    program.chmod(0o755)
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", str(program))
    for reading in (read, load_image):
        with pytest.raises(PictureError, match=f"\\({FORMS_IN_WORDS}\\)"):
            reading(_POSTSCRIPT)
    assert not sign.exists()


@pytest.mark.parametrize("kind", ["PPM", "PCX", "TGA", "ICO", "DDS", "SGI", "IM", "JPEG2000"])
def test_forms_that_nobody_writes_on_are_refused(kind):
    """Each is a decoder more that a stranger's bytes could be made for."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one of them is to go from Pillow
        Image.new("L", (30, 30)).save(file, kind)
    with pytest.raises(PictureError, match=f"\\({FORMS_IN_WORDS}\\)"):
        read(file.getvalue())


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_damaged_avif_is_told(place):
    """Its decoder raises errors of another kind than all others."""
    file = io.BytesIO()
    Image.new("RGB", (60, 70), "white").save(file, "AVIF")
    content = bytearray(file.getvalue())
    content[place % len(content)] ^= 0xFF
    try:
        read(bytes(content))
    except PictureError as error:
        assert "Expected" in str(error)  # noqa: PT017  # some changes do no harm


def many_pages(count):
    """A TIFF of pages of a pixel each, all in the same two bytes."""
    tags = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 1, 8), (259, 3, 1, 1)]
    tags += [(262, 3, 1, 1), (273, 4, 1, 0), (278, 3, 1, 1), (279, 4, 1, 1)]
    size = 2 + 12 * len(tags) + 4
    pages = [b"II*\0" + struct.pack("<I", 8)]
    for page in range(1, count + 1):
        entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
        following = 8 + size * page if page < count else 0
        pages.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following))
    return b"".join(pages)


def many_frames(count):
    """A GIF of frames of a pixel each."""
    file = io.BytesIO()
    Image.new("P", (1, 1)).save(file, "GIF")
    content = file.getvalue()
    start = content.index(b",")
    return content[:start] + content[start:-1] * count + b";"


@pytest.mark.parametrize(("many", "told"), [(many_pages, "1,000 or more"), (many_frames, "60,000")])
def test_endless_pages_take_no_endless_time(many, told):
    """Pillow's time for a TIFF's pages grows with their square: 6 MB took a minute."""
    started = time.process_time()
    file = open_file(many(60_000))
    assert time.process_time() - started < 10
    assert f"its {told} " in file.note
    assert file.load().shape[:2] == (1, 1)


def test_damage_makes_no_noise(recwarn):
    """Pillow warns of damaged tags on its own: nobody who reads a page's text can mend them."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[274] = 6
    Image.new("L", (60, 70), 255).save(file, "TIFF", exif=exif)
    content = file.getvalue()
    for place in range(8, len(content), 3):
        changed = bytearray(content)
        changed[place] = 0xFF
        try:
            read(bytes(changed))
        except PictureError:
            continue
    assert [str(warning.message) for warning in recwarn.list] == []
