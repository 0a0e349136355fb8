"""A disk that fills up while something is written to it: what was there before stays whole."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, missing
from correcting import correction
from knocking import picture

from digitrec.corrections import CorrectionStore
from digitrec.models import DEFAULT_ARTIFACT

_TINY = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && shift && exec "$@"'


def may_mount(mounted):
    return not subprocess.run([*mounted, "true"], capture_output=True, check=False).returncode


@pytest.fixture
def small_disk(tmp_path):
    """Run a program, a line of Python, with a disk of so many kB at `disk`; what came of it."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def run(kilobytes, program, *arguments):
        mounted = ["unshare", "--mount", "sh", "-c", _TINY, str(disk), f"{kilobytes}k"]
        if shutil.which("unshare") is None or not may_mount(mounted):
            missing("no right to mount a small disk")
        command = [sys.executable, "-c", _AROUND + program, str(disk), *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), "tests"])}
        done = subprocess.run(
            [*mounted, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=environment,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


# The disk is gone with the program: it tells itself what is left there.
_AROUND = """
import contextlib, hashlib, io, json, shutil, sys
from pathlib import Path
disk, *arguments = map(Path, sys.argv[1:])
def fill(left):
    "Leave so many bytes of the disk."
    free = shutil.disk_usage(disk).free
    (disk / "filler").write_bytes(bytes(max(0, free - left)))
def hashes(folder):
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.glob("*.*")}
def command(*arguments):
    from digitrec.cli import main
    err = io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(io.StringIO()):
        status = main([str(argument) for argument in arguments])
    return status, err.getvalue()
def tell(**told):
    names = sorted(str(path.relative_to(disk)) for path in disk.rglob("*") if path.is_file())
    print(json.dumps({**told, "names": [name for name in names if name != "filler"]}))
"""


@pytest.fixture
def many(tmp_path):
    """A store of a hundred corrections, some 200 kB as a file."""
    place = tmp_path / "corrections.sqlite"
    with CorrectionStore(place) as store:
        store.save_all(correction(number) for number in range(100))
    return place


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz", "pictures"])
def test_export_is_whole_or_not_there(small_disk, many, name):
    told = small_disk(
        40,
        """
place, name = arguments
status, err = command("corrections", "export", "--url", place, disk / name)
tell(status=status, err=err)
""",
        many,
        name,
    )
    assert told["status"] == 1
    assert "No space left" in told["err"]
    assert "Traceback" not in told["err"]
    assert told["names"] == []


@pytest.mark.parametrize("form", ["text", "json", "csv", "parquet"])
def test_output_of_read_stays_as_it_was(small_disk, tmp_path, form):
    for number in range(12):
        (tmp_path / f"{number}.png").write_bytes(picture(number % 10))
    told = small_disk(
        40,
        """
output = disk / "out"
output.write_text("before")
fill(0)
pictures = [arguments[0] / f"{number}.png" for number in range(12)]
status, err = command("read", "--quiet", f"--format={arguments[1]}", "--output", output, *pictures)
tell(status=status, err=err, content=output.read_text())
""",
        tmp_path,
        form,
    )
    assert told["status"] != 0
    assert "No space left" in told["err"]
    assert "Traceback" not in told["err"]
    assert (told["content"], told["names"]) == ("before", ["out"])


def test_saving_a_correction_changes_all_or_nothing(small_disk):
    told = small_disk(
        400,
        """
from correcting import correction
from digitrec.corrections import CorrectionStore
from digitrec.errors import CorrectionsError
with CorrectionStore(disk / "corrections.sqlite") as store:
    store.save_all(correction(number) for number in range(20))
    fill(0)
    sentence = ""
    try:
        store.save_all(correction(number, label=3) for number in range(200))
    except CorrectionsError as error:
        sentence = str(error)
    (disk / "filler").unlink()
    labels = [kept.label for kept in store.all()]
    store.save(correction(1000))
    tell(sentence=sentence, labels=labels, then=len(store))
""",
    )
    assert "without room" in told["sentence"] or "is full" in told["sentence"]
    assert told["labels"] == [7] * 20
    assert told["then"] == 21


def test_new_version_takes_no_place_that_it_does_not_fill(small_disk):
    """What a retraining promotes, and what a rollback puts back."""
    told = small_disk(
        5_000,
        """
from digitrec.versions import new_artifact, write_card, versions
folder = disk / "artifact"
shutil.copytree(arguments[0], folder, ignore=shutil.ignore_patterns("report", "predecessors"))
before, errors = hashes(folder), []
fill(1_500_000)
card = json.loads((folder / "card.json").read_text())
try:
    with new_artifact(folder) as fresh:
        for file in folder.glob("model*"):
            shutil.copyfile(file, fresh / file.name)
        write_card(fresh, card | {"created": "2030-01-01"})
except OSError as error:
    errors.append(str(error))
tell(errors=errors, same=hashes(folder) == before, versions=len(versions(folder)))
""",
        DEFAULT_ARTIFACT,
    )
    assert "No space left" in told["errors"][0]
    assert told["same"]
    assert told["versions"] == 1
    assert [name for name in told["names"] if not name.startswith("artifact/")] == []


def test_download_says_what_is_there_and_goes_on(small_disk, tmp_path, template_mnist):
    told = small_disk(
        300,
        """
from mirror import mirrored, packed, remotes
from digitrec.datasets import fetching
from digitrec.errors import DatasetError
files = packed(arguments[0])
fetching.MNIST_FILES = remotes(files)
folder, sentence = disk / "mnist", ""
fill(100_000)
with mirrored(files) as mirror:
    try:
        fetching.fetch_mnist(folder, mirror=mirror.address)
    except DatasetError as error:
        sentence = str(error)
    half = sorted(path.name for path in folder.iterdir())
    (disk / "filler").unlink()
    tell(sentence=sentence, half=half)
""",
        template_mnist,
    )
    assert "No space left" in told["sentence"]
    assert "goes on from there" in told["sentence"]
    assert told["half"][-1].endswith(".part")


def test_handwriting_is_whole_or_as_it_was(small_disk):
    told = small_disk(
        40,
        """
from digitrec.handwriting import Handwriting
from digitrec.shapes import digit_strokes
place, hand, errors = disk / "hand.json", Handwriting(), []
hand.save(place)
before = place.read_bytes()
for label in range(10):
    hand = hand.with_strokes(digit_strokes(label), label)
fill(4096)
try:
    hand.save(place)
except OSError as error:
    errors.append(str(error))
tell(errors=errors, same=place.read_bytes() == before)
""",
    )
    assert "No space left" in told["errors"][0]
    assert told["same"]
    assert told["names"] == ["hand.json"]


def test_retraining_state_stays_readable(small_disk):
    told = small_disk(
        64,
        """
from digitrec.retraining_state import RetrainingState, read_state, write_state
state = RetrainingState("refused", "Judging", 1.0, "2030-01-01T00:00:00+00:00", 1)
write_state(disk, state)
fill(0)
errors = []
try:
    write_state(disk, RetrainingState("failed", "x", 1.0, "y", 1, "long " * 2000))
except OSError as error:
    errors.append(str(error))
tell(errors=errors, outcome=read_state(disk).outcome)
""",
    )
    assert "No space left" in told["errors"][0]
    assert told["outcome"] == "refused"
    assert told["names"] == ["state.json"]
