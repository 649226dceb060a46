"""A change list as a file, CSV or Parquet: written batch by batch, and whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.changes.change_list import Write, list_schema
from wayhome.report.result_files import whole_file
from wayhome.sources.case_files.bad_rows_file import harmless


@contextmanager
def change_list_file(path: Path, case_id: pa.DataType) -> Iterator[Write]:
    """A function that writes batches of a change list to a file of this name's kind."""
    schema = list_schema(case_id)
    with whole_file(path) as beside:
        if path.suffix == ".csv":
            with beside.open("w", newline="", encoding="utf-8") as file:
                rows = csv.writer(file)
                rows.writerow(schema.names)
                yield _csv_writer(rows.writerows)
        else:
            with pq.ParquetWriter(beside, schema, compression="zstd") as parquet:
                yield parquet.write_batch


def _csv_writer(write_rows: Callable[[Iterator[tuple[str, ...]]], None]) -> Write:
    """Texts that begin like a formula of a spreadsheet begin with an apostrophe."""

    def write(batch: pa.RecordBatch) -> None:
        columns = (column.to_pylist() for column in batch.columns)
        rows = zip(*columns, strict=True)
        write_rows(tuple(harmless(str(cell)) for cell in row) for row in rows)

    return write
