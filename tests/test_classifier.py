import contextlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import exported

from digitrec import Handwriting, Recognizer
from digitrec import classifier as classifying
from digitrec.classifier import Classifier
from digitrec.errors import ArtifactError, DigitsError
from digitrec.interpreters import LOGITS, Runner
from digitrec.logits import judged, sigmoid, softmax
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


class Counted:
    """A pool that tells how many digits each run of its interpreters was given."""

    def __init__(self, pool):
        self._pool, self.runs, self.taken = pool, [], 0

    @contextlib.contextmanager
    def runner(self):
        self.taken += 1
        with self._pool.runner() as runner:

            def run(digits, names):
                self.runs.append(len(digits))
                return runner(digits, names)

            yield run


@pytest.mark.parametrize(
    ("count", "batches", "singles"),
    [
        (0, 0, 0),
        (1, 0, 1),
        (16, 0, 16),
        (17, 1, 0),
        (32, 1, 0),
        (48, 1, 16),
        (49, 2, 0),
        (96, 3, 0),
    ],
)
def test_digits_run_in_batches_and_few_alone(digits, monkeypatch, count, batches, singles):
    executors = []

    def executor(workers):
        executors.append(workers)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(classifying, "ThreadPoolExecutor", executor)
    network = Classifier(DEFAULT_ARTIFACT / "model.int8.tflite", threads=2)
    network._batches, network._singles = Counted(network._batches), Counted(network._singles)
    network.classify(digits[:count])
    assert network._batches.runs == [32] * batches
    assert network._singles.runs == [1] * singles
    assert network._singles.taken == (singles > 0)
    assert executors == ([2] if batches > 1 else [])


def test_two_callers_of_a_single_digit_are_answered_alike(templates):
    classifier = Classifier(DEFAULT_ARTIFACT / "model.int8.tflite", threads=2)
    with classifier._singles.runner() as one, classifier._singles.runner() as other:
        assert one is not other
        answers = [runner(templates[7:8], [LOGITS])[0] for runner in (one, other)]
    assert np.array_equal(*answers)
    with classifier._singles.runner() as again:
        assert again in (one, other)


def test_first_interpreter_answers_the_first_digit(monkeypatch, templates):
    built = []
    monkeypatch.setattr(
        classifying, "Runner", lambda *args, **more: built.append(Runner(*args, **more)) or built[0]
    )
    network = Classifier(DEFAULT_ARTIFACT / "model.int8.tflite")
    with network._singles.runner() as runner:
        assert [runner] == built


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
        for mine, told in zip(
            (probabilities, scores), tiny_network.judge(digits[:count]), strict=True
        ):
            assert np.array_equal(mine, told)
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
        with pytest.raises(ArtifactError) as error:
            ask()
        assert str(error.value) == (
            "Expected a network that also gives its last hidden layer in "
            f"{tmp_path / 'some.tflite'}. Received: one with a single output, as older versions "
            "made them. Finish it again with scripts/finish.py --again, or train again."
        )


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


@pytest.mark.filterwarnings("error")
def test_sigmoid_is_a_share_whatever_the_logit():
    shares = sigmoid(np.array([-1e6, -np.log(3), 0, np.log(3), 1e6]))
    assert shares.dtype == np.float32
    assert np.allclose(shares, [0, 0.25, 0.5, 0.75, 1])


def test_ten_logits_give_the_likeliest_class_as_score():
    logits = np.log(np.array([[0.7, *[0.3 / 9] * 9], [0.1] * 10], np.float32))
    probabilities, scores = judged(logits, 1.0)
    assert np.allclose(probabilities, np.exp(logits))
    assert np.allclose(scores, [0.7, 0.1])
    none, nothing = judged(np.zeros((0, 10), np.float32), 1.0)
    assert (none.shape, nothing.shape) == ((0, 10), (0,))


def test_eleventh_logit_gives_the_score_and_knows_no_temperature():
    logits = np.array([[*[0.0] * 9, 4.0, np.log(9)]], np.float32)
    probabilities, scores = judged(logits, 2.0)
    assert np.allclose(probabilities, softmax(logits[:, :10] / 2))
    assert np.allclose(scores, [0.9])
