"""Many digits at once: `classify` beside Keras and ONNX Runtime, each with its best settings.

    python -m benchmarks.in_bulk

Needs the extra `train`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from functools import partial

from benchmarks import networks
from benchmarks.networks import Ask
from benchmarks.sections import Section
from digitrec.classifier import Classifier
from digitrec.interpreters import LOGITS, Runner
from digitrec.matrix_units import laid_out
from digitrec.rows import Aim, Quantity, Row
from digitrec.timing import in_turn

_ONE_BATCH = 32
_INT8, _FLOAT32 = "`classify`, int8", "`classify`, float32"
_KERAS, _ONNX = "`model.predict`", "ONNX Runtime, float32"


def rows(quick: bool) -> Iterator[Row]:
    """Digits a second of each, and int8 beside the others."""
    digits = networks.digits(256 if quick else 4096)
    rounds = 2 if quick else 12
    batches = (64, 128) if quick else (8, 16, 32, 64, 128, 256, 512, 1024)
    ways: dict[str, Ask] = {
        _INT8: Classifier(networks.network_file(networks.INT8)).classify,
        _FLOAT32: Classifier(networks.network_file(networks.FLOAT32)).classify,
    }
    names = {name: name for name in ways}
    keras = networks.keras_ways([batch for batch in batches if batch >= 64])
    for name, settings in ((_ONNX, _onnx_ways(batches)), (_KERAS, keras)):
        best = networks.quickest(settings, digits[:1024])
        names[name], ways[name] = f"{name}, {best}", settings[best]
    seconds = in_turn(
        {name: (partial(ask, digits), 1) for name, ask in ways.items()}, rounds=rounds
    )
    paces = {name: len(digits) / statistics.median(times) for name, times in seconds.items()}
    for name, least in ((_ONNX, 3), (_KERAS, 4), (_FLOAT32, 3)):
        yield Row(
            _INT8,
            {"a second": Quantity(paces[_INT8])},
            names[name],
            Quantity(paces[name]),
            aims=[Aim("ratio", "≥", least)],
        )
    for name in (_ONNX, _KERAS):
        yield Row(
            _FLOAT32, {"a second": Quantity(paces[_FLOAT32])}, names[name], Quantity(paces[name])
        )
    yield _layouts(rounds)


def _layouts(rounds: int) -> Row:
    """One thread and one batch, laid out for matrix units and as it stands in the file."""
    content = networks.network_file(networks.INT8).read_bytes()
    batch = networks.digits(_ONE_BATCH)
    runs = {
        "out": Runner(laid_out(content), batch=_ONE_BATCH),
        "as is": Runner(content, batch=_ONE_BATCH),
    }
    calls = {name: (partial(run, batch, [LOGITS]), 20) for name, run in runs.items()}
    seconds = in_turn(calls, rounds=rounds)
    paces = {name: _ONE_BATCH / statistics.median(times) for name, times in seconds.items()}
    return Row(
        "int8 laid out for matrix units, one thread",
        {"a second": Quantity(paces["out"])},
        "as it is in the file",
        Quantity(paces["as is"]),
    )


def _onnx_ways(batches: Sequence[int]) -> dict[str, Ask]:
    """Every batch and number of threads."""
    network = networks.onnx_network()
    sessions = {
        threads: networks.onnx_session(network, threads) for threads in networks.threads_to_try()
    }

    def ask(threads: int, batch: int) -> Ask:
        run = sessions[threads]
        return lambda digits: [
            run(digits[start : start + batch]) for start in range(0, len(digits), batch)
        ]

    return {
        f"batch {batch}, threads: {threads}": ask(threads, batch)
        for threads in sessions
        for batch in batches
    }


SECTION = Section(
    "In bulk",
    "4,096 digits of 28×28 at once, on all cores, all ways in turn in one process; the ratio tells "
    "how many times as many a second. Keras and ONNX Runtime have the batch and threads that are "
    "quickest here.",
    rows,
)

if __name__ == "__main__":
    SECTION.main()
