"""Millions of digits: the whole reading, from what is given to a folder of Parquet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from digitrec import __version__
from digitrec.bulk.cluster import cluster, read_parts
from digitrec.bulk.parts import Digest, Done, Task, parts_of
from digitrec.bulk.places import files_of, is_uri
from digitrec.bulk.results import Results
from digitrec.errors import ClusterError, OutputError
from digitrec.models import DEFAULT_ARTIFACT, artifact_folder, artifact_version
from digitrec.recognizer import Recognizer


@dataclass
class BulkReading:
    """A reading of much, begun or gone on with; iterate over `read` to do it.

    Attributes:
        task: for the workers.
        parts: those that are still to be read, packed.
        total: how many there are in all.
        counts: rows and errors of each part that is finished, by its number.
        problems: a sentence on everything that is passed over.
    """

    task: Task
    parts: list[bytes]
    total: int
    counts: dict[int, tuple[int, int]]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        inputs: Sequence[str],
        output: str,
        *,
        artifact: str | None = None,
        handwriting: str | None = None,
    ) -> BulkReading:
        """Find out what is to be read, and what of it an earlier run has finished.

        Args:
            inputs: paths and URIs of files and folders.
            output: the folder of the results, a path or a URI; made if needed.
            artifact: as of `Recognizer`.
            handwriting: as of `Recognizer`.

        Raises:
            OutputError: the folder holds anything else, or cannot be written.
            DigitrecError: see `Recognizer`.
        """
        task = _task(output, Recognizer(artifact, handwriting=handwriting), artifact)
        problems: list[str] = []
        digest = Digest()
        places = files_of(inputs, problems, but=[] if is_uri(output) else [Path(output)])
        parts = [part.packed() for part in parts_of(places, digest)]
        manifest = {
            "program": f"digitrec {__version__}",
            "network": task.version,
            "handwriting": hashlib.sha256(task.handwriting).hexdigest(),
            "input": digest.hexdigest(),
            "parts": len(parts),
        }
        counts = task.results.begin(manifest)
        rest = [packed for number, packed in enumerate(parts) if number not in counts]
        return cls(task, rest, len(parts), counts, problems)

    def read(self, address: str | None = None) -> Iterator[Done]:
        """Read what is left.

        Args:
            address: the cluster's host and port, or "auto"; None for one on this machine's cores
                that lives as long.

        Yields:
            What became of each part, as soon as it is finished.

        Raises:
            ClusterError: no Ray, no cluster, or workers that cannot work.
            OutputError: finished parts cannot be seen from here.
        """
        if self.parts:
            with cluster(address) as workers:
                for done in read_parts(self.parts, self.task, min(workers, len(self.parts))):
                    self.counts[done.number] = (done.rows, done.errors)
                    yield done
        if len(self.counts) < self.total:
            raise ClusterError(
                f"Expected {self.total:,} parts from the cluster. Received: {len(self.counts):,}. "
                "The same command goes on."
            )
        results = self.task.results
        missing = self.total - len(results.numbers())
        if missing:
            raise OutputError(
                f"Expected {self.total:,} parts in {results.place}. Received: {missing:,} fewer, "
                "written where this machine does not see them. Give an --output that all machines "
                "share."
            )
        results.clean()

    @property
    def rows(self) -> int:
        """Of all finished parts."""
        return sum(rows for rows, _ in self.counts.values())

    @property
    def errors(self) -> int:
        """How many of these rows tell of something that cannot be read."""
        return sum(errors for _, errors in self.counts.values())


def _task(output: str, recognizer: Recognizer, artifact: str | None) -> Task:
    folder = artifact_folder(artifact)
    shipped = folder == DEFAULT_ARTIFACT
    return Task(
        None if shipped else str(folder.absolute()),
        artifact_version(folder)[1],
        recognizer.handwriting.to_bytes(),
        Results.at(output),
    )
