"""How a correction lies in a table: one row a drawing, the same in SQLite and in PostgreSQL.

What is read from a table is not trusted: it passes the checks of `Correction`, and its key has to
be its image's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    LargeBinary,
    MetaData,
    Select,
    SmallInteger,
    String,
    Table,
    Text,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from digitrec.corrections.record import CLASSES, SIDE, Correction
from digitrec.errors import CorrectionFormatError

VERSIONS = ("0001", "0002")  # of the tables, oldest first: one script each in migrations/versions
VERSION = VERSIONS[-1]
VERSION_TABLE = "digitrec_version"
_IMAGE_BYTES = SIDE * SIDE
_FLOAT = np.dtype("<f4")  # whatever the machine

# Names of its own, because a PostgreSQL database may serve other programs, too.
TABLE = Table(
    "digitrec_corrections",
    MetaData(),
    Column("key", String(64), primary_key=True),
    Column("image", LargeBinary, nullable=False),  # 784 bytes, row by row
    Column("label", SmallInteger, nullable=False, index=True),
    Column("predicted", SmallInteger, nullable=False),
    Column("probabilities", LargeBinary, nullable=False),  # ten float32, little-endian
    Column("digit_score", Double, nullable=False),
    Column("model", String(64), nullable=False),
    Column("strokes", Text, nullable=False),  # JSON: [[[x, y], …], …]
    # ISO 8601 in UTC, always as long, so that it sorts; SQLite has no times of its own.
    Column("time", String(32), nullable=False, index=True),
    CheckConstraint("label BETWEEN -1 AND 9", name="digitrec_label"),
    CheckConstraint("predicted BETWEEN -1 AND 9", name="digitrec_predicted"),
    CheckConstraint(f"length(image) = {_IMAGE_BYTES}", name="digitrec_image"),
)


def select_rows() -> Select[*tuple[Any, ...]]:
    """Every column as the driver gives it: SQLAlchemy would stumble over what is damaged."""
    return select(*(type_coerce(column, NullType()).label(column.name) for column in TABLE.c))


def row_of(correction: Correction) -> dict[str, Any]:
    """The row that keeps a correction, by column."""
    return {
        "key": correction.key,
        "image": correction.image.tobytes(),
        "label": correction.label,
        "predicted": correction.predicted,
        "probabilities": correction.probabilities.astype(_FLOAT).tobytes(),
        "digit_score": correction.digit_score,
        "model": correction.model,
        "strokes": json.dumps(strokes_to_lists(correction.strokes), separators=(",", ":")),
        "time": time_text(correction.time),
    }


def correction_of(row: Mapping[str, Any]) -> Correction:
    """The correction that a row keeps.

    Raises:
        CorrectionFormatError: the row is damaged; the message names its key.
    """
    try:
        correction = Correction(
            image=_array(row["image"], np.dtype(np.uint8), (SIDE, SIDE)),
            label=row["label"],
            predicted=row["predicted"],
            probabilities=_array(row["probabilities"], _FLOAT, (CLASSES,)),
            digit_score=row["digit_score"],
            model=row["model"],
            strokes=json.loads(row["strokes"]),
            time=datetime.fromisoformat(row["time"]),
        )
        if correction.key != row["key"]:
            raise CorrectionFormatError("its key is not that of its image")
    except (TypeError, ValueError, RecursionError) as error:
        raise CorrectionFormatError(
            f"Expected a whole row for the correction {row['key']!r:.20}. Received: a damaged one "
            f"({error}). Delete it, or correct the same drawing again."
        ) from error
    return correction


def time_text(time: datetime) -> str:
    """A time as ISO 8601 in UTC with microseconds: texts sort as their times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def strokes_to_lists(strokes: Iterable[NDArray[np.float32]]) -> list[list[list[float]]]:
    """Strokes as JSON takes them, each number as short as gives the same float32 again."""
    return [[[float(str(x)), float(str(y))] for x, y in stroke] for stroke in strokes]


def _array(content: Any, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if not isinstance(content, bytes):
        raise TypeError(f"{type(content).__name__} instead of bytes")
    return np.frombuffer(content, kind).reshape(shape).astype(kind.newbyteorder("="))
