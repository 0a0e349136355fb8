"""Brings a database's tables to this version, with Alembic and without an alembic.ini."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from digitrec.corrections.connecting import Database
from digitrec.corrections.schema import VERSION, VERSION_TABLE, VERSIONS
from digitrec.errors import CorrectionsError

# Alembic's `context` and `op` are the process' own: one migration at a time.
_ONE_AT_A_TIME = threading.Lock()


def prepare(database: Database) -> None:
    """Make the tables, or bring them to this version, if that is still to do.

    Raises:
        CorrectionsError: they are of a newer version or of another program, or the database
            cannot be used now; nothing was changed.
    """
    if _checked_version(database) == VERSION:
        return
    database.prefer_wal()
    with database.writing(table=False) as connection:
        if present_version(connection) != VERSION:  # somebody else may have done it by now
            migrate(connection)


def present_version(connection: Connection) -> str | None:
    """The version of the tables, such as "0001"; None where there are none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def migrate(connection: Connection, version: str = VERSION) -> None:
    """Bring the tables to a version, in the connection's own transaction."""
    from alembic import command  # takes 0.2 s, and most starts have nothing to migrate
    from alembic.config import Config

    config = Config()
    # A % in a path would be taken for a reference to another setting.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, version)


def _checked_version(database: Database) -> str | None:
    try:
        with database.reading() as connection:
            version = present_version(connection)
            strange = [] if version else _strange_tables(connection)
    except CorrectionsError as error:
        if not database.read_as_it_lies(error):
            raise
        return _checked_version(database)
    if strange:
        raise CorrectionsError(
            f"Expected corrections, or a new file, in {database.place}. Received: another "
            f"program's database, with a table {strange[0]!r}. Name another file."
        )
    if version is not None and version not in VERSIONS:
        raise CorrectionsError(
            f"Expected corrections of version {VERSION} or older in {database.place}. Received: "
            f"version {version}, which a newer digitrec made. Use that one, or name another place."
        )
    return version


def _strange_tables(connection: Connection) -> list[str]:
    """Tables in an SQLite file of another program; a PostgreSQL database may be shared."""
    if connection.dialect.name != "sqlite":
        return []
    return inspect(connection).get_table_names()
