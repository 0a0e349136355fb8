"""Visitors without a browser: they draw through Streamlit's own websocket, many in one process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATIENCE = 30.0  # s: an answer that takes longer is lost
_ARRIVAL = 60.0  # s, within which a page must have come
_ANSWER = 'data-testid="answer"'
_TROUBLE = {"exception", "alert"}  # elements that a page shows where something went wrong


@dataclass
class Visitor:
    """One session on a page with a canvas.

    Attributes:
        sent: bytes that went to the server.
        received: bytes that came from there.
        troubles: what the page showed where something went wrong.
    """

    _socket: ClientConnection
    sent: int = 0
    received: int = 0
    troubles: list[str] = field(default_factory=list)
    _answers: asyncio.Queue[tuple[float, str]] = field(default_factory=asyncio.Queue)
    _built: asyncio.Event = field(default_factory=asyncio.Event)
    _canvas: str = ""
    _fragment: str = ""
    _page: str = ""

    async def draw(self, objects: Sequence[dict[str, Any]]) -> float:
        """Send what lies on the canvas now, as it does when the pen goes up; when that was.

        Args:
            objects: Fabric.js' own, see `hands.as_fabric`.
        """
        message = BackMsg()
        run = message.rerun_script
        run.fragment_id, run.page_script_hash = self._fragment, self._page
        value = {"raw": {"objects": list(objects), "background": "#fffdf7"}, "data": None}
        widget = run.widget_states.widgets.add(id=self._canvas)
        widget.json_value = json.dumps({"drawing": value, "backgroundFit": None})
        return await self._send(message)

    async def answered(self, expected: str, since: float) -> float | None:
        """The seconds until this very answer came; None if it does not.

        Args:
            expected: its HTML.
            since: when it was asked for, as `draw` tells.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    came, html = await self._answers.get()
                    if html == expected:
                        return came - since
        return None

    async def open(self) -> None:
        """Ask for the page, and wait until it is there.

        Raises:
            TimeoutError: it does not come.
        """
        message = BackMsg()
        message.rerun_script.widget_states.SetInParent()
        await self._send(message)
        await asyncio.wait_for(self._built.wait(), _ARRIVAL)
        while not self._answers.empty():
            self._answers.get_nowait()

    async def listen(self) -> None:
        """Take what the server sends, until it hangs up."""
        with suppress(ConnectionClosed):
            async for frame in self._socket:
                assert isinstance(frame, bytes)
                came = time.perf_counter()
                self.received += len(frame)
                self._take(ForwardMsg.FromString(frame), came)

    def _take(self, message: ForwardMsg, came: float) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._page = message.new_session.page_script_hash
        elif kind == "script_finished":
            self._built.set()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what == "bidi_component" and "canvas" in element.bidi_component.component_name:
                self._canvas = element.bidi_component.id
                self._fragment = message.delta.fragment_id
            elif what in _TROUBLE:
                self.troubles.append(str(element))
            elif what == "html" and _ANSWER in element.html.body:
                self._answers.put_nowait((came, element.html.body))

    async def _send(self, message: BackMsg) -> float:
        content = message.SerializeToString()
        self.sent += len(content)
        await self._socket.send(content)
        return time.perf_counter()


@asynccontextmanager
async def visitor(address: str) -> AsyncIterator[Visitor]:
    """A visitor who has the page at `http://…` open."""
    stream = f"ws{address.removeprefix('http')}/_stcore/stream"
    options = {"subprotocols": ["streamlit"], "compression": None, "max_size": None}
    async with connect(stream, **options) as socket:  # type: ignore[arg-type]
        guest = Visitor(socket)
        listening = asyncio.create_task(guest.listen())
        try:
            await guest.open()
            yield guest
        finally:
            listening.cancel()
