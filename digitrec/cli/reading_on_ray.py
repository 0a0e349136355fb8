"""`digitrec read --ray`: many inputs, on a cluster, into a folder of Parquet."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from digitrec.bulk.reading import BulkReading
from digitrec.cli.inputs import STANDARD_INPUT
from digitrec.programs import tell, without_cpp


def read_on_ray(inputs: Sequence[str], output: str | None, options: Mapping[str, Any]) -> int:
    """Read all of it, or what an earlier run left.

    Args:
        inputs: files, folders and URIs.
        output: the folder or URI for the parts.
        options: artifact, handwriting, address and quiet; annotate and format are refused.

    Returns:
        The exit status: 0, or 1 if anything could not be read.
    """
    if output is None:
        raise click.UsageError("Expected --output DIR, where --ray writes Parquet.")
    if options["annotate"] or STANDARD_INPUT in inputs:
        raise click.UsageError("--annotate and standard input are for reading without --ray.")
    if options["form"] not in {None, "parquet"}:
        raise click.UsageError("--ray writes Parquet and no other format.")
    with without_cpp():  # LiteRT's note on its first network
        reading = BulkReading.of(
            inputs, output, artifact=options["artifact"], handwriting=options["handwriting"]
        )
    for problem in reading.problems:
        tell(problem)
    there = len(reading.counts)
    hidden = options["quiet"] or not sys.stderr.isatty()
    bar = click.progressbar(
        length=reading.total, label="reading", show_pos=True, file=sys.stderr, hidden=hidden
    )
    try:
        with _ctrl_c_counts(), bar:
            bar.update(there)
            for done in reading.read(options["address"]):
                for sentence in done.told:
                    tell(sentence)
                bar.update(1)
    except KeyboardInterrupt:
        finished = f"{len(reading.task.results.numbers()):,} of {reading.total:,} parts"
        tell(f"stopped. {output} has {finished}; the same command goes on.")
        raise
    before = f", {there:,} of which were there" if there else ""
    parts = f"{reading.total:,} part{'s' * (reading.total > 1)}"
    tell(f"{output} has {reading.rows:,} rows in {parts}{before}; {reading.errors:,} are errors.")
    return 1 if reading.errors or reading.problems else 0


@contextmanager
def _ctrl_c_counts() -> Iterator[None]:
    """Ctrl-C ends in KeyboardInterrupt, whatever Ray's threads make of it."""
    pressed = threading.Event()

    def press(number: int, frame: object) -> None:
        pressed.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    except Exception as error:
        if pressed.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)
