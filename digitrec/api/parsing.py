"""JSON → strokes and digits; what is wrong with it is told in the engine's own sentences."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from digitrec.api.problems import Problem
from digitrec.api.schemas import MAX_DIGITS, Digits, Strokes
from digitrec.classifier import checked_digits
from digitrec.imaging.strokes import MAX_POINTS, checked_strokes

Given = TypeVar("Given", bound=BaseModel)


def strokes_of(content: bytes) -> list[list[tuple[float, float]]]:
    """The strokes in a body of JSON, each a list of points.

    Raises:
        Problem: no JSON (400), or not `{"strokes": …}` (422).
        StrokesError: not strokes.
    """
    _check_size(content, 2 * MAX_POINTS, f"at most {MAX_POINTS:,} points in a drawing")
    return _parsed(content, Strokes, checked_strokes).strokes


def digits_of(content: bytes) -> NDArray[np.uint8]:
    """The digits in a body of JSON, (N, 28, 28) uint8.

    Raises:
        Problem: no JSON (400), or not `{"digits": …}` (422).
        DigitsError: not digits.
    """
    _check_size(content, 29 * MAX_DIGITS, f"at most {MAX_DIGITS:,} digits")
    digits = _parsed(content, Digits, _check_digits).digits
    return np.array(digits, np.uint8).reshape(-1, 28, 28)


def _check_digits(digits: Any) -> None:
    try:
        array = np.array(digits)
    except ValueError:  # rows of different lengths
        array = digits
    else:
        if array.dtype.kind in "iu" and ((array >= 0) & (array <= 255)).all():
            array = array.astype(np.uint8)
    checked_digits(array)


def _check_size(content: bytes, most: int, expected: str) -> None:
    """Refuse more lists than any good body has before they are made: a million takes seconds."""
    received = content.count(b"[") + content.count(b"{")
    if received > most + 2:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"Expected {expected}. Received: a body of {received:,} lists. Send less at once.",
        )


def _parsed(content: bytes, form: type[Given], check: Callable[[Any], object]) -> Given:
    """A body in this form.

    Args:
        content: of the body.
        form: with one field.
        check: the engine's own, which has a sentence for most of what can be wrong.
    """
    try:
        return form.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    (name,) = form.model_fields
    if first["type"] == "json_invalid":
        raise Problem(
            HTTPStatus.BAD_REQUEST,
            f'Expected JSON, {{"{name}": […]}}. Received: something else ({first["msg"]}).',
        )
    check(_field(content, name))
    where = ".".join(map(str, first["loc"])) or "the body"
    raise Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f'Expected {{"{name}": […]}} as /api/docs tells. Received: something else in '
        f"{where[:100]} ({first['msg']}).",
    )


def _field(content: bytes, name: str) -> Any:
    """That field as it came, NaN and all; an empty list where there is none."""
    whole = from_json(content, allow_inf_nan=True)
    return whole.get(name, []) if isinstance(whole, dict) else []
