"""The scripts that train more than once, on tiny networks."""

import json

import pytest
from conftest import run_script, train

from digitrec.models import load_artifact


@pytest.fixture(scope="module")
def broken_off(tiny_options, stroke_file, tmp_path_factory):
    """A tiny training with pen strokes, its checkpoints, and the options that it needs again."""
    folder = tmp_path_factory.mktemp("folds") / "tiny"
    options = ["--epochs=3", "--stroke-epochs=1", "--limit=400", "--validation-writers=1"]
    done = train(*tiny_options, *options, "--strokes", stroke_file, f"--output={folder}")
    assert done.returncode == 0, done.stderr
    return folder.with_name(".tiny-training")


def test_each_writer_is_left_out_once(broken_off, stroke_file, template_mnist, tmp_path):
    before = {path.name: path.read_bytes() for path in broken_off.iterdir()}
    arguments = ["--strokes", stroke_file, "--checkpoints", broken_off, "--quiet", "--folds", 3]
    file = tmp_path / "folds.json"
    arguments += ["--mnist", template_mnist, "--unchecked", "--output", file]
    networks = tmp_path / "networks"
    arguments += ["--networks", networks]
    done = run_script("leave_writers_out.py", *arguments)
    assert done.returncode == 0, done.stderr
    results = json.loads(file.read_text())["results"]
    assert sorted(results) == ["0", "1", "2"]
    assert sum(row["digits"] for row in results.values()) == 40
    assert all(0 <= row["right"] <= 1 for row in results.values())
    assert "| all | 40 |" in done.stdout
    assert {path.name: path.read_bytes() for path in broken_off.iterdir()} == before
    for writer in results:
        artifact = load_artifact(networks / f"without-{writer}")
        assert artifact.card["writers_left_out"] == [writer]
    # What is there is not done again.
    times = [path.stat().st_mtime_ns for path in networks.iterdir()]
    again = run_script("leave_writers_out.py", *arguments)
    assert again.stdout.splitlines()[-1] == done.stdout.splitlines()[-1]
    assert [path.stat().st_mtime_ns for path in networks.iterdir()] == times
    wrong = run_script("leave_writers_out.py", *arguments, "--folds", 2)
    assert wrong.returncode == 1
    assert "others" in wrong.stderr
    file.write_text("{")
    wrong = run_script("leave_writers_out.py", *arguments)
    assert wrong.returncode == 1
    assert "damaged" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_folds_without_a_training_are_told(stroke_file, template_mnist, tmp_path):
    done = run_script(
        *("leave_writers_out.py", "--strokes", stroke_file, "--checkpoints", tmp_path),
        *("--mnist", template_mnist, "--unchecked"),
    )
    assert done.returncode == 1
    assert "Run `digitrec train`" in done.stderr
    assert "Traceback" not in done.stderr


def test_classics_are_one_table(template_mnist, stroke_file, tmp_path):
    arguments = ["--mnist", template_mnist, "--unchecked", "--only", "dense", "--quiet"]
    arguments += ["--strokes", stroke_file, "--output", tmp_path, "--epochs=1"]
    arguments += ["--validation-size=200", "--report", tmp_path / "classics.json"]
    done = run_script("classics.py", *arguments)
    assert done.returncode == 0, done.stderr
    head, _, dense, ours = done.stdout.splitlines()
    assert "drawings" in head
    assert dense.startswith("| `dense` | 109,386 | ")
    assert ours.startswith("| `strided_cnn` |")
    written = json.loads((tmp_path / "classics.json").read_text())
    assert written["sets"] == ["drawings"]
    assert [row["name"] for row in written["networks"]] == ["dense", "strided_cnn"]
    assert "Traceback" not in done.stderr
    # With another recipe than its own it does not count as trained.
    from digitrec.learning import classics

    assert not classics.is_trained(tmp_path / "dense")
    card = json.loads((tmp_path / "dense" / "card.json").read_text())
    card["recipe"] |= {"epochs": 10, "validation_size": 6_000}
    (tmp_path / "dense" / "card.json").write_text(json.dumps(card))
    assert classics.is_trained(tmp_path / "dense")
    letters = tmp_path / "letters.jsonl"
    letters.write_text('{"label": "A", "strokes": [[[0, 0], [50, 99]]]}\n')
    wrong = run_script("classics.py", "--only", "dense", "--output", tmp_path, "--strokes", letters)
    assert wrong.returncode == 1
    assert "label 0-9" in wrong.stderr


def test_seeds_are_one_table_with_their_mean(tmp_path):
    for seed, accuracy in ((1, 0.9960), (2, 0.9970)):
        card = {"recipe": {"seed": seed, "epochs": 3}, "duration_seconds": 600}
        card["figures"] = {"test_accuracy": accuracy, "test_accuracy_at_run_time": accuracy}
        (tmp_path / f"seed{seed}").mkdir()
        (tmp_path / f"seed{seed}" / "card.json").write_text(json.dumps(card))
    done = run_script("seeds.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "| 2 | 99.70 |" in done.stdout
    assert "| mean of 2 | 99.65 |" in done.stdout
    card["recipe"]["epochs"] = 4
    (tmp_path / "seed2" / "card.json").write_text(json.dumps(card))
    assert "2 recipes" in run_script("seeds.py", tmp_path).stderr
    assert run_script("seeds.py", tmp_path / "none").returncode == 1
