"""What only a PostgreSQL server can do to corrections."""

import socket
import sys
import traceback

import psycopg
import pytest
from correcting import correction, run_sql
from postgres import PASSWORD

from digitrec.corrections import CorrectionStore
from digitrec.corrections.places import find_place
from digitrec.errors import CorrectionsError


def test_reader_of_a_server_is_told_that_he_may_only_read(postgres):
    url = postgres.new_database()
    with CorrectionStore(url) as store:
        store.save(correction(1))
    run_sql(
        url,
        "CREATE ROLE reader LOGIN PASSWORD 'reader'",
        "GRANT SELECT ON digitrec_corrections, digitrec_version TO reader",
    )
    reader = find_place(url).url.set(username="reader", password="reader")
    with CorrectionStore(reader.render_as_string(hide_password=False)) as store:
        assert store.counts() == {7: 1}
        with pytest.raises(CorrectionsError, match="may only be read"):
            store.save(correction(2))


def test_server_that_goes_away_and_returns_serves_the_same_store(postgres):
    with CorrectionStore(postgres.new_database()) as store:
        store.save(correction(1))
        postgres.stop()
        try:
            for work in (lambda: store.save(correction(2)), store.all, lambda: len(store)):
                with pytest.raises(CorrectionsError, match="a server that cannot be used now"):
                    work()
        finally:
            postgres.start()
        assert store.save(correction(2)) is None
        assert {c.key for c in store.all()} == {correction(1).key, correction(2).key}


def test_server_that_restarts_unnoticed_loses_no_click(postgres):
    with CorrectionStore(postgres.new_database()) as store:
        store.save(correction(1))
        postgres.stop()
        postgres.start()
        assert store.save(correction(1, label=2)).label == 7


def test_server_that_never_answers_is_given_up():
    with socket.socket() as silent:
        silent.bind(("localhost", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with pytest.raises(CorrectionsError, match="a server that cannot be used now"):
            CorrectionStore(f"postgresql://localhost:{port}/digits?connect_timeout=2")


def test_missing_driver_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(CorrectionsError, match=r'pip install "digitrec\[postgres\]"'):
        CorrectionStore("postgresql://localhost/digits")


def test_password_is_shown_nowhere(postgres):
    url = postgres.new_database()
    with CorrectionStore(url) as store:
        name = url.rpartition("/")[2]
        assert store.place == f"PostgreSQL database {name!r} on localhost:{postgres.port}"
    with CorrectionStore(url.replace("postgresql:", "postgres:")) as same:
        assert same.place == store.place
    wrong = [
        postgres.url(password="wr0ng%word"),
        postgres.url("nowhere"),
        f"postgresql://digitrec:wr0ng%25word@localhost:{postgres.port}/x?password=wr0ng%25word",
        "postgresql://digitrec:wr0ng%word@localhost:port/digits",
        "postgresql://digitrec:wr0ng@%word@localhost/digits",
        "postgresql://digitrec:wr0ng%25word@host.invalid/digits?wr0ng%25word=1",
        "postgresql:/digitrec:wr0ng%word@localhost",
        "my sql://digitrec:wr0ng%word@localhost",
        "mysql://digitrec:wr0ng%word@localhost/digits",
        "sqlite://:wr0ng%word@/corrections.sqlite",
    ]
    for address in wrong:
        with pytest.raises(CorrectionsError, match=r"Expected .*Received: ") as caught:
            CorrectionStore(address)
        told = "".join(traceback.format_exception(caught.value))
        for secret in ("wr0ng", PASSWORD, "s3cret"):
            assert secret not in told, address


def test_shared_server_keeps_what_others_have_there(postgres):
    url = postgres.new_database()
    run_sql(url, "CREATE TABLE corrections (a int)", "CREATE TABLE alembic_version (a int)")
    with CorrectionStore(url) as store:
        store.save(correction(1))
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == []
