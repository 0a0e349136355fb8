"""Who may ask, and how often."""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from digitrec.api.problems import Problem, later
from digitrec.api.settings import Settings

_IPV6_HOME = 64  # bits: whoever has one such address has all of that network
_header = APIKeyHeader(name="X-API-Key", auto_error=False)
_bearer = HTTPBearer(auto_error=False)


def guards(settings: Settings) -> list[Any]:
    """What a request has to pass before anything is done for it, as FastAPI's dependencies.

    Attempts to guess the key are counted like all others.
    """
    found = []
    if settings.rate:
        found.append(Depends(_rate_guard(settings.rate)))
    if settings.key:
        found.append(Depends(_key_guard(settings.key)))
    return found


def _key_guard(key: str) -> Callable[..., Awaitable[None]]:
    wanted = key.encode()

    async def check(
        shown: Annotated[str | None, Security(_header)],
        bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> None:
        given = shown or (bearer.credentials if bearer else "")
        if not secrets.compare_digest(given.encode(), wanted):
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                f"Expected this server's key. Received: {'another one' if given else 'none'}. "
                "Send the header X-API-Key, or Authorization: Bearer.",
                {"WWW-Authenticate": 'Bearer realm="digitrec"'},
            )

    return check


def _rate_guard(rate: str) -> Callable[..., Awaitable[None]]:
    limit = parse(rate)
    limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def check(request: Request) -> None:
        client = _client(request)
        if not limiter.hit(limit, client):
            reset = limiter.get_window_stats(limit, client).reset_time
            raise later(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"Expected at most {limit.amount:,} requests per {limit.GRANULARITY.name} from "
                "one client. Received: more. Ask again after the seconds in Retry-After.",
                reset - time.time(),
            )

    return check


def _client(request: Request) -> str:
    """Who asks: an address, or the home network of one of IPv6's."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return host[:100]
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_HOME), strict=False))
