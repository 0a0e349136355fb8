"""LiteRT: digits in, probabilities out, how much each looks like a digit at all, and features."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitrec.errors import ArtifactError, DigitsError
from digitrec.interpreters import FEATURES, LOGITS, Pool, Runner
from digitrec.logits import judged
from digitrec.matrix_units import has_matrix_units, laid_out
from digitrec.network_files import checked_network

_BATCH = 32  # large enough that Python hardly counts, small enough for a core's caches
# As many digits in batches repay what it takes to lay a network out for them.
_MANY = 2_000
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

    Single digits and batches run on small pools of one-thread interpreters, so that sessions do
    not wait for each other; many batches are shared out among the cores.

    Args:
        network: the `.tflite` file, (N, 28, 28) uint8 → float32 logits: (N, 11), ten classes
            and "is a digit", or (N, 10) from a network that knows classes only. A second
            output named "features" is the last hidden layer; older networks have none.
        temperature: what the classes' logits are divided by; above 1 makes it less sure.
        threads: cores that many digits may use; without it all, up to four.

    Raises:
        ArtifactError: the file is not such a network.
    """

    def __init__(
        self, network: Path, *, temperature: float = 1.0, threads: int | None = None
    ) -> None:
        try:
            self._content = checked_network(network.read_bytes())
            first = Runner(self._content, batch=1)
        except (OSError, RuntimeError, ValueError) as error:
            raise ArtifactError(
                f"Expected a LiteRT network in {network}. Received: a file that cannot be loaded "
                f"({error}). Copy the whole artifact again."
            ) from error
        self._network = network
        self._widths = first.widths
        self._temperature = temperature
        self._threads = threads or _THREADS
        self._singles = Pool(self._content, batch=1, size=self._threads, first=first)
        self._batches = Pool(self._content, batch=_BATCH, size=self._threads)
        self._answered = 0  # digits in batches
        self._lock = threading.Lock()

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
        if whole:
            self._run_batches(digits[:whole], outputs)
        if whole < len(digits):
            with self._singles.runner() as runner:
                for index in range(whole, len(digits)):
                    rows_of_one = runner(digits[index : index + 1], names)
                    for name, rows in zip(names, rows_of_one, strict=True):
                        outputs[name][index] = rows[0]
        return outputs

    def _run_batches(
        self, digits: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float32]]
    ) -> None:
        """Write those outputs of digits, a row each, on every core if there are several batches."""
        batches = self._batches_for(len(digits))
        names = list(outputs)

        def run(start: int) -> None:
            part = full = digits[start : start + _BATCH]
            if len(part) < _BATCH:
                full = np.pad(part, ((0, _BATCH - len(part)), (0, 0), (0, 0)))
            with batches.runner() as runner:
                for name, rows in zip(names, runner(full, names), strict=True):
                    outputs[name][start : start + len(part)] = rows[: len(part)]

        starts = range(0, len(digits), _BATCH)
        if min(len(starts), self._threads) == 1:
            for start in starts:
                run(start)
            return
        with ThreadPoolExecutor(min(len(starts), self._threads)) as threads:
            list(threads.map(run, starts))  # raises what one of them raised

    def _batches_for(self, count: int) -> Pool:
        """The pool for so many digits more; where it pays, of the network laid out for it."""
        with self._lock:
            before, self._answered = self._answered, self._answered + count
            if before < _MANY <= self._answered and has_matrix_units():
                content = laid_out(self._content)
                self._batches = Pool(content, batch=_BATCH, size=self._threads)
            return self._batches


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
