"""Which share of a reading each of its steps takes."""

from __future__ import annotations

import contextlib
import functools
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from digitrec.rows import Quantity

# Each step of a reading, and the functions that do it, one within another or not.
STEPS: Mapping[str, tuple[str, ...]] = {
    "decoding": ("imaging.ink:load_image",),
    "ink": ("imaging.pages.page:read_page", "imaging.strokes:ink_from_strokes"),
    "layout": ("imaging.pages.layout:lay_out", "imaging.grouping:group_pieces"),
    "28×28": ("imaging.mnist_format:normalize_digit",),
    "network": ("classifier:Classifier.judge",),
}


def shares(call: Callable[[], object]) -> dict[str, Quantity]:
    """The percentage of a call's time that is spent in each step, and what is left.

    A step within another one counts for itself alone.
    """
    clock = _Clock()
    with contextlib.ExitStack() as wrapped:
        for step, functions in STEPS.items():
            for function in functions:
                wrapped.enter_context(_clocked(function, step, clock))
        clock.call("rest", call)
    whole = sum(clock.seconds.values())
    return {
        step: Quantity(100 * clock.seconds[step] / whole, "%")
        for step in (*STEPS, "rest")
        if step in clock.seconds
    }


class _Clock:
    """Seconds that each step took, without the steps inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside = [0.0]

    def call(self, step: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._inside.append(0.0)
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            took = time.perf_counter() - started
            alone = took - self._inside.pop()
            self._inside[-1] += took
            self.seconds[step] = self.seconds.get(step, 0.0) + alone


@contextlib.contextmanager
def _clocked(function: str, step: str, clock: _Clock) -> Iterator[None]:
    """A function, wherever digitrec has imported it by its name, tells the clock of its calls."""
    module, _, name = function.partition(":")
    owner: Any = import_module(f"digitrec.{module}")
    *within, last = name.split(".")
    for part in within:
        owner = getattr(owner, part)
    original = getattr(owner, last)
    clocked = functools.partial(clock.call, step, original)
    if within:  # a method: it needs its object
        clocked = lambda *args, **kwargs: clock.call(step, original, *args, **kwargs)  # type: ignore[assignment]  # noqa: E731
    places = [
        place
        for name_of, place in sys.modules.items()
        if name_of.startswith("digitrec") and getattr(place, last, None) is original
    ]
    places = [owner] if within else places
    for place in places:
        setattr(place, last, clocked)
    try:
        yield
    finally:
        for place in places:
            setattr(place, last, original)
