"""Trainings of tiny networks, from the command line to the artifact."""

import csv
import json
import shlex
import shutil
from dataclasses import asdict

import cv2
import numpy as np
import pytest
from conftest import ROOT, fingerprint, train
from threadpoolctl import threadpool_info

from digitrec.cli.recipe_options import recipe_given
from digitrec.cli.training import command
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


def test_same_seed_gives_the_same_weights_and_another_seed_others(
    tiny_artifact, tiny_options, tmp_path
):
    # The first trained in a process of its own: nothing may hang on what ran before.
    prints = {"first": fingerprint(tiny_artifact)["model.tflite"]}
    for name, options in (("second", []), ("third", ["--seed=8"])):
        done = train(*tiny_options, *options, f"--output={tmp_path / name}")
        assert done.returncode == 0, done.stderr
        prints[name] = fingerprint(tmp_path / name)["model.tflite"]
    assert prints["first"] == prints["second"] != prints["third"]


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


def test_command_of_the_card_asks_for_the_same_training_again(tiny_options, stroke_file, tmp_path):
    """Whatever its options are: noughts, and names with a space or a sign that a shell reads."""
    strokes = [tmp_path / name for name in ("my drawings.jsonl", "it's $HOME;é.jsonl")]
    for file in strokes:
        shutil.copyfile(stroke_file, file)
    done = train(
        *tiny_options,
        *("--rotation=0", "--seed=0", "--outlier-share=0.0", "--limit=0", "--epochs=2"),
        *("--stroke-epochs=0", *(f"--strokes={file}" for file in strokes)),
        f"--output={tmp_path / 'out'}",
    )
    assert done.returncode == 0, done.stderr
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    program, words = shlex.split(card["command"])[:4], shlex.split(card["command"])[4:]
    assert program == ["python", "-m", "digitrec", "train"]
    told = command.make_context("train", words).params
    assert card["recipe"]["augmentation"]["rotation"] == card["recipe"]["seed"] == 0
    assert json.loads(json.dumps(asdict(recipe_given(told)))) == card["recipe"]
    assert list(told["strokes"]) == [file.name for file in strokes]
    assert told["unchecked"]


@pytest.mark.parametrize("option", ["--rotation=0", "--outlier-share=0", "--limit=0"])
def test_learning_corrections_takes_no_option_of_a_training(option):
    done = train("--corrections", option)
    assert done.returncode == 2
    assert f"{option.partition('=')[0]}: options of a training from scratch" in done.stderr


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
