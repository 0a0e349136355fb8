"""Trainings of tiny networks, from the command line to the artifact."""

import contextlib
import csv
import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict

import cv2
import numpy as np
import pytest
from conftest import ROOT, fingerprint, run_in_own_process, run_script, train
from threadpoolctl import threadpool_info

from digitrec.learning.recipe import RECIPES
from digitrec.models import DEFAULT_ARTIFACT, load_artifact


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
        # The first in a process of its own: nothing may hang on what ran before.
        run = run_in_own_process if name == "first" else run_script
        done = run("train.py", *options, f"--seed={seed}", f"--output={tmp_path / name}")
        assert done.returncode == 0, done.stderr
        prints[name] = fingerprint(tmp_path / name)["model.tflite"]
    assert prints["first"] == prints["second"] != prints["third"]


def interrupted(process):
    """What a program says once Ctrl-C has ended it; as users do, it is pressed again if need be."""
    try:
        for _ in range(6):
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.communicate(timeout=20)[1]
        raise AssertionError("the program goes on")
    finally:
        process.kill()


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
    rest = interrupted(process)
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


def test_numpy_leaves_the_cores_to_the_network_only_while_it_trains():
    from digitrec.learning.training import numpy_on_one_core

    def threads():
        return {
            pool["filepath"]: pool["num_threads"]
            for pool in threadpool_info()
            if pool["internal_api"] == "openblas"
        }

    before = threads()
    assert before
    with numpy_on_one_core():
        assert set(threads().values()) == {1}
    assert threads() == before


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


@pytest.mark.parametrize("name", ["dense", "simple_cnn", "dropout_cnn", "keras_convnet"])
def test_classic_networks_train_with_their_own_recipes(template_mnist, name, tmp_path):
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


def test_shipped_artifact_has_the_shipped_recipe():
    made_with = load_artifact(DEFAULT_ARTIFACT).card["recipe"]
    assert made_with | {"seed": 0} == asdict(RECIPES["shipped"]) | {"seed": 0}
