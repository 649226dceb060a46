"""The file that a screening of many cases writes: every rule's answer and every outcome.

An Arrow file (`.arrow`), or Parquet where the name ends so: `case_id`; for each rule by its id a
yes, a no or a null; for each program `outcome_PROGRAM` and `demand_outcome_PROGRAM`. In the Arrow
file a rule takes exactly two bits a case, as they were worked out.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.engine.fact_tables import FactTable
from wayhome.engine.planes.columns import Words
from wayhome.engine.planes.counting import bytes_of_cases
from wayhome.engine.planes.request import Request
from wayhome.engine.planes.units import OUTCOME_CODES
from wayhome.law.vocabulary import CASE_ID

_OUTCOME_TYPE = pa.dictionary(pa.uint8(), pa.string())


def outcome_schema(table: FactTable, request: Request) -> pa.Schema:
    """The columns of an outcome file."""
    fields = [pa.field(CASE_ID, table.blocks.schema.field(CASE_ID).type)]
    fields += [pa.field(rule, pa.bool_()) for rule in request.answers]
    fields += [pa.field(unit.column, _OUTCOME_TYPE) for unit in request.codes]
    return pa.schema(fields)


def answers_column(true: Words, known: Words, rows: int) -> pa.Array:
    """A rule's answers: the plane of the true ones, and the plane of those that are known."""
    buffers = [pa.py_buffer(known), pa.py_buffer(true)]
    return pa.Array.from_buffers(pa.bool_(), rows, buffers)


@cache
def _outcome_words() -> pa.Array:
    """Made when it is needed: the first array made of Python objects loads pandas, if there."""
    return pa.array([str(outcome) for outcome in OUTCOME_CODES])


def outcomes_column(low: Words, high: Words, rows: int) -> pa.Array:
    """A program's outcomes, from the two bits of their codes."""
    codes = pa.array(bytes_of_cases((low, high), rows))
    return pa.DictionaryArray.from_arrays(codes, _outcome_words(), safe=False)


class OutcomeFile:
    """Writes blocks one after the other, beside; the file is put in place when it is whole.

    Raises OSError with the path where it cannot be written; what stood there is untouched.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema
        self.beside = path.with_name(f".{path.name}.part")

    def __enter__(self) -> OutcomeFile:
        with self._naming_the_file():
            self._writer = self._open()
        return self

    def _open(self) -> Any:
        if self.path.suffix == ".parquet":
            return pq.ParquetWriter(self.beside, self.schema, compression="zstd")
        return pa.ipc.new_file(str(self.beside), self.schema)

    def write(self, columns: Sequence[pa.Array]) -> None:
        """Writes a block."""
        with self._naming_the_file():
            self._writer.write_batch(pa.record_batch(list(columns), schema=self.schema))

    @contextmanager
    def _naming_the_file(self) -> Iterator[None]:
        """Arrow says what went wrong but not with which file."""
        try:
            yield
        except OSError as error:
            code = error.errno or errno.EIO
            raise OSError(code, os.strerror(code), str(self.path)) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                with self._naming_the_file():
                    self._writer.close()
                    self.beside.replace(self.path)
            else:
                # What is half-written goes away in any case; closing it may fail again.
                with suppress(OSError):
                    self._writer.close()
        finally:
            self.beside.unlink(missing_ok=True)
