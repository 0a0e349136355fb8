import subprocess
import sys

import numpy as np
import pytest

from digitrec import Box, Digit, Recognizer
from digitrec.errors import PictureError, StrokesError
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


@pytest.mark.parametrize("label", range(10))
def test_drawing_and_its_picture_are_read(recognizer, label):
    strokes = digit_strokes(label, height=140, left=30, top=60)
    drawn = recognizer.read_strokes(strokes)
    painted = recognizer.read(255 - np.pad(ink_from_strokes(strokes), 30))
    assert drawn.text == painted.text == str(label)


def test_digit_has_everything(recognizer):
    reading = recognizer.read_strokes([np.array([[10.2, 20], [30.7, 120]])])
    (digit,) = reading.digits
    assert isinstance(digit, Digit)
    assert digit.label == 1
    assert type(digit.label) is int
    assert digit.confidence == digit.probabilities.max()
    assert digit.probabilities.shape == (10,)
    assert digit.box == Box(10, 20, 21, 100)
    assert digit.image.shape == (28, 28)
    assert digit.image.dtype == np.uint8
    assert reading.status == "read"


def test_box_of_a_picture_is_where_the_ink_is(recognizer):
    image = np.full((100, 120), 255, np.uint8)
    image[20:70, 50:58] = 0
    assert recognizer.read(image).digits[0].box == Box(50, 20, 8, 50)


def test_empty_gives_an_empty_text(recognizer):
    for reading in (
        recognizer.read_strokes([]),
        recognizer.read_strokes([[]]),
        recognizer.read(np.full((50, 50), 255, np.uint8)),
    ):
        assert (reading.text, reading.digits, reading.status) == ("", (), "empty")


def test_touch_is_too_little_ink(recognizer):
    speck = np.full((50, 50), 255, np.uint8)
    speck[20:22, 20:22] = 0
    for reading in (recognizer.read_strokes([[[5, 5]]]), recognizer.read(speck)):
        assert (reading.text, reading.digits, reading.status) == ("", (), "too little ink")


def test_bad_input_raises_a_sentence(recognizer):
    with pytest.raises(PictureError, match="Expected"):
        recognizer.read(b"")
    with pytest.raises(StrokesError, match="Expected"):
        recognizer.read_strokes([[[float("inf"), 0]]])


@pytest.mark.real_data
def test_mnist_pictures_are_read_as_they_are(recognizer, mnist):
    """Through the door for pictures no digit of the form itself is spoilt."""
    digits = mnist.train.digits[:300]
    answers = [recognizer.read(digit).digits[0] for digit in digits]
    same = sum(np.array_equal(a.image, d) for a, d in zip(answers, digits, strict=True))
    assert same >= 290


def test_engine_never_loads_tensorflow():
    code = (
        "import sys, digitrec; from digitrec.shapes import digit_strokes;"
        "assert digitrec.Recognizer().read_strokes(digit_strokes(7)).text == '7';"
        "bad = {'tensorflow', 'keras', 'streamlit', 'matplotlib', 'sklearn'} & set(sys.modules);"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
