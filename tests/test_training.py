"""Training in processes of its own; the networks are tiny, the trainings real."""

import csv
import hashlib
import json
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest
from conftest import ROOT, train

from digitrec.classifier import Classifier
from digitrec.datasets import LabelledDigits
from digitrec.errors import ArtifactError, DatasetError, RecipeError
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
    assert "--resume" in rest
    kept = tiny_artifact.with_name(".tiny-training")
    assert {path.name for path in tiny_artifact.parent.iterdir()} == {tiny_artifact.name, kept.name}


def test_resumed_training_gives_the_weights_of_an_unbroken_one(tiny_options, tmp_path):
    options = [*tiny_options, "--limit=256", "--epochs=3", "--stroke-epochs=1"]
    assert train(*options, f"--output={tmp_path / 'whole'}").returncode == 0
    # Broken off after the second epoch: what the first run kept before its strokes' epoch.
    kept = tmp_path / ".whole-training"
    for file in kept.glob("before-strokes*"):
        content = file.read_bytes().replace(b"before-strokes", b"last")
        (kept / file.name.replace("before-strokes", "last")).write_bytes(
            content if file.suffix == ".json" else file.read_bytes()
        )
    options += [f"--checkpoints={kept}", "--resume"]
    done = train(*options, f"--output={tmp_path / 'resumed'}")
    assert done.returncode == 0, done.stderr
    whole, resumed = (fingerprint(tmp_path / name) for name in ("whole", "resumed"))
    assert whole["model.tflite"] == resumed["model.tflite"]
    assert whole["history.csv"] == resumed["history.csv"]
    other = train(*options, "--seed=5", f"--output={tmp_path / 'other'}")
    assert other.returncode == 1
    assert "seed" in other.stderr
    assert "--resume" in other.stderr


def test_mixed_precision_gives_a_float32_network(tiny_options, tmp_path):
    import keras

    options = ["--precision=mixed_bfloat16", "--epochs=2", f"--output={tmp_path / 'mixed'}"]
    done = train(*tiny_options, *options)
    assert done.returncode == 0, done.stderr
    model = keras.models.load_model(tmp_path / "mixed" / "model.keras")
    assert {layer.compute_dtype for layer in model.layers if layer.weights} == {"float32"}
    card = json.loads((tmp_path / "mixed" / "card.json").read_text())
    assert card["figures"]["test_accuracy"] > 0.4


def test_resume_without_a_beginning_is_told(tiny_options, tmp_path):
    done = train(*tiny_options, "--resume", f"--output={tmp_path / 'new'}")
    assert done.returncode == 1
    assert "without --resume" in done.stderr
    assert "Traceback" not in done.stderr


def test_full_disk_leaves_the_old_artifact(tiny_artifact, tiny_options):
    before = fingerprint(tiny_artifact)
    options = [*tiny_options, "--epochs=1", "--limit=256", f"--output={tiny_artifact}"]
    done = with_small_files(*options)
    assert done.returncode == 1
    assert "is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(tiny_artifact) == before


def test_full_disk_at_the_very_end_leaves_the_old_artifact(tiny_artifact, tiny_options, tmp_path):
    before = fingerprint(tiny_artifact)
    checkpoints = tmp_path / "kept"
    options = [*tiny_options, "--epochs=1", "--limit=256", f"--checkpoints={checkpoints}"]
    assert train(*options, f"--output={tmp_path / 'other'}").returncode == 0
    # Nothing is left to train: what the disk has no room for is the artifact.
    done = with_small_files(*options, "--resume", f"--output={tiny_artifact}")
    assert done.returncode == 1
    assert "is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(tiny_artifact) == before
    names = {path.name for path in tiny_artifact.parent.iterdir()}
    assert names <= {tiny_artifact.name, f".{tiny_artifact.name}-training"}


def test_going_on_with_other_data_is_refused(tiny_options, stroke_file, tmp_path):
    options = [*tiny_options, "--epochs=2", "--limit=256", "--validation-writers=1"]
    options.append(f"--checkpoints={tmp_path / 'kept'}")
    assert train(*options, f"--output={tmp_path / 'first'}").returncode == 0
    done = train(*options, "--resume", "--strokes", stroke_file, f"--output={tmp_path / 'second'}")
    assert done.returncode == 1
    assert "other drawings" in done.stderr
    assert not (tmp_path / "second").exists()


def with_small_files(*options):
    script = (
        "import resource, runpy, sys;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", script, "scripts/train.py", *map(str, options)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_training_data_from_the_test_set_is_refused(template_mnist, tiny_options, tmp_path):
    with np.load(template_mnist) as arrays:
        leaky = dict(arrays)
    leaky["x_train"][7] = leaky["x_test"][3]
    np.savez(tmp_path / "leaky.npz", **leaky)
    done = train(*tiny_options, f"--mnist={tmp_path / 'leaky.npz'}", f"--output={tmp_path / 'a'}")
    assert done.returncode == 1
    assert "test set" in done.stderr
    assert not (tmp_path / "a").exists()


def test_strokes_and_pictures_are_trained_on_and_credited(tiny_options, stroke_file, tmp_path):
    pictures = tmp_path / "scripts"
    pictures.mkdir()
    for number in range(12):
        image = np.full((105, 105), 255, np.uint8)
        cv2.line(image, (10, 10 + 7 * number), (95, 50), 0, 3)
        cv2.imwrite(str(pictures / f"Korean_character01_{number:02d}.png"), image)
    (pictures / "Korean_character02_broken.png").write_bytes(b"no picture")
    done = train(
        *tiny_options,
        *("--epochs=2", "--stroke-epochs=1", "--limit=256", "--validation-writers=1"),
        *("--strokes", stroke_file, "--not-digits", pictures),
        f"--output={tmp_path / 'out'}",
    )
    assert done.returncode == 0, done.stderr
    assert "skipped 1 unreadable pictures: Korean_character02_broken.png" in done.stderr
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert [d["name"][:8] for d in card["data"]] == ["not MNIS", "drawings", "Omniglot", "drawings"]
    assert card["data"][1]["writers"] == 3
    assert len(card["data"][1]["validation_writers"]) == 1
    assert card["data"][2]["pictures"] == 12
    assert "validation_strokes_accuracy" in card["figures"]
    assert 0 < card["digit_threshold"] < 1
    assert card["temperature"] != 1
    assert str(tmp_path) not in card["command"]
    for sheet in ("shapes.png", "outliers.png"):
        assert (tmp_path / "out" / "report" / sheet).stat().st_size > 10_000


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"label": "3"', "line 2"),
        ('{"label": "3"}', "strokes"),
        ('{"label": "12", "strokes": [[[0, 0]]]}', "one character"),
        ('{"label": "a", "strokes": [[[0, 0], [5, 5]]]}', "0-9"),
    ],
)
def test_wrong_strokes_are_told_in_one_sentence(tiny_options, stroke_file, tmp_path, line, word):
    file = tmp_path / "bad.jsonl"
    lines = stroke_file.read_text().splitlines()
    file.write_text("\n".join([lines[0], line, *lines[1:]]))
    done = train(*tiny_options, "--strokes", file, f"--output={tmp_path / 'new'}")
    assert done.returncode == 1
    assert word in done.stderr
    assert "Expected" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
def test_exported_network_of_another_backend_is_finished(tiny_artifact, tmp_path):
    """The network alone, as from elsewhere; then beside the exam that a training leaves."""
    from digitrec.learning.finishing import Exam, load_unfinished, save_unfinished
    from digitrec.learning.training import Trained

    lone = tmp_path / "lone.keras"
    lone.write_bytes((tiny_artifact / "model.keras").read_bytes())
    done = export(lone, tmp_path / "alone")
    assert done.returncode == 0, done.stderr
    assert load_artifact(tmp_path / "alone").digit_threshold == 0

    import keras

    model = keras.models.load_model(lone, compile=False)
    rng = np.random.default_rng(0)
    digits = LabelledDigits(rng.integers(0, 256, (40, 28, 28), np.uint8), np.arange(40) % 10)
    exam = Exam(digits.digits, (digits, digits), digits)
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
    done = export(folder / "model.keras", tmp_path / "finished")
    assert done.returncode == 0, done.stderr
    artifact = load_artifact(tmp_path / "finished")
    assert artifact.card["command"] == "there"
    assert 0 < artifact.digit_threshold < 1
    assert artifact.card["figures"]["test_digits"] == 40
    assert (tmp_path / "finished" / "report" / "shapes.png").read_bytes() == b"a sheet"


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras' own
def test_networks_that_cannot_be_finished_are_told(tiny_artifact, tmp_path, capsys, monkeypatch):
    import keras

    monkeypatch.syspath_prepend(ROOT / "scripts")
    from export import main

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
        assert main([str(wrong), str(tmp_path / "out")]) == 1
        told = capsys.readouterr().err
        assert "Expected" in told
        assert words in told
    (folder / "exam.json").write_text("{")
    assert main([str(network), str(tmp_path / "out")]) == 1
    assert "exam.json" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def export(*arguments):
    command = [sys.executable, "scripts/export.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_loss_is_least_for_sure_digits_and_flat_outliers():
    from digitrec.learning.losses import DigitAccuracy, DigitLoss, targets

    wanted = targets(np.array([3, -1]))
    assert wanted[0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert wanted[1].tolist() == [0] * 11
    sure, flat = np.zeros((1, 11), np.float32), np.zeros((1, 11), np.float32)
    sure[0, [3, 10]], flat[0, 10] = 20, -20
    loss = DigitLoss(reduction="none")
    assert np.asarray(loss(wanted, np.concatenate([sure, flat]))) == pytest.approx([0, 0], abs=1e-4)
    swapped = np.asarray(loss(wanted, np.concatenate([flat, sure])))
    assert (swapped > 5).all()
    without_score = np.asarray(loss(wanted, np.concatenate([sure, flat])[:, :10]))
    assert without_score == pytest.approx([0, 0], abs=1e-4)
    again = DigitLoss.from_config(loss.get_config())
    assert again.outlier_weight == loss.outlier_weight
    accuracy = DigitAccuracy()
    accuracy.update_state(wanted, np.concatenate([sure, flat]))
    assert float(accuracy.result()) == 1  # the outlier does not count


def test_temperature_mends_too_sure_logits():
    from digitrec.learning.calibration import set_temperature

    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4_000, 10))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in shares])
    assert set_temperature((3 * logits).astype(np.float32), labels) == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize("name", ["dense", "simple_cnn", "dropout_cnn", "keras_convnet"])
def test_classic_networks_train_with_their_own_recipes(template_mnist, name, tmp_path):
    from digitrec.learning.recipe import RECIPES

    done = train(
        *("--unchecked", f"--mnist={template_mnist}", f"--architecture={name}", "--quiet"),
        *("--epochs=2", "--validation-size=200", f"--output={tmp_path / name}"),
    )
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / name / "card.json").read_text())
    assert card["recipe"]["optimizer"] == "adam"
    assert card["recipe"]["batch_size"] == RECIPES[name].batch_size
    assert card["recipe"]["outlier_share"] == 0
    assert len(card["data"]) == 1
    assert card["figures"]["test_accuracy"] > 0.5


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


def test_no_character_is_trained_on_and_held_out(templates):
    from digitrec.learning.material import Material, split_characters

    pictures = np.repeat(templates, 4, axis=0)
    names = [f"Greek_character{i // 4:02d}" for i in range(40)]
    material = Material(LabelledDigits(templates, np.arange(10)), (), pictures, names)
    kept, held_out = split_characters(material, np.random.default_rng(0))
    assert (len(kept), len(held_out)) == (36, 4)
    assert len(np.unique(held_out, axis=0)) == 1
    assert not {d.tobytes() for d in held_out} & {d.tobytes() for d in kept}


def test_one_writer_s_drawings_are_split_by_drawing():
    from digitrec.datasets import Drawing
    from digitrec.learning.material import split_writers
    from digitrec.learning.recipe import Recipe

    mine = [Drawing(str(i % 10), "", (np.ones((2, 2), np.float32),)) for i in range(50)]
    kept, held_out = split_writers(mine, Recipe())
    assert (len(kept), len(held_out)) == (45, 5)
    assert not {id(d) for d in kept} & {id(d) for d in held_out}
    two = [*mine, Drawing("1", "bo", mine[0].strokes)]
    with pytest.raises(DatasetError, match="--validation-writers"):
        split_writers(two, Recipe())


@pytest.mark.parametrize(
    ("epochs", "stroke_epochs", "first"), [(28, 8, 20), (3, 8, 1), (1, 8, 0), (5, 0, 5)]
)
def test_pen_strokes_join_after_a_first_epoch(epochs, stroke_epochs, first):
    from digitrec.learning.recipe import Recipe

    recipe = Recipe(epochs=epochs, stroke_epochs=stroke_epochs)
    assert recipe.first_stroke_epoch == first


def test_split_holds_other_digits_out(template_mnist):
    from digitrec.learning.material import split
    from digitrec.learning.recipe import Recipe

    digits = np.zeros((100, 28, 28), np.uint8)
    digits[:, 0, 0] = np.arange(100)
    data = LabelledDigits(digits, np.arange(100) % 10)
    parts = split(data, Recipe(validation_size=30))
    seen = [set(part.digits[:, 0, 0].tolist()) for part in parts]
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (70, 30, set())
    assert len(split(data, Recipe(validation_size=30, limit=5))[0]) == 5
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
    # A chance of 8 % may spare ten digits.
    amount = 1.0 if name in {"blur", "bilevel", "bold"} else getattr(Augmentation(), name)
    settings = Augmentation(**(none | {name: amount}))
    first, again, other = (
        augment(templates, settings, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, templates)


def test_a_marker_closes_no_hole_and_fills_no_bay(templates):
    none = dict.fromkeys(Augmentation.__dataclass_fields__, 0.0)
    marker = Augmentation(**(none | {"bold": 1.0}))
    rng = np.random.default_rng(0)
    drawn = np.stack([augment(templates, marker, rng) for _ in range(30)])  # (30, 10, 28, 28)
    ink = (drawn >= 128).sum(axis=(2, 3)) / (templates >= 128).sum(axis=(1, 2))
    assert ink[:, 1].max() > 2.5  # a 1 as a bar
    assert ink.max(axis=0).min() >= 1
    for digits in drawn:
        pieces = [cv2.connectedComponents((d < 128).astype(np.uint8))[0] - 2 for d in digits]
        assert pieces[8] == 2
        assert pieces[0] == pieces[6] == pieces[9] == 1
        assert pieces[3] == pieces[7] == 0
    nothing = np.zeros((1, 28, 28), np.uint8)
    assert not augment(nothing, marker, rng).any()


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

    from digitrec.classifier import softmax
    from digitrec.learning.training import predict_logits

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
    from digitrec.learning.material import split
    from digitrec.learning.recipe import Recipe

    card = load_artifact().card
    recipe = Recipe(seed=card["recipe"]["seed"], validation_size=card["recipe"]["validation_size"])
    held_out = split(mnist.train, recipe)[1]
    answers = [Classifier(DEFAULT_ARTIFACT / n).classify(held_out.digits) for n in (FLOAT32, INT8)]
    choice = choose_runtime(*answers, held_out.labels)
    assert choice.file == card["runtime"]["file"]
