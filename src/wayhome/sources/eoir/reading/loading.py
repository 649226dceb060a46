"""Load one table of the release: mend its lines, write its rows, and account for every line."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wayhome.sources.eoir.accounting import OutsideCode, TableAccount
from wayhome.sources.eoir.layout import Table
from wayhome.sources.eoir.reading.blocks import BLOCK_SIZE, Block, ahead, blocks_of
from wayhome.sources.eoir.reading.header import Header, match_header
from wayhome.sources.eoir.reading.kept_lines import KeptLines
from wayhome.sources.eoir.reading.lines import mend_line
from wayhome.sources.eoir.reading.parsing import (
    BlockParser,
    Finding,
    WrongNumberOfFields,
)
from wayhome.sources.eoir.reading.row_writer import RowWriter
from wayhome.sources.eoir.reading.seen_numbers import SeenNumbers
from wayhome.sources.eoir.reading.spotting import (
    Numbers,
    line_at,
    line_ends,
    may_be_spotless,
    suspect_lines,
    with_lines_replaced,
)
from wayhome.sources.eoir.reading.values import OUTSIDE_TABLE, CodeTables
from wayhome.sources.eoir.release import ByteStream, Release, ReleaseProblem

KEY_NOT_A_NUMBER = "key_not_a_number"
DUPLICATE_KEY = "duplicate_key_row"

# Told how many bytes of the file have been worked through.
BytesDone = Callable[[int], None]

Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class LoadedTable:
    """What loading a table came to. `sha256` is that of the bytes of its file."""

    account: TableAccount
    sha256: str
    outside: tuple[OutsideCode, ...]
    missing_columns: tuple[str, ...]
    strange_columns: tuple[str, ...]


def load_table(
    release: Release,
    table: Table,
    tables: CodeTables,
    needed: Collection[str],
    folder: Path,
    bytes_done: BytesDone,
) -> LoadedTable:
    """Write `tables/NAME.parquet` and the lines that were not simply loaded under `folder`.

    Raises ReleaseProblem when the file is empty, cut short, or not the table it should be.
    """
    file = release.file_of(table.name)
    assert file is not None
    digest = hashlib.sha256()

    @contextmanager
    def blocks() -> Iterator[Iterator[Block]]:
        with release.open(file) as stream:
            yield blocks_of(file.name, _HashedStream(stream, digest.update), BLOCK_SIZE)

    loader: TableLoader | None = None
    done = 0
    try:
        with closing(ahead(blocks)) as found:
            for block in found:
                data = block.data
                if loader is None:
                    header, _, data = data.partition(b"\n")
                    matched = match_header(table, header, needed)
                    loader = TableLoader(table, matched, tables, folder)
                loader.load(data)
                done += block.read
                bytes_done(done)
    except BaseException:
        if loader:
            loader.abandon()
        raise
    if loader is None:
        raise ReleaseProblem(
            f"{file.path} in {release.source} is empty: it lacks even the line of column names; "
            "fetch the release again."
        )
    return loader.finish(release.count_of(table.name), digest.hexdigest())


@dataclass(frozen=True)
class _HashedStream:
    """A stream whose bytes are hashed on their way."""

    stream: ByteStream
    update: Callable[[bytes], None]

    def read(self, size: int, /) -> bytes:
        data = self.stream.read(size)
        self.update(data)
        return data


@dataclass
class Fates:
    """What becomes of the lines of a block, by their place in it (from 0).

    `repairs` lists the faults of a line that was changed, `set_aside` those of one that was not
    loaded. Every other line was loaded as it was.
    """

    repairs: dict[int, list[str]] = field(default_factory=dict)
    set_aside: dict[int, list[str]] = field(default_factory=dict)

    def repair(self, line: int, fault: str) -> None:
        self.repairs.setdefault(line, []).append(fault)

    def put_aside(self, line: int, *faults: str) -> None:
        self.set_aside.setdefault(line, []).extend([*self.repairs.pop(line, ()), *faults])


class TableLoader:
    """Takes the blocks of a table's file one after another and writes what becomes of them."""

    def __init__(self, table: Table, header: Header, tables: CodeTables, folder: Path) -> None:
        self.table = table
        self.header = header
        self.tables = tables
        self.key_places = frozenset(
            place for place, column in enumerate(header.columns) if column.name in table.key
        )
        kept = [column for column in table.columns if column.name not in header.missing]
        self.parser = BlockParser(header.columns, kept, frozenset(table.key), tables)
        self.repaired = KeptLines(folder / "repaired" / f"{table.name}.parquet")
        self.set_aside = KeptLines(folder / "set_aside" / f"{table.name}.parquet")
        self.writer = RowWriter(folder / "tables" / f"{table.name}.parquet", table)
        self.seen = SeenNumbers()
        self.outside: Counter[tuple[str, str]] = Counter()
        self.lines = 0
        self.rows = 0

    def load(self, block: bytes) -> None:
        """Load a block of whole lines, each ended by LF."""
        fates = Fates()
        rows, findings, line_of_row = self._rows(block, fates)
        keep = self._check_keys(rows, line_of_row, fates)
        self._note(findings, line_of_row, keep, fates)
        if not keep.all():
            rows = rows.filter(pa.array(keep))
        self.rows += rows.num_rows
        self.writer.write(rows)
        self._keep_lines(block, fates)
        self.lines += block.count(b"\n")

    def finish(self, count_txt: int | None, sha256: str) -> LoadedTable:
        """Close the files. `count_txt` is what Count.txt says of the table."""
        self.writer.close()
        self.repaired.close()
        self.set_aside.close()
        repaired, set_aside = self.repaired.count, self.set_aside.count
        if self.lines != self.rows + set_aside:
            # Two counts made apart from each other: the line ends, and what became of the lines.
            raise RuntimeError(
                f"{self.table.name} has {self.lines} lines, of which {self.rows + set_aside} "
                "are accounted for: this is an error of the importer."
            )
        outside = tuple(
            OutsideCode(self.table.name, column, code, rows)
            for (column, code), rows in sorted(self.outside.items())
            if rows
        )
        return LoadedTable(
            TableAccount(
                self.table.name, self.lines, self.rows - repaired, repaired, set_aside, count_txt
            ),
            sha256,
            outside,
            self.header.missing,
            self.header.strangers,
        )

    def abandon(self) -> None:
        """Let go of the files without finishing them."""
        self.writer.abandon()

    def _rows(self, block: bytes, fates: Fates) -> tuple[pa.Table, list[Finding], Numbers]:
        """The block's rows, what was found in their values, and the line of each row."""
        if may_be_spotless(block, len(self.header.columns)):
            try:
                rows, findings = self.parser.parse(block)
                return rows, findings, np.arange(rows.num_rows)
            except WrongNumberOfFields:
                pass
        clean, line_of_row = self._mend_lines(block, fates)
        return *self.parser.parse(clean), line_of_row

    def _mend_lines(self, block: bytes, fates: Fates) -> tuple[bytes, Numbers]:
        """The block with every line of the right number of fields, and the line of each row."""
        columns = self.header.columns
        ends = line_ends(block)
        replaced: dict[int, bytes | None] = {}
        for place in suspect_lines(block, len(columns)).tolist():
            line = mend_line(line_at(block, ends, place), columns, self.key_places, self.tables)
            if line.fields is None:
                replaced[place] = None
                fates.put_aside(place, *line.faults)
                continue
            replaced[place] = "\t".join(line.fields).encode("utf-8")
            for fault in line.faults:
                fates.repair(place, fault)
        gone = [place for place, text in replaced.items() if text is None]
        line_of_row = np.delete(np.arange(len(ends)), gone)
        return with_lines_replaced(block, ends, replaced), line_of_row

    def _check_keys(self, rows: pa.Table, line_of_row: Numbers, fates: Fates) -> Kept:
        """Which rows have all their keys, and a number of their own that is new."""
        keep: Kept = np.ones(rows.num_rows, np.bool_)
        for name in self.table.key:
            if rows[name].null_count:
                absent = rows[name].is_null().to_numpy()
                for line in line_of_row[absent].tolist():
                    fates.put_aside(line, f"{KEY_NOT_A_NUMBER} {name}")
                keep &= ~absent
        own = self.table.key[0]
        kept_rows = np.flatnonzero(keep)
        repeated = kept_rows[self.seen.add(_filled(rows[own])[kept_rows])]
        for line in line_of_row[repeated].tolist():
            fates.put_aside(line, f"{DUPLICATE_KEY} {own}")
        keep[repeated] = False
        return keep

    def _note(
        self, findings: list[Finding], line_of_row: Numbers, keep: Kept, fates: Fates
    ) -> None:
        """Note what was found in rows that are kept: repairs, and codes that no table lists."""
        for finding in findings:
            rows = finding.rows[keep[finding.rows]]
            if finding.fault == OUTSIDE_TABLE:
                self.outside[finding.column, finding.code] += len(rows)
                continue
            for line in line_of_row[rows].tolist():
                fates.repair(line, f"{finding.fault} {finding.column}")

    def _keep_lines(self, block: bytes, fates: Fates) -> None:
        if not (fates.repairs or fates.set_aside):
            return
        ends = line_ends(block)
        for lines, file in ((fates.repairs, self.repaired), (fates.set_aside, self.set_aside)):
            for place in sorted(lines):
                raw = line_at(block, ends, place)
                file.add(self.lines + place + 1, "; ".join(lines[place]), raw)


def _filled(numbers: pa.ChunkedArray) -> Numbers:
    filled: Numbers = np.asarray(numbers.fill_null(0).combine_chunks(), np.int64)
    return filled
