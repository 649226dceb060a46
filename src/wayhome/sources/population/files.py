"""The files as tables: CSV with any separator, packed or not, and Parquet."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import fingerprint
from wayhome.sources.population.layout import FileLayout, layout_of

SEPARATORS = "|,;\t"
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
FIRST_LINE = 1 << 16


@dataclass(frozen=True)
class RawFile:
    """A file: `table` holds `row` (as a spreadsheet counts, so that 1 is the heading; of Parquet,
    1 is the first row) and a column a field; of a CSV, all are text. `bad` are lines that are no
    rows: their number, why, and what they hold."""

    path: Path
    sha256: str
    layout: FileLayout
    table: pa.Table
    bad: tuple[tuple[int, str, str], ...]


def open_file(path: Path) -> RawFile:
    """Read a file whole. Raises ReleaseProblem, a sentence, for one that cannot be used."""
    sha256 = fingerprint(path)
    with path.open("rb") as stream:
        start = stream.read(4)
    try:
        return (
            _parquet(path, sha256) if start == PARQUET else _text(path, sha256, start[:2] == GZIP)
        )
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())[:120]
        raise ReleaseProblem(
            f"{path.name} is damaged, cut short or no table ({why}): fetch it again."
        ) from error


def _parquet(path: Path, sha256: str) -> RawFile:
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    layout = layout_of(path.name, names)
    read = file.read(columns=[names[place] for place in layout.columns.values()])
    columns = {field: read.column(names[place]) for field, place in layout.columns.items()}
    rows = np.arange(1, read.num_rows + 1)
    return RawFile(path, sha256, layout, pa.table({"row": rows, **columns}), ())


def _text(path: Path, sha256: str, is_packed: bool) -> RawFile:
    with _bytes(path, is_packed) as stream:
        first = stream.readline(FIRST_LINE).decode("utf-8-sig").rstrip("\r\n")
    separator = max(SEPARATORS, key=first.count)
    headings = [heading.strip().strip('"') for heading in first.split(separator)]
    layout = layout_of(path.name, headings)
    bad: list[tuple[int, str, str]] = []
    with _bytes(path, is_packed) as stream:
        read = _read(stream, separator, len(headings), bad)
    table = read.select([str(place) for place in layout.columns.values()])
    table = table.rename_columns(list(layout.columns))
    return RawFile(path, sha256, layout, _numbered(table, [row for row, _, _ in bad]), tuple(bad))


def _bytes(path: Path, is_packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if is_packed else path.open("rb")


def _read(
    stream: IO[bytes], separator: str, width: int, bad: list[tuple[int, str, str]]
) -> pa.Table:
    def set_aside(line: pa_csv.InvalidRow) -> str:
        told = f"the line has {line.actual_columns} columns, {line.expected_columns} would be right"
        bad.append((line.number, told, line.text))
        return "skip"

    names = [str(place) for place in range(width)]
    return pa_csv.read_csv(
        stream,
        # Line numbers of bad lines are told only to a single thread.
        read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
        parse_options=pa_csv.ParseOptions(
            delimiter=separator, invalid_row_handler=set_aside, ignore_empty_lines=False
        ),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )


def _numbered(table: pa.Table, left_out: list[int]) -> pa.Table:
    """Number the rows as they stand in the file, lines that were left out counted."""
    rows = np.arange(2, table.num_rows + len(left_out) + 2)
    return table.add_column(0, "row", pa.array(np.setdiff1d(rows, left_out)))
