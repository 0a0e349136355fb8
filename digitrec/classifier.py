"""LiteRT: digits in, probabilities out, how much each looks like a digit at all, and features."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from digitrec.errors import ArtifactError, DigitsError
from digitrec.logits import CLASSES, judged
from digitrec.network_files import checked_network

LOGITS, FEATURES = "logits", "features"  # a network's outputs, by the names in its signature
_BATCH = 32  # large enough to keep two cores busy, small enough for their caches
_THREADS = max(1, min(4, os.cpu_count() or 1))


class Look(NamedTuple):
    """What a network makes of N digits.

    Attributes:
        probabilities: (N, 10) float32, rows sum to 1.
        scores: (N,) float32, 0-1, how much each looks like a digit.
        features: (N, D) float32, what the network's last layer saw of each.
    """

    probabilities: NDArray[np.float32]
    scores: NDArray[np.float32]
    features: NDArray[np.float32]


class Classifier:
    """A network in LiteRT form, safe to call from many threads at once.

    Single digits run on a small pool of one-thread interpreters, so that sessions do not
    wait for each other; batches run on one interpreter that uses every core.

    Args:
        network: the `.tflite` file, (N, 28, 28) uint8 → float32 logits: (N, 11), ten classes
            and "is a digit", or (N, 10) from a network that knows classes only. A second
            output named "features" is the last hidden layer; older networks have none.
        temperature: what the classes' logits are divided by; above 1 makes it less sure.
        threads: cores that a batch may use; without it all, up to four.

    Raises:
        ArtifactError: the file is not such a network.
    """

    def __init__(
        self, network: Path, *, temperature: float = 1.0, threads: int | None = None
    ) -> None:
        try:
            self._content = checked_network(network.read_bytes())
            first = _Runner(self._content, batch=1, threads=1)
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(
                f"Expected a LiteRT network in {network}. Received: a file that cannot be loaded "
                f"({error}). Copy the whole artifact again."
            ) from error
        self._network = network
        self._widths = first.widths
        self._temperature = temperature
        self._threads = threads or _THREADS
        self._singles: queue.LifoQueue[_Runner | None] = queue.LifoQueue()
        for _ in range(self._threads - 1):
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
        return judged(self._run(checked_digits(digits), [LOGITS])[LOGITS], self._temperature)

    def look(self, digits: NDArray[np.uint8]) -> Look:
        """What `judge` tells, and the features, from one run of the network.

        Args:
            digits: (N, 28, 28) uint8 in MNIST's form, any N including 0.

        Raises:
            DigitsError: another shape or type.
            ArtifactError: the network has no features.
        """
        if not self.has_features:
            raise ArtifactError(
                f"Expected a network that also gives its last hidden layer in {self._network}. "
                "Received: one with a single output, as older versions made them. Finish it again "
                "with scripts/finish.py --again, or train again."
            )
        outputs = self._run(checked_digits(digits), [LOGITS, FEATURES])
        return Look(*judged(outputs[LOGITS], self._temperature), outputs[FEATURES])

    @property
    def has_features(self) -> bool:
        """Whether `look` can be asked."""
        return FEATURES in self._widths

    def _run(
        self, digits: NDArray[np.uint8], names: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        """Those outputs of the network, a row a digit."""
        outputs = {name: np.empty((len(digits), self._widths[name]), np.float32) for name in names}
        whole = len(digits) - len(digits) % _BATCH
        if len(digits) - whole > _BATCH // 2:
            whole = len(digits)  # a padded batch costs less than its digits one by one
        for start in range(0, whole, _BATCH):
            part = digits[start : start + _BATCH]
            for name, rows in zip(names, self._run_batch(part, names), strict=True):
                outputs[name][start : start + len(part)] = rows[: len(part)]
        if whole < len(digits):
            with self._single() as runner:
                for index in range(whole, len(digits)):
                    rows_of_one = runner(digits[index : index + 1], names)
                    for name, rows in zip(names, rows_of_one, strict=True):
                        outputs[name][index] = rows[0]
        return outputs

    def _run_batch(
        self, digits: NDArray[np.uint8], names: Sequence[str]
    ) -> list[NDArray[np.float32]]:
        """Those outputs of up to `_BATCH` digits, each with `_BATCH` rows."""
        if len(digits) < _BATCH:
            digits = np.pad(digits, ((0, _BATCH - len(digits)), (0, 0), (0, 0)))
        with self._bulk_lock:
            if self._bulk is None:
                self._bulk = _Runner(self._content, batch=_BATCH, threads=self._threads)
            return self._bulk(digits, names)

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


def checked_digits(digits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The digits, if they are (N, 28, 28) uint8.

    Raises:
        DigitsError: another shape or type.
    """
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
