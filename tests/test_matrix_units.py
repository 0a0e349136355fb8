"""Convolutions laid out for matrix units answer bit for bit as before."""

import numpy as np
import pytest

from digitrec import classifier as classifying
from digitrec.classifier import Classifier
from digitrec.interpreters import FEATURES, LOGITS, Runner
from digitrec.matrix_units import laid_out
from digitrec.models import DEFAULT_ARTIFACT

INT8 = "model.int8.tflite"


@pytest.fixture(scope="module")
def digits(templates):
    """The ten, as they are and shifted, and noise over the whole range."""
    shifted = [np.roll(templates, shift, axis=(1, 2)) for shift in ((0, 0), (1, 2), (-3, 1))]
    noise = np.random.default_rng(0).integers(0, 256, (34, 28, 28), np.uint8)
    return np.concatenate([*shifted, noise])


@pytest.mark.parametrize("batch", [1, 32])
def test_network_that_is_laid_out_gives_the_same_bits(digits, batch):
    content = (DEFAULT_ARTIFACT / INT8).read_bytes()
    other = laid_out(content)
    assert other != content
    before, after = (Runner(network, batch=batch) for network in (content, other))
    for start in range(0, len(digits), batch):
        part = digits[start : start + batch]
        for mine, theirs in zip(
            before(part, [LOGITS, FEATURES]), after(part, [LOGITS, FEATURES]), strict=True
        ):
            assert np.array_equal(mine, theirs)


def test_strided_first_layer_gives_the_same_bits(tiny_artifact, digits):
    content = (tiny_artifact / INT8).read_bytes()
    other = laid_out(content)
    assert other != content
    before, after = (Runner(network, batch=64)(digits, [LOGITS]) for network in (content, other))
    assert np.array_equal(before[0], after[0])


def test_network_of_floats_stays_as_it_is():
    content = (DEFAULT_ARTIFACT / "model.tflite").read_bytes()
    assert laid_out(content) == content


def test_laid_out_twice_gives_the_same_bits(digits):
    """What is wide enough already is left alone."""
    once = laid_out((DEFAULT_ARTIFACT / INT8).read_bytes())
    before, after = (
        Runner(network, batch=64)(digits, [LOGITS]) for network in (once, laid_out(once))
    )
    assert np.array_equal(before[0], after[0])


def test_many_digits_are_answered_alike_before_and_after_it_is_laid_out(digits, monkeypatch):
    monkeypatch.setattr(classifying, "has_matrix_units", lambda: True)
    monkeypatch.setattr(classifying, "_MANY", 3 * len(digits))
    network = Classifier(DEFAULT_ARTIFACT / INT8, threads=2)
    before = network._batches
    first = network.classify(digits)
    found = [network._batches is before]
    for _ in range(4):
        assert np.array_equal(network.classify(digits), first)
        found.append(network._batches is before)
    assert found == [True, True, False, False, False]
    after = network._batches
    network.classify(digits)
    assert network._batches is after  # once is enough


def test_processor_without_matrix_units_keeps_the_network_as_it_is(digits, monkeypatch):
    monkeypatch.setattr(classifying, "has_matrix_units", lambda: False)
    monkeypatch.setattr(classifying, "_MANY", len(digits))
    network = Classifier(DEFAULT_ARTIFACT / INT8)
    before = network._batches
    for _ in range(3):
        network.classify(digits)
    assert network._batches is before
