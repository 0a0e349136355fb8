"""Many processes on one store, processes that are killed, and stores of an older version."""

import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conftest import ROOT
from correcting import content, correction, older_store, run_sql
from sqlalchemy import create_engine

from digitrec.corrections import NOT_A_DIGIT, CorrectionStore
from digitrec.corrections.places import find_place
from digitrec.corrections.schema import TABLE, VERSION, VERSION_TABLE

WRITER = [sys.executable, "tests/correcting.py"]


@pytest.mark.parametrize("there", ["nothing", "an older store"])
def test_twenty_processes_open_at_once_and_lose_nothing(store_url, there):
    if there == "an older store":
        older_store(store_url, [correction(1000)])
    subprocess.run([*WRITER, "save_some", store_url], cwd=ROOT, check=True)
    with CorrectionStore(store_url) as store:
        labels = {c.key: c.label for c in store.all()}
        expected = {correction(n).key: n % 10 for n in range(60)}
        assert labels.items() >= expected.items()
        assert len(labels) == 60 + (there != "nothing")
    assert run_sql(store_url, f"SELECT version_num FROM {VERSION_TABLE}") == [(VERSION,)]
    if store_url.startswith("sqlite"):
        assert run_sql(store_url, "PRAGMA journal_mode") == [("wal",)]


def test_twenty_processes_that_save_one_drawing_leave_one_row(store_url):
    subprocess.run([*WRITER, "save_the_same", store_url], cwd=ROOT, check=True)
    with CorrectionStore(store_url) as store:
        assert len(store) == 1


def test_what_was_acknowledged_survives_a_kill(store_url):
    command = [*WRITER, "save", store_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        told = [process.stdout.readline() for _ in range(20)]
        time.sleep(0.02)  # somewhere within the next one
        process.kill()
        told += process.stdout.readlines()
    told = [int(line) for line in told if line.endswith("\n")]
    assert len(told) >= 20
    with CorrectionStore(store_url) as store:
        for number in told:
            assert store.get(correction(number).key).label == number % 10
        # Of what was not acknowledged there is all, or nothing.
        assert len(store.all()) == len(store) in {len(told), len(told) + 1}
        assert store.save(correction(10**6)) is None


def test_older_store_becomes_this_version_s(store_url):
    before = [correction(1), correction(2, predicted=NOT_A_DIGIT), correction(3, strokes=())]
    older_store(store_url, before)
    with CorrectionStore(store_url) as store:
        for old in before:
            score = 0.0 if old.predicted == NOT_A_DIGIT else 1.0
            assert content(store.get(old.key)) == content(old) | {"digit_score": score}
        store.save(correction(4))
        assert len(store) == 4


@pytest.mark.parametrize("older", [False, True])
def test_migrated_tables_are_those_of_the_schema(store_url, older):
    if older:
        older_store(store_url, [])
    CorrectionStore(store_url).close()
    engine = create_engine(find_place(store_url).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, TABLE.metadata) == []
    engine.dispose()
