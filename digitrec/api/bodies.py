"""Requests' bodies, taken in with limits on size and time, whatever a client says or does."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, NamedTuple

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import Message

from digitrec.api.problems import Problem
from digitrec.api.settings import Settings

MAX_FILES = 20  # of one request
MAX_JSON = 8_000_000  # bytes: 50,000 points and 1,000 digits have room
_IN_MEMORY = 1_000_000  # bytes of a body; what is longer goes to the disk
_BODY = "the body"  # what a picture without a name is called


class Upload(NamedTuple):
    """A file that came in: what to call it, and its content."""

    name: str
    file: IO[bytes]


async def json_body(request: Request, settings: Settings) -> bytes:
    """A body of JSON, not parsed yet.

    Raises:
        Problem: of another kind (415), too long (413), too slow (408).
    """
    kind = _kind(request)
    if kind != "application/json":
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            f"Expected application/json. Received: {kind[:60] or 'no Content-Type'}. "
            "Send the header Content-Type: application/json.",
        )
    return await _limited(request, min(settings.max_bytes, MAX_JSON), settings.seconds).body()


async def uploads(request: Request, settings: Settings) -> list[Upload]:
    """The files of a form, or the body itself as the only one; to be closed by who asked.

    Raises:
        Problem: no form with files (400), too long (413), too slow (408).
    """
    request = _limited(request, settings.max_bytes, settings.seconds)
    if _kind(request) != "multipart/form-data":
        return [Upload(_BODY, await _spooled(request))]
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=MAX_FILES)
    except Problem:
        raise
    except HTTPException as error:
        raise _no_form(error.detail) from error
    found = []
    for field, value in form.multi_items():
        if isinstance(value, str):
            await form.close()
            raise _no_form(f"text in the field {field[:60]!r}")
        found.append(Upload((value.filename or field)[:200], value.file))
    if not found:
        raise _no_form("a form without a file")
    return found


async def _spooled(request: Request) -> IO[bytes]:
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # closed by who asked for it
    try:
        async for chunk in request.stream():
            file.write(chunk)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _no_form(received: str) -> Problem:
    return Problem(
        HTTPStatus.BAD_REQUEST,
        f"Expected multipart/form-data with 1 to {MAX_FILES} files, such as curl's "
        f"-F files=@page.png sends. Received: {received.removesuffix('.')}.",
    )


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _limited(request: Request, most: int, seconds: int) -> Request:
    """The same request; taking in more than `most` bytes, or for longer than that, raises."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:20]) > most:
        raise _too_long(most)
    end = asyncio.get_running_loop().time() + seconds
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        try:
            async with asyncio.timeout_at(end):
                message = await request.receive()
        except TimeoutError as error:
            raise Problem(
                HTTPStatus.REQUEST_TIMEOUT,
                f"Expected the whole body within {seconds} seconds. Received: {taken:,} bytes. "
                "Send a smaller file, or over a faster line.",
                {"Connection": "close"},
            ) from error
        taken += len(message.get("body", b""))
        if taken > most:
            raise _too_long(most)
        return message

    return Request(request.scope, receive)


def _too_long(most: int) -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"Expected a body of at most {most / 1_000_000:g} MB. Received: more. Send less at once.",
        {"Connection": "close"},
    )
