"""The shipped network in other runtimes, and digits to ask all of them."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from numpy.typing import NDArray

from digitrec.handwriting import digit_from_strokes
from digitrec.models import load_artifact
from digitrec.shapes import digit_strokes
from digitrec.timing import in_turn

if TYPE_CHECKING:
    import keras

Ask = Callable[[NDArray[np.uint8]], object]
FLOAT32, INT8 = "model.tflite", "model.int8.tflite"


def digits(count: int) -> NDArray[np.uint8]:
    """The project's own ten, over and over: (count, 28, 28) uint8."""
    ten = np.stack([digit_from_strokes(digit_strokes(label)) for label in range(10)])
    return np.resize(ten, (count, 28, 28))


def network_file(name: str) -> Path:
    """A LiteRT file of the artifact in use."""
    return load_artifact().folder / name


def keras_network() -> keras.Model:
    """The same network as Keras keeps it."""
    import keras

    return keras.models.load_model(network_file("model.keras"), compile=False)


def keras_ways(batches: Sequence[int]) -> dict[str, Ask]:
    """`model.predict` with each batch size, on as many threads as TensorFlow likes."""
    model = keras_network()

    def ask(batch: int) -> Ask:
        return lambda digits: model.predict(digits, batch_size=batch, verbose=0)

    return {f"batch {batch}": ask(batch) for batch in batches}


def quickest(ways: Mapping[str, Ask], digits: NDArray[np.uint8]) -> str:
    """The name of the quickest of these here, each asked several times."""
    calls = {name: (partial(ask, digits), 1) for name, ask in ways.items()}
    seconds = in_turn(calls, rounds=3)
    return min(seconds, key=lambda name: statistics.median(seconds[name]))


def onnx_network() -> bytes:
    """The same network in ONNX, float32, as `digitrec export` writes it."""
    from digitrec.learning.exports.forms import Source, write

    with tempfile.TemporaryDirectory(prefix="digitrec-") as folder:
        write("onnx", Source(load_artifact()), Path(folder))
        return (Path(folder) / "model.onnx").read_bytes()


def onnx_session(network: bytes, threads: int) -> Ask:
    """It in ONNX Runtime, every optimisation on, with so many threads."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session: Any = onnxruntime.InferenceSession(
        network, options, providers=["CPUExecutionProvider"]
    )
    return lambda some: session.run(["logits"], {"digits": some})


def threads_to_try() -> list[int]:
    """One, and as many as there are cores."""
    return sorted({1, os.cpu_count() or 1})
