"""From a trained network to files that run without TensorFlow."""

import numpy as np
import pytest
from conftest import ROOT, fingerprint, one_hot, run_script

from digitrec.classifier import Classifier
from digitrec.datasets import LabelledDigits
from digitrec.errors import ArtifactError
from digitrec.learning.evaluation import evaluate
from digitrec.learning.exporting import FLOAT32, INT8, choose_runtime
from digitrec.models import DEFAULT_ARTIFACT, load_artifact


def test_exported_network_of_another_backend_is_finished(tiny_artifact, template_mnist, tmp_path):
    """The network alone, as from elsewhere; then beside the exam that a training leaves."""
    from digitrec.learning.finishing import Exam
    from digitrec.learning.training import Trained
    from digitrec.learning.unfinished import load_unfinished, save_unfinished

    lone = tmp_path / "lone.keras"
    lone.write_bytes((tiny_artifact / "model.keras").read_bytes())
    done = run_script("finish.py", lone, tmp_path / "alone")
    assert done.returncode == 0, done.stderr
    assert load_artifact(tmp_path / "alone").digit_threshold == 0

    import keras

    model = keras.models.load_model(lone, compile=False)
    rng = np.random.default_rng(0)
    digits = LabelledDigits(rng.integers(0, 256, (40, 28, 28), np.uint8), np.arange(40) % 10)
    exam = Exam(digits.digits, (digits, digits), digits, digits)
    folder = tmp_path / "unfinished"
    folder.mkdir()
    row = {"epoch": 1, "loss": 1.0, "accuracy": 0.5}
    row |= {"validation_loss": 1.0, "validation_accuracy": 0.5}
    save_unfinished(folder, Trained(model, [row]), exam, {"command": "there", "data": []})
    (folder / "report").mkdir()
    (folder / "report" / "shapes.png").write_bytes(b"a sheet")
    again, history, about = load_unfinished(folder)
    assert history == [row]
    assert about["command"] == "there"
    assert [len(group) for group in again.validation] == [40, 40]
    done = run_script("finish.py", folder / "model.keras", tmp_path / "finished")
    assert done.returncode == 0, done.stderr
    data = ("--mnist", template_mnist, "--unchecked")
    again = run_script("finish.py", "--again", folder / "model.keras", tmp_path / "again", *data)
    assert again.returncode == 1
    assert "card.json" in again.stderr
    artifact = load_artifact(tmp_path / "finished")
    assert artifact.card["command"] == "there"
    assert 0 < artifact.digit_threshold < 1
    assert artifact.card["figures"]["test_digits"] == 40
    assert (tmp_path / "finished" / "report" / "shapes.png").read_bytes() == b"a sheet"


def test_networks_that_cannot_be_finished_are_told(tiny_artifact, tmp_path):
    import keras

    folder = tmp_path / "unfinished"
    folder.mkdir()
    network = folder / "model.keras"
    network.write_bytes((tiny_artifact / "model.keras").read_bytes())
    (folder / "exam.npz").write_bytes(b"PK\x03\x04 half an archive")
    (folder / "exam.json").write_text('{"about": {}, "history": []}')
    inputs = keras.Input((28, 28), dtype="uint8")
    flat = keras.layers.Flatten()(keras.layers.Rescaling(1 / 255)(inputs))
    sure = keras.layers.Dense(10, activation="softmax")(flat)
    keras.Model(inputs, sure).save(tmp_path / "softmax.keras")
    for wrong, words in (
        (network, "exam.npz"),
        (tmp_path / "softmax.keras", "by its softmax"),
        (tmp_path / "nothing.keras", "not there"),
        (ROOT / "README.md", "saved by Keras"),
    ):
        done = run_script("finish.py", wrong, tmp_path / "out")
        assert done.returncode == 1
        assert "Expected" in done.stderr
        assert words in done.stderr
    (folder / "exam.json").write_text("{")
    assert "exam.json" in run_script("finish.py", network, tmp_path / "out").stderr
    assert not (tmp_path / "out").exists()


def test_artifact_exported_again_answers_as_before(
    tiny_artifact, template_mnist, stroke_file, tmp_path
):
    """The exam is drawn anew from recipe and data, and comes out the same."""
    network, again = tiny_artifact / "model.keras", tmp_path / "again"
    options = ["--again", "--mnist", template_mnist, "--unchecked", "--quiet"]
    done = run_script("finish.py", network, again, *options)
    assert done.returncode == 0, done.stderr
    old, new = load_artifact(tiny_artifact).card, load_artifact(again).card
    assert "--again" in new["exported"]["command"]
    assert new["temperature"] == pytest.approx(old["temperature"], rel=1e-4)
    assert new["digit_threshold"] == pytest.approx(old["digit_threshold"], abs=1e-4)
    told = ("created", "command", "recipe", "data", "duration_seconds", "runtime", "figures")
    assert [new[name] for name in told] == [old[name] for name in told]
    before, after = fingerprint(tiny_artifact), fingerprint(again)
    assert {name for name in before if before[name] != after[name]} <= {"card.json", FLOAT32, INT8}
    digits = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    for name in (FLOAT32, INT8):
        mine, theirs = (Classifier(folder / name).look(digits) for folder in (again, tiny_artifact))
        assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))

    wrong = run_script("finish.py", network, again, *options, "--strokes", stroke_file)
    assert wrong.returncode == 1
    assert "Expected the data that the network was trained on" in wrong.stderr
    assert fingerprint(again) == after


def test_unfinished_network_never_takes_an_artifact_s_place(tiny_artifact, monkeypatch):
    """Of another backend only its name is needed: the refusal comes before any training."""
    import keras

    from digitrec.learning.artifact import Ingredients, train_artifact
    from digitrec.learning.recipe import Recipe
    from digitrec.learning.training import Run

    before = fingerprint(tiny_artifact)
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(ArtifactError, match="jax cannot finish"):
        train_artifact(Ingredients(None, [], np.zeros(0)), Recipe(), tiny_artifact, Run())
    assert fingerprint(tiny_artifact) == before


def test_int8_is_chosen_within_its_bounds():
    labels = np.arange(5_000) % 10
    exact = one_hot(labels)
    one_wrong, two_wrong = exact.copy(), exact.copy()
    one_wrong[0] = one_hot(np.array([5]))
    two_wrong[:2] = one_hot(np.array([5, 5]))
    assert choose_runtime(exact, exact, labels).file == INT8
    assert choose_runtime(exact, one_wrong, labels).file == INT8  # 0.02 points
    assert choose_runtime(exact, two_wrong, labels).file == FLOAT32
    assert choose_runtime(exact, one_hot(labels, 0.98), labels).file == FLOAT32
    assert choose_runtime(two_wrong, exact, labels).points_lost == 0


def test_the_best_of_several_int8_networks_is_kept(tiny_artifact, tmp_path, monkeypatch):
    import keras

    from digitrec.learning import exporting
    from digitrec.learning.finishing import Exam, finish
    from digitrec.learning.training import Trained

    lost, networks = iter((0.2, 0.1, 0.3)), []

    def poor_choice(float32, int8, labels):
        networks.append((tmp_path / INT8).read_bytes())
        return exporting.RuntimeChoice(FLOAT32, next(lost), 0.0)

    monkeypatch.setattr(exporting, "choose_runtime", poor_choice)
    model = keras.models.load_model(tiny_artifact / "model.keras", compile=False)
    digits = np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8)
    few = LabelledDigits(digits[:10], np.arange(10))
    card = finish(tmp_path, Trained(model, []), Exam(digits, (few,), few, None), {})
    assert len(networks) == 3
    assert (tmp_path / INT8).read_bytes() == networks[1]
    assert "0.100 points" in card["runtime"]["reason"]


@pytest.mark.real_data
def test_float32_export_agrees_with_keras(mnist):
    import keras

    from digitrec.learning.training import predict_logits
    from digitrec.logits import softmax

    model = keras.models.load_model(DEFAULT_ARTIFACT / "model.keras")
    assert model.count_params() <= 400_000
    in_keras = softmax(predict_logits(model, mnist.test.digits)[:, :10])
    in_litert = Classifier(DEFAULT_ARTIFACT / FLOAT32).classify(mnist.test.digits)
    assert np.abs(in_keras - in_litert).max() <= 1e-5
    assert np.array_equal(in_keras.argmax(axis=1), in_litert.argmax(axis=1))
    card = load_artifact().card
    accuracy = evaluate(in_keras, mnist.test.labels).accuracy
    assert accuracy == pytest.approx(card["figures"]["test_accuracy"], abs=1e-4)
    assert accuracy >= 0.9955


@pytest.mark.real_data
def test_runtime_choice_of_the_card_is_what_validation_says(mnist):
    from digitrec.learning.augmentation import augment
    from digitrec.learning.material import split
    from digitrec.learning.recipe import Recipe

    card = load_artifact().card
    recipe = Recipe(seed=card["recipe"]["seed"], validation_size=card["recipe"]["validation_size"])
    held_out = split(mnist.train, recipe)[1]
    rng = np.random.default_rng((recipe.seed, 6))
    varied = augment(held_out.digits, recipe.augmentation, rng)
    digits = np.concatenate([held_out.digits, varied])
    answers = [Classifier(DEFAULT_ARTIFACT / name).classify(digits) for name in (FLOAT32, INT8)]
    choice = choose_runtime(*answers, np.tile(held_out.labels, 2))
    assert choice.file == card["runtime"]["file"]
