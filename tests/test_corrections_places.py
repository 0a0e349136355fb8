"""What is said of a place that leads nowhere, and of a database that fails, to the letter."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from digitrec.corrections.failures import failure
from digitrec.corrections.places import are_kept, find_place
from digitrec.errors import CorrectionsError, SettingError

ADDRESS = (
    "Expected the place of the corrections as sqlite:///FILE, as the path of an SQLite file, or as "
    "postgresql://USER:PASSWORD@HOST/DATABASE. Received: {}. Mend DIGITREC_DATABASE_URL, or what "
    "was given instead."
)
NO_FILE = ADDRESS.format("an SQLite database that is no file, or more than its path")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("sqlite:///:memory:", NO_FILE),
        ("sqlite://", NO_FILE),
        ("sqlite:///a.sqlite?mode=ro", NO_FILE),
        ("sqlite://host/a.sqlite", NO_FILE),
        ("mysql://u:p@host/digits", ADDRESS.format("one that begins with mysql://")),
        (
            "postgresql://u:p@q@host/digits",
            ADDRESS.format("a password with a bare @, which is written %40"),
        ),
        ("http:", ADDRESS.format("a text that cannot be taken apart")),
        ("postgresql://host:port/digits", ADDRESS.format("a text that cannot be taken apart")),
    ],
)
def test_address_that_leads_nowhere_is_told(address, told):
    with pytest.raises(CorrectionsError) as error:
        find_place(address)
    assert str(error.value) == told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://", "PostgreSQL database '' on this machine"),
        ("postgresql:///digits", "PostgreSQL database 'digits' on this machine"),
        ("postgres://u:secret@h:99/digits", "PostgreSQL database 'digits' on h:99"),
        ("postgresql:///d?host=/tmp&port=5", "PostgreSQL database 'd' on /tmp:5"),
        ("sqlite:////srv/a b.sqlite", "/srv/a b.sqlite"),
        ("/srv/a%20b.sqlite", "/srv/a%20b.sqlite"),
        ("/srv/a://b", None),
    ],
)
def test_place_is_told_without_user_and_password(address, told):
    if told is None:
        with pytest.raises(CorrectionsError):
            find_place(address)
        return
    place = find_place(address)
    assert str(place) == told
    assert not place.is_default
    assert place.url.drivername == ("postgresql+psycopg" if place.file is None else "sqlite")


@pytest.mark.parametrize(
    ("said", "kept"), [("", True), (" ON ", True), ("0", False), ("no", False)]
)
def test_switch_says_whether_they_are_kept(monkeypatch, said, kept):
    monkeypatch.setenv("DIGITREC_CORRECTIONS", said)
    assert are_kept() is kept


def test_switch_that_says_neither_is_told(monkeypatch):
    monkeypatch.setenv("DIGITREC_CORRECTIONS", "Perhaps" * 20)
    with pytest.raises(SettingError) as error:
        are_kept()
    assert str(error.value) == (
        f"Expected on or off in DIGITREC_CORRECTIONS. Received: '{('perhaps' * 20)[:60]}'. "
        "Set it anew."
    )


def of_sqlite(name, text="it says so"):
    error = sqlite3.OperationalError(text)
    error.sqlite_errorname = name
    return error


def of_server(code, text="it says so"):
    error = OSError(text)
    error.sqlstate = code
    return DBAPIError("SELECT", {}, error)


LOCKED = "another program that locks them for longer than 2.5 s. Close it, or try again."
READ_ONLY = (
    "a place that may only be read. Give this user the right to write there, or name another "
    "place in DIGITREC_DATABASE_URL."
)
FULL = "a disk without room. Nothing was changed: make room and try again."
GONE = "a database without its tables, or with others. Start digitrec again, which makes them."
DAMAGED = (
    "a file that is damaged, or of another program. Move it away and put a backup in its place."
)
AWAY = "a server that cannot be used now ({}). See that it runs and lets this user in, and retry."
OTHER = "an error ({}). Try again; if it stays, put a backup in its place."


@pytest.mark.parametrize(
    ("error", "received"),
    [
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), LOCKED),
        (of_sqlite("SQLITE_LOCKED"), LOCKED),
        (PoolTimeoutError("no connection"), LOCKED),
        (of_server("55P03"), LOCKED),
        (of_server("40001"), LOCKED),
        (of_sqlite("SQLITE_READONLY_DIRECTORY"), READ_ONLY),
        (of_server("25006"), READ_ONLY),
        (of_server("42501"), READ_ONLY),
        (of_sqlite("SQLITE_FULL"), FULL),
        (of_server("53100"), FULL),
        (of_sqlite("SQLITE_ERROR", "no such table: digits"), GONE),
        (of_sqlite("SQLITE_SCHEMA"), GONE),
        (of_server("42P01"), GONE),
        (of_sqlite("SQLITE_NOTADB"), DAMAGED),
        (of_sqlite("SQLITE_CORRUPT_INDEX"), DAMAGED),
        (
            of_sqlite("SQLITE_CANTOPEN"),
            "a file that cannot be opened. See that its folder is there and may be read.",
        ),
        (
            of_sqlite("SQLITE_IOERR_WRITE", "disk I/O error\nand more"),
            "a disk that fails or is full (disk I/O error). See to it and try again.",
        ),
        (of_server("08006"), AWAY.format("it says so")),
        (
            of_server("28P01", "wrong: p@ss or p%40ss or p%40ss"),
            AWAY.format("wrong: *** or *** or ***"),
        ),
        (of_server("28P01", "wrong: a%20b"), AWAY.format("wrong: a%20b")),
        (DBAPIError("SELECT", {}, OSError("no way there")), AWAY.format("no way there")),
        (of_server("22000"), OTHER.format("it says so")),
        (of_sqlite("SQLITE_ERROR"), OTHER.format("it says so")),
        (of_sqlite("SQLITE_MISUSE", "no such luck"), OTHER.format("no such luck")),
        (ValueError(), OTHER.format("ValueError")),
    ],
)
def test_failure_of_a_database_is_told(error, received):
    told = failure(error, "the file a.sqlite", 2.5, "p@ss")
    assert told == f"Expected to reach the corrections in the file a.sqlite. Received: {received}"


@pytest.mark.parametrize("form", ["a b/c", "a%20b%2Fc", "a+b%2Fc"])
def test_no_form_of_the_password_is_shown(form):
    told = failure(of_server("28P01", f"wrong: {form}"), "it", 1, "a b/c")
    assert "(wrong: ***)" in told


def test_without_a_password_nothing_is_hidden():
    assert "(None is wrong)" in failure(of_server("28P01", "None is wrong"), "it", 1)
