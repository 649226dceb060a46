"""Import the daily files and the list of facilities into a folder of tables."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import ACCOUNTING, import_folder, write_csv, write_provenance
from wayhome.sources.population.daily import DailyFile, read_daily
from wayhome.sources.population.facility_list import FacilityList, read_facility_list
from wayhome.sources.population.files import RawFile, open_file

KIND = "folder of daily population"
MOST_SHOWN = 5
_WORD = pa.dictionary(pa.int32(), pa.string())

# Who was held where and when: what a registry of facilities needs of the daily rows.
_HELD = """
SELECT file, facility, any_value(name) AS name, count(*) AS days,
    min(day) FILTER (people > 0) AS first_day, max(day) FILTER (people > 0) AS last_day,
    max(people) AS most, first(day ORDER BY people DESC, day) AS day_of_most
FROM population GROUP BY file, facility ORDER BY file, facility
"""


@dataclass(frozen=True)
class PopulationImport:
    """What an import came to: `rows` by table; files given twice were read once."""

    folder: Path
    daily: tuple[DailyFile, ...]
    lists: tuple[FacilityList, ...]
    rows: Mapping[str, int]
    given_twice: tuple[str, ...]
    seconds: float

    def summary(self) -> str:
        """The report for a person, in plain text."""
        lines = [line for file in self.daily for line in _daily_lines(file)]
        lines += [line for found in self.lists for line in _list_lines(found)]
        lines += [f"{name} is the same file as another: read once." for name in self.given_twice]
        tables = ", ".join(f"{name} {count:,}" for name, count in self.rows.items())
        lines.append(f"Written to {self.folder}, in {self.seconds:.1f} seconds. Rows: {tables}.")
        return "\n".join(lines)


def import_population(paths: Sequence[Path], folder: Path, *, threads: int = 2) -> PopulationImport:
    """Read daily populations and lists of facilities, told apart by their headings, and write them
    to `folder`, whole or not at all.

    In the folder: `population.parquet` (a row a facility and day, of every file), `held.parquet`
    (a row a facility and file), `facilities.parquet`, `accounting.csv`, `missing_days.csv`,
    `days_twice.csv`, `set_aside.csv`, `provenance.json`.

    Raises ReleaseProblem, a sentence, for a file that cannot be used; then nothing is written.
    """
    started = time.monotonic()
    files: dict[str, RawFile] = {}
    twice: list[str] = []
    for path in paths:
        raw = open_file(path)
        if raw.sha256 in files:
            twice.append(path.name)
        files.setdefault(raw.sha256, raw)
    if not files:
        raise ReleaseProblem("No file was named: give the path of one or more.")
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute("SET enable_progress_bar = false")
        daily = tuple(read_daily(connection, raw) for raw in files.values() if raw.layout.is_daily)
        lists = tuple(read_facility_list(r) for r in files.values() if not r.layout.is_daily)
        with import_folder(folder, KIND) as new:
            rows = _write_tables(connection, new, daily, lists)
            _write_accounts(new, daily, lists)
            told = {"files": [_provenance(found) for found in _every(daily, lists)], "rows": rows}
            write_provenance(new, KIND, told)
    seconds = time.monotonic() - started
    return PopulationImport(folder, daily, lists, rows, tuple(twice), seconds)


def _write_tables(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    daily: tuple[DailyFile, ...],
    lists: tuple[FacilityList, ...],
) -> dict[str, int]:
    made: dict[str, pa.Table] = {}
    if daily:
        made["population"] = pa.concat_tables(_with_file(d.raw, d.table) for d in daily)
        connection.register("population", made["population"])
        made["held"] = connection.sql(_HELD).to_arrow_table()
    if lists:
        made["facilities"] = pa.concat_tables(_with_file(f.raw, f.table) for f in lists)
    for name, table in made.items():
        # Names stand in `held`, once a facility, not on every day.
        written = table.drop_columns(["name"]) if name == "population" else table
        pq.write_table(written, folder / f"{name}.parquet", compression="zstd")
    return {name: table.num_rows for name, table in made.items()}


def _with_file(raw: RawFile, table: pa.Table) -> pa.Table:
    for place, (name, value) in enumerate((("file", raw.path.name), ("sha256", raw.sha256))):
        indices = pa.repeat(pa.scalar(0, pa.int32()), table.num_rows)
        column = pa.DictionaryArray.from_arrays(indices, pa.array([value]))
        table = table.add_column(place, name, column)
    return table


def _write_accounts(
    folder: Path, daily: tuple[DailyFile, ...], lists: tuple[FacilityList, ...]
) -> None:
    every = _every(daily, lists)
    write_csv(
        folder / ACCOUNTING,
        ["file", "rows", "read", "set_aside"],
        ((f.raw.path.name, f.rows, f.table.num_rows, len(f.set_aside)) for f in every),
    )
    write_csv(
        folder / "set_aside.csv",
        ["file", "row", "reason", "raw"],
        ((f.raw.path.name, *line) for f in every for line in f.set_aside),
    )
    write_csv(
        folder / "missing_days.csv",
        ["file", "facility", "first", "last", "days"],
        (
            (d.raw.path.name, m.facility or "all", m.first, m.last, m.days)
            for d in daily
            for m in d.missing
        ),
    )
    write_csv(
        folder / "days_twice.csv",
        ["file", "facility", "day", "rows", "people", "kept"],
        (
            (d.raw.path.name, t.facility, t.day, _joined(t.rows), _joined(t.people), t.kept)
            for d in daily
            for t in d.twice
        ),
    )


def _every(
    daily: tuple[DailyFile, ...], lists: tuple[FacilityList, ...]
) -> list[DailyFile | FacilityList]:
    return [*daily, *lists]


def _joined(numbers: Sequence[int]) -> str:
    return " and ".join(map(str, numbers))


def _provenance(found: DailyFile | FacilityList) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": found.raw.path.name,
        "sha256": found.raw.sha256,
        "bytes": found.raw.path.stat().st_size,
        "rows": found.rows,
        "columns_left_out": found.raw.layout.strange,
    }
    if isinstance(found, FacilityList):
        return {**told, "told": found.told}
    return {
        **told,
        "first_day": found.first_day.isoformat() if found.first_day else None,
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "facilities": found.facilities,
        "tells_zeros": found.tells_zeros,
        "missing_stretches": len(found.missing),
        "days_twice": len(found.twice),
    }


def _daily_lines(file: DailyFile) -> Iterator[str]:
    name = file.raw.path.name
    yield (
        f"{name}: {file.rows:,} rows, {file.table.num_rows:,} read, {len(file.set_aside):,} set "
        f"aside; from {file.first_day or 'no day'} to {file.last_day or 'no day'}, facilities: "
        f"{file.facilities:,}."
    )
    if not file.tells_zeros:
        yield (
            "  It has no rows of 0: a facility's day that is not there is 0 or not known. Only "
            "days that no facility has are counted as missing."
        )
    yield from _shown(
        "Stretches of days missing",
        [f"{m.facility or 'every facility'} {m.first} to {m.last}" for m in file.missing],
    )
    yield from _shown(
        "Days told twice",
        [
            f"{t.facility} {t.day} (rows {_joined(t.rows)}: "
            f"{'the same' if t.is_same else f'{_joined(t.people)} people, none is taken'})"
            for t in file.twice
        ],
    )
    yield from _shown("Rows set aside", [f"row {row}: {why}" for row, why, _ in file.set_aside])


def _list_lines(found: FacilityList) -> Iterator[str]:
    yield (
        f"{found.raw.path.name}: a list of facilities, {found.rows:,} rows, "
        f"{found.table.num_rows:,} read, {len(found.set_aside):,} set aside."
    )
    yield from _shown("Cells and codes to know of", list(found.told))


def _shown(what: str, every: list[str]) -> Iterator[str]:
    if every:
        more = f"; and {len(every) - MOST_SHOWN:,} more" if len(every) > MOST_SHOWN else ""
        shown = "; ".join(text.rstrip(".") for text in every[:MOST_SHOWN])
        yield f"  {what}: {len(every):,} ({shown}{more})."
