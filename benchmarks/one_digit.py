"""One digit: `classify` and the same network in other runtimes, each with its best settings.

    python -m benchmarks.one_digit

Needs the extra `train`.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks import networks
from benchmarks.sections import Section
from digitrec import Recognizer
from digitrec.classifier import Classifier
from digitrec.rows import Aim, Quantity, Row
from digitrec.timing import in_turn, percentile

Call = Callable[[], object]
_OURS = "`classify`"
_AIMS = {"`model.predict`": [Aim("ratio", "≥", 300)], "`tf.function`": [Aim("ratio", "≥", 5)]}
_QUICK, _SLOW = 20, 4  # calls in a round


def rows(quick: bool) -> Iterator[Row]:
    """`classify`, and every other way beside it."""
    calls = {_OURS: (_ours(), _QUICK), **_others()}
    seconds = in_turn(calls, rounds=3 if quick else 40)
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    ours = Quantity(medians[_OURS], "s")
    for name, times in seconds.items():
        values = {
            "median": Quantity(medians[name], "s"),
            "p99": Quantity(percentile(times, 99), "s"),
        }
        if name == _OURS:
            what = f"{_OURS}, {Recognizer().artifact.network.name}"
            yield Row(what, values, aims=[Aim("median", "≤", 0.00025)])
        else:
            yield Row(name, values, _OURS, ours, aims=_AIMS.get(name, []))


def _ours() -> Call:
    recognizer, one = Recognizer(), networks.digits(1)
    return lambda: recognizer.classify(one)


def _others() -> dict[str, tuple[Call, int]]:
    import tensorflow as tf

    one = networks.digits(1)
    model = networks.keras_network()
    compiled = tf.function(
        lambda digits: model(digits, training=False),
        input_signature=[tf.TensorSpec((1, 28, 28), tf.uint8)],  # one, and no other number
    )
    tensor = tf.constant(one)
    float32 = Classifier(networks.network_file(networks.FLOAT32))
    network = networks.onnx_network()
    sessions = {
        f"ONNX Runtime, float32, threads: {threads}": networks.onnx_session(network, threads)
        for threads in networks.threads_to_try()
    }
    tried = in_turn({name: (partial(ask, one), 50) for name, ask in sessions.items()}, rounds=3)
    best = min(tried, key=lambda name: statistics.median(tried[name]))
    return {
        "`classify`, model.tflite (float32)": (lambda: float32.classify(one), _QUICK),
        best: (lambda: sessions[best](one), _QUICK),
        "`tf.function`": (lambda: compiled(tensor).numpy(), _QUICK),
        "`model(x)`": (lambda: model(tensor, training=False).numpy(), _SLOW),
        "`model.predict`": (lambda: model.predict(one, verbose=0), _SLOW),
    }


SECTION = Section(
    "One digit",
    "One digit of 28×28 to its logits, by `classify` to its probabilities, all ways in turn in one "
    "process; the ratio tells how many times as long as `classify` it takes. ONNX Runtime has the "
    "number of threads that is quickest here; `tf.function` is compiled for one digit.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
