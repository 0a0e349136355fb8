"""What happens to corrections when the database cannot do what it should."""

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, missing
from correcting import content, correction, run_sql
from sqlalchemy import create_engine, text

from digitrec.corrections import CorrectionStore
from digitrec.corrections.places import find_place
from digitrec.errors import CorrectionsError

NOBODY = 65534


@contextmanager
def locked(url):
    """Somebody else who is writing, and takes his time."""
    engine = create_engine(find_place(url).url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("UPDATE digitrec_corrections SET label = label"))
        else:
            connection.execute(text("LOCK TABLE digitrec_corrections IN SHARE MODE"))
        yield
    engine.dispose()


def test_locked_database_is_told_and_read_meanwhile(store_url):
    with CorrectionStore(store_url, patience=0.2) as store:
        store.save(correction(1))
        with locked(store_url):
            with pytest.raises(CorrectionsError, match=r"locks them for longer than 0.2 s"):
                store.save(correction(2))
            assert len(store) == 1
        store.save(correction(2))
        assert len(store) == 2


@pytest.fixture
def open_folder():
    """A folder that every user may reach, unlike pytest's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o777)
    shutil.rmtree(folder)


@contextmanager
def as_nobody():
    """Without root's right to write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("protected", ["file", "folder"])
def test_read_only_file_is_read_and_not_written(open_folder, protected):
    file = open_folder / "corrections.sqlite"
    with CorrectionStore(file) as store:
        store.save(correction(1))
    (file if protected == "file" else open_folder).chmod(0o555)
    with as_nobody():
        with CorrectionStore(file, patience=1) as store:
            assert content(store.all()[0]) == content(correction(1, time=store.all()[0].time))
            assert store.counts() == {7: 1}
            with pytest.raises(CorrectionsError, match="may only be read"):
                store.save(correction(2))
        with pytest.raises(CorrectionsError, match=r"cannot be opened|may only be read"):
            CorrectionStore(open_folder / "none" / "new.sqlite")


FULL = """
import resource, sys
sys.path.insert(0, "tests")
from correcting import correction
from digitrec.corrections import CorrectionStore
from digitrec.errors import CorrectionsError
file, limit = sys.argv[1], int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
store, number = CorrectionStore(file), 0
try:
    while number < 1000:
        store.save(correction(number))
        number += 1
except CorrectionsError as error:
    print(number, len(store), len(store.all()), error)
"""


@pytest.mark.parametrize("kind", ["full disk", "file size limit"])
def test_full_disk_is_told_and_what_was_saved_stays(tmp_path, kind):
    command = [sys.executable, "-c", FULL, str(tmp_path / "corrections.sqlite")]
    if kind == "full disk":
        mount = 'mount -t tmpfs -o size=300k tmpfs "$0" && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", mount, str(tmp_path), *command, "0"]
        if shutil.which("unshare") is None:
            missing("no program to mount a small disk with (Debian's package util-linux)")
        probe = subprocess.run([*command[:6], "true"], capture_output=True, check=False, cwd=ROOT)
        if probe.returncode:
            missing("no right to mount a small disk")
    else:
        command.append("200000")
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    saved, counted, read, sentence = done.stdout.split(maxsplit=3)
    assert saved == counted == read
    assert 5 < int(saved) < 1000
    assert "a disk without room" in sentence or "a disk that fails or is full" in sentence


def test_damaged_or_foreign_file_is_told_and_left_alone(tmp_path):
    noise = tmp_path / "noise.sqlite"
    noise.write_bytes(os.urandom(8192))
    foreign = tmp_path / "cookies.sqlite"
    run_sql(f"sqlite:///{foreign}", "CREATE TABLE cookies (name TEXT)")
    for file, sentence in ((noise, "damaged, or of another"), (foreign, "with a table 'cookies'")):
        before = file.read_bytes()
        with pytest.raises(CorrectionsError, match=sentence):
            CorrectionStore(file)
        assert file.read_bytes() == before
    with pytest.raises(CorrectionsError, match="cannot be opened"):
        CorrectionStore(tmp_path)
    with pytest.raises(CorrectionsError, match="its folder is there"):
        CorrectionStore(tmp_path / "nowhere" / "corrections.sqlite")


def test_file_damaged_in_its_middle_is_told(tmp_path):
    file = tmp_path / "corrections.sqlite"
    with CorrectionStore(file) as store:
        store.save_all(correction(n) for n in range(50))
        length = file.stat().st_size
        with file.open("r+b") as damaged:
            damaged.seek(20_000)
            damaged.write(b"\xff" * (length - 20_000))
        with pytest.raises(CorrectionsError, match="damaged"):
            store.all()


POISON = {
    "image": [b"\x00" * 783, b""],
    "probabilities": [b"\x00" * 40, b"\xff" * 40, b"\x00" * 39],
    "strokes": ["[[[1, 2]", "{}", "[[[1, 2, 3]]]", "[[[1e999, 2]]]", "[" * 100_000, '"x"', "7"],
    "model": ["short", "é" * 64],
    "time": ["yesterday", "2026-01-02", ""],
    "digit_score": [2.0, float("inf")],
    "key": ["0" * 64, "x"],
}
SQLITE_POISON = {
    "image": ["text" * 196, 7],
    "label": ["seven", 3.5, 11],
    "digit_score": ["much"],
    "time": [7, b"\xff\xfe"],
    "probabilities": ["text", 0.5],
    "strokes": [b"\xff", b"[]\xff"],
}
CHECKS = "ALTER TABLE digitrec_corrections DROP CONSTRAINT digitrec_image"


def test_poisoned_rows_are_left_out_and_can_be_deleted(store_url, caplog):
    is_sqlite = store_url.startswith("sqlite")
    poison = [(name, value) for name, values in POISON.items() for value in values]
    if is_sqlite:
        poison += [(name, value) for name, values in SQLITE_POISON.items() for value in values]
    with CorrectionStore(store_url) as store:
        drawings = [correction(number, strokes=()) for number in range(len(poison) + 1)]
        store.save_all(drawings)
        run_sql(store_url, "SELECT 1" if is_sqlite else CHECKS)
        for (name, value), drawing in zip(poison, drawings[1:], strict=True):
            run_sql(
                store_url,
                "PRAGMA ignore_check_constraints = ON" if is_sqlite else "SELECT 1",
                f"UPDATE digitrec_corrections SET {name} = :value WHERE key = :key",
                value=value,
                key=drawing.key,
            )
        with caplog.at_level(logging.WARNING):
            assert [c.key for c in store.all()] == [drawings[0].key]
        assert caplog.text.count("A correction is left out. Expected") == len(poison)
        assert sum(store.counts().values()) <= len(store) == len(drawings)
        assert all(store.get(drawing.key) is None for drawing in drawings[1:])
        assert store.save(drawings[1]) is None  # drawn again: whole again
        assert content(store.get(drawings[1].key)) == content(drawings[1])
        assert store.delete(store.keys()) == len(drawings)


def test_newer_store_is_refused_and_left_alone(store_url):
    with CorrectionStore(store_url) as store:
        store.save(correction(1))
    run_sql(store_url, "UPDATE digitrec_version SET version_num = '0099'")
    with pytest.raises(CorrectionsError, match="version 0099, which a newer digitrec made"):
        CorrectionStore(store_url)
    assert run_sql(store_url, "SELECT version_num FROM digitrec_version") == [("0099",)]
    run_sql(store_url, "UPDATE digitrec_version SET version_num = '0002'")
    with CorrectionStore(store_url) as store:
        assert len(store) == 1


def test_tables_that_vanish_are_told(store_url):
    with CorrectionStore(store_url) as store:
        run_sql(store_url, "DROP TABLE digitrec_corrections")
        with pytest.raises(CorrectionsError, match="without its tables"):
            store.save(correction(1))
