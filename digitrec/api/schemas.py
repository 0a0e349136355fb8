"""What goes in and out as JSON, by the names that `records` and `Reading` give."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from digitrec.imaging.strokes import MAX_COORDINATE, MAX_POINTS
from digitrec.reading import DigitStatus, Status

MAX_DIGITS = 1_000  # of one request
Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[list[Share], Field(min_length=10, max_length=10)]
Label = Annotated[int, Field(ge=0, le=9)]
_Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
_Stroke = Annotated[list[tuple[_Coordinate, _Coordinate]], Field(fail_fast=True)]
# Whole numbers, also where a program writes them as 12.0, which JSON takes for the same.
_Grey = Annotated[
    float,
    Field(ge=0, le=255, multiple_of=1),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 255}),
]
_Row = Annotated[list[_Grey], Field(min_length=28, max_length=28, fail_fast=True)]
_Image = Annotated[list[_Row], Field(min_length=28, max_length=28, fail_fast=True)]


class _Given(BaseModel):
    """What comes in: of exactly the types that are named, and nothing beside it."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Strokes(_Given):
    """A drawing."""

    strokes: list[_Stroke] = Field(
        max_length=MAX_POINTS,
        fail_fast=True,
        description="A list of points [x, y] for each stroke, x right, y down, in pixels; "
        f"{MAX_POINTS:,} points at most.",
    )


class Digits(_Given):
    """Digits in MNIST's form."""

    digits: list[_Image] = Field(
        max_length=MAX_DIGITS,
        fail_fast=True,
        description="28 rows of 28 grey values each, 0 black paper to 255 bright ink, cut and "
        "centred as MNIST's are; for any other picture there is /v1/read.",
    )


class Box(BaseModel):
    """Where a digit is, in pixels from the top left corner."""

    x: int
    y: int
    width: int
    height: int


class Digit(BaseModel):
    """One digit as it was read."""

    label: Label = Field(description="The likeliest class, whatever the status.")
    confidence: Share = Field(description="The likeliest class' probability.")
    probabilities: Shares = Field(description="Of 0 to 9.")
    status: DigitStatus
    alternatives: list[Label] = Field(
        description="What an ambiguous digit may be, the likeliest first; else empty."
    )
    digit_score: Share = Field(description="How much it looks like a digit at all.")
    box: Box


class PlacedDigit(Digit):
    """One digit, and where it stands in the text."""

    line: int = Field(description="From 0, top to bottom.")
    group: int = Field(description="Of the line, from 0, left to right.")


class Reading(BaseModel):
    """A picture or drawing as it was read."""

    status: Status
    text: str = Field(
        description="The labels, ? for what is no digit; a space parts groups, a newline lines."
    )
    turned: Literal[0, 90, 180, 270] = Field(
        description="Degrees by which the picture was turned clockwise to be read."
    )
    digits: list[PlacedDigit] = Field(description="In reading order.")


class _Place(BaseModel):
    file: str = Field(description="Its name, as it was sent.")
    page: int = Field(ge=1)


class Page(Reading, _Place):
    """A page of a file as it was read."""


class BadPage(BaseModel):
    """A file or page that cannot be read."""

    file: str
    page: int | None = Field(ge=1, description="None where the whole file cannot be read.")
    status: Literal["error"]
    error: str = Field(description="What was expected, what was received, what to do.")


class Pages(BaseModel):
    """Every page of every file, in order."""

    pages: list[Annotated[Page | BadPage, Field(discriminator="status")]]
    notes: list[str] = Field(description="What was left out, such as pages beyond the twentieth.")


class Classified(BaseModel):
    """Digits, one for each that came in."""

    digits: list[Digit]


class Model(BaseModel):
    """The network in use, as its card tells of it."""

    model_config = ConfigDict(protected_namespaces=())

    name: str = Field(description="The artifact folder's.")
    sha256: str = Field(description="Of the network file that answers.", pattern="^[0-9a-f]{64}$")
    digit_threshold: Share = Field(description="The least digit_score that is accepted.")
    temperature: float = Field(description="What the logits are divided by.")
    adapts: bool = Field(description="Whether it can be taught one hand.")
    created: str | None = None
    parameters: int | None = None
    figures: dict[str, Any] = Field(description="How good it is, as its training measured.")
    versions: dict[str, Any] = Field(description="Of the software that trained it.")


class State(BaseModel):
    """That the server is there."""

    status: Literal["ok", "ready"]


class ProblemDetails(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What was expected, what was received, what to do.")
    errors: list[BadPage] | None = Field(None, description="Of several files, each one's.")
