"""Corrections for the tests; as a program, writers that say what they have saved."""

import base64
import importlib
import multiprocessing
import sys

import numpy as np
from sqlalchemy import create_engine, text

from digitrec.cli import main
from digitrec.corrections import Correction, CorrectionStore
from digitrec.corrections.connecting import Database
from digitrec.corrections.migrations.running import migrate
from digitrec.corrections.places import find_place
from digitrec.corrections.schema import row_of

MODEL = "0123456789abcdef" * 4

# One as it stands in an exported line of JSON.
EXPORTED = {
    "label": 7,
    "predicted": 1,
    "probabilities": [0.1] * 10,
    "digit_score": 0.9,
    "model": MODEL,
    "time": "2026-01-01T00:00:00+00:00",
    "image": base64.b64encode(bytes(784)).decode(),
    "strokes": [[[1, 2], [3, 4]]],
}


def correction(number=0, label=7, **changes):
    """A correction of drawing `number`."""
    rng = np.random.default_rng(number)
    probabilities = rng.random(10)
    values = {
        "image": rng.integers(0, 256, (28, 28)).astype(np.uint8),
        "label": label,
        "predicted": 1,
        "probabilities": (probabilities / probabilities.sum()).astype(np.float32),
        "digit_score": float(rng.random()),
        "model": MODEL,
        "strokes": tuple(rng.normal(size=(n, 2)).astype(np.float32) * 100 for n in (1, 30)),
    }
    return Correction(**{**values, **changes})


def content(correction):
    """Everything in it, for comparing."""
    return row_of(correction)


def run_sql(url, *statements, **values):
    """Statements on a database, from outside of the store; what the last one gives."""
    engine = create_engine(find_place(url).url)
    with engine.begin() as connection:
        results = [connection.execute(text(statement), values) for statement in statements]
        rows = results[-1].all() if results[-1].returns_rows else []
    engine.dispose()
    return rows


def older_store(url, corrections):
    """Make tables of the first version, with rows."""
    database = Database(find_place(url), 30)
    with database.writing(table=False) as connection:
        migrate(connection, "0001")
        for correction in corrections:
            row = row_of(correction)
            del row["digit_score"]
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(
                text(f"INSERT INTO digitrec_corrections ({names}) VALUES ({values})"), row
            )
    database.close()


def everything(store):
    """The content of every correction in a store, by key."""
    return {c.key: content(c) for c in store.all()}


def run(capsys, *arguments):
    """A command's exit status, what it prints, and what it tells beside."""
    status = main(["corrections", *map(str, arguments)])
    return status, *capsys.readouterr()


def save_some(url, start, count):
    """Open the store and save drawings `start` to `start + count`, each twice."""
    with CorrectionStore(url, patience=60) as store:
        for number in range(start, start + count):
            store.save(correction(number, label=3))
            store.save(correction(number, label=number % 10))
            print(number, flush=True)


def save_the_same(url, label, _count):
    """Open the store and save one drawing, as this and as other labels."""
    with CorrectionStore(url, patience=60) as store:
        for offset in range(3):
            store.save(correction(1, label=(label + offset) % 10))


def in_twenty_processes(work, url):
    """Let twenty processes do it at once; whether all came through."""
    for name in ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "alembic.command"):
        importlib.import_module(name)  # once, instead of in each of them
    fork = multiprocessing.get_context("fork")
    processes = [fork.Process(target=work, args=(url, 3 * n, 3)) for n in range(20)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return all(process.exitcode == 0 for process in processes)


if __name__ == "__main__":
    action, url = sys.argv[1:]
    if action == "save":
        save_some(url, 0, 100_000)
    else:
        sys.exit(not in_twenty_processes(globals()[action], url))
