"""Brings a database's tables to this version, with Alembic and without an alembic.ini."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from digitrec.corrections.schema import VERSION, VERSION_TABLE, VERSIONS

# Alembic's `context` and `op` are the process' own: one migration at a time.
_ONE_AT_A_TIME = threading.Lock()


def present_version(connection: Connection) -> str | None:
    """The version of the tables, such as "0001"; None where there are none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))


def is_newer(version: str | None) -> bool:
    """Whether a version is unknown here: it is of a newer digitrec."""
    return version is not None and version not in VERSIONS


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
