"""People held on every day, a file a facility: too much for one table that a page opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import csv

from wayhome.public_record.publishing.population import WAYS
from wayhome.public_record.publishing.sources import SourceFiles
from wayhome.public_record.record import days_path
from wayhome.public_record.tables import FACILITY_DAYS
from wayhome.sources.import_folder import Imported

_DAYS = """
INSERT INTO days
SELECT k.facility, p.day, p.{column}, $source, p.row
FROM population p JOIN known k ON p.facility = k.code
WHERE p.file = $file AND p.{column} > 0 AND p.day >= $first_day
"""


def write_days(
    folder: Path, imported: Imported, sources: SourceFiles, facility_of: Mapping[str, str]
) -> int:
    """Write `days/ID.csv` for each facility with anybody; how many files they are.

    `facility_of`: the id in the registry by ICE's code."""
    if "population" not in imported.tables or not facility_of:
        return 0
    written = 0
    for facility, days in _of_each(_days(imported, sources, facility_of)):
        path = days_path(folder, facility)
        path.parent.mkdir(exist_ok=True)
        csv.write_csv(days.select(FACILITY_DAYS.names), path)
        written += 1
    return written


def _days(imported: Imported, sources: SourceFiles, facility_of: Mapping[str, str]) -> pa.Table:
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("SET enable_progress_bar = false")
        path = str(imported.path / "population.parquet").replace("'", "''")
        connection.execute(f"CREATE VIEW population AS SELECT * FROM '{path}'")
        known = pa.table({"code": list(facility_of), "facility": list(facility_of.values())})
        connection.register("known", known)
        connection.execute(
            "CREATE TABLE days "
            "(facility VARCHAR, day DATE, people INTEGER, source VARCHAR, row BIGINT)"
        )
        for way in WAYS:
            for source in sources.of(way.publication):
                told = {"file": source["file"], "source": source["id"]}
                told["first_day"] = way.first_day
                connection.execute(_DAYS.format(column=way.column), told)
        return connection.sql("FROM days ORDER BY facility, day, source, row").to_arrow_table()


def _of_each(days: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each facility, which stand together."""
    if not days.num_rows:
        return
    codes = days.column("facility").combine_chunks().dictionary_encode()
    numbers = codes.indices.to_numpy()
    begins = np.flatnonzero(np.diff(numbers, prepend=-1))
    for begin, end in zip(begins, [*begins[1:], len(numbers)], strict=True):
        yield codes.dictionary[numbers[begin]].as_py(), days.slice(begin, end - begin)
