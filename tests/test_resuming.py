"""Trainings that are broken off: what is left of them, and how they go on."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from conftest import ROOT, fingerprint, train


@pytest.fixture
def kept(tiny_training, tmp_path):
    """What the tiny training kept of its last epoch."""
    return shutil.copytree(tiny_training / ".tiny-training", tmp_path / "kept")


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
    deadline = time.monotonic() + 400
    while "epoch 1" not in shown:
        assert time.monotonic() < deadline, shown
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
    assert len(json.loads((kept / "last.json").read_text())["history"]) == 2
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


def test_full_disk_at_the_very_end_leaves_the_old_artifact(tiny_artifact, tiny_options, kept):
    before = fingerprint(tiny_artifact)
    # Nothing is left to train: what the disk has no room for is the artifact.
    options = [f"--checkpoints={kept}", "--resume", f"--output={tiny_artifact}"]
    done = with_small_files(*tiny_options, *options)
    assert done.returncode == 1
    assert "is as it was" in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(tiny_artifact) == before
    names = {path.name for path in tiny_artifact.parent.iterdir()}
    assert names <= {tiny_artifact.name, f".{tiny_artifact.name}-training"}


def test_going_on_with_other_data_is_refused(tiny_options, kept, stroke_file, tmp_path):
    options = [*tiny_options, f"--checkpoints={kept}", "--resume"]
    done = train(*options, "--strokes", stroke_file, f"--output={tmp_path / 'second'}")
    assert done.returncode == 1
    assert "other drawings" in done.stderr
    assert not (tmp_path / "second").exists()


def with_small_files(*options):
    """A training that may write no file above 40 kB, as on a disk that is full.

    What measures the tests' coverage would write such a file, too, and has to stay out.
    """
    script = (
        "import resource, runpy, sys;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000));"
        "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", script, "scripts/train.py", *map(str, options)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
        capture_output=True,
        text=True,
        check=False,
    )
