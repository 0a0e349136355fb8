"""How a database is reached: its address, its engine, its transactions."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from digitrec.corrections.failures import failure
from digitrec.corrections.schema import TABLE
from digitrec.errors import CorrectionsError

URL_VARIABLE = "DIGITREC_DATABASE_URL"
_CONNECT_TIMEOUT = 5  # s, for a server that does not answer
_SCHEME = re.compile(r"\w{2,}:")  # longer than the letter of a drive
_POSTGRESQL = {"postgres", "postgresql"}


def default_url() -> str:
    """Where corrections are kept: `DIGITREC_DATABASE_URL`, else a file in the user's data folder.

    Returns:
        A database URL, or what the variable holds.
    """
    return os.environ.get(URL_VARIABLE) or _file_url(_default_file())


def _default_file() -> Path:
    return user_data_path("digitrec") / "corrections.sqlite"


def _file_url(file: Path) -> str:
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


@dataclass(frozen=True)
class Place:
    """Where a database is.

    Attributes:
        url: its address, with the driver that is used.
        file: the file of an SQLite database, absolute; None for PostgreSQL.
    """

    url: URL
    file: Path | None

    def __str__(self) -> str:
        """The place as it is told to people: neither user nor password."""
        if self.file is not None:
            return str(self.file)
        # libpq takes a host and a port as options, too.
        host = self.url.host or self.url.query.get("host") or "this machine"
        port = self.url.port or self.url.query.get("port")
        return f"PostgreSQL database {self.url.database or ''!r} on {host}" + (
            f":{port}" if port else ""
        )


def find_place(address: str | os.PathLike[str] | None) -> Place:
    """Where an address leads.

    Args:
        address: a URL (`sqlite:///FILE`, `postgresql://USER:PASSWORD@HOST/DATABASE`), or the path
            of an SQLite file; None for `default_url()`.

    Raises:
        CorrectionsError: it is no such address. The message never shows it: it may hold a
            password.
    """
    text = default_url() if address is None else os.fspath(address)
    if "://" not in text and not _SCHEME.match(text):
        return _place_of_file(Path(text))
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise _bad_address("a text that cannot be taken apart") from None
    kind = url.get_backend_name()
    if kind == "sqlite":
        if not url.database or url.database == ":memory:" or url.query or url.host:
            raise _bad_address("an SQLite database that is no file, or with options")
        return _place_of_file(Path(url.database))
    if kind not in _POSTGRESQL:
        raise _bad_address(f"one that begins with {kind}://")
    if "@" in (url.host or ""):
        raise _bad_address("a password with a bare @, which is written %40")
    return Place(url.set(drivername="postgresql+psycopg"), None)


def _place_of_file(file: Path) -> Place:
    whole = Path(os.path.abspath(file.expanduser()))  # noqa: PTH100  # resolves no links
    return Place(make_url(_file_url(whole)), whole)


def _bad_address(received: str) -> CorrectionsError:
    return CorrectionsError(
        "Expected the place of the corrections as sqlite:///FILE, as the path of an SQLite file, "
        f"or as postgresql://USER:PASSWORD@HOST/DATABASE. Received: {received}. Mend "
        f"{URL_VARIABLE}, or what was given instead."
    )


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
        if place.file == _default_file():
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
                if not _is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def read_as_it_lies(self) -> bool:
        """Read the file without its locks, if nothing can write beside it; whether that is so.

        SQLite reads a file in a folder that is write-protected only after a promise that nobody
        changes it.
        """
        file = self.place.file
        if file is None or self._immutable or not file.is_file():
            return False
        log = file.with_name(f"{file.name}-wal")
        self._immutable = not os.access(file.parent, os.W_OK) and not log.exists()
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
        connection.execute("PRAGMA synchronous=FULL")  # what was acknowledged is on the disk
        return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("digitrec_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")  # a damaged text is one row's matter


def _is_busy(error: CorrectionsError) -> bool:
    return getattr(error.__cause__, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _postgresql_engine(place: Place, patience: float) -> Engine:
    options: dict[str, Any] = {
        "connect_timeout": _CONNECT_TIMEOUT,
        "prepare_threshold": None,  # poolers between here and the server may know none
    }
    options = {name: value for name, value in options.items() if name not in place.url.query}
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
