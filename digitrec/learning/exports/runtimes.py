"""What an exported network answers, asked through the runtime that it is made for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from digitrec.errors import ExportError
from digitrec.interpreters import FEATURES, LOGITS, named_outputs
from digitrec.learning.exports.forms import INPUT
from digitrec.learning.quiet import quiet

if TYPE_CHECKING:
    import keras

_BATCH = 500


class Answers(NamedTuple):
    """What a network gives for N digits.

    Attributes:
        logits: (N, 11) float32, ten classes and "is a digit", or (N, 10).
        features: (N, D) float32, what its last layer saw; D is 0 where it does not tell.
    """

    logits: NDArray[np.float32]
    features: NDArray[np.float32]


def ask(name: str, path: Path, digits: NDArray[np.uint8]) -> Answers:
    """What a network answers that is loaded from the disk for it.

    Args:
        name: a key of `forms.FORMS`.
        path: the file or folder.
        digits: (N, 28, 28) uint8.

    Raises:
        ExportError: its runtime does not take it.
    """
    try:
        with quiet():
            run = _RUNTIMES[name](path)
            batches = [digits[start : start + _BATCH] for start in range(0, len(digits), _BATCH)]
            parts = [run(batch) for batch in batches]
        return _answers({key: np.concatenate([part[key] for part in parts]) for key in parts[0]})
    except Exception as error:  # every runtime has errors of its own
        raise ExportError(
            f"Expected {path.name} to run where it is meant to. Received: {type(error).__name__}: "
            f"{(str(error) or 'nothing said').splitlines()[0]}. Leave {name} out."
        ) from error


def ask_original(model: keras.Model, digits: NDArray[np.uint8]) -> Answers:
    """What the network answers in Keras, its features too."""
    from digitrec.learning.exporting import with_named_outputs

    with quiet():
        return _answers(with_named_outputs(model).predict(digits, batch_size=_BATCH, verbose=0))


Outputs = Mapping[str, NDArray[np.float32]]
Run = Callable[[NDArray[np.uint8]], Outputs]


def _litert(path: Path) -> Run:
    network: Any = Interpreter(model_path=str(path))
    (source,) = network.get_input_details()
    targets = {name: target["index"] for name, target in named_outputs(network).items()}

    def run(digits: NDArray[np.uint8]) -> Outputs:
        network.resize_tensor_input(source["index"], digits.shape, strict=True)
        network.allocate_tensors()
        network.set_tensor(source["index"], digits)
        network.invoke()
        return {name: network.get_tensor(index) for name, index in targets.items()}

    return run


def _onnx(path: Path) -> Run:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return lambda digits: dict(zip(names, session.run(names, {INPUT: digits}), strict=True))


def _saved_model(path: Path) -> Run:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))

    def run(digits: NDArray[np.uint8]) -> Outputs:
        # Through `loaded`, which has to live on: it holds the variables.
        outputs = loaded.signatures["serving_default"](**{INPUT: tf.constant(digits)})
        return {name: rows.numpy() for name, rows in outputs.items()}

    return run


def _keras(path: Path) -> Run:
    import keras

    model = keras.models.load_model(path, compile=False, safe_mode=True)
    return lambda digits: {LOGITS: model.predict_on_batch(digits)}


def _answers(outputs: Outputs) -> Answers:
    logits = outputs[LOGITS]
    return Answers(logits, outputs.get(FEATURES, np.zeros((len(logits), 0), np.float32)))


_RUNTIMES: Mapping[str, Callable[[Path], Run]] = {
    "litert": _litert,
    "litert-int8": _litert,
    "onnx": _onnx,
    "savedmodel": _saved_model,
    "keras": _keras,
}
