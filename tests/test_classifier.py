from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import exported

from digitrec import Handwriting, Recognizer
from digitrec.classifier import Classifier
from digitrec.errors import ArtifactError, DigitsError
from digitrec.logits import softmax
from digitrec.models import DEFAULT_ARTIFACT
from digitrec.versions import write_card


@pytest.fixture(scope="module", params=["model.tflite", "model.int8.tflite"])
def classifier(request):
    return Classifier(DEFAULT_ARTIFACT / request.param)


@pytest.fixture(scope="module")
def digits(templates):
    from digitrec.learning.augmentation import Augmentation, augment

    return augment(np.tile(templates, (20, 1, 1)), Augmentation(), np.random.default_rng(3))


@pytest.fixture(scope="module", params=["model.tflite", "model.int8.tflite"])
def tiny_network(request, tiny_artifact):
    return Classifier(tiny_artifact / request.param)


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


def test_look_tells_what_judge_tells_and_features(tiny_network, digits):
    """From one run, whatever is asked together."""
    for count in (0, 1, 33, 64, 100):
        probabilities, scores, features = tiny_network.look(digits[:count])
        for mine, judged in zip(
            (probabilities, scores), tiny_network.judge(digits[:count]), strict=True
        ):
            assert np.array_equal(mine, judged)
        assert features.shape == (count, 7 * 7 * 16)
        assert features.dtype == np.float32
    alone = np.concatenate([tiny_network.look(digit[None]).features for digit in digits[:40]])
    assert np.allclose(tiny_network.look(digits[:40]).features, alone, atol=1e-4)


def test_features_are_what_the_last_layer_sees(tiny_artifact, tiny_network, digits):
    """The last layer's own weights make the network's probabilities of them."""
    import keras

    last = keras.models.load_model(tiny_artifact / "model.keras", compile=False).layers[-1]
    weights, bias = last.get_weights()
    probabilities, scores, features = tiny_network.look(digits)
    logits = features @ weights + bias
    close = 0.06  # int8 rounds logits, too
    assert np.abs(softmax(logits[:, :10]) - probabilities).max() < close
    assert np.abs(1 / (1 + np.exp(-logits[:, 10])) - scores).max() < close


def test_network_without_features_judges_and_says_so(digits, tmp_path):
    """As networks were exported before there were features."""
    import keras

    classifier = Classifier(exported(tmp_path, keras.layers.Dense(10)))
    assert not classifier.has_features
    assert classifier.judge(digits[:3])[0].shape == (3, 10)
    card = {"runtime": {"file": "some.tflite"}, "temperature": 1.0}
    write_card(tmp_path, card)
    older = Recognizer(tmp_path)
    assert np.array_equal(older.classify(digits), classifier.classify(digits))
    hand = Handwriting().with_digit(digits[0], 3)
    for ask in (
        lambda: classifier.look(digits),
        lambda: older.with_handwriting(hand),
        lambda: Recognizer(tmp_path, handwriting=hand),
    ):
        with pytest.raises(ArtifactError, match=r"(?s)Expected .*last hidden.*Finish it again"):
            ask()


def test_network_with_strange_outputs_is_refused(tmp_path):
    import keras

    three, eleven, twelve = (keras.layers.Dense(size) for size in (3, 11, 12))
    for outputs, words in (
        (lambda x: {"left": eleven(x), "right": three(x)}, "features are needed, not left, right"),
        (lambda x: {"logits": twelve(x), "features": three(x)}, "ten or eleven logits"),
        (lambda x: {"logits": eleven(x), "features": keras.ops.sum(x)}, "a row of features"),
    ):
        with pytest.raises(ArtifactError, match=words):
            Classifier(exported(tmp_path, outputs))


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
