"""LiteRT's interpreters: one batch of digits in, a network's outputs out; and pools of them."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from digitrec.logits import CLASSES

LOGITS, FEATURES = "logits", "features"  # a network's outputs, by the names in its signature


class Pool:
    """Interpreters for one batch size, each built when one more caller needs it."""

    def __init__(
        self, content: bytes, *, batch: int, size: int, first: Runner | None = None
    ) -> None:
        self._content, self._batch = content, batch
        self._free: queue.LifoQueue[Runner | None] = queue.LifoQueue()
        for _ in range(size - 1):
            self._free.put(None)
        self._free.put(first)

    @contextlib.contextmanager
    def runner(self) -> Iterator[Runner]:
        """One of them, for this caller alone."""
        taken = self._free.get()
        runner = taken
        try:
            runner = taken or Runner(self._content, batch=self._batch)
            yield runner
        finally:
            self._free.put(runner)


class Runner:
    """One interpreter for one batch size; not for two threads at once."""

    def __init__(self, content: bytes, *, batch: int) -> None:
        self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
        (source,) = self._interpreter.get_input_details()
        targets = named_outputs(self._interpreter)
        for tensor, needed in ((source, np.uint8), *((t, np.float32) for t in targets.values())):
            if tensor["dtype"] is not needed:
                raise ValueError(
                    "digits go in as uint8 and what comes out is float32, not "
                    f"{tensor['dtype'].__name__} for {needed.__name__}"
                )
        self._source = source["index"]
        self._targets = {name: target["index"] for name, target in targets.items()}
        self._interpreter.resize_tensor_input(self._source, (batch, 28, 28), strict=True)
        self._interpreter.allocate_tensors()
        tried = self(np.zeros((batch, 28, 28), np.uint8), list(targets))
        shapes = {name: rows.shape for name, rows in zip(targets, tried, strict=True)}
        if shapes[LOGITS] not in {(batch, CLASSES), (batch, CLASSES + 1)}:
            raise ValueError(f"ten or eleven logits a digit are needed, not shape {shapes[LOGITS]}")
        if any(len(shape) != 2 or shape[0] != batch for shape in shapes.values()):
            raise ValueError(f"a row of features a digit is needed, not shape {shapes[FEATURES]}")
        self.widths = {name: shape[1] for name, shape in shapes.items()}

    def __call__(
        self, digits: NDArray[np.uint8], names: Sequence[str]
    ) -> list[NDArray[np.float32]]:
        """Those outputs of digits (batch, 28, 28) uint8, each (batch, its width)."""
        self._interpreter.set_tensor(self._source, digits)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(self._targets[name]) for name in names]


def named_outputs(interpreter: Any) -> dict[str, Any]:
    """What LiteRT knows of each output, by `LOGITS` and, if it is there, `FEATURES`.

    Told apart by the names in the file's signature: their order there is LiteRT's own choice.
    """
    outputs = interpreter.get_output_details()
    if len(outputs) == 1:
        return {LOGITS: outputs[0]}  # as older versions and other programs name it
    named: dict[str, Any] = interpreter.get_signature_runner().get_output_details()
    if set(named) != {LOGITS, FEATURES}:
        raise ValueError(
            f"the outputs {LOGITS} and {FEATURES} are needed, not {', '.join(sorted(named))}"
        )
    return named
