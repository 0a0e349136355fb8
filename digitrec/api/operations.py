"""What those who run a server ask: does it live, is it ready, what has it done."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from digitrec.api.describing import described
from digitrec.api.metrics import CONTENT_TYPE, Metrics
from digitrec.api.pool import Pool
from digitrec.api.problems import later
from digitrec.engine import is_loaded, shared_recognizer
from digitrec.errors import DigitrecError

_log = logging.getLogger(__name__)


def router(pool: Pool, metrics: Metrics, guards: list[Any]) -> APIRouter:
    """The routes; metrics alone are behind these dependencies."""
    routes = APIRouter()
    loading: Future[object] | None = None

    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    async def readyz() -> dict[str, str]:
        """The network is loaded; asking has it loaded."""
        nonlocal loading
        if not is_loaded():
            if loading is None or loading.done():
                loading = pool.start(_load)
            sentence = "Expected a loaded network. Received: one that is being loaded."
            raise later(HTTPStatus.SERVICE_UNAVAILABLE, sentence, 1)
        return {"status": "ready"}

    async def exposition() -> Response:
        """Counters and times for Prometheus."""
        return Response(metrics.exposition(), media_type=CONTENT_TYPE)

    routes.add_api_route("/healthz", healthz, **described("healthz"))
    routes.add_api_route("/readyz", readyz, **described("readyz"))
    routes.add_api_route("/metrics", exposition, dependencies=guards, **described("metrics"))
    return routes


def _load() -> None:
    try:
        shared_recognizer()
    except DigitrecError as error:
        _log.error("%s", error)
