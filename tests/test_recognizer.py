import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from digitrec import Box, Digit, Reading, Recognizer
from digitrec.errors import ArtifactError, DigitsError, PictureError, StrokesError
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.models import DEFAULT_ARTIFACT, sha256
from digitrec.shapes import digit_strokes


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
        recognizer.read(np.zeros((0, 100), np.uint8)),
        recognizer.read(np.zeros((100, 0, 4), np.uint8)),
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


def digit(probabilities, score=1.0, threshold=0.3):
    shares = np.zeros(10, np.float32)
    shares[list(probabilities)] = list(probabilities.values())
    return Digit(shares, Box(0, 0, 1, 1), np.zeros((28, 28), np.uint8), score, threshold)


@pytest.mark.parametrize(
    ("probabilities", "score", "status", "alternatives", "text"),
    [
        ({7: 0.97, 1: 0.03}, 0.9, "digit", (), "7"),
        ({7: 0.55, 1: 0.45}, 0.9, "ambiguous", (7, 1), "7"),
        ({1: 0.41, 7: 0.39, 2: 0.2}, 0.9, "ambiguous", (1, 7, 2), "1"),
        ({3: 0.48, 2: 0.19, 5: 0.17, 8: 0.16}, 0.9, "ambiguous", (3, 2), "3"),
        ({7: 0.97, 1: 0.03}, 0.29, "not a digit", (), "?"),
        ({7: 0.55, 1: 0.45}, 0.29, "not a digit", (), "?"),
        ({7: 0.97, 1: 0.03}, 0.3, "digit", (), "7"),
    ],
)
def test_status_follows_score_and_probabilities(probabilities, score, status, alternatives, text):
    read = digit(probabilities, score)
    assert (read.status, read.alternatives, read.text) == (status, alternatives, text)
    assert read.label == max(probabilities, key=probabilities.get)


def test_text_shows_what_is_no_digit_as_question_mark():
    seven, scribble = digit({7: 1.0}), digit({8: 0.6, 3: 0.4}, 0.01)
    reading = Reading("read", (((seven, scribble), (seven,)), ((scribble,),)), np.zeros((1, 1)))
    assert reading.text == "7? 7\n?"


def test_scribble_is_no_digit_and_every_template_is(recognizer):
    rng = np.random.default_rng(4)
    for label in range(10):
        (read,) = recognizer.read_strokes(digit_strokes(label)).digits
        assert read.status == "digit"
        assert recognizer.artifact.digit_threshold <= read.digit_score <= 1
    scribbles = [recognizer.read_strokes([rng.uniform(0, 200, (30, 2))]) for _ in range(20)]
    assert [reading.text for reading in scribbles].count("?") >= 19
    # The network is unsure where it should be.
    assert np.mean([reading.digits[0].confidence for reading in scribbles]) < 0.6


def test_artifact_without_threshold_accepts_everything(tmp_path):
    folder = tmp_path / "old"
    shutil.copytree(DEFAULT_ARTIFACT, folder)
    card = json.loads((folder / "card.json").read_text())
    del card["digit_threshold"]
    (folder / "card.json").write_text(json.dumps(card))
    scribble = [np.random.default_rng(4).uniform(0, 200, (30, 2))]
    assert Recognizer().read_strokes(scribble).text == "?"
    assert Recognizer(folder).read_strokes(scribble).text.isdigit()
    card["digit_threshold"] = 1.5
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(ArtifactError, match="digit_threshold"):
        Recognizer(folder)


def test_digits_in_mnist_s_form_are_read_as_they_are(recognizer, templates):
    digits = recognizer.read_digits(templates)
    assert [digit.label for digit in digits] == list(range(10))
    assert {digit.status for digit in digits} == {"digit"}
    assert {digit.box for digit in digits} == {Box(0, 0, 28, 28)}
    assert all(np.array_equal(d.image, t) for d, t in zip(digits, templates, strict=True))
    one_by_one = [recognizer.read_digits(templates[i : i + 1])[0] for i in range(10)]
    for digit, alone in zip(digits, one_by_one, strict=True):
        assert np.allclose(digit.probabilities, alone.probabilities, atol=1e-3)
    assert recognizer.read_digits(templates[:0]) == []
    for wrong in (templates[0], templates.astype(np.float32), templates.tolist(), None):
        with pytest.raises(DigitsError):
            recognizer.read_digits(wrong)


def test_model_is_the_hash_of_the_file_that_answers(recognizer):
    assert recognizer.model == sha256(recognizer.artifact.network)
