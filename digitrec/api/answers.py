"""The work behind the routes: what came in → the answer's JSON, in one of the pool's threads."""

from __future__ import annotations

from typing import IO, Any

from pydantic import BaseModel

from digitrec.api.parsing import digits_of, strokes_of
from digitrec.api.schemas import Classified, Model, Reading
from digitrec.engine import shared_recognizer
from digitrec.errors import DigitrecError
from digitrec.imaging.files import File, open_file
from digitrec.records import digit_record, error_record, page_record, reading_record


def drawing(content: bytes) -> tuple[str, bytes]:
    """A drawing's reading: its status, and all of it."""
    reading = shared_recognizer().read_strokes(strokes_of(content))
    return reading.status, as_json(Reading, reading_record(reading))


def classified(content: bytes) -> bytes:
    """What digits in MNIST's form are."""
    read = shared_recognizer().read_digits(digits_of(content))
    return as_json(Classified, {"digits": [digit_record(digit) for digit in read]})


def model() -> bytes:
    """What is known of the network in use."""
    recognizer = shared_recognizer()
    artifact, card = recognizer.artifact, recognizer.artifact.card
    told = {name: card[name] for name in ("created", "parameters") if name in card}
    return as_json(
        Model,
        {
            "name": artifact.folder.resolve().name,
            "sha256": recognizer.model,
            "digit_threshold": artifact.digit_threshold,
            "temperature": artifact.temperature,
            "adapts": recognizer.adapts,
            "figures": card.get("figures", {}),
            "versions": card.get("versions", {}),
            **told,
        },
    )


def opened(file: IO[bytes], name: str) -> File | dict[str, Any]:
    """A file looked into, or why that cannot be."""
    try:
        return open_file(file.read(), name)
    except DigitrecError as error:
        return error_record(name, None, str(error))


def page(file: File, number: int) -> dict[str, Any]:
    """A page, counted from 0, as a record with file and page; or why it cannot be read."""
    recognizer = shared_recognizer()
    try:
        reading = recognizer.read(file.load(number))
    except DigitrecError as error:
        return error_record(file.name, number + 1, str(error))
    return page_record(file.name, number + 1, reading)


def as_json(form: type[BaseModel], record: dict[str, Any]) -> bytes:
    """A record as JSON, once it is sure that it has the form which was promised."""
    return form.model_validate(record).model_dump_json().encode()
