"""A table of facts, whatever it was read from, handed to the engine in blocks of cases.

An Arrow file is screened where it lies: its columns are memory-mapped and nothing is copied. A
Parquet file is decoded one row group at a time. See "A table of facts" in docs/architecture.md
for the types of the columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wayhome.law.vocabulary import CASE_ID, SCREENING_DATE, FactType, Vocabulary, load_vocabulary

# The most cases in a block: the planes of a block of a hundred rules stay in the cache.
BLOCK_ROWS = 131_072


class FaultyFactTable(ValueError):
    """A table that cannot be screened: says which file and column, and what would be right."""


class Blocks(Protocol):
    """Where blocks of cases come from. Any thread may read any block."""

    @property
    def schema(self) -> pa.Schema: ...

    @property
    def sizes(self) -> Sequence[int]:
        """How many cases are in each block."""
        ...

    def read(self, block: int, columns: Sequence[str]) -> Mapping[str, pa.Array]:
        """Some columns of a block of cases."""
        ...

    def complete(self, columns: Sequence[str]) -> frozenset[str]:
        """Those of the columns that are known to hold no null."""
        ...


@dataclass(frozen=True)
class FactTable:
    """Cases by their facts.

    `fingerprint` changes whenever the table may have changed; it is None for a table that lies
    in no file.
    """

    blocks: Blocks
    vocabulary: Vocabulary
    fingerprint: str | None = None

    @property
    def rows(self) -> int:
        return sum(self.blocks.sizes)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The facts that the table has a column for. Every other fact is unknown for every case.

        The number of a case is no ground for anything, and the date is the screening's own.
        """
        named = (name for name in self.blocks.schema.names if name in self.vocabulary)
        return frozenset(named) - {CASE_ID, SCREENING_DATE}

    @property
    def columns(self) -> Sequence[str]:
        """Every column: facts, and what else the source adds, such as the court."""
        return tuple(self.blocks.schema.names)


def open_fact_table(path: Path, vocabulary: Vocabulary | None = None) -> FactTable:
    """The fact table in an Arrow file (`.arrow`) or a Parquet file (`.parquet`).

    Raises FaultyFactTable where the file is not one, is cut short, or holds a fact with a type
    that is not its own.
    """
    vocabulary = vocabulary or load_vocabulary()
    try:
        blocks = _open(path, vocabulary)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = f"{path.name} is not a whole Arrow or Parquet file: {_first_line(error)}."
        raise FaultyFactTable(message) from error
    except OSError as error:
        raise FaultyFactTable(f"{path} cannot be opened: {_first_line(error)}.") from error
    _check_types(blocks.schema, vocabulary, path.name)
    return FactTable(blocks, vocabulary, _fingerprint(path))


def _open(path: Path, vocabulary: Vocabulary) -> Blocks:
    if path.suffix == ".parquet":
        return _ParquetBlocks(path, vocabulary)
    mapped = pa.memory_map(str(path))
    # Batches are cut out of one buffer several times faster than out of a file.
    reader = pa.ipc.open_file(mapped.read_buffer(mapped.size()))
    batches = [reader.get_batch(i) for i in range(reader.num_record_batches)]
    for name in _words_with_null(batches[:1]):
        raise FaultyFactTable(
            f"{path.name}: the dictionary of {name} holds a null; say unknown by the case's own."
        )
    return _BatchesInMemory(reader.schema, batches)


def _words_with_null(batches: Sequence[pa.RecordBatch]) -> Iterator[str]:
    """The columns of words whose dictionary has a null among its words."""
    for batch in batches:
        for field in batch.schema:
            column = batch.column(field.name)
            if pa.types.is_dictionary(field.type) and column.dictionary.null_count:
                yield field.name


def fact_table_of(table: pa.Table, vocabulary: Vocabulary | None = None) -> FactTable:
    """A table in memory as a fact table. Raises FaultyFactTable as `open_fact_table` does."""
    vocabulary = vocabulary or load_vocabulary()
    names = table.schema.names
    typed = pa.table({name: _as_fact(table[name], name, vocabulary) for name in names})
    blocks = _BatchesInMemory(typed.schema, typed.to_batches(max_chunksize=BLOCK_ROWS))
    _check_types(blocks.schema, vocabulary, "the table")
    return FactTable(blocks, vocabulary)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0].rstrip(".")


def _fingerprint(path: Path) -> str:
    """Of what identifies the file's content without reading all of it.

    The provenance beside a store's table holds the hashes of everything it was made from.
    """
    status = path.stat()
    provenance = path.with_name("provenance.json")
    said = provenance.read_bytes() if provenance.exists() else b""
    seen = f"{path.resolve()} {status.st_size} {status.st_mtime_ns} ".encode() + said
    return hashlib.sha256(seen).hexdigest()[:32]


# --- where blocks come from ----------------------------------------------------------------


class _BatchesInMemory:
    """Record batches that are in memory, or lie in a file that is mapped into it."""

    def __init__(self, schema: pa.Schema, batches: Sequence[pa.RecordBatch]) -> None:
        self.schema = schema
        self.batches = [part for batch in batches for part in _cut(batch)]
        self.sizes = [batch.num_rows for batch in self.batches]

    def read(self, block: int, columns: Sequence[str]) -> Mapping[str, pa.Array]:
        batch = self.batches[block]
        return {name: batch.column(name) for name in columns}

    def complete(self, columns: Sequence[str]) -> frozenset[str]:
        whole = pa.Table.from_batches(self.batches, self.schema)
        return frozenset(name for name in columns if not whole[name].null_count)


def _cut(batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    starts = range(0, batch.num_rows, BLOCK_ROWS)
    return [batch.slice(start, BLOCK_ROWS) for start in starts]


class _ParquetBlocks:
    """Row groups decoded when they are asked for, so that memory holds no more than a few."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path, self.vocabulary = path, vocabulary
        file = pq.ParquetFile(path)
        groups = range(file.metadata.num_row_groups)
        self.sizes = [file.metadata.row_group(group).num_rows for group in groups]
        self.schema = self._as_facts(file.schema_arrow.empty_table()).schema

    def read(self, block: int, columns: Sequence[str]) -> Mapping[str, pa.Array]:
        words = [c for c in columns if pa.types.is_dictionary(self.schema.field(c).type)]
        file = pq.ParquetFile(self.path, read_dictionary=words)
        decoded = self._as_facts(file.read_row_group(block, list(columns), use_threads=False))
        return {name: decoded[name].combine_chunks() for name in columns}

    def complete(self, columns: Sequence[str]) -> frozenset[str]:
        return frozenset()

    def _as_facts(self, table: pa.Table) -> pa.Table:
        names = table.schema.names
        return pa.table({name: _as_fact(table[name], name, self.vocabulary) for name in names})


# --- types ---------------------------------------------------------------------------------

_FIXED_TYPES = {
    FactType.BOOL: pa.bool_(),
    FactType.INT: pa.int32(),
    FactType.DATE: pa.date32(),
    FactType.DATETIME: pa.timestamp("s"),
}


def _as_fact(column: pa.ChunkedArray, name: str, vocabulary: Vocabulary) -> pa.ChunkedArray:
    """A column as the type of its fact, where no value is lost by it."""
    if name == CASE_ID or name not in vocabulary:
        return column
    wanted = _FIXED_TYPES.get(vocabulary[name].type)
    try:
        if wanted is not None:
            return column.cast(wanted)
        has_null = any(_words_with_null(pa.table({name: column}).to_batches()))
        if pa.types.is_dictionary(column.type) and not has_null:
            return column.unify_dictionaries()
        return pc.dictionary_encode(column.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        message = f"{name} is a {vocabulary[name].type} fact: {_first_line(error)}."
        raise FaultyFactTable(message) from error


def _check_types(schema: pa.Schema, vocabulary: Vocabulary, where: str) -> None:
    for field in schema:
        if field.name == CASE_ID or field.name not in vocabulary:
            continue
        kind = vocabulary[field.name].type
        wanted = _FIXED_TYPES.get(kind)
        fits = pa.types.is_dictionary(field.type) if wanted is None else field.type == wanted
        if not fits:
            shown = wanted or "dictionary of strings"
            message = (
                f"{where}: {field.name} is a {kind} fact and must be {shown}, not {field.type}."
            )
            raise FaultyFactTable(message)
