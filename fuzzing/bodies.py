"""Bodies of HTTP requests: JSON, forms and raw files, taken by the whole application."""

import asyncio
import json

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from digitrec.api.application import create_application
from digitrec.api.settings import Settings
from digitrec.shapes import digit_strokes
from fuzzing import pictures

_FORM = "multipart/form-data; boundary=x"
_DOORS = [
    ("read", _FORM),
    ("read", "image/png"),
    ("read-strokes", "application/json"),
    ("classify", "application/json"),
    ("read", "multipart/form-data"),
    ("classify", "application/x-www-form-urlencoded"),
]
_TOLD = {200, 400, 413, 415, 422}
_application = create_application(Settings(rate="", max_bytes=1_000_000))
_door = Starlette(routes=[Mount("/api", _application)])
_client = httpx.AsyncClient(
    transport=httpx.ASGITransport(_door), base_url="http://localhost/api/v1/"
)
_runner = asyncio.Runner()


def seeds() -> list[bytes]:
    """A good body at each door; the first byte tells which one it is sent to."""
    picture = pictures.seeds()[0]
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
    form = head + picture + b"\r\n--x--\r\n"
    strokes = {"strokes": [stroke.tolist() for stroke in digit_strokes(7)]}
    digits = {"digits": [[[0] * 28] * 28]}
    bodies = [form, picture, json.dumps(strokes).encode(), json.dumps(digits).encode()]
    return [bytes([door]) + body for door, body in enumerate([*bodies, form, bodies[3]])]


def take(data: bytes) -> None:
    """Send it; the answer is one of those that the description names, and JSON."""
    door, kind = _DOORS[data[0] % len(_DOORS) if data else 0]
    answer = _runner.run(_client.post(door, content=data[1:], headers={"Content-Type": kind}))
    assert answer.status_code in _TOLD, answer
    answer.json()
