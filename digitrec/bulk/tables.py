"""Rows as Parquet: `records.COLUMNS`, the probabilities as a list of float32."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

from digitrec.records import COLUMNS

_ROWS_AT_ONCE = 20_000  # of a row group


class TableWriter:
    """Writes rows to a file that is open for it; no more than a row group of them is held."""

    def __init__(self, file: IO[bytes] | Any) -> None:
        from pyarrow import parquet

        self._schema = parquet_schema()
        self._table = parquet.ParquetWriter(file, self._schema)
        self._kept: list[dict[str, Any]] = []

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *about: object) -> None:
        if kind is None:
            self._flush()
        self._table.close()

    def rows(self, rows: Iterable[dict[str, Any]]) -> None:
        """Take rows, as of `records.rows`."""
        self._kept.extend(rows)
        if len(self._kept) >= _ROWS_AT_ONCE:
            self._flush()

    def columns(self, columns: Mapping[str, list[Any]]) -> None:
        """Take as many rows at once, as of `records.columns`."""
        import pyarrow as pa

        self._flush()
        self._table.write_table(pa.table(dict(columns), schema=self._schema))

    def _flush(self) -> None:
        import pyarrow as pa

        if self._kept:
            self._table.write_table(pa.Table.from_pylist(self._kept, schema=self._schema))
            self._kept.clear()


def parquet_schema() -> Any:
    """The types of `COLUMNS`, a pyarrow.Schema."""
    import pyarrow as pa

    whole = {"page", "line", "group", "place", "label", "x", "y", "width", "height", "turned"}
    types = dict.fromkeys(COLUMNS, pa.string()) | dict.fromkeys(whole, pa.int32())
    types |= {"confidence": pa.float32(), "digit_score": pa.float32()}
    types |= {"probabilities": pa.list_(pa.float32())}
    return pa.schema([(name, types[name]) for name in COLUMNS])
