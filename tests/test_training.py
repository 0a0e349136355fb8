"""Training in processes of its own; the networks are tiny, the trainings real."""

import csv
import hashlib
import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT, train

from digitrec.classifier import Classifier
from digitrec.datasets import LabelledDigits
from digitrec.errors import DatasetError, RecipeError
from digitrec.learning.augmentation import Augmentation, augment
from digitrec.learning.evaluation import evaluate
from digitrec.learning.exporting import FLOAT32, INT8, choose_runtime
from digitrec.models import DEFAULT_ARTIFACT, load_artifact


def fingerprint(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_artifact_is_complete(tiny_artifact):
    names = set(fingerprint(tiny_artifact))
    assert names >= {
        "model.keras",
        "model.tflite",
        "model.int8.tflite",
        "card.json",
        "history.csv",
        "report/report.md",
        "report/report.json",
        "report/curves.png",
        "report/confusion.png",
    }
    card = json.loads((tiny_artifact / "card.json").read_text())
    assert card["recipe"]["epochs"] == 3
    assert card["recipe"]["seed"] == 1
    assert card["data"][0]["digits"] == {"training": 1000, "validation": 200, "test": 300}
    assert len(card["data"][0]["sha256"]) == 4
    assert "MNIST:" in card["data"][0]["name"]  # "not MNIST: …": these are templates
    assert {"keras", "tensorflow", "numpy", "python"} <= set(card["versions"])
    assert card["duration_seconds"] >= 0
    assert "--architecture=tiny_cnn" in card["command"]
    assert str(ROOT.parent) not in card["command"]
    with (tiny_artifact / "history.csv").open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2", "3"]
    report = json.loads((tiny_artifact / "report" / "report.json").read_text())
    assert np.sum(report["confusion"]) == 300
    # Variations of ten drawings: a network that learned nothing would have 10 %.
    assert card["figures"]["test_accuracy"] > 0.6
    assert load_artifact(tiny_artifact).network.is_file()


def test_same_seed_gives_the_same_weights_and_another_seed_others(tiny_options, tmp_path):
    options = [*tiny_options, "--limit=256", "--epochs=2"]
    prints = {}
    for name, seed in (("first", 7), ("second", 7), ("third", 8)):
        done = train(*options, f"--seed={seed}", f"--output={tmp_path / name}")
        assert done.returncode == 0, done.stderr
        prints[name] = fingerprint(tmp_path / name)["model.tflite"]
    assert prints["first"] == prints["second"] != prints["third"]


def test_interrupted_training_leaves_the_old_artifact(tiny_artifact, tiny_options):
    before = fingerprint(tiny_artifact)
    options = [o for o in tiny_options if o != "--quiet"]
    process = subprocess.Popen(
        [
            *(sys.executable, "scripts/train.py", *options),
            "--epochs=9999",
            f"--output={tiny_artifact}",
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    shown = ""
    deadline = time.monotonic() + 120
    while "epoch 1" not in shown and time.monotonic() < deadline:
        shown += process.stderr.read(50)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "is as it was" in rest
    assert "Traceback" not in rest
    assert fingerprint(tiny_artifact) == before
    assert [path.name for path in tiny_artifact.parent.iterdir()] == [tiny_artifact.name]


@pytest.mark.parametrize(
    ("option", "word"),
    [
        ("--epochs=0", "epochs"),
        ("--architecture=huge", "tiny_cnn"),
        ("--validation-size=1200", "--validation-size"),
        ("--contrast=7", "contrast"),
        ("--mnist=nowhere", "does not exist"),
    ],
)
def test_wrong_option_is_told_in_one_sentence(tiny_options, tmp_path, option, word):
    done = train(*tiny_options, option, f"--output={tmp_path / 'new'}")
    assert done.returncode == 1
    assert "Expected" in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_split_holds_other_digits_out(template_mnist):
    from digitrec.learning.recipe import Recipe
    from digitrec.learning.training import split

    digits = np.zeros((100, 28, 28), np.uint8)
    digits[:, 0, 0] = np.arange(100)
    data = LabelledDigits(digits, np.arange(100) % 10)
    parts = split(data, Recipe(validation_size=30))
    seen = [set(part.digits[:, 0, 0].tolist()) for part in (parts.train, parts.validation)]
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (70, 30, set())
    assert len(split(data, Recipe(validation_size=30, limit=5)).train) == 5
    with pytest.raises(DatasetError, match="--validation-size"):
        split(data, Recipe())
    with pytest.raises(RecipeError, match="--seed"):
        Recipe(seed=-1)


def test_augmentation_of_nothing_changes_nothing(templates):
    none = Augmentation(**dict.fromkeys(Augmentation.__dataclass_fields__, 0.0))
    assert np.array_equal(augment(templates, none, np.random.default_rng(0)), templates)


@pytest.mark.parametrize("name", Augmentation.__dataclass_fields__)
def test_each_variation_changes_digits_and_repeats_with_its_seed(templates, name):
    none = dict.fromkeys(Augmentation.__dataclass_fields__, 0.0)
    settings = Augmentation(**(none | {name: getattr(Augmentation(), name)}))
    first, again, other = (
        augment(templates, settings, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, templates)


def one_hot(labels, confidence=1.0):
    return np.where(np.eye(10)[labels] == 1, confidence, (1 - confidence) / 9).astype(np.float32)


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


def test_evaluation_counts_what_it_sees():
    labels = np.array([0, 0, 1, 1, 2])
    answers = one_hot(np.array([0, 1, 1, 1, 0]), 0.91)
    result = evaluate(answers, labels)
    assert result.accuracy == pytest.approx(0.6)
    assert result.confusion[0, 1] == result.confusion[2, 0] == 1
    assert result.confusion[1, 1] == 2
    assert result.classes[1].precision == pytest.approx(2 / 3)
    assert result.classes[1].recall == 1
    assert {m.index for m in result.mistakes} == {1, 4}


@pytest.mark.real_data
def test_float32_export_agrees_with_keras(mnist):
    import keras

    from digitrec.learning.artifact import predict

    model = keras.models.load_model(DEFAULT_ARTIFACT / "model.keras")
    assert model.count_params() <= 400_000
    in_keras = predict(model, mnist.test.digits)
    in_litert = Classifier(DEFAULT_ARTIFACT / FLOAT32).classify(mnist.test.digits)
    assert np.abs(in_keras - in_litert).max() <= 1e-5
    assert np.array_equal(in_keras.argmax(axis=1), in_litert.argmax(axis=1))
    card = load_artifact().card
    accuracy = evaluate(in_keras, mnist.test.labels).accuracy
    assert accuracy == pytest.approx(card["figures"]["test_accuracy"], abs=1e-4)
    assert accuracy >= 0.9955


@pytest.mark.real_data
def test_runtime_choice_of_the_card_is_what_validation_says(mnist):
    from digitrec.learning.recipe import Recipe
    from digitrec.learning.training import split

    card = load_artifact().card
    recipe = Recipe(**(card["recipe"] | {"augmentation": Augmentation()}))
    held_out = split(mnist.train, recipe).validation
    answers = [Classifier(DEFAULT_ARTIFACT / n).classify(held_out.digits) for n in (FLOAT32, INT8)]
    choice = choose_runtime(*answers, held_out.labels)
    assert choice.file == card["runtime"]["file"]
