"""How a database is reached: its engine and its transactions."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from digitrec.corrections.failures import failure
from digitrec.corrections.places import URL_VARIABLE, Place
from digitrec.corrections.schema import TABLE
from digitrec.errors import CorrectionsError

# libpq's options, for a server that does not answer, or vanishes without a word (s, and ms).
_GIVE_UP = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class Database:
    """Transactions on one database, their failures told in sentences.

    Args:
        place: where it is.
        patience: seconds to wait for a lock that somebody else holds.

    Raises:
        CorrectionsError: the driver is missing, or the default folder cannot be made.
    """

    def __init__(self, place: Place, patience: float) -> None:
        self.place = place
        self.patience = patience
        self._immutable = False
        if place.file is None:
            self._engine = _postgresql_engine(place, patience)
            return
        if place.is_default:
            _make_private(place.file.parent)
        self._engine = create_engine(
            # A connection lives as long as its transaction: a file that was moved away or put
            # back under a running page is never written to by its old name.
            "sqlite://",
            creator=self._open_file,
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(self._engine, "begin", _begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self, *, table: bool = True) -> Iterator[Connection]:
        """A transaction that writes; one at a time on the whole database.

        So what it has read is still so when it writes, and no two wait for each other in a ring.

        Args:
            table: whether the table is there; without it only migrations wait for each other.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        engine = self._engine.execution_options(digitrec_writes=True)
        with self._told(), engine.begin() as connection:
            if self.place.file is None:
                _wait_for_turn(connection, self.patience, table=table)
            yield connection

    def prefer_wal(self) -> None:
        """Let SQLite write beside its file, so that readers and the writer do not wait.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        if self.place.file is None:
            return
        # SQLite does not wait by itself for those who do the same at the same time.
        end = time.monotonic() + self.patience
        while True:
            try:
                with self._told():
                    connection = self._open_file()
                    try:
                        connection.execute("PRAGMA journal_mode=WAL")
                    finally:
                        connection.close()
                return
            except CorrectionsError as error:
                if not _name(error).startswith("SQLITE_BUSY") or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def read_as_it_lies(self, error: CorrectionsError) -> bool:
        """Read the file without its locks from now on; whether that may mend the error.

        SQLite reads a file in a write-protected folder only after a promise that nobody changes
        it. It is given where no file with changes lies beside it.
        """
        file = self.place.file
        protected = _name(error).startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN"))
        if self._immutable or not protected or file is None or not file.is_file():
            return False
        self._immutable = not file.with_name(f"{file.name}-wal").exists()
        return self._immutable

    def is_gone(self) -> bool:
        """Whether the file was moved away or deleted under a running program."""
        return self.place.file is not None and not self.place.file.exists()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            sentence = failure(error, str(self.place), self.patience, self.place.url.password)
            raise CorrectionsError(sentence) from error

    def _open_file(self) -> sqlite3.Connection:
        assert self.place.file is not None
        uri = self.place.file.as_uri() + ("?immutable=1" if self._immutable else "")
        connection = sqlite3.connect(
            uri, uri=True, timeout=self.patience, isolation_level=None, check_same_thread=False
        )
        connection.text_factory = _text
        try:
            connection.execute("PRAGMA synchronous=FULL")  # what was acknowledged is on the disk
        except BaseException:
            connection.close()
            raise
        return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("digitrec_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")  # a damaged text is one row's matter


def _name(error: CorrectionsError) -> str:
    """SQLite's name for what went wrong, or nothing."""
    cause = error.__cause__
    return getattr(getattr(cause, "orig", cause), "sqlite_errorname", None) or ""


def _postgresql_engine(place: Place, patience: float) -> Engine:
    options: dict[str, Any] = {n: v for n, v in _GIVE_UP.items() if n not in place.url.query}
    options["prepare_threshold"] = None  # poolers between here and the server may know none
    try:
        return create_engine(
            place.url,
            connect_args=options,
            hide_parameters=True,
            pool_pre_ping=True,  # a server that was away is found again
            pool_timeout=patience,
        )
    except ImportError as error:
        raise CorrectionsError(
            f"Expected psycopg, to keep corrections in PostgreSQL. Received: {error}. Install it: "
            'pip install "digitrec[postgres]".'
        ) from error


def _wait_for_turn(connection: Connection, patience: float, *, table: bool) -> None:
    milliseconds = max(1, round(1000 * patience))  # 0 would wait for ever
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
    if table:
        connection.exec_driver_sql(f"LOCK TABLE {TABLE.name} IN SHARE ROW EXCLUSIVE MODE")
    else:
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('digitrec'))")


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CorrectionsError(
            f"Expected to make the folder {folder} for the corrections. Received: {error}. Name "
            f"another place in {URL_VARIABLE}."
        ) from error
