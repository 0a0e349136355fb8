"""What every layer of a network makes of a digit, and how the last one adds up its scores."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from numpy.typing import NDArray

from digitrec.errors import ArtifactError, DigitsError
from digitrec.explaining.graph import SIDE, Kind, Step, View, read_steps
from digitrec.interpreters import LOGITS, named_outputs
from digitrec.models import Artifact
from digitrec.network_files import checked_network

FLOAT32 = "model.tflite"  # an artifact's float32 network
_CLOSE = 1e-3  # logits: as near as sums of float32 come to each other


@dataclass(frozen=True, eq=False)
class Layer:
    """What one layer made of a digit.

    Attributes:
        name: its kind and which one of that kind it is, "convolution 2".
        kind: what it does.
        maps: (C, H, W) float32, after the activation; units without a place are C maps of 1×1.
        view: which part of the drawing each unit looks at; None where that cannot be told.
        filters: (C, h, w) float32, the weights of a layer that looks at the drawing itself,
            whose pixels it takes as 0-1; None for the others.
        bias: (C,) float32, of those filters; None without filters.
    """

    name: str
    kind: Kind
    maps: NDArray[np.float32]
    view: View | None
    filters: NDArray[np.float32] | None = None
    bias: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class Scores:
    """How the last layer came to its scores: a sum for each, `contributions` and `bias`.

    Attributes:
        contributions: (K, D) float32, weight × input of each score and unit of the last hidden
            layer; K is 10, or 11 where the last score is of "this is a digit".
        bias: (K,) float32.
    """

    contributions: NDArray[np.float32]
    bias: NDArray[np.float32]

    @property
    def sums(self) -> NDArray[np.float32]:
        """(K,) float32, the scores: what softmax turns into probabilities."""
        return np.asarray(self.contributions.sum(axis=1) + self.bias, np.float32)


@dataclass(frozen=True, eq=False)
class Inside:
    """What a network made of one digit.

    Attributes:
        digit: (28, 28) uint8, what went in.
        layers: in the order in which they run, without the last one.
        logits: (K,) float32, what came out, before any temperature.
        scores: how the last layer came to them; None where it is no sum of what it saw.
    """

    digit: NDArray[np.uint8]
    layers: tuple[Layer, ...]
    logits: NDArray[np.float32]
    scores: Scores | None


class Network:
    """An artifact's float32 network, opened so that each of its layers can be looked at.

    Safe to share between threads; it answers one at a time, in milliseconds.

    Args:
        artifact: what it is of; its other network, in whole numbers, may be the one that runs.

    Raises:
        ArtifactError: the file is not there, is damaged, or is no such network.
    """

    def __init__(self, artifact: Artifact) -> None:
        content = _content(artifact)
        try:
            self._interpreter: Any = Interpreter(
                model_content=checked_network(content),
                experimental_preserve_all_tensors=True,
                # Others work in their own memory, in which no layer can be looked at.
                experimental_op_resolver_type=OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
            )
            self._interpreter.allocate_tensors()
            self._source = self._interpreter.get_input_details()[0]["index"]
            self._logits = named_outputs(self._interpreter)[LOGITS]["index"]
        except (RuntimeError, ValueError) as error:
            raise ArtifactError(
                f"Expected a LiteRT network in {artifact.folder / FLOAT32}. Received: a file that "
                f"cannot be loaded ({error}). Copy the whole artifact again."
            ) from error
        self._steps = read_steps(content)
        self._lock = threading.Lock()
        self.look(np.zeros((SIDE, SIDE), np.uint8))  # what cannot run is told now

    def look(self, digit: NDArray[np.uint8]) -> Inside:
        """Every layer, and the last one's sums.

        Args:
            digit: (28, 28) uint8 in MNIST's form.

        Raises:
            DigitsError: another shape or type.
        """
        if digit.shape != (SIDE, SIDE) or digit.dtype != np.uint8:
            raise DigitsError(
                f"Expected one digit as an array (28, 28) of uint8. Received: {digit.shape} "
                f"{digit.dtype}. Give Digit.image."
            )
        with self._lock:
            self._interpreter.set_tensor(self._source, digit[None])
            self._interpreter.invoke()
            logits = self._tensor(self._logits).reshape(-1)
            last = next((s for s in reversed(self._steps) if s.target == self._logits), None)
            scores = self._scores(last, logits) if last else None
            return Inside(digit, self._layers(last), logits, scores)

    def _layers(self, last: Step | None) -> tuple[Layer, ...]:
        layers: list[Layer] = []
        for step in self._steps:
            maps = _maps(self._tensor(step.target))
            if step is last or maps is None:
                continue
            number = 1 + sum(layer.kind == step.kind for layer in layers)
            filters = self._filters(step) if step.sees_drawing else None
            layers.append(
                Layer(
                    f"{step.kind} {number}",
                    step.kind,
                    maps,
                    step.view,
                    filters,
                    None if filters is None else self._bias(step, len(filters)),
                )
            )
        return tuple(layers)

    def _filters(self, step: Step) -> NDArray[np.float32] | None:
        """What each map of a layer looks for in the drawing, (C, h, w)."""
        if step.weights is None:
            return None
        weights = self._tensor(step.weights)
        if step.kind == "dense":
            return weights.reshape(-1, SIDE, SIDE) if weights.shape[1] == SIDE * SIDE else None
        return np.moveaxis(weights[0], -1, 0) if step.depthwise else weights[..., 0]

    def _scores(self, last: Step, logits: NDArray[np.float32]) -> Scores | None:
        if last.kind != "dense" or last.weights is None:
            return None
        seen = self._tensor(last.source).reshape(-1)
        bias = self._bias(last, len(logits))
        scores = Scores(self._tensor(last.weights) * seen, bias)
        # A layer that does more than to add, as an activation, gives something else.
        return scores if np.allclose(scores.sums, logits, atol=_CLOSE) else None

    def _bias(self, step: Step, count: int) -> NDArray[np.float32]:
        if step.bias is None:
            return np.zeros(count, np.float32)
        return self._tensor(step.bias)

    def _tensor(self, number: int) -> NDArray[np.float32]:
        return np.asarray(self._interpreter.get_tensor(number), np.float32)


def _maps(tensor: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """A layer's (1, H, W, C) or (1, C) as (C, H, W); None for any other form."""
    if tensor.ndim == 2 and len(tensor) == 1:
        return tensor.reshape(-1, 1, 1)
    if tensor.ndim == 4 and len(tensor) == 1:
        return np.ascontiguousarray(np.moveaxis(tensor[0], -1, 0))
    return None


def _content(artifact: Artifact) -> bytes:
    """The float32 file, which is the one that the card describes."""
    if not (artifact.folder / FLOAT32).is_file():
        raise ArtifactError(
            f"Expected the float32 network {FLOAT32} in {artifact.folder}. Received: a folder "
            "without it. Only in that one can the layers be looked at: copy the whole artifact, "
            "or finish it again with scripts/finish.py --again."
        )
    return artifact.file(FLOAT32).read_bytes()
