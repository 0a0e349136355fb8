"""Parts shared out among the workers of a Ray cluster.

Ray Data moves the parts: it streams them through a pool of actors, each of which loads the network
once and runs it on one core, and it reads a part again when its worker or machine is lost. It does
not move what is read: a worker opens its part's own slice of the input and writes the part's own
file, which appears whole under its final name. So a part that is read twice replaces itself,
nothing is lost or doubled, rows keep the input's order, and no machine holds more than a slice.
"""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, cast

from digitrec.bulk.parts import Done, Part, Task, read_part
from digitrec.errors import ArtifactError, ClusterError, DigitrecError
from digitrec.handwriting import Handwriting
from digitrec.models import artifact_version
from digitrec.programs import without_cpp
from digitrec.recognizer import Recognizer

_OBJECTS = 200_000_000  # bytes of shared memory: what is moved is small
_PATIENCE = 10  # seconds
_QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing is sent anywhere
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # else its C++ part writes to the terminal
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # nor does it tell of lost workers on stdout
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what it warns of otherwise
}


@contextmanager
def cluster(address: str | None) -> Iterator[int]:
    """A connection to a cluster, or a cluster of this machine's cores that lives as long.

    Args:
        address: host and port, or "auto" for the one that runs on this machine; None for a new one.

    Yields:
        How many workers it has room for.

    Raises:
        ClusterError: Ray is not installed, or does not answer there.
    """
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise ClusterError(
            'Expected Ray to be installed. Received: none. Run pip install "digitrec[bulk]".'
        ) from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    own: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _OBJECTS}
    try:
        _knock(address)
        with without_cpp():  # it tells that it was told to be silent
            ray.init(
                address=address or "local",
                log_to_driver=False,
                logging_level=logging.ERROR,
                **({} if address else own),
            )
    except Exception as error:  # Ray raises that very class where a node is slow to begin
        advice = (
            "Start one with `ray start --head`, or leave --address out."
            if address
            else "The same command goes on: try again when this machine is less busy."
        )
        raise ClusterError(
            f"Expected a Ray cluster {f'at {address}' if address else 'on this machine'}. "
            f"Received: {_first_line(error)}. {advice}"
        ) from error
    try:
        yield max(1, int(cast(Any, ray).cluster_resources().get("CPU", 1)))
    finally:
        ray.shutdown()


def _knock(address: str | None) -> None:
    """Ray itself would try for minutes, and say nothing, where nobody answers.

    Raises:
        OSError, ValueError: nobody does, or it is no address.
    """
    if address and address != "auto" and "://" not in address:
        host, _, port = address.rpartition(":")
        if not port.isdigit():
            raise ValueError("no port")
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


def read_parts(parts: Sequence[bytes], task: Task, workers: int) -> Iterator[Done]:
    """Read parts on the cluster that is connected.

    Args:
        parts: as `Part.packed` gives them.
        task: what every worker needs to know.
        workers: how many at the same time, at most.

    Yields:
        What became of each, in the order in which they are finished.

    Raises:
        ClusterError: the cluster does not work, or a worker cannot even begin.
        DigitrecError: a part cannot be read or written for a reason that would meet every part.
    """
    import ray

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    items = ray.data.from_items([{"part": part} for part in parts], override_num_blocks=len(parts))
    worker: Any = _Worker  # a class stands for the function that each actor makes of it
    pool = ray.data.ActorPoolStrategy(
        min_size=1, max_size=workers, initial_size=workers, max_tasks_in_flight_per_actor=2
    )
    read = items.map(worker, fn_constructor_kwargs={"task": task}, compute=pool, num_cpus=1)
    try:
        for row in read.iter_rows():
            done = Done(**json.loads(row["done"]))
            if done.failure:
                raise ClusterError(done.failure)
            yield done
    except (ray.exceptions.RayError, ConnectionError) as error:
        raise ClusterError(
            f"Expected workers that read. Received: {_first_line(error)}. Look whether digitrec is "
            "installed on every machine of the cluster; the same command goes on."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


class _Worker:
    """One process on one core, with the network loaded once."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._recognizer: Recognizer | None = None

    def __call__(self, item: dict[str, Any]) -> dict[str, Any]:
        part = Part.unpacked(item["part"])
        try:
            # Not in the constructor: what fails there, Ray tries for ever.
            self._recognizer = self._recognizer or self._ready()
            done = read_part(part, self._recognizer, self._task.results)
        except DigitrecError as error:
            done = Done(part.number, failure=str(error))
        return {"done": json.dumps(asdict(done))}

    def _ready(self) -> Recognizer:
        import cv2

        cv2.setNumThreads(1)
        task = self._task
        folder, version = artifact_version(task.artifact)
        if version != task.version:
            raise ArtifactError(
                f"Expected the same artifact in {folder} on every machine. Received: another one "
                "than where the reading was begun. Copy the folder there."
            )
        handwriting = Handwriting.load(task.handwriting)
        return Recognizer(task.artifact, handwriting=handwriting, threads=1)
