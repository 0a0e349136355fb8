"""The script that gathers the evidence, on a really trained tiny network."""

import hashlib
import json
import re
import shutil

import cv2
import numpy as np
import pytest
from conftest import ROOT, run_command

from digitrec.imaging.strokes import ink_from_strokes
from digitrec.shapes import digit_strokes


def evaluate(*arguments):
    return run_command("evaluate", "--quiet", *arguments)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for label in range(10):
        (folder / str(label)).mkdir()
        for person, height in (("ann", 120), ("bo", 200)):
            ink = ink_from_strokes(digit_strokes(label, height=height))
            cv2.imwrite(str(folder / str(label) / f"{person}_1.png"), 255 - np.pad(ink, 20))
    (folder / "3" / "bo_broken.png").write_bytes(b"no picture")
    return folder


def test_script_scores_every_kind_of_set_and_writes_the_evidence(
    tiny_artifact, stroke_file, pictures, tmp_path
):
    done = evaluate(
        *("--artifact", tiny_artifact, "--no-mnist", "--scribbles", 20),
        *("--images", pictures, "--strokes", stroke_file, "--not-digits", pictures / "3"),
        *("--compare", ROOT / "digitrec" / "models" / "default", "--output", tmp_path / "report"),
    )
    assert done.returncode == 0, done.stderr
    for words in ("| drawings |", "24 px small", "fat pen", "scribbles", "beyond noise"):
        assert words in done.stdout
    assert "| 3, bo | 1 |" in done.stdout  # a row a person
    assert re.search(r"\| drawings \| 40 \| [\d.]+ \| [\d.]+ \| [0-2]: [\d.]+ \|", done.stdout)
    assert "Skipped, as they cannot be read: 2" in done.stdout
    written = {p.name for p in (tmp_path / "report").iterdir()}
    assert written >= {
        "evaluation.json",
        "evaluation.md",
        "evaluation-confusion.png",
        "evaluation-reliability.png",
        "evaluation-rejection.png",
        "evaluation-people.png",
    }
    content = json.loads((tmp_path / "report" / "evaluation.json").read_text())
    assert [row["count"] for row in content["digits"]][:2] == [20, 40]
    assert content["digits"][0]["groups"] == 2
    assert len(content["classes"]["drawings"]) == 10
    text = (tmp_path / "report" / "evaluation.md").read_text()
    assert "| mean |" in text
    assert str(tmp_path) not in text


def test_what_was_trained_on_judges_nothing(tiny_artifact, stroke_file, pictures, tmp_path):
    learned = tmp_path / "learned"
    shutil.copytree(tiny_artifact, learned)
    card = json.loads((learned / "card.json").read_text())
    digest = hashlib.sha256(stroke_file.read_bytes()).hexdigest()
    card["data"].append({"name": "mine", "sha256": {stroke_file.name: digest}})
    (learned / "card.json").write_text(json.dumps(card))
    only = ("--no-mnist", "--scribbles", 0, "--output", tmp_path / "report")
    done = evaluate("--artifact", learned, *only, "--strokes", stroke_file)
    assert done.returncode == 1
    assert "has not learned from" in done.stderr
    done = evaluate("--artifact", tiny_artifact, *only, "--images", pictures, "--images", pictures)
    assert done.returncode == 1
    assert "different names" in done.stderr
    greek = tmp_path / "greek"
    greek.mkdir()
    (greek / "Greek_character01_0001.png").write_bytes(b"")
    done = evaluate("--artifact", tiny_artifact, *only, "--not-digits", greek)
    assert done.returncode == 1
    assert "Balinese" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--no-mnist"], "--images"),
        (["--no-mnist", "--images", "nowhere"], "not there"),
        (["--no-mnist", "--images", "tests"], "0 to 9"),
        (["--no-mnist", "--strokes", "README.md"], "line 1"),
        (["--artifact", "nowhere", "--no-mnist", "--not-digits", "docs/images"], "artifact"),
        (["--mnist", "nowhere"], "does not exist"),
    ],
)
def test_wrong_sets_are_told_in_one_sentence(arguments, word, tmp_path):
    done = evaluate(*arguments, "--output", tmp_path / "report")
    assert done.returncode == 1
    assert "Expected" in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "report").exists()
