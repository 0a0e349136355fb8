import io

import cv2
import numpy as np
import pytest
from harmful import png_bomb
from PIL import Image

from digitrec import DigitrecError
from digitrec.errors import PictureError, PictureNotFoundError
from digitrec.imaging.ink import ink_from_image, load_image
from digitrec.imaging.mnist_format import normalize_digit
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes

STRENGTH = np.pad(ink_from_strokes(digit_strokes(4)), 20)  # 0 is paper
PAINTED = np.uint8(255) - STRENGTH


def png(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def digit(picture):
    return normalize_digit(ink_from_image(load_image(picture)))


def rgba(colour):
    layers = [np.full_like(STRENGTH, value) for value in colour]
    return np.dstack([*layers, STRENGTH])


def palette():
    return Image.fromarray(PAINTED).convert("RGB").quantize(16)


def rotated_jpeg():
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    Image.fromarray(np.rot90(PAINTED)).save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()


def tiff(values):
    buffer = io.BytesIO()
    Image.fromarray(values.astype(np.float32)).save(buffer, "TIFF")
    return buffer.getvalue()


PICTURES = {
    "light on dark": STRENGTH,
    "weak": (PAINTED // 2 + 100).astype(np.uint8),
    "16 bits": PAINTED.astype(np.uint16) * 257,
    "16-bit file": png(Image.fromarray(PAINTED.astype(np.uint16) * 257)),
    "one channel": PAINTED[:, :, None],
    "RGB": np.dstack([PAINTED] * 3),
    "black on transparent": rgba((0, 0, 0)),
    "white on transparent": png(Image.fromarray(rgba((255, 255, 255)))),
    "bool": STRENGTH > 127,
    "float": PAINTED / 255,
    "file of floats to 1": tiff(PAINTED / 255),
    "file of floats to 900": tiff(PAINTED * (900 / 255)),
    "palette": palette(),
    "JPEG turned by EXIF": rotated_jpeg(),
    "file object": io.BytesIO(png(Image.fromarray(PAINTED))),
    "PIL image": Image.fromarray(PAINTED),
}


@pytest.mark.parametrize("name", PICTURES)
def test_same_drawing_in_any_form_gives_the_same_digit(name):
    difference = np.abs(digit(PICTURES[name]).astype(int) - digit(PAINTED))
    assert difference.mean() < 3  # resampled edges differ by a little
    assert difference.max() < 130


@pytest.mark.parametrize(("most", "expected"), [(0.5, 128), (1.0, 255), (900.0, 255)])
def test_floats_in_a_file_are_shares_of_one_or_of_their_largest(most, expected):
    values = np.linspace(0, most, 200, dtype=np.float32).reshape(10, 20)
    found = load_image(tiff(values))
    assert found.dtype == np.uint8
    assert (found.min(), found.max()) == (0, expected)


def test_path_and_string_are_read(tmp_path):
    path = tmp_path / "four.bmp"
    cv2.imwrite(str(path), PAINTED)
    assert np.array_equal(digit(path), digit(PAINTED))
    assert np.array_equal(digit(str(path)), digit(PAINTED))


def test_grain_of_the_paper_is_no_ink():
    noise = np.random.default_rng(0).normal(0, 3, PAINTED.shape)
    grainy = np.clip(PAINTED * 0.7 + 40 + noise, 0, 255).astype(np.uint8)
    assert np.abs(digit(grainy).astype(int) - digit(PAINTED)).mean() < 3


@pytest.mark.parametrize("value", [0, 90, 255])
def test_one_colour_is_no_ink(value):
    assert not ink_from_image(load_image(np.full((40, 30), value, np.uint8))).any()


def test_empty_array_is_no_ink():
    assert ink_from_image(load_image(np.zeros((0, 10), np.uint8))).size == 0


WHOLE = png(Image.fromarray(PAINTED))
BAD = {
    "empty bytes": b"",
    "text": b"this is no picture",
    "truncated": WHOLE[: len(WHOLE) // 2],
    "damaged": WHOLE[:60] + b"\0" * 200 + WHOLE[260:],
    "bomb": png_bomb(),
    "large": png(Image.new("1", (10_000, 9_000))),
    "larger": png(Image.new("1", (8_000, 8_000))),
    "none": None,
    "number": 5,
    "text file": io.StringIO("text"),
    "one axis": np.zeros(784, np.uint8),
    "two channels": np.zeros((5, 5, 2), np.uint8),
    "batch": np.zeros((2, 28, 28, 1), np.uint8),
    "int64": np.zeros((5, 5), np.int64),
    "objects": np.array([["a"]], dtype=object),
    "complex": np.zeros((5, 5), complex),
    "NaN": np.full((5, 5), np.nan),
    "negative": np.full((5, 5), -0.5),
    "float to 255": np.full((5, 5), 255.0),
    "NUL in the path": "a\0b",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_picture_raises_a_sentence(name):
    with pytest.raises(PictureError, match=r"(?s)Expected .*Received") as caught:
        load_image(BAD[name])
    assert isinstance(caught.value, DigitrecError)


def test_missing_file_and_folder_raise_a_sentence(tmp_path):
    with pytest.raises(PictureNotFoundError, match="no such file"):
        load_image(tmp_path / "nowhere.png")
    with pytest.raises(PictureError, match="readable picture"):
        load_image(tmp_path)
