"""What can be done with corrections: keep, change, take back, read."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from digitrec.corrections.connecting import Database
from digitrec.corrections.migrations.running import prepare
from digitrec.corrections.places import find_place
from digitrec.corrections.record import (
    CLASSES,
    NOT_A_DIGIT,
    Correction,
    checked_label,
    later_than,
)
from digitrec.corrections.schema import (
    TABLE,
    correction_of,
    row_of,
    select_rows,
    time_text,
)
from digitrec.errors import CorrectionFormatError

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # keys in one statement, fewer than any database's limit


class Change(NamedTuple):
    """What somebody's word changed.

    Attributes:
        key: of the drawing.
        before: its correction until then; None for none.
        after: its correction since; None for none.
    """

    key: str
    before: Correction | None
    after: Correction | None


class CorrectionStore:
    """Corrections in a database; safe to share among threads, and with other processes.

    What a method has returned from is on the disk. A server that was away is found again by the
    same store. A row that cannot be read (somebody else wrote it) is left out and logged.

    Args:
        url: `sqlite:///FILE` or the path of such a file, which is made if it is not there, or
            `postgresql://USER:PASSWORD@HOST/DATABASE`; None for `default_url()`. Tables of an
            older version become this one's.
        patience: seconds to wait for a lock that somebody else holds.

    Raises:
        CorrectionsError: it cannot be used now, is of a newer version, or is no such place.
    """

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, patience: float = 30.0
    ) -> None:
        place = find_place(url)
        self.place = str(place)  # for people; a password never shows
        self._database = Database(place, patience)
        try:
            prepare(self._database)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def save(self, correction: Correction) -> Correction | None:
        """Keep a correction, in place of an earlier one of the same drawing.

        Returns:
            That earlier one; None where there was none.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        with self._writing() as connection:
            row = connection.execute(
                select_rows().where(TABLE.c.key == correction.key)
            ).one_or_none()
            _write(connection, [row_of(correction)], [] if row is None else [correction.key])
        return None if row is None else _readable(row)

    def save_all(self, corrections: Iterable[Correction]) -> tuple[int, int]:
        """Keep many corrections, all or none; of several of one drawing, the last.

        Returns:
            How many are new, and how many took the place of another one. What stood there just
            so counts as neither.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        rows = {correction.key: row_of(correction) for correction in corrections}
        if not rows:
            return 0, 0
        with self._writing() as connection:
            there = _rows(connection, list(rows))
            changed = [key for key in there if dict(there[key]._mapping) != rows[key]]
            new = [row for key, row in rows.items() if key not in there]
            _write(connection, [*new, *(rows[key] for key in changed)], changed)
        return len(new), len(changed)

    def say(self, corrections: Iterable[Correction]) -> list[Change]:
        """Keep what somebody says now, all or none: each becomes later than what was said before.

        Returns:
            What it changed, for `take_back`; of several of one drawing, the last.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        said = {correction.key: correction for correction in corrections}
        with self._writing() as connection:
            there = _rows(connection, list(said))
            changes = []
            for key, correction in said.items():
                earlier = _readable(there[key]) if key in there else None
                later = replace(correction, time=later_than(earlier))
                changes.append(Change(key, earlier, later))
            _write(connection, [row_of(c.after) for c in changes if c.after], list(there))
        return changes

    def take_back(self, changes: Iterable[Change]) -> int:
        """Undo changes, all or none; what was changed again since then stays as it is.

        Returns:
            How many were undone.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        made = list(changes)
        with self._writing() as connection:
            there = _rows(connection, [change.key for change in made])
            undone = [change for change in made if _stands(change.after, there.get(change.key))]
            old = [row_of(change.before) for change in undone if change.before]
            _write(connection, old, list(there))
            new = [change.key for change in undone if not change.before]
            for keys in _slices(new):
                connection.execute(delete(TABLE).where(TABLE.c.key.in_(keys)))
        return len(undone)

    def relabel(self, key: str, label: int) -> None:
        """Say what a kept drawing really is: 0-9, or `NOT_A_DIGIT`; its time becomes now.

        Raises:
            CorrectionFormatError: no such label, or no correction with that key is kept.
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        label = checked_label(label)
        with self._writing() as connection:
            known = select_rows().where(TABLE.c.key == key)
            row = connection.execute(known).one_or_none() if _known(key) else None
            if row is None:
                raise CorrectionFormatError(
                    f"Expected the key of a correction that is kept. Received: {key!r:.80}, which "
                    "is not there, or no longer. Look at the list anew."
                )
            _relabel(connection, key, label, later_than(_readable(row)))

    def relabel_all(self, keys: Iterable[str], label: int) -> list[Change]:
        """As `relabel`, of many, all or none; those that are not there, or no longer, are left out.

        Returns:
            What it changed, for `take_back`.

        Raises:
            CorrectionFormatError: no such label.
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        label = checked_label(label)
        changes = []
        with self._writing() as connection:
            for key, row in _rows(connection, [key for key in keys if _known(key)]).items():
                if (earlier := _readable(row)) is not None:
                    later = replace(earlier, label=label, time=later_than(earlier))
                    _relabel(connection, key, label, later.time)
                    changes.append(Change(key, earlier, later))
        return changes

    def delete(self, keys: Iterable[str]) -> int:
        """Delete the corrections with these keys, all or none; how many were there.

        Raises:
            CorrectionsError: the database cannot be used now; nothing was changed.
        """
        known = [key for key in dict.fromkeys(keys) if _known(key)]
        if not known:
            return 0
        with self._writing() as connection:
            return sum(
                connection.execute(delete(TABLE).where(TABLE.c.key.in_(some))).rowcount
                for some in _slices(known)
            )

    def get(self, key: str) -> Correction | None:
        """The correction with this key; None where none is kept or its row cannot be read.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        if not _known(key):
            return None
        with self._reading() as connection:
            row = connection.execute(select_rows().where(TABLE.c.key == key)).one_or_none()
        return None if row is None else _readable(row)

    def all(
        self, *, label: int | None = None, limit: int | None = None, offset: int = 0
    ) -> list[Correction]:
        """Corrections, the newest first.

        Args:
            label: only those that are this, 0-9 or `NOT_A_DIGIT`.
            limit: at most so many,
            offset: after leaving out so many.

        Returns:
            Those that can be read. A row that cannot is left out, with a warning in the log, and
            counts for `limit` and `offset` nonetheless.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        rows = select_rows().order_by(TABLE.c.time.desc(), TABLE.c.key)
        if label is not None:
            rows = rows.where(TABLE.c.label == checked_label(label))
        with self._reading() as connection:
            found = connection.execute(rows.limit(limit).offset(offset)).all()
        return [correction for row in found if (correction := _readable(row)) is not None]

    def counts(self) -> dict[int, int]:
        """How many corrections each label has, by label; labels without any are left out.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        label = TABLE.c.label
        rows = select(label, func.count()).group_by(label).order_by(label)
        rows = rows.where(label.between(NOT_A_DIGIT, CLASSES - 1))  # SQLite holds a text there, too
        with self._reading() as connection:
            return {int(label): int(count) for label, count in connection.execute(rows)}

    def keys(self, start: str = "") -> list[str]:
        """The keys that begin so, sorted; also those of rows that cannot be read.

        Raises:
            CorrectionsError: the database cannot be used now.
        """
        if not _known(start or "0"):
            return []
        rows = select(TABLE.c.key).where(TABLE.c.key.startswith(start, autoescape=True))
        with self._reading() as connection:
            return sorted(connection.scalars(rows))

    def __len__(self) -> int:
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(TABLE)) or 0

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _reading(self) -> AbstractContextManager[Connection]:
        self._begin_anew()
        return self._database.reading()

    def _writing(self) -> AbstractContextManager[Connection]:
        self._begin_anew()
        return self._database.writing()

    def _begin_anew(self) -> None:
        if self._database.is_gone():
            logger.warning("%s was moved away or deleted: a new one is begun.", self.place)
            prepare(self._database)


def _rows(connection: Connection, keys: Sequence[str]) -> dict[str, Row[Any]]:
    """The rows with these keys, as far as they are there, by key."""
    return {
        row.key: row
        for some in _slices(keys)
        for row in connection.execute(select_rows().where(TABLE.c.key.in_(some)))
    }


def _stands(said: Correction | None, row: Row[Any] | None) -> bool:
    """Whether a drawing's row still says this; None for none."""
    if said is None or row is None:
        return said is None and row is None
    return bool((row.label, row.time) == (said.label, time_text(said.time)))


def _relabel(connection: Connection, key: str, label: int, time: datetime) -> None:
    values = {"label": label, "time": time_text(time)}
    connection.execute(update(TABLE).where(TABLE.c.key == key).values(values))


def _write(connection: Connection, rows: Sequence[dict[str, Any]], there: Sequence[str]) -> None:
    """Insert rows, or change those whose keys are there already."""
    old = set(there)
    new = [row for row in rows if row["key"] not in old]
    changed = [{**row, "old": row["key"]} for row in rows if row["key"] in old]
    if new:
        connection.execute(insert(TABLE), new)
    if changed:
        connection.execute(update(TABLE).where(TABLE.c.key == bindparam("old")), changed)


def _readable(row: Any) -> Correction | None:
    try:
        return correction_of(row._mapping)
    except CorrectionFormatError as error:
        logger.warning("A correction is left out. %s", error)
        return None


def _known(key: object) -> bool:
    """Whether it can be a key at all; a database may refuse what is no plain text."""
    return isinstance(key, str) and key.isascii() and key.isprintable()


def _slices(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]
