"""One hand's own digits: kept, damaged, and what they change."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from digitrec import Handwriting, Recognizer
from digitrec.classifier import Classifier
from digitrec.errors import (
    HandwritingError,
    HandwritingNotFoundError,
    PictureError,
    StrokesError,
)
from digitrec.handwriting import MOST
from digitrec.learning.outliers import drawn_outliers
from digitrec.prototypes import Prototypes
from digitrec.shapes import StrokeVariation, vary_strokes

# A 7 in a mirror: the network takes it for no digit.
PECULIAR = np.concatenate(
    [np.linspace((50, 200), (50, 40), 15), np.linspace((50, 40), (170, 40), 15)[1:]]
)
ONE_HAND = StrokeVariation(stroke_slant=0.06, stroke_turn=2.0, stroke_lifts=0.0)


def drawn(count, seed=0):
    """The peculiar 7 as one hand draws it so many times: strokes in canvas pixels."""
    rng = np.random.default_rng(seed)
    return [[200 * s for s in vary_strokes([PECULIAR / 200], ONE_HAND, rng)] for _ in range(count)]


def taught(count, label=7):
    handwriting = Handwriting()
    for strokes in drawn(count):
        handwriting = handwriting.with_strokes(strokes, label)
    return handwriting


def digits_of_all_classes(templates, count=20):
    from digitrec.learning.augmentation import Augmentation, augment

    labels = np.tile(np.arange(10), count)
    return augment(templates[labels], Augmentation(), np.random.default_rng(3)), labels


def test_peculiar_digit_is_read_after_three_samples(recognizer):
    others = drawn(20, seed=1)
    before = [recognizer.read_strokes(strokes) for strokes in others]
    assert not any(reading.text == "7" for reading in before)
    own = recognizer.with_handwriting(taught(3))
    after = [own.read_strokes(strokes) for strokes in others]
    assert sum(reading.text == "7" for reading in after) >= 18
    assert np.mean([reading.digits[0].confidence for reading in after]) > 0.8
    assert all(len(reading.digits) == 1 for reading in after)
    # The recognizer that was asked for another one is as it was.
    assert [r.text for r in map(recognizer.read_strokes, others)] == [r.text for r in before]


@pytest.mark.parametrize("label", [0, 3, 7])
def test_the_very_sample_is_read_as_it_was_taught(recognizer, templates, label):
    """Whatever the network makes of it, from one sample on: even a clear 1 as a 7."""
    for digit in (taught(1).digits[0], *templates):
        own = recognizer.with_handwriting(Handwriting().with_digit(digit, label))
        read = own.classify(digit[None])[0]
        assert read.argmax() == label
        assert read[label] > 0.5


def test_other_digits_stay_as_they_were(recognizer, templates):
    digits, labels = digits_of_all_classes(templates)
    plain = recognizer.classify(digits)
    right = plain.argmax(axis=1) == labels
    own = recognizer.with_handwriting(taught(3)).classify(digits)
    assert (own.argmax(axis=1) == labels)[right].all()
    assert np.allclose(own.sum(axis=1), 1, atol=1e-5)
    far = np.isclose(own, plain, atol=1e-6).all(axis=1)
    assert far.mean() > 0.8  # nothing changes where nothing is near


def test_scribbles_stay_refused_beside_a_taught_sign(recognizer):
    """What is no digit to the network looks alike to it: one such sample must not open the door."""
    scribbles = drawn_outliers(StrokeVariation(), np.random.default_rng(0), 30)
    digits = np.concatenate([np.stack(kind) for kind in scribbles.values()])
    threshold = recognizer.artifact.digit_threshold
    classifier = Classifier(recognizer.artifact.network)
    plain = classifier.look(digits)
    _, scores = Prototypes(classifier, taught(3), threshold).blend(digits, plain)
    assert (scores >= plain.scores - 1e-6).all()
    assert (scores >= threshold).mean() < (plain.scores >= threshold).mean() + 0.1


def test_no_samples_change_nothing(recognizer, templates):
    empty = recognizer.with_handwriting(Handwriting())
    assert np.array_equal(empty.classify(templates), recognizer.classify(templates))
    back = recognizer.with_handwriting(taught(1)).with_handwriting(None)
    assert np.array_equal(back.classify(templates), recognizer.classify(templates))
    assert len(back.handwriting) == 0
    assert recognizer.with_handwriting(taught(1)).classify(templates[:0]).shape == (0, 10)


def test_handwriting_counts_in_pictures_and_numbers(recognizer):
    strokes = drawn(1, seed=5)[0]
    own = recognizer.with_handwriting(taught(5))
    twice = [*strokes, *(stroke + np.float32([260, 0]) for stroke in strokes)]
    assert own.read_strokes(twice).text.replace(" ", "") == "77"
    small = taught(5).digits[0]
    page = np.full((120, 300), 255, np.uint8)
    for left in (40, 180):
        page[40:68, left : left + 28] = 255 - small
    assert own.read(page).text == "7 7"
    assert own.read(255 - small).text == "7"


def test_file_keeps_everything(tmp_path, recognizer):
    handwriting = taught(3).with_digit(taught(1).digits[0].T.copy(), 0)
    path = tmp_path / "mine.json"
    handwriting.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.json"]
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        again = Handwriting.load(source)
        assert np.array_equal(again.digits, handwriting.digits)
        assert again.labels.tolist() == [7, 7, 7, 0]
    assert again.counts == (1, 0, 0, 0, 0, 0, 0, 3, 0, 0)
    from_file = Recognizer(handwriting=path).classify(handwriting.digits)
    assert np.array_equal(
        from_file, recognizer.with_handwriting(handwriting).classify(handwriting.digits)
    )
    Handwriting().save(path)
    assert len(Handwriting.load(path)) == 0
    assert path.stat().st_size < 200


def test_samples_are_added_moved_and_removed():
    handwriting = taught(2)
    first = handwriting.digits[0]
    moved = handwriting.with_digit(first, 1)
    assert moved.labels.tolist() == [7, 1]
    assert len(handwriting) == 2
    assert np.array_equal(moved.without(0).digits, first[None])
    picture = np.full((100, 100), 255, np.uint8)
    picture[20:80, 40:52] = 0
    assert Handwriting().with_picture(picture, 1).labels.tolist() == [1]
    assert Handwriting().with_picture(Image.fromarray(picture), 1).digits.any()


def test_wrong_samples_raise_a_sentence():
    blank, good = np.zeros((28, 28), np.uint8), taught(1).digits[0]
    full = taught(MOST)
    for wrong, error in (
        (lambda: Handwriting().with_digit(blank, 1), "ink in every sample"),
        (lambda: Handwriting().with_strokes([], 1), "ink in every sample"),
        (lambda: Handwriting().with_digit(good.astype(float), 1), "uint8"),
        (lambda: Handwriting().with_digit(good[:20], 1), "28, 28"),
        (lambda: Handwriting().with_digit(good, 10), "labels from 0 to 9"),
        (lambda: Handwriting().with_digit(good, -1), "labels from 0 to 9"),
        (lambda: Handwriting().with_digit(good, 1.5), "whole number"),
        (lambda: full.with_digit(good.T.copy(), 7), f"at most {MOST}"),
    ):
        with pytest.raises(HandwritingError, match=rf"Expected .*{error}.*Received"):
            wrong()
    with pytest.raises(StrokesError):
        Handwriting().with_strokes("strokes", 1)
    with pytest.raises(PictureError):
        Handwriting().with_picture(b"no picture", 1)


def as_file(**changed):
    whole = json.loads(taught(1).to_bytes())
    return json.dumps({**whole, **changed}).encode()


def sample(label, content):
    return [{"label": label, "digit": base64.b64encode(content).decode()}]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"[]",
        b"{}",
        taught(1).to_bytes()[:200],
        b" " * 1_000_001 + taught(1).to_bytes(),
        as_file(format="another"),
        as_file(format_version=2),
        as_file(samples={}),
        as_file(samples=[1]),
        as_file(samples=[{"label": 7}]),
        as_file(samples=[{"label": 7, "digit": "*?"}]),
        as_file(samples=[{"label": 7, "digit": 5}]),
        as_file(samples=[{"label": 7, "digit": "ä"}]),
        as_file(samples=sample(7, b"\x01" * 783)),
        as_file(samples=sample(7, b"\x00" * 784)),
        as_file(samples=sample("7", b"\x01" * 784)),
        as_file(samples=sample(True, b"\x01" * 784)),
        as_file(samples=sample(10, b"\x01" * 784)),
        as_file(samples=[s for i in range(MOST + 1) for s in sample(7, bytes([i + 1]) * 784)]),
        b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94.",  # a pickle
    ],
)
def test_damaged_and_hostile_files_raise_a_sentence(content, tmp_path):
    path = tmp_path / "handwriting.json"
    path.write_bytes(content)
    for source in (path, content, io.BytesIO(content)):
        with pytest.raises(HandwritingError, match=r"(?s)^Expected .*Received: "):
            Handwriting.load(source)
    with pytest.raises(HandwritingError):
        Recognizer(handwriting=path)


def test_missing_file_is_told(tmp_path):
    with pytest.raises(HandwritingNotFoundError, match="no such file"):
        Recognizer(handwriting=tmp_path / "nothing.json")
    with pytest.raises(HandwritingError, match="readable"):
        Handwriting.load(tmp_path)
