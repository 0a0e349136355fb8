"""Users without a home, or with one that may only be read; clocks that are set back."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from conftest import ROOT, missing
from correcting import correction
from knocking import picture, plain, serving

from digitrec.cli.importing import not_older
from digitrec.corrections import CorrectionStore
from digitrec.shapes import digit_strokes
from digitrec.web import keeping

# Within it this user has a number that the system does not know, as in many containers, and none
# of root's rights.
_NOBODY = ["unshare", "--user", "--map-user=54321", "--map-group=54321"]

HOMES = {
    "no home": {"HOME": None, "XDG_DATA_HOME": None, "XDG_CACHE_HOME": None},
    "home that is not there": {"HOME": "/proc/nowhere", "XDG_DATA_HOME": None},
    "home that may only be read": {"HOME": "/proc", "XDG_DATA_HOME": None, "XDG_CACHE_HOME": None},
}


def environment(changes):
    kept = {name: value for name, value in os.environ.items() if changes.get(name, "") is not None}
    return kept | {name: value for name, value in changes.items() if value is not None}


@pytest.fixture
def stranger(tmp_path):
    """Run lines of Python as a user whom nobody knows, in a folder that may only be read."""
    if (
        shutil.which(_NOBODY[0]) is None
        or subprocess.run([*_NOBODY, "true"], check=False).returncode
    ):
        missing("no right to be another user")
    place = tmp_path / "read-only"
    place.mkdir(mode=0o555)

    def run(home, program):
        return subprocess.run(
            [*_NOBODY, sys.executable, "-c", program],
            env=environment(home) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            cwd=place,
            timeout=120,
        )

    return run


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_reading_needs_no_home(stranger, home):
    done = stranger(
        home,
        "from digitrec import Recognizer\n"
        "from digitrec.shapes import digit_strokes\n"
        "print(Recognizer().read_strokes(digit_strokes(7)).text)",
    )
    assert (done.stdout, done.stderr.count("Traceback")) == ("7\n", 0)


COMMANDS = {
    "corrections list": ["corrections", "list"],
    "retraining": ["train", "--corrections", "--quiet"],
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_what_needs_a_home_says_which_place_to_name(stranger, home, command):
    done = stranger(home, f"import sys\nfrom digitrec.cli import main\nsys.exit(main({command!r}))")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("digitrec: Expected ")
    assert re.search(r"another place in (DIGITREC_DATABASE_URL|XDG_DATA_HOME)", done.stderr)


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_page_starts_a_retraining_only_where_it_can_tell_of_it(stranger, home):
    done = stranger(
        home,
        "from digitrec.errors import RetrainingError\n"
        "from digitrec.retraining_state import read_state, start\n"
        "assert read_state() is None\n"
        "try:\n    start()\nexcept RetrainingError as error:\n    print(error)",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Expected")


def test_server_reads_without_a_home(tmp_path):
    """Corrections have no place then; what is read needs none."""
    # Where not even root may make a folder.
    places = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"), "/proc/nowhere")
    with (
        serving(tmp_path / "log", **places) as (process, address),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        assert httpx.get(address.removesuffix("api"), timeout=60).status_code == 200
        assert client.post("v1/read", content=picture(7)).status_code == 200
        drawn = client.post("v1/read-strokes", json={"strokes": plain(digit_strokes(7))})
        assert drawn.json()["text"] == "7"
        assert process.poll() is None


def test_later_word_stays_later_though_the_clock_is_set_back(tmp_path):
    """Else an older export, imported again, would take the place of what was said last."""
    with CorrectionStore(tmp_path / "corrections.sqlite") as store:
        first = correction(1, time=datetime.now(UTC) + timedelta(days=1))  # before it was set back
        store.save(first)
        store.relabel(first.key, 3)
        relabelled = store.get(first.key)
        assert relabelled.label == 3
        assert relabelled.time > first.time
        assert not_older([first], store) == []


def test_click_after_the_clock_was_set_back_stays_the_later_word(tmp_path, monkeypatch, recognizer):
    monkeypatch.setenv("DIGITREC_DATABASE_URL", str(tmp_path / "corrections.sqlite"))
    digits = recognizer.read_strokes(digit_strokes(7)).digits
    ahead = datetime.now(UTC) + timedelta(days=1)
    with CorrectionStore() as store:
        first = replace(keeping.correction_of(digits[0], 7, recognizer.model), time=ahead)
        store.save(first)
        monkeypatch.setattr(keeping, "_visit", dict)
        keeping.keep(digits, [1], [recognizer.model])
        assert store.get(first.key).label == 1
        assert not_older([first], store) == []


def test_times_end_where_calendars_do(tmp_path):
    last = correction(1, time=datetime.max.replace(tzinfo=UTC))
    with CorrectionStore(tmp_path / "corrections.sqlite") as store:
        store.save(last)
        store.relabel(last.key, 3)
        assert store.get(last.key).label == 3
