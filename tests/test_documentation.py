"""What README and its companions show is there, and does what they say."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import ROOT, missing
from knocking import knocking_at

from digitrec.api import settings
from digitrec.imaging.strokes import ink_from_strokes
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.shapes import digit_strokes

README = (ROOT / "README.md").read_text(encoding="utf-8")
_LINK = re.compile(r"""(?:\]\(|(?:src|srcset|href)=")(?!https?:)([^)#"]+)[)"]""")
_TRANSCRIPT = re.compile(r"```\n(\$ .*?)```", re.DOTALL)


@pytest.fixture
def in_a_folder_of_pictures(tmp_path, monkeypatch):
    """photo.png, seven.png and three.png, in the working directory."""
    for name, label in (("photo", 7), ("seven", 7), ("three", 3)):
        picture = 255 - ink_from_strokes(digit_strokes(label, height=200))
        cv2.imwrite(
            str(tmp_path / f"{name}.png"), cv2.copyMakeBorder(picture, *[40] * 4, 0, value=255)
        )
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "deployment/README.md",
        "digitrec/models/default/report/report.md",
    ],
)
def test_links_lead_to_committed_files(document):
    committed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    folder = (ROOT / document).parent
    for target in _LINK.findall((ROOT / document).read_text(encoding="utf-8")):
        path = (folder / target).resolve()
        assert path.is_file(), f"{document} leads to {target}"
        assert str(path.relative_to(ROOT)) in committed, f"{target} is not committed"


def test_every_test_that_security_names_is_there():
    named = re.findall(r"`(test_\w+\.py)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(set(named)) > 10
    assert [name for name in named if not (ROOT / "tests" / name).is_file()] == []


def test_readme_python_runs_as_shown(in_a_folder_of_pictures):
    (shown,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {"strokes": digit_strokes(7), "digits": np.zeros((5, 28, 28), np.uint8)}
    exec(shown, names)
    assert eval("reading.text", names) == "7"
    for name in re.findall(r" \.(\w+)", shown):  # named in comments only
        assert hasattr(names["digit"], name)


def transcripts(program):
    """Commands of the README with this program, and what is shown under each."""
    shown = [re.findall(r"\$ (.*)\n((?:[^$].*\n)*)", t) for t in _TRANSCRIPT.findall(README)]
    return [pair for pairs in shown for pair in pairs if pair[0].split()[0] == program]


def test_readme_transcripts_print_what_is_shown(in_a_folder_of_pictures):
    assert len(transcripts("python")) > 2
    for command, shown in transcripts("python"):
        words = [sys.executable, *shlex.split(command)[1:]]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert done.stdout == shown, command


def test_readme_requests_get_what_is_shown(in_a_folder_of_pictures, tmp_path):
    """On a port of the test's own; … stands for any text in a line."""
    if not shutil.which("curl"):
        missing("curl is not installed")
    Path("README.md").write_text(README, encoding="utf-8")
    assert len(transcripts("curl")) > 2
    with knocking_at(tmp_path / "log") as client:
        for command, shown in transcripts("curl"):
            words = shlex.split(command.replace("localhost:8501", client.base_url.netloc.decode()))
            done = subprocess.run(words, capture_output=True, text=True, check=True)
            pattern = ".*".join(map(re.escape, shown.removesuffix("\n").split("…")))
            assert re.fullmatch(pattern, done.stdout), command


def test_readme_has_a_row_for_every_setting_of_http():
    rows = dict(re.findall(r"^\| `DIGITREC_API_(\w+)` \|.*\| (.*) \|$", README, re.MULTILINE))
    assert set(rows) == set(settings.VARIABLES)
    defaults = settings.Settings()
    assert rows["RATE"] == f"`{defaults.rate}`"
    assert int(rows["MAX_MB"]) * 1_000_000 == defaults.max_bytes
    for name in ("SECONDS", "WORKERS", "WAITING"):
        assert int(rows[name]) == getattr(defaults, name.lower())


def test_readme_shows_the_shipped_network_s_own_figures():
    report = (ROOT / "digitrec/models/default/report/evaluation.md").read_text(encoding="utf-8")
    rows = [line for line in report.split("\n## ")[0].splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    for row in rows:
        assert row in README
    card = load_artifact(DEFAULT_ARTIFACT).card
    assert f"{card['parameters']:,} parameters" in README
    assert f"{100 * card['figures']['test_accuracy_at_run_time']:.2f} % right on MNIST" in README
