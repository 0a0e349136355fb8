"""What goes wrong, told as RFC 9457 has it: `application/problem+json`, a sentence and a status."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from digitrec.errors import ArtifactError, ArtifactNotFoundError, DigitrecError

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class Problem(HTTPException):
    """An answer other than what was asked for.

    Args:
        status: HTTP's.
        detail: what was expected, what was received, what to do.
        headers: of the answer.
        errors: of a request with several files, each with what is wrong with it.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.errors = list(errors)


def later(status: int, detail: str, seconds: float) -> Problem:
    """A problem that is gone after some seconds, as `Retry-After` tells."""
    return Problem(status, detail, {"Retry-After": str(max(1, round(seconds + 0.5)))})


def of_error(error: DigitrecError) -> Problem:
    """An error of the engine as a problem with the same sentence.

    What is wrong with the server itself is told in its log: its paths are nobody's business.
    """
    if isinstance(error, (ArtifactError, ArtifactNotFoundError)):
        _log.error("%s", error)
        detail = "Expected a network that can be loaded. The server's log tells what is missing."
        return later(HTTPStatus.SERVICE_UNAVAILABLE, detail, 10)
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def add_handlers(app: FastAPI) -> None:
    """Have every failure of an application answered as a problem."""
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(DigitrecError, _of_engine)
    app.add_exception_handler(ClientDisconnect, _of_nobody)
    app.add_exception_handler(Exception, _of_fault)


def response(problem: HTTPException) -> JSONResponse:
    """The answer."""
    title = HTTPStatus(problem.status_code).phrase
    body: dict[str, Any] = {
        "type": "about:blank",  # as the RFC has it for what the status says already
        "title": title,
        "status": problem.status_code,
        "detail": problem.detail,
    }
    if errors := getattr(problem, "errors", None):
        body["errors"] = errors
    return JSONResponse(body, problem.status_code, problem.headers, MEDIA_TYPE)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.NOT_FOUND and not isinstance(error, Problem):
        error = Problem(404, f"Nothing is at {request.url.path[:200]}. See /api/docs.")
    return response(error)


async def _of_engine(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DigitrecError)
    return response(of_error(error))


async def _of_nobody(request: Request, error: Exception) -> JSONResponse:
    """The client went away before its body had come: nobody reads this but the metrics."""
    return response(Problem(HTTPStatus.BAD_REQUEST, "Expected the whole body. Received: a part."))


async def _of_fault(request: Request, error: Exception) -> JSONResponse:
    """Of our own faults; the server logs them."""
    return response(Problem(500, "The server failed; its log tells why."))
