from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from digitrec.classifier import Classifier, softmax
from digitrec.errors import ArtifactError, DigitsError
from digitrec.models import DEFAULT_ARTIFACT


@pytest.fixture(scope="module", params=["model.tflite", "model.int8.tflite"])
def classifier(request):
    return Classifier(DEFAULT_ARTIFACT / request.param)


@pytest.fixture(scope="module")
def digits(templates):
    from digitrec.learning.augmentation import Augmentation, augment

    return augment(np.tile(templates, (20, 1, 1)), Augmentation(), np.random.default_rng(3))


@pytest.mark.parametrize("count", [0, 1, 3, 32, 33, 63, 64, 65, 100, 200])
def test_any_number_of_digits_gives_probabilities(classifier, digits, count):
    probabilities = classifier.classify(digits[:count])
    assert probabilities.shape == (count, 10)
    assert probabilities.dtype == np.float32
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities >= 0).all()


def test_batch_answers_as_one_by_one(classifier, digits):
    alone = np.concatenate([classifier.classify(digit[None]) for digit in digits])
    assert np.allclose(classifier.classify(digits), alone, atol=1e-5)


def test_templates_are_read(classifier, templates):
    assert classifier.classify(templates).argmax(axis=1).tolist() == list(range(10))


def test_many_threads_get_the_answers_of_one(classifier, digits):
    expected = classifier.classify(digits)
    with ThreadPoolExecutor(8) as pool:
        parts = [digits[i : i + n] for n in (1, 7, 80) for i in range(0, 120, 11)]
        answers = list(pool.map(classifier.classify, parts))
    starts = [(i, n) for n in (1, 7, 80) for i in range(0, 120, 11)]
    for (i, n), answer in zip(starts, answers, strict=True):
        assert np.allclose(answer, expected[i : i + n], atol=1e-5)


def test_temperature_makes_less_sure_and_keeps_the_order(digits):
    network = DEFAULT_ARTIFACT / "model.tflite"
    cold, warm = (Classifier(network, temperature=t).classify(digits) for t in (1.0, 3.0))
    assert (warm.max(axis=1) <= cold.max(axis=1) + 1e-6).all()
    assert warm.max(axis=1).mean() < cold.max(axis=1).mean()
    assert np.array_equal(warm.argmax(axis=1), cold.argmax(axis=1))


@pytest.mark.parametrize(
    "digits",
    [
        None,
        [[0] * 28] * 28,
        np.zeros((28, 28), np.uint8),
        np.zeros((1, 28, 28, 1), np.uint8),
        np.zeros((1, 27, 28), np.uint8),
        np.zeros((1, 28, 28), np.float32),
        np.full((1, 28, 28), np.nan),
    ],
)
def test_wrong_digits_raise_a_sentence(classifier, digits):
    with pytest.raises(DigitsError, match=r"Expected .*Received"):
        classifier.classify(digits)


def test_file_that_is_no_network_is_refused(tmp_path):
    path = tmp_path / "x.tflite"
    whole = (DEFAULT_ARTIFACT / "model.tflite").read_bytes()
    for content in (b"", b"no network", whole[:1000]):
        path.write_bytes(content)
        with pytest.raises(ArtifactError, match=r"(?s)Expected .*Received"):
            Classifier(path)


def test_softmax_survives_large_logits():
    assert softmax(np.array([[1e4, 0]], np.float32)).tolist() == [[1, 0]]
