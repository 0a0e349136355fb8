"""Where corrections are kept: the user's own file, or what an address names."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from digitrec.errors import CorrectionsError, SettingError
from digitrec.home import data_folder

URL_VARIABLE = "DIGITREC_DATABASE_URL"
SWITCH = "DIGITREC_CORRECTIONS"
_ON, _OFF = {"", "on", "1", "yes", "true"}, {"off", "0", "no", "false"}
_SCHEME = re.compile(r"\w{2,}:")  # longer than the letter of a drive
_POSTGRESQL = {"postgres", "postgresql"}


def are_kept() -> bool:
    """Whether a server keeps corrections; `DIGITREC_CORRECTIONS=off` says no.

    Raises:
        SettingError: the variable says neither on nor off.
    """
    said = os.environ.get(SWITCH, "").strip().lower()
    if said not in _ON | _OFF:
        raise SettingError(f"Expected on or off in {SWITCH}. Received: {said[:60]!r}. Set it anew.")
    return said in _ON


def default_url() -> str:
    """Where corrections are kept: `DIGITREC_DATABASE_URL`, else a file in the user's data folder.

    Returns:
        A database URL, or what the variable holds.
    """
    return os.environ.get(URL_VARIABLE) or _file_url(_default_file())


def _default_file() -> Path:
    return data_folder() / "corrections.sqlite"


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

    @property
    def is_default(self) -> bool:
        """Whether it is the user's own file."""
        return self.file == _default_file()

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
        beside = url.host or url.username or url.password or url.query
        if beside or not url.database or url.database == ":memory:":
            raise _bad_address("an SQLite database that is no file, or more than its path")
        return _place_of_file(Path(url.database))
    if kind not in _POSTGRESQL:
        raise _bad_address(f"one that begins with {kind}://")
    if "@" in (url.host or ""):
        raise _bad_address("a password with a bare @, which is written %40")
    return Place(url.set(drivername="postgresql+psycopg"), None)


def _place_of_file(file: Path) -> Place:
    whole = Path(os.path.abspath(os.path.expanduser(file)))  # noqa: PTH100, PTH111  # no links
    return Place(make_url(_file_url(whole)), whole)


def _bad_address(received: str) -> CorrectionsError:
    return CorrectionsError(
        "Expected the place of the corrections as sqlite:///FILE, as the path of an SQLite file, "
        f"or as postgresql://USER:PASSWORD@HOST/DATABASE. Received: {received}. Mend "
        f"{URL_VARIABLE}, or what was given instead."
    )
