"""Many visitors at once: sessions that draw a digit every 3 seconds, through the websocket.

    python -m benchmarks.load

Needs the extra `dev`. Server and visitors share this machine's cores.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from benchmarks import hands
from benchmarks.sections import Section
from benchmarks.visitors import Visitor, visitor
from digitrec.rows import Aim, Quantity, Row
from digitrec.timing import percentile

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
from browser import served

PAGES: Mapping[str, str] = {"empty": "benchmarks/empty_page.py", "Draw": "app.py"}
_EVERY = 3.0  # s, from one digit to the next
_PAUSE = 0.3  # s, between two strokes
_CYCLE = 60.0  # s, after which a crowd draws the same digits again
_Digit = list[hands.Moment]


class _Plan(NamedTuple):
    """How visitors draw: so many, for so long, a digit every so many seconds.

    With `ended`, they draw the same digits again and again until it is set.
    """

    sessions: int
    seconds: float
    every: float
    ended: threading.Event | None = None

    def course(self, drawn: Sequence[_Digit]) -> Iterable[_Digit]:
        """What one of them draws, of what was made for it."""
        ended = self.ended
        if ended is None:
            return drawn
        return itertools.takewhile(lambda _: not ended.is_set(), itertools.cycle(drawn))


@dataclass
class Outcome:
    """What visitors went through.

    Attributes:
        waits: seconds from a stroke sent to its answer received.
        sent: bytes that went to the server.
        received: bytes that came from there.
        errors: what pages showed where something went wrong.
        lost: strokes whose own answer never came.
        before: memory of the serving process when all had arrived, MB.
        after: the same when all had drawn.
    """

    waits: list[float] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    errors: int = 0
    lost: int = 0
    before: float = 0.0
    after: float = 0.0


def measure(page: str, sessions: int, seconds: float, every: float = _EVERY) -> Outcome:
    """Serve a page of `PAGES`, and have so many draw on it for so long."""
    told = hands.counted if page == "empty" else hands.read()
    with served(PAGES[page]) as address:
        server = psutil.Process(serving_process(address))
        return _run(_draw_all(address, told, server, _Plan(sessions, seconds, every)))


def crowd(
    address: str, sessions: int, begun: Callable[[], None], ended: threading.Event
) -> Outcome:
    """Have so many draw on a page Draw that this process serves, until they are told to end.

    Args:
        address: where.
        sessions: how many.
        begun: called when all have arrived and begin to draw.
        ended: set when they are to end.
    """
    server = psutil.Process(serving_process(address))
    plan = _Plan(sessions, _CYCLE, _EVERY, ended)
    return _run(_draw_all(address, hands.read(), server, plan, begun))


def _run(drawing: Coroutine[Any, Any, Outcome]) -> Outcome:
    """As `asyncio.run`, at less cost where uvloop is: the machine is the server's."""
    factory = None
    with contextlib.suppress(ImportError):
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(drawing)


def serving_process(address: str) -> int:
    """The id of the process among ours that serves there.

    Raises:
        RuntimeError: none does.
    """
    port = int(address.rpartition(":")[2])
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            for place in process.net_connections():
                if place.laddr.port == port and place.status == "LISTEN":
                    return int(process.pid)
    raise RuntimeError(f"no process listens on port {port}")


async def _draw_all(
    address: str,
    told: hands.Told,
    server: psutil.Process,
    plan: _Plan,
    begun: Callable[[], None] = lambda: None,
) -> Outcome:
    sessions, seconds, every, _ = plan
    outcome = Outcome()
    async with contextlib.AsyncExitStack() as stack:
        guests = [await stack.enter_async_context(visitor(address)) for _ in range(sessions)]
        # What they will draw is made before: visitors take their time, not the machine's.
        count = max(1, round(seconds / every))
        drawn = [
            [next(digits) for _ in range(count)]
            for digits in (hands.digits(told, seed) for seed in range(sessions))
        ]
        before = [(guest.sent, guest.received) for guest in guests]
        outcome.before = server.memory_info().rss / 1e6
        begun()
        begin = time.perf_counter() + 0.5
        await asyncio.gather(
            *(
                _draw(guest, plan.course(drawn[i]), (begin + i * every / sessions, every), outcome)
                for i, guest in enumerate(guests)
            )
        )
        outcome.after = server.memory_info().rss / 1e6
        outcome.sent = sum(g.sent - sent for g, (sent, _) in zip(guests, before, strict=True))
        outcome.received = sum(
            g.received - received for g, (_, received) in zip(guests, before, strict=True)
        )
        outcome.errors = sum(len(guest.troubles) for guest in guests)
    return outcome


async def _draw(
    guest: Visitor,
    drawn: Iterable[_Digit],
    times: tuple[float, float],
    outcome: Outcome,
) -> None:
    """One visitor: digit after digit, each begun when it is due, whatever became of the last."""
    begin, every = times
    for number, moments in enumerate(drawn):
        await asyncio.sleep(begin + number * every - time.perf_counter())
        for moment in moments:
            if moment.objects:
                await asyncio.sleep(_PAUSE)
            sent = await guest.draw(moment.objects)
            wait = await guest.answered(moment.answer, sent)
            if wait is None:
                outcome.lost += 1
            elif moment.objects:  # wiping the canvas is work for the server, but no stroke
                outcome.waits.append(wait)


def rows(quick: bool) -> Iterator[Row]:
    """1 and 50 visitors on the empty page, then 1, 10 and 50 on the page Draw."""
    seconds = 6.0 if quick else 120.0
    alone = measure("empty", 1, min(seconds, 60))
    yield _row("1 session on an empty page with the same canvas", alone)
    many = 3 if quick else 50
    yield _row(f"{many} sessions on it", measure("empty", many, min(seconds, 60)))
    for sessions in (1, many) if quick else (1, 10, many):
        told = f"{sessions} session{'s' if sessions > 1 else ''} on the page Draw"
        yield _row(told, measure("Draw", sessions, seconds), alone)


def _row(what: str, outcome: Outcome, alone: Outcome | None = None) -> Row:
    values: dict[str, Quantity] = {
        "p50": Quantity(percentile(outcome.waits, 50), "s"),
        "p95": Quantity(percentile(outcome.waits, 95), "s"),
        "strokes": Quantity(len(outcome.waits) + outcome.lost),
        "errors": Quantity(outcome.errors),
        "lost": Quantity(outcome.lost),
        "memory before": Quantity(outcome.before, "MB"),
        "memory after": Quantity(outcome.after, "MB"),
    }
    aims = [Aim("errors", "≤", 0), Aim("lost", "≤", 0)]
    if alone is None:
        return Row(what, values, aims=aims)
    first = Quantity(percentile(alone.waits, 50), "s")
    return Row(what, values, "p50 of 1 session on the empty page", first, aims=aims)


SECTION = Section(
    "Load",
    "Sessions that each draw a digit every 3 s for 2 minutes (on the empty page for one), through "
    "Streamlit's websocket, on the cores that serve them: from a stroke sent to its own answer "
    "received. Every answer is compared with the engine's reading of that very drawing; a stroke "
    "whose answer never comes is lost. What one who draws in a browser waits meanwhile, and may "
    "wait at most, stands in the section of the page.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
