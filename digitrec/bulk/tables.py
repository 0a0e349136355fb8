"""Rows as Parquet: `records.COLUMNS`, the probabilities as a list of float32."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from digitrec.records import COLUMNS

WriteRows = Callable[[Iterable[dict[str, Any]]], None]

_ROWS_AT_ONCE = 20_000  # of a row group


@contextmanager
def table_writer(file: IO[bytes] | Any) -> Iterator[WriteRows]:
    """What writes rows to a file opened for it; no more than a row group of them is held."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet_schema()
    kept: list[dict[str, Any]] = []
    with parquet.ParquetWriter(file, schema) as table:

        def flush() -> None:
            table.write_table(pa.Table.from_pylist(kept, schema=schema))
            kept.clear()

        def write(rows: Iterable[dict[str, Any]]) -> None:
            kept.extend(rows)
            if len(kept) >= _ROWS_AT_ONCE:
                flush()

        yield write
        flush()


def parquet_schema() -> Any:
    """The types of `COLUMNS`, a pyarrow.Schema."""
    import pyarrow as pa

    whole = {"page", "line", "group", "place", "label", "x", "y", "width", "height", "turned"}
    types = dict.fromkeys(COLUMNS, pa.string()) | dict.fromkeys(whole, pa.int32())
    types |= {"confidence": pa.float32(), "digit_score": pa.float32()}
    types |= {"probabilities": pa.list_(pa.float32())}
    return pa.schema([(name, types[name]) for name in COLUMNS])
