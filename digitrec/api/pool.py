"""The work of the HTTP door in threads of its own, and no more of it than was agreed on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

from digitrec.api.problems import later

Result = TypeVar("Result")

_ARRIVING = 64  # bodies at a time; those beyond a megabyte lie on the disk meanwhile
_SECONDS = 2.0  # after which it is worth asking again


class Gate:
    """Lets so many in at a time and refuses the others; for one event loop.

    Attributes:
        places: how many.
        taken: how many are in.
    """

    def __init__(self, places: int) -> None:
        self.places, self.taken = places, 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for as long as it lasts.

        Raises:
            Problem: all are taken, 429.
        """
        self.check()
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    def check(self) -> None:
        """Raise what `place` would."""
        if self.taken >= self.places:
            raise later(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"Expected room for one more request. Received: {self.taken} others first. "
                "Ask again after the seconds in Retry-After.",
                _SECONDS,
            )


class Pool:
    """Threads that work for requests, so that the event loop, and with it the page, stays free.

    Attributes:
        arriving: for requests whose body is on its way: slow clients take none of the others.
        working: for requests that are worked on or wait for it.

    Args:
        workers: threads.
        waiting: requests that may wait beside those that are worked on.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="digitrec-api")
        self.arriving = Gate(_ARRIVING)
        self.working = Gate(workers + waiting)

    async def run(self, work: Callable[[], Result]) -> Result:
        """What the work gives, once a thread was free for it."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def start(self, work: Callable[[], object]) -> Future[object]:
        """Have something done that no request waits for."""
        return self._threads.submit(work)
