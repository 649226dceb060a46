"""The record opened: sources, figures and tables, read once and kept."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from wayhome.public_record.schema import Table, Type
from wayhome.public_record.tables import BY_NAME, FACILITY_DAYS
from wayhome.sources.case_files.bad_rows_file import as_it_was

PACKAGED = Path(__file__).with_name("packaged")
KIND = "public record"


class RecordProblem(Exception):
    """A sentence: what is wrong with the record, or with what it is made from."""


@dataclass(frozen=True)
class Source:
    """A file that numbers of the record are from; as in sources.csv."""

    id: str
    publication: str
    title: str
    file: str
    sha256: str
    published: date | None
    data_as_of: date | None
    address: str | None
    licence: str | None
    synthetic: bool

    @property
    def known_from(self) -> date | None:
        """The first day on which anybody could know it: that of publication; where that is not
        known, the last day of its data (it was published later than that)."""
        return self.published or self.data_as_of


@dataclass(frozen=True)
class Figure:
    """One number: `value` in `unit`, of the day `on` or of all days from `since` to `on`.

    It stands in `row`; with a `last_row` it is added from rows from there to that one, and `note`
    says from which of them and how."""

    series: str
    on: date
    value: float
    unit: str
    source: str
    since: date | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    note: str | None = None
    last_row: int | None = None

    @property
    def first_day(self) -> date:
        """The first day that it covers."""
        return self.since or self.on


class PublicRecord:
    """A folder of the record. Tables are read when they are first asked for, and kept."""

    def __init__(self, path: Path, *, is_packaged: bool = False) -> None:
        self.path = path
        self.is_packaged = is_packaged
        self._tables: dict[str, pa.Table] = {}

    @cached_property
    def edition(self) -> str:
        """A hash of all its tables: two records with the same edition say the same."""
        digest = hashlib.sha256()
        for name in sorted(BY_NAME):
            path = self.path / f"{name}.csv"
            if path.is_file():
                digest.update(f"{name}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that it holds, in the order of `tables.TABLES`."""
        return tuple(name for name in BY_NAME if (self.path / f"{name}.csv").is_file())

    def table(self, name: str) -> pa.Table:
        """A table by its name; without rows where this record has none.

        Raises RecordProblem for a name that no record has, or a file that is not as declared."""
        if name not in BY_NAME:
            raise RecordProblem(f"No record has a table {name!r}; it has {', '.join(BY_NAME)}.")
        if name not in self._tables:
            self._tables[name] = _read(self.path / f"{name}.csv", BY_NAME[name])
        return self._tables[name]

    def facility_days(self, facility: str) -> pa.Table:
        """People held in a facility by day (tables.FACILITY_DAYS); without rows where the record
        has no days, as the packaged one, or none of this facility. Raises RecordProblem."""
        return _read(days_path(self.path, facility), FACILITY_DAYS)

    def has_days(self, facility: str) -> bool:
        """Whether the record has the days of a facility."""
        return days_path(self.path, facility).is_file()

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every source by its id."""
        rows = self.table("sources").to_pylist()
        return {row["id"]: Source(**row) for row in rows}

    @cached_property
    def former_facilities(self) -> Mapping[str, str]:
        """By each id that a facility had before, its id now."""
        rows = self.table("facility_former_ids").to_pylist()
        return {row["former"]: row["facility"] for row in rows}

    @cached_property
    def figures(self) -> Mapping[str, tuple[Figure, ...]]:
        """Every series, each ordered by day and source."""
        found: dict[str, list[Figure]] = defaultdict(list)
        for row in self.table("figures").to_pylist():
            found[row["series"]].append(Figure(**row))
        return {
            series: tuple(sorted(figures, key=lambda f: (f.on, f.first_day, f.source)))
            for series, figures in found.items()
        }

    def series(self, id: str) -> tuple[Figure, ...]:
        """The figures of a series by day; empty where the record has none of it."""
        return self.figures.get(id, ())

    def source_of(self, figure: Figure) -> Source:
        """The file that a figure is from. Raises RecordProblem where sources.csv has it not."""
        try:
            return self.sources[figure.source]
        except KeyError as error:
            raise RecordProblem(
                f"{figure.series} of {figure.on}: its source {figure.source!r} is not in "
                "sources.csv: publish the record again."
            ) from error

    def is_synthetic(self) -> bool:
        """Whether any source is invented."""
        return any(source.synthetic for source in self.sources.values())


def days_path(folder: Path, facility: str) -> Path:
    """Where the days of a facility are, in the folder of a record."""
    return folder / "days" / f"{quote(facility, safe='')}.csv"


def open_record(path: Path | None = None) -> PublicRecord:
    """The record in a folder that `wayhome publish` wrote; None: the packaged one.

    Raises RecordProblem, a sentence, where there is none."""
    if path is None:
        return PublicRecord(PACKAGED, is_packaged=True)
    if not (path / "sources.csv").is_file():
        raise RecordProblem(f"{path} is no public record: make one with `wayhome publish`.")
    return PublicRecord(path)


def _read(path: Path, table: Table) -> pa.Table:
    if not path.is_file():
        return table.schema.empty_table()
    options: dict[str, Any] = {
        "column_types": dict(zip(table.names, table.schema.types, strict=True)),
        "include_columns": list(table.names),
        "strings_can_be_null": True,
        "null_values": [""],
        "true_values": ["yes"],
        "false_values": ["no"],
    }
    try:
        read = csv.read_csv(
            path,
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(**options),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise RecordProblem(
            f"{path.name} of the record is not as declared: {error}. A record of another version "
            "of the program is published anew: wayhome publish."
        ) from error
    _check_required(read, table, path)
    return _as_it_was(read)


def _as_it_was(read: pa.Table) -> pa.Table:
    """Texts that were made harmless for spreadsheets, as they were."""
    for place, column in enumerate(read.columns):
        if pa.types.is_string(column.type) and pc.any(pc.starts_with(column, "'")).as_py():
            texts = [text if text is None else as_it_was(text) for text in column.to_pylist()]
            read = read.set_column(place, read.field(place), pa.array(texts, pa.string()))
    return read


def _check_required(read: pa.Table, table: Table, path: Path) -> None:
    for column in table.columns:
        if column.required and read.column(column.name).null_count:
            raise RecordProblem(
                f"{path.name} of the record has rows without {column.name} "
                f"({column.type.value}), which every row must have."
            )


__all__ = ["Figure", "PublicRecord", "RecordProblem", "Source", "Type", "open_record"]
