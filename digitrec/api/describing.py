"""The routes as OpenAPI tells of them: forms, examples, and every problem they may answer with."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from digitrec.api import examples
from digitrec.api.bodies import MAX_FILES
from digitrec.api.problems import MEDIA_TYPE
from digitrec.api.schemas import (
    Classified,
    Digits,
    Model,
    Pages,
    ProblemDetails,
    Reading,
    State,
    Strokes,
)

_REFERENCE = "#/components/schemas/{model}"
_POSTED = (400, 408, 413, 422, 429, 503)
_WORDS = {
    400: "No such form, or no JSON.",
    401: "The server has a key, and this request has not.",
    408: "The body was too slow.",
    413: "The body is too long.",
    415: "The body is no JSON.",
    422: "What came cannot be read.",
    429: "Too many requests, of this client or of all.",
    503: "No network is loaded.",
}


def described(name: str) -> dict[str, Any]:
    """What FastAPI is told of a route beside its path and its function."""
    told = _ROUTES[name]
    form: type[BaseModel] | None = told.get("form")
    content: dict[str, Any] = {"description": "What was asked for."}
    if name in examples.ANSWERS:
        content["content"] = {"application/json": {"example": examples.ANSWERS[name]}}
    if name == "metrics":
        content["content"] = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "operation_id": name,
        "summary": told["summary"],
        "tags": [told["tag"]],
        "response_model": form,
        "responses": {200: content} | _problems(told["problems"]),
        "openapi_extra": told.get("body"),
    }


def describe(app: FastAPI, *, with_key: bool) -> None:
    """Have an application's own description hold the forms that FastAPI does not see itself."""

    @cache
    def openapi() -> dict[str, Any]:
        whole = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        _, extra = models_json_schema(
            [(Strokes, "validation"), (Digits, "validation"), (ProblemDetails, "serialization")],
            ref_template=_REFERENCE,
        )
        components = whole.setdefault("components", {}).setdefault("schemas", {})
        components.update(extra["$defs"])
        if with_key:
            for path in whole["paths"].values():
                for operation in path.values():
                    if "security" in operation:
                        operation["responses"] |= _problems([401])
        return whole

    app.openapi = openapi  # type: ignore[method-assign]


def _problems(statuses: Iterable[int]) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="ProblemDetails")}}}
    return {
        status: {"description": _WORDS[status], "content": content} for status in sorted(statuses)
    }


def _json_body(form: type[BaseModel], name: str) -> dict[str, Any]:
    content = {
        "schema": {"$ref": _REFERENCE.format(model=form.__name__)},
        "example": examples.QUESTIONS[name],
    }
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _files_body() -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    files = {"type": "array", "items": binary, "minItems": 1, "maxItems": MAX_FILES}
    form = {
        "type": "object",
        "properties": {"files": files},
        "required": ["files"],
        "additionalProperties": False,
    }
    content: dict[str, Any] = {
        "multipart/form-data": {"schema": form},
        "application/octet-stream": {"schema": binary},
    }
    return {"requestBody": {"required": True, "content": content}}


_ROUTES: dict[str, dict[str, Any]] = {
    "read": {
        "tag": "reading",
        "summary": "Read pictures and PDFs",
        "form": Pages,
        "problems": _POSTED,
        "body": _files_body(),
    },
    "read-strokes": {
        "tag": "reading",
        "summary": "Read a drawing",
        "form": Reading,
        "problems": (*_POSTED, 415),
        "body": _json_body(Strokes, "read-strokes"),
    },
    "classify": {
        "tag": "reading",
        "summary": "Classify digits in MNIST's form",
        "form": Classified,
        "problems": (*_POSTED, 415),
        "body": _json_body(Digits, "classify"),
    },
    "model": {
        "tag": "reading",
        "summary": "The network in use",
        "form": Model,
        "problems": (429, 503),
    },
    "healthz": {"tag": "running", "summary": "Alive", "form": State, "problems": ()},
    "readyz": {"tag": "running", "summary": "Ready", "form": State, "problems": (503,)},
    "metrics": {"tag": "running", "summary": "Metrics", "problems": (429,)},
}
