"""A folder of results: a file a part, each of which is whole or not there, and what they are of."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitrec.bulk.places import file_system, is_uri
from digitrec.errors import OutputError

MANIFEST = "_digitrec.json"  # programs that read folders of Parquet pass over names that begin so
_PART, _HALF = "part-", ".half-"
_LOOKED_AT_ONCE = 16  # files whose ends are read: most of the time goes by in waiting


@dataclass(frozen=True)
class Results:
    """Where parts are written.

    Attributes:
        place: an absolute path, or a URI.
    """

    place: str

    @classmethod
    def at(cls, given: str) -> Results:
        """Those in a folder; made if needed."""
        return cls(given if is_uri(given) else str(Path(given).absolute()))

    def begin(self, manifest: Mapping[str, Any]) -> dict[int, tuple[int, int]]:
        """Say what the parts will be of, or find those that are there already.

        Args:
            manifest: everything that decides what is in them, as plain data.

        Returns:
            Rows and errors of every part that is whole, by its number.

        Raises:
            OutputError: the folder holds anything else, or cannot be written.
        """
        with self._told("write"):
            system, folder = self._system()
            system.create_dir(folder, recursive=True)
            names = self._names()
            if MANIFEST not in names:
                if names:
                    raise OutputError(
                        f"Expected an empty folder, or one that such a reading was begun in, in "
                        f"{self.place}. Received: {len(names):,} other files. Give another "
                        "--output."
                    )
                with self._appearing(MANIFEST) as file:
                    file.write(json.dumps(manifest, indent=1).encode())
                return {}
            with system.open_input_file(f"{folder}/{MANIFEST}") as file:
                self._check(json.loads(file.read()), manifest)
            return self._whole([name for name in names if name.startswith(_PART)])

    def _check(self, begun: Any, manifest: Mapping[str, Any]) -> None:
        if not isinstance(begun, dict):
            begun = {}
        different = [name for name in manifest if begun.get(name) != manifest[name]]
        if different:
            raise OutputError(
                f"Expected {self.place} to be empty or begun with the same input and network. "
                f"Received: one begun with another {', '.join(different)}. Give another --output."
            )

    def _whole(self, names: list[str]) -> dict[int, tuple[int, int]]:
        with ThreadPoolExecutor(_LOOKED_AT_ONCE) as pool:
            found = zip(names, pool.map(self._counts, names), strict=True)
            return {
                int(name.removeprefix(_PART).partition(".")[0]): counts
                for name, counts in found
                if counts is not None
            }

    def _counts(self, name: str) -> tuple[int, int] | None:
        """Rows and errors of a part; None where it is no whole file, as after a power failure."""
        from pyarrow import parquet

        system, folder = self._system()
        try:
            with system.open_input_file(f"{folder}/{name}") as file:
                about = parquet.read_metadata(file)
        except (OSError, ValueError):
            return None
        columns = [about.row_group(i) for i in range(about.num_row_groups)]
        errors = [group.column(group.num_columns - 1) for group in columns]
        return about.num_rows, sum(c.num_values - c.statistics.null_count for c in errors)

    @contextmanager
    def writing(self, number: int) -> Iterator[Any]:
        """A part's file, open for writing; it appears whole, in the place of an older one.

        Raises:
            OutputError: it cannot be written.
        """
        with self._told("write"), self._appearing(f"{_PART}{number:06d}.parquet") as file:
            yield file

    def numbers(self) -> set[int]:
        """The parts that can be seen from here."""
        names = [name for name in self._names() if name.startswith(_PART)]
        return {int(name.removeprefix(_PART).partition(".")[0]) for name in names}

    def clean(self) -> None:
        """Take away what workers that were killed left half written."""
        system, folder = self._system()
        for name in self._names():
            if name.startswith(_HALF):
                with self._told("tidy"):
                    system.delete_file(f"{folder}/{name}")

    @contextmanager
    def _appearing(self, name: str) -> Iterator[Any]:
        system, folder = self._system()
        half = f"{folder}/{_HALF}{name}-{uuid.uuid4().hex}"
        try:
            with system.open_output_stream(half) as file:
                yield file
            system.move(half, f"{folder}/{name}")
        except BaseException:
            with self._told("tidy"):
                if system.get_file_info(half).is_file:
                    system.delete_file(half)
            raise

    def _names(self) -> list[str]:
        from pyarrow.fs import FileSelector

        system, folder = self._system()
        return sorted(info.base_name for info in system.get_file_info(FileSelector(folder)))

    def _system(self) -> tuple[Any, str]:
        if is_uri(self.place):
            return file_system(self.place)
        from pyarrow.fs import LocalFileSystem

        return LocalFileSystem(), self.place

    @contextmanager
    def _told(self, verb: str) -> Iterator[None]:
        try:
            yield
        except OutputError:
            raise
        except (OSError, ValueError) as error:
            raise OutputError(
                f"Expected to {verb} {self.place}. Received: {error}. Give another --output."
            ) from error
