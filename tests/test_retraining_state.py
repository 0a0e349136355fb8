"""A retraining that runs in the background: watched, cancelled, killed, and only one at a time."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ROOT, fingerprint
from teaching import corrections_by, own_hand, stored
from waiting import wait_until

from digitrec import retraining_state as module
from digitrec.errors import RetrainingError
from digitrec.models import load_artifact
from digitrec.retraining_state import (
    RetrainingState,
    cancel,
    is_running,
    only_one,
    read_state,
    start,
    write_state,
)

pytestmark = pytest.mark.usefixtures("own_places")


@pytest.fixture
def artifact(tiny_artifact, tmp_path):
    return shutil.copytree(tiny_artifact, tmp_path / "artifact")


@pytest.fixture
def running(artifact, template_mnist, tmp_path):
    """A retraining that runs, past the loading of its libraries; its folder, and its pid."""
    place = stored(tmp_path, corrections_by(own_hand, 48))
    folder = tmp_path / "state"
    arguments = [f"--output={artifact}", f"--corrections={place}", "--unchecked"]
    with ThreadPoolExecutor(2) as clicks:  # two visitors at once: one is told of the other
        both = [
            clicks.submit(start, [*arguments, f"--mnist={template_mnist}"], folder)
            for _ in range(2)
        ]
    (state,) = (click.result() for click in both if not click.exception())
    (refused,) = filter(None, (click.exception() for click in both))
    assert str(refused).startswith("Expected no other retraining. Received: one that is running")
    try:
        assert state.outcome == "running"
        wait_until(lambda: read_state(folder).share > 0.02 or not is_running(folder))
        assert is_running(folder), (folder / "log.txt").read_text()
        yield folder, state.pid
    finally:
        if is_running(folder):
            os.kill(state.pid, signal.SIGKILL)
        wait_until(lambda: not is_running(folder))


def test_second_retraining_is_told_and_the_first_can_be_cancelled(artifact, running):
    folder, pid = running
    before = fingerprint(artifact)
    with pytest.raises(RetrainingError, match="one that is running"):
        start(folder=folder)
    done = subprocess.run(
        [sys.executable, "-m", "digitrec", "train", "--corrections", f"--state={folder}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "one that is running" in done.stderr
    assert read_state(folder).pid == pid
    assert cancel(folder)
    wait_until(lambda: not is_running(folder))
    assert read_state(folder).outcome == "cancelled"
    assert fingerprint(artifact) == before
    assert not cancel(folder)
    assert not (folder / "candidate").exists()


def test_killed_retraining_has_failed_and_leaves_the_artifact(artifact, running):
    folder, pid = running
    before = fingerprint(artifact)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(folder))
    state = read_state(folder)
    assert state.outcome == "failed"
    assert "ended without a word" in state.message
    assert fingerprint(artifact) == before
    assert load_artifact(artifact).network.is_file()
    with only_one(folder):
        pass


def test_retraining_that_ends_at_once_is_told(tmp_path):
    with pytest.raises(RetrainingError, match="No such option '--nonsense'"):
        start(["--nonsense"], tmp_path)


def test_state_of_a_dead_process_is_a_failure(tmp_path):
    assert read_state(tmp_path) is None
    state = RetrainingState("running", "Judging", 0.9, "2030-01-01T00:00:00+00:00", 2**22 + 1)
    write_state(tmp_path, state)
    assert read_state(tmp_path).outcome == "failed"
    with only_one(tmp_path):
        assert read_state(tmp_path) == state
        with pytest.raises(RetrainingError), only_one(tmp_path):
            pass
    assert not is_running(tmp_path)


def test_without_locks_the_process_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_locked", lambda file: None)
    started = "2030-01-01T00:00:00+00:00"
    write_state(tmp_path, RetrainingState("running", "Judging", 0.9, started, os.getpid()))
    assert is_running(tmp_path)
    with pytest.raises(RetrainingError), only_one(tmp_path):
        pass
    write_state(tmp_path, RetrainingState("running", "Judging", 0.9, started, 2**22 + 1))
    assert read_state(tmp_path).outcome == "failed"
    with only_one(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"outcome": "dreaming"}', "[" * 100_000])
def test_unreadable_state_is_none(tmp_path, content):
    (tmp_path / "state.json").write_text(content)
    assert read_state(tmp_path) is None


def test_watching_loads_no_keras():
    script = (
        "import sys, digitrec.retraining_state, digitrec.versions\n"
        "bad = {'tensorflow', 'keras', 'matplotlib', 'sklearn', 'streamlit'} & set(sys.modules)\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)


def test_default_place_is_the_user_s_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert module.state_folder() == tmp_path / "digitrec" / "retraining"
