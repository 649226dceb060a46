"""Write a table's rows to Parquet in another thread, while the next block is being read."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.sources.eoir.layout import Kind, Table
from wayhome.sources.eoir.reading.parsing import ARROW_TYPES, TEXT


class RowWriter:
    """One Parquet file with every column of the layout, those that a release lacks all missing.

    Numbers of rows and cases are int64, dates are timestamps in milliseconds, and everything else
    is text.
    """

    def __init__(self, path: Path, table: Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        fields = [(c.name, ARROW_TYPES.get(c.kind, TEXT)) for c in table.columns]
        numbers = {c.name for c in table.columns if c.kind is Kind.ID}
        self.schema = pa.schema(fields)
        self._writer = pq.ParquetWriter(
            path,
            self.schema,
            compression="zstd",
            use_dictionary=[name for name in self.schema.names if name not in numbers],
            column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
            # Readers see plain text, not this writer's dictionaries.
            store_schema=False,
        )
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._writing: Future[None] | None = None

    def write(self, rows: pa.Table) -> None:
        """Write the rows. Errors of the write before are raised here, or by `close`."""
        self._wait()
        for place, field in enumerate(self.schema):
            if field.name not in rows.schema.names:
                rows = rows.add_column(place, field, pa.nulls(rows.num_rows, field.type))
        self._writing = self._thread.submit(self._write, rows)

    def close(self) -> None:
        self._wait()
        self._thread.shutdown()
        self._writer.close()

    def abandon(self) -> None:
        """Let go of the file without finishing it."""
        self._thread.shutdown(cancel_futures=True)
        self._writer.is_open = False
        self._writer.file_handle.close()

    def _write(self, rows: pa.Table) -> None:
        self._writer.write_table(rows)

    def _wait(self) -> None:
        if self._writing:
            self._writing.result()
            self._writing = None
