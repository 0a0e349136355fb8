"""LiteRT: digits in, probabilities out, and how much each looks like a digit at all."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from digitrec.errors import ArtifactError, DigitsError

CLASSES = 10
_BATCH = 32  # large enough to keep two cores busy, small enough for their caches
_THREADS = max(1, min(4, os.cpu_count() or 1))


class Classifier:
    """A network in LiteRT form, safe to call from many threads at once.

    Single digits run on a small pool of one-thread interpreters, so that sessions do not
    wait for each other; batches run on one interpreter that uses every core.

    Args:
        network: the `.tflite` file, (N, 28, 28) uint8 → float32 logits: (N, 11), ten classes
            and "is a digit", or (N, 10) from a network that knows classes only.
        temperature: what the classes' logits are divided by; above 1 makes it less sure.

    Raises:
        ArtifactError: the file is not such a network.
    """

    def __init__(self, network: Path, *, temperature: float = 1.0) -> None:
        try:
            self._content = network.read_bytes()
            first = _Runner(self._content, batch=1, threads=1)
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(
                f"Expected a LiteRT network in {network}. Received: a file that cannot be loaded "
                f"({error}). Copy the whole artifact again."
            ) from error
        self._outputs = first.outputs
        self._temperature = temperature
        self._singles: queue.LifoQueue[_Runner | None] = queue.LifoQueue()
        for _ in range(_THREADS - 1):
            self._singles.put(None)  # built when a second caller needs it
        self._singles.put(first)
        self._bulk: _Runner | None = None
        self._bulk_lock = threading.Lock()

    def classify(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The probability of each class.

        Args:
            digits: (N, 28, 28) uint8 in MNIST's form, any N including 0.

        Returns:
            (N, 10) float32, rows sum to 1.

        Raises:
            DigitsError: another shape or type.
        """
        return self.judge(digits)[0]

    def judge(self, digits: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The probability of each class, and how much each looks like a digit.

        Args:
            digits: (N, 28, 28) uint8 in MNIST's form, any N including 0.

        Returns:
            Probabilities (N, 10) float32, rows sum to 1; digit scores (N,) float32 in 0-1. A
            network that knows classes only gives the likeliest class' probability as score.

        Raises:
            DigitsError: another shape or type.
        """
        logits = self._logits(_checked(digits))
        probabilities = softmax(logits[:, :CLASSES] / np.float32(self._temperature))
        if logits.shape[1] == CLASSES:
            return probabilities, probabilities.max(axis=1, initial=0)
        return probabilities, sigmoid(logits[:, CLASSES])

    def _logits(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        logits = np.empty((len(digits), self._outputs), np.float32)
        whole = len(digits) - len(digits) % _BATCH
        if len(digits) - whole > _BATCH // 2:
            whole = len(digits)  # a padded batch costs less than its digits one by one
        for start in range(0, whole, _BATCH):
            part = digits[start : start + _BATCH]
            logits[start : start + len(part)] = self._run_batch(part)
        if whole < len(digits):
            with self._single() as runner:
                for index in range(whole, len(digits)):
                    logits[index] = runner(digits[index : index + 1])[0]
        return logits

    def _run_batch(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        count = len(digits)
        if count < _BATCH:
            digits = np.pad(digits, ((0, _BATCH - count), (0, 0), (0, 0)))
        with self._bulk_lock:
            if self._bulk is None:
                self._bulk = _Runner(self._content, batch=_BATCH, threads=_THREADS)
            return self._bulk(digits)[:count]

    @contextlib.contextmanager
    def _single(self) -> Iterator[_Runner]:
        taken = self._singles.get()
        runner = taken
        try:
            runner = taken or _Runner(self._content, batch=1, threads=1)
            yield runner
        finally:
            self._singles.put(runner)


class _Runner:
    """One interpreter for one batch size; not for two threads at once."""

    def __init__(self, content: bytes, *, batch: int, threads: int) -> None:
        self._interpreter: Any = Interpreter(model_content=content, num_threads=threads)
        (source,) = self._interpreter.get_input_details()
        (target,) = self._interpreter.get_output_details()
        if source["dtype"] is not np.uint8 or target["dtype"] is not np.float32:
            raise ValueError(
                f"digits go in as uint8 and logits come out as float32, not "
                f"{source['dtype'].__name__} and {target['dtype'].__name__}"
            )
        self._source, self._target = source["index"], target["index"]
        self._interpreter.resize_tensor_input(self._source, (batch, 28, 28), strict=True)
        self._interpreter.allocate_tensors()
        logits = self(np.zeros((batch, 28, 28), np.uint8))
        if logits.shape not in {(batch, CLASSES), (batch, CLASSES + 1)}:
            raise ValueError(f"ten or eleven logits a digit are needed, not shape {logits.shape}")
        self.outputs = logits.shape[1]

    def __call__(self, digits: NDArray[np.uint8]) -> NDArray[np.float32]:
        self._interpreter.set_tensor(self._source, digits)
        self._interpreter.invoke()
        logits: NDArray[np.float32] = self._interpreter.get_tensor(self._target)
        return logits


def _checked(digits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if (
        not isinstance(digits, np.ndarray)
        or digits.dtype != np.uint8
        or digits.ndim != 3
        or digits.shape[1:] != (28, 28)
    ):
        received = (
            f"{digits.shape} {digits.dtype}"
            if isinstance(digits, np.ndarray)
            else type(digits).__name__
        )
        raise DigitsError(
            f"Expected digits as an array (N, 28, 28) of uint8. Received: {received}. For a "
            "picture of any other form use Recognizer.read."
        )
    return digits


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of logits (N, C) float32 as probabilities (N, C) float32 that sum to 1."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    probabilities: NDArray[np.float32] = powers / powers.sum(axis=1, keepdims=True)
    return probabilities


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logits (N,) float32 as shares 0-1."""
    # Beyond ±80 float32 would overflow in exp and gain nothing.
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -80, 80))), np.float32)
