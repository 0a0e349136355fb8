"""What a file says, taken for what it is: a card or a report may come from another program."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

Row = TypeVar("Row")


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def number(value: object) -> float | None:
    """The value if it is a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def share(value: object) -> float | None:
    """The value if it is a number in 0-1, else None."""
    found = number(value)
    return found if found is not None and 0 <= found <= 1 else None


def count(value: object) -> int | None:
    """The value if it is a whole number that is not negative, else None."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def text(value: object) -> str:
    """A string or a number in words; "" for anything else."""
    if isinstance(value, str):
        return value
    found = number(value)
    return "" if found is None else f"{found:,.10g}"


def moment(value: object) -> datetime | None:
    """The time that an ISO 8601 string names; UTC where it names no zone. None for other values."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def needed(value: Row | None) -> Row:
    """The value.

    Raises:
        ValueError: it is None.
    """
    if value is None:
        raise ValueError("a value is missing")
    return value


def rows(value: object, make: Callable[[Mapping[str, Any]], Row]) -> tuple[Row, ...]:
    """Each item of a list made into a row; those that lack something are left out."""
    made = []
    for item in items(value):
        with suppress(KeyError, TypeError, ValueError):
            made.append(make(mapping(item)))
    return tuple(made)
