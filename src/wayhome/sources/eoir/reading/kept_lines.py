"""The lines that were repaired or set aside: number, reason and raw bytes, written as they come."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema([("line", pa.int64()), ("reason", pa.string()), ("raw", pa.binary())])
FLUSHED_AT_LINES = 100_000
FLUSHED_AT_BYTES = 64 << 20


class KeptLines:
    """A file of kept lines. It is made with its first line; `close` must be called at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._rows: list[tuple[int, str, bytes]] = []
        self._bytes = 0
        self._writer: pq.ParquetWriter | None = None

    def add(self, line: int, reason: str, raw: bytes) -> None:
        self.count += 1
        self._rows.append((line, reason, raw))
        self._bytes += len(raw)
        if len(self._rows) >= FLUSHED_AT_LINES or self._bytes >= FLUSHED_AT_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        if self._writer:
            self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self.path, SCHEMA, compression="zstd")
        columns = [list(column) for column in zip(*self._rows, strict=True)]
        arrays = [pa.array(c, field.type) for c, field in zip(columns, SCHEMA, strict=True)]
        self._writer.write_table(pa.table(arrays, schema=SCHEMA))
        self._rows, self._bytes = [], 0
