"""What a database's failures mean, in sentences."""

from __future__ import annotations

from urllib.parse import quote, quote_plus

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

_LOCKED = "another program that locks them for longer than {patience:g} s. Close it, or try again"
_READ_ONLY = (
    "a place that may only be read. Give this user the right to write there, or name another "
    "place in DIGITREC_DATABASE_URL"
)
_FULL = "a disk without room. Nothing was changed: make room and try again"
_NO_DATABASE = (
    "a file that is damaged, or of another program. Move it away and put a backup in its place"
)
_GONE = "a database without its tables, or with others. Start digitrec again, which makes them"
_AWAY = (
    "a server that cannot be used now ({detail}). See that it runs and lets this user in, and retry"
)
_OTHER = "an error ({detail}). Try again; if it stays, put a backup in its place"

# By the beginning of SQLite's names, https://www.sqlite.org/rescode.html
_SQLITE = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_PROTOCOL": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_NOTADB": _NO_DATABASE,
    "SQLITE_CORRUPT": _NO_DATABASE,
    "SQLITE_SCHEMA": _GONE,
    "SQLITE_CANTOPEN": "a file that cannot be opened. See that its folder is there and may be read",
    "SQLITE_IOERR": "a disk that fails or is full ({detail}). See to it and try again",
}
# By the beginning of https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "55P03": _LOCKED,
    "40": _LOCKED,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "53100": _FULL,
    "42P01": _GONE,
    "42703": _GONE,
    "08": _AWAY,
    "28": _AWAY,
    "3D": _AWAY,
    "53": _AWAY,
    "57": _AWAY,
}


def failure(error: Exception, place: str, patience: float, password: object = None) -> str:
    """What went wrong, as a sentence.

    Args:
        error: SQLAlchemy's, or the driver's own.
        place: where the database is, for people.
        patience: seconds that were waited for a lock.
        password: what must not be shown, whatever the driver says.
    """
    cause = (error.orig if isinstance(error, DBAPIError) else None) or error
    detail = next(iter(str(cause).strip().splitlines()), type(cause).__name__)
    for secret in {str(password), quote(str(password), ""), quote_plus(str(password))}:
        if password:
            detail = detail.replace(secret, "***")
    received = _received(error, cause).format(detail=detail, patience=patience)
    return f"Expected to reach the corrections in {place}. Received: {received}."


def _received(error: Exception, cause: BaseException) -> str:
    if isinstance(error, PoolTimeoutError):
        return _LOCKED
    name = getattr(cause, "sqlite_errorname", None)
    if name == "SQLITE_ERROR" and "no such" in str(cause):
        return _GONE
    table, code = (_SQLITE, name) if name else (_POSTGRESQL, getattr(cause, "sqlstate", None))
    if code is None:
        # A server that was not reached gives no code.
        return _AWAY if isinstance(error, DBAPIError) else _OTHER
    fitting = (told for start, told in table.items() if code.startswith(start))
    return next(fitting, _OTHER)
