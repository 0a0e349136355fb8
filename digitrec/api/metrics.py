"""What is counted, in Prometheus' form; labels have few values, whatever clients send."""

from __future__ import annotations

import time

from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitrec.api.pool import Pool

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The counters of one application."""

    def __init__(self, pool: Pool) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Counter(
            "digitrec_http_requests",
            "Requests answered.",
            ["route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "digitrec_http_request_seconds",
            "From a request's head to its answer's end.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._readings = Counter(
            "digitrec_readings", "Pages and drawings read.", ["status"], registry=registry
        )
        for name, words, value in (
            (
                "places",
                "Requests that may be worked on or wait.",
                lambda: pool.working.places,
            ),
            ("taken", "Those that are or do.", lambda: pool.working.taken),
            ("arriving", "Requests whose body is on its way.", lambda: pool.arriving.taken),
        ):
            Gauge(f"digitrec_pool_{name}", words, registry=registry).set_function(value)

    def count_reading(self, status: str) -> None:
        """Count a page or drawing: a `Reading.status`, or "error"."""
        self._readings.labels(status).inc()

    def exposition(self) -> bytes:
        """All of it as text."""
        return generate_latest(self._registry)

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Watch:
    """Middleware that has every answer counted."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and count how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            # The route's own pattern: all that leads nowhere or to the documentation is one.
            route = scope.get("route")
            name = route.path if isinstance(route, APIRoute) else "other"
            self._metrics.observe(name, status, time.perf_counter() - begun)
