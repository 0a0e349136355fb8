"""What the environment says about the HTTP door, checked when a server starts."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from digitrec.errors import SettingError

_PREFIX = "DIGITREC_API_"
_UNITS = ("second", "minute", "hour", "day")
_RATE = re.compile(rf"([1-9]\d{{0,6}})/({'|'.join(_UNITS)})")
_KEY = re.compile(r"[!-~]{8,256}")  # what a header can carry, without spaces


@dataclass(frozen=True)
class Settings:
    """How the HTTP door is kept.

    Attributes:
        key: what a client has to show; "" lets everyone in.
        cors: origins whose pages may read answers, such as https://example.org; ("*",) for all.
        rate: requests that a client may make, such as "300/minute"; "" for any number.
        max_bytes: of a request's body.
        workers: requests that are worked on at a time.
        waiting: requests that may wait for that.
        seconds: within which a body must have arrived.
        proxies: addresses and networks whose X-Forwarded-For is believed; ("*",) for all.
    """

    key: str = ""
    cors: tuple[str, ...] = ()
    rate: str = "300/minute"
    max_bytes: int = 50_000_000
    workers: int = 2
    waiting: int = 16
    seconds: int = 60
    proxies: tuple[str, ...] = ()


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """What `DIGITREC_API_…` variables say; what is not set, or empty, is as in `Settings`.

    Args:
        environment: else the process' own.

    Raises:
        SettingError: one of them cannot work.
    """
    environment = os.environ if environment is None else environment
    fields: dict[str, Any] = {}
    for name, (field, parse) in VARIABLES.items():
        given = environment.get(_PREFIX + name, "").strip()
        if given:
            fields[field] = parse(_PREFIX + name, given)
    return Settings(**fields)


def _key(name: str, given: str) -> str:
    if not _KEY.fullmatch(given):
        raise SettingError(  # a key is never printed
            f"Expected 8 to 256 letters, digits and signs without a space in {name}. Received: "
            f"{len(given)} characters, or others. Take for example the output of "
            "`openssl rand -hex 24`."
        )
    return given


def _rate(name: str, given: str) -> str:
    if given.lower() == "off":
        return ""
    if not _RATE.fullmatch(given):
        raise _wrong(name, given, "a number a second, minute, hour or day", "300/minute, or off")
    return given


def _origins(name: str, given: str) -> tuple[str, ...]:
    origins = _several(given)
    for origin in origins:
        parts = urlsplit(origin)
        bare = f"{parts.scheme}://{parts.netloc}" == origin
        if origin != "*" and not (bare and parts.scheme in ("http", "https") and parts.netloc):
            example = "https://example.org,http://localhost:3000, or *"
            raise _wrong(name, origin, "origins, a scheme and a host each", example)
    return origins


def _proxies(name: str, given: str) -> tuple[str, ...]:
    proxies = _several(given)
    for proxy in proxies:
        try:
            proxy == "*" or ipaddress.ip_network(proxy)
        except ValueError as error:
            example = "10.0.0.7,172.16.0.0/12, or * where nobody else can reach the server"
            raise _wrong(name, proxy, "addresses or networks", example) from error
    return proxies


def _several(given: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in given.split(","))))


def _whole(least: int, most: int, factor: int = 1) -> Callable[[str, str], int]:
    def parse(name: str, given: str) -> int:
        if not (given.isascii() and given.isdigit() and least <= int(given[:9]) <= most):
            raise _wrong(name, given, f"a whole number from {least} to {most:,}", str(least))
        return factor * int(given)

    return parse


def _wrong(name: str, given: str, expected: str, example: str) -> SettingError:
    return SettingError(
        f"Expected {expected} in {name}. Received: {given[:60]!r}. Set for example {example}."
    )


# A variable's name after the prefix → the field, and what reads it.
VARIABLES: dict[str, tuple[str, Callable[[str, str], object]]] = {
    "KEY": ("key", _key),
    "CORS": ("cors", _origins),
    "RATE": ("rate", _rate),
    "MAX_MB": ("max_bytes", _whole(1, 1_000, 1_000_000)),
    "WORKERS": ("workers", _whole(1, 64)),
    "WAITING": ("waiting", _whole(0, 1_000)),
    "SECONDS": ("seconds", _whole(1, 3_600)),
    "PROXIES": ("proxies", _proxies),
}
