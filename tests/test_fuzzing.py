"""Fuzzing, for a moment: what it does for hours by hand still works, and finds nothing at once."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

TARGETS = ("pictures", "canvas", "json_lines", "arrays", "artifacts", "bodies")
pytest.importorskip("atheris", reason="atheris is for Linux alone")


def fuzz(*options):
    command = [sys.executable, "fuzzing/run.py", *map(str, options)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_a_moment_of_changes_break_nothing(tmp_path, target):
    done = fuzz(target, "--seconds", 1, "--seed", 1, "--place", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    inputs, found = re.fullmatch(rf"{target} +(\d+) inputs, (.*)\n", done.stdout).groups()
    assert found == "nothing found"
    assert int(inputs) >= len(list((tmp_path / "corpus" / target).glob("seed-*"))) >= 5
    assert list((tmp_path / "found").iterdir()) == []


def test_find_is_told_kept_and_read_again(tmp_path, monkeypatch):
    """A reader that breaks, in the place of one that does not."""
    (tmp_path / "sitecustomize.py").write_text(
        "import json, digitrec.imaging.strokes as strokes\n"
        "def broken(state):\n    raise ZeroDivisionError('broken')\n"
        "strokes.objects_of_canvas = broken\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    done = fuzz("canvas", "--seconds", 10, "--place", tmp_path)
    assert done.returncode == 1
    assert "ZeroDivisionError: broken" in done.stdout
    (find,) = (tmp_path / "found").glob("canvas-crash-*")
    again = fuzz("canvas", "--again", find, "--place", tmp_path)
    assert again.returncode == 1
    assert "ZeroDivisionError: broken" in again.stdout
    monkeypatch.delenv("PYTHONPATH")
    mended = fuzz("canvas", "--again", find, "--place", tmp_path)
    assert mended.returncode == 0, mended.stdout


def test_unknown_target_is_told():
    done = fuzz("nothing")
    assert done.returncode == 2
    assert "Expected targets of pictures" in done.stderr
