"""Programs that are killed while they write: nothing that was acknowledged is lost."""

import json
import shutil
import signal
import subprocess
import sys

import psutil
import pytest
from browser import served, show_example
from conftest import ROOT
from correcting import correction
from playwright.sync_api import expect
from sketching import open_page, reads, say
from visiting import visitor

from digitrec.corrections import CorrectionStore
from digitrec.models import DEFAULT_ARTIFACT, load_artifact
from digitrec.recognizer import Recognizer
from digitrec.versions import rollback, versions


def server():
    """The page's server that this process has started."""
    children = psutil.Process().children()
    (found,) = [child for child in children if "streamlit" in child.cmdline()]
    return found


def test_killed_server_has_kept_every_correction_that_it_thanked_for(browser, tmp_path):
    place = str(tmp_path / "corrections.sqlite")
    with (
        served(DIGITREC_DATABASE_URL=place) as address,
        visitor(browser, (1280, 720)) as page,
    ):
        open_page(page, address)
        for label, said in ((1, "right"), (7, "1")):
            show_example(page, label)
            reads(page, label)
            say(page, said)
            expect(page.get_by_text("Thank you.")).to_be_visible()
        server().send_signal(signal.SIGKILL)
    with CorrectionStore(place) as store:
        assert sorted(kept.label for kept in store.all()) == [1, 1]
        assert len(store.keys()) == 2
        store.save(correction(1, label=3))
        assert store.counts() == {1: 2, 3: 1}


# What every program asks the system for is told to such a hook, so that it can end there as hard
# as a lost machine: at the n-th file that is opened, linked, renamed or removed on the way.
_PROMOTE = """
import json, os, shutil, signal, sys
from pathlib import Path
from digitrec.versions import new_artifact, write_card
folder, moment = Path(sys.argv[1]), int(sys.argv[2])
steps = 0
def step(event, arguments):
    global steps
    if event.split(".")[0] in {"open", "os", "shutil", "ctypes"}:
        steps += 1
        if steps == moment:
            os.kill(os.getpid(), signal.SIGKILL)
card = json.loads((folder / "card.json").read_text())
sys.addaudithook(step)
with new_artifact(folder) as fresh:
    for file in folder.glob("model*"):
        shutil.copyfile(file, fresh / file.name)
    (fresh / "model.int8.tflite").write_bytes((folder / "model.tflite").read_bytes())
    write_card(fresh, card | {"created": "2030-01-01T00:00:00+00:00"})
print(steps)
"""


@pytest.fixture
def artifact(tmp_path):
    return shutil.copytree(
        DEFAULT_ARTIFACT,
        tmp_path / "artifact",
        ignore=shutil.ignore_patterns("report", "predecessors"),
    )


def promote(artifact, moment):
    command = [sys.executable, "-c", _PROMOTE, str(artifact), str(moment)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_promotion_killed_at_any_step_leaves_the_old_or_the_new_network(artifact, tmp_path):
    old = versions(artifact)[0].name
    whole = promote(shutil.copytree(artifact, tmp_path / "tried"), 0)
    assert whole.returncode == 0, whole.stderr
    last = int(whole.stdout)
    assert last > 30
    seen = set()
    for moment in sorted({1, *range(2, last, max(1, last // 12)), last}):
        folder = shutil.copytree(artifact, tmp_path / f"at-{moment}")
        assert promote(folder, moment).returncode == -signal.SIGKILL
        known = [version.name for version in versions(folder)]
        seen.add(len(known))
        assert known[-1] == old
        assert Recognizer(folder).model
        # What it left behind is in nobody's way.
        assert promote(folder, 0).returncode == 0
        assert versions(folder)[0].created.startswith("2030")
        assert rollback(folder).name == old
        assert json.loads((folder / "card.json").read_text()) == load_artifact(artifact).card
        shutil.rmtree(folder)
    assert seen == {1, 2}
