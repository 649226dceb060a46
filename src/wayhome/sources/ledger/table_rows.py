"""One table in both docket stores, compared out of core by DuckDB.

Rows are told apart by their key and the 64-bit hash of all their columns: that two different rows
of one key have the same hash is as likely as one in 18 quintillion. Only the keys that differ are
kept, and only their rows are read again to say what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from wayhome.sources.ledger.comparison import Cell, Change, MonthCount, Sample, TableComparison

# Told the table, which step, and of how many.
Progress = Callable[[str, int, int], None]

CASE_MONTHS = "case_months"
STEPS = 5

# Makes `differing`: the keys whose rows are not one and the same on both sides. The key of a table
# without one is the hash of the whole row.
_DIFFERING = """
CREATE OR REPLACE TEMP TABLE differing AS
SELECT key, in_old, in_new FROM (
    SELECT key, count(*) FILTER (NOT is_new) AS in_old, count(*) FILTER (is_new) AS in_new,
        min(h) AS least, max(h) AS most
    FROM ({both_with_hash}) GROUP BY key
)
WHERE in_old <> 1 OR in_new <> 1 OR least <> most
"""

# Makes `changes`: what became of how many rows of a key. `h` is the hash of a row whose key is not
# unique: such rows are compared as wholes.
_CHANGES_OF_UNIQUE_KEYS = """
CREATE OR REPLACE TEMP TABLE changes AS
SELECT key, NULL::UBIGINT AS h, 1::BIGINT AS rows,
    CASE WHEN in_old = 0 THEN 'added' WHEN in_new = 0 THEN 'vanished' ELSE 'changed' END AS change
FROM differing WHERE in_old <= 1 AND in_new <= 1
"""
_CHANGES_OF_OTHER_KEYS = """
INSERT INTO changes
SELECT key, h, abs(more) AS rows, CASE WHEN more > 0 THEN 'added' ELSE 'vanished' END AS change
FROM (
    SELECT b.key, b.h, sum(CASE WHEN is_new THEN 1 ELSE -1 END)::BIGINT AS more
    FROM ({both_with_hash}) b
    SEMI JOIN (SELECT key FROM differing WHERE in_old > 1 OR in_new > 1) d
        ON b.key IS NOT DISTINCT FROM d.key
    GROUP BY b.key, b.h
) WHERE more <> 0
"""

# Makes `placed`: the changes with the case that each belongs to and the month of that case. Rows
# that share a key are placed with the lowest case among them.
_PLACED = """
CREATE OR REPLACE TEMP TABLE placed AS
SELECT c.key, c.change, c.rows, r.case_id, m.month
FROM changes c
LEFT JOIN (
    SELECT b.key, b.is_new, min(b.case_id) AS case_id FROM ({both_with_case}) b
    SEMI JOIN changes d ON b.key IS NOT DISTINCT FROM d.key GROUP BY b.key, b.is_new
) r ON r.key IS NOT DISTINCT FROM c.key AND r.is_new = (c.change <> 'vanished')
LEFT JOIN {case_months} m ON m.case_id = r.case_id
"""


@dataclass(frozen=True)
class TableFiles:
    """A table's Parquet files in both stores.

    `key` is the column by which a row is known again, None where there is none; `case` the column
    with the number of the case, None where there is none. `columns` are those that are compared.
    """

    name: str
    old: Path
    new: Path
    key: str | None
    case: str | None
    columns: tuple[str, ...]
    not_compared: tuple[str, ...] = ()

    @property
    def hash_sql(self) -> str:
        return f"hash({', '.join(map(_quoted, self.columns))})"

    @property
    def key_sql(self) -> str:
        return _quoted(self.key) if self.key else self.hash_sql

    def both(self, *expressions: str) -> str:
        """The rows of both files: `key`, the expressions, and `is_new`."""
        selected = ", ".join((f"{self.key_sql} AS key", *expressions))
        return " UNION ALL ".join(
            f"SELECT {selected}, {is_new} AS is_new FROM {_rows_of(path)}"
            for path, is_new in ((self.old, "false"), (self.new, "true"))
        )


def compare_table(
    connection: duckdb.DuckDBPyConnection,
    files: TableFiles,
    *,
    samples: int,
    keys_out: Path | None,
    tell: Progress,
) -> TableComparison:
    """Compare a table; with `keys_out`, write every added, changed and vanished key there.

    The connection must hold `case_months` (case_id, month). Raises what DuckDB raises.
    """
    tell(files.name, 0, STEPS)
    both_with_hash = files.both(f"{files.hash_sql} AS h")
    connection.execute(_DIFFERING.format(both_with_hash=both_with_hash))
    connection.execute(_CHANGES_OF_UNIQUE_KEYS)
    not_unique = _number(
        connection, "SELECT count(*) FROM differing WHERE in_old > 1 OR in_new > 1"
    )
    tell(files.name, 1, STEPS)
    if not_unique:
        connection.execute(_CHANGES_OF_OTHER_KEYS.format(both_with_hash=both_with_hash))
    tell(files.name, 2, STEPS)
    case = _quoted(files.case) if files.case else "NULL::BIGINT"
    connection.execute(
        _PLACED.format(both_with_case=files.both(f"{case} AS case_id"), case_months=CASE_MONTHS)
    )
    if keys_out:
        _write_keys(connection, files, keys_out)
    totals = _totals(connection)
    tell(files.name, 3, STEPS)
    columns = _columns_changed(connection, files) if totals[Change.CHANGED] else {}
    tell(files.name, 4, STEPS)
    found = TableComparison(
        name=files.name,
        key=(files.key,) if files.key else (),
        old_rows=_number(connection, f"SELECT count(*) FROM {_rows_of(files.old)}"),
        new_rows=_number(connection, f"SELECT count(*) FROM {_rows_of(files.new)}"),
        added=totals[Change.ADDED],
        changed=totals[Change.CHANGED],
        vanished=totals[Change.VANISHED],
        keys_not_unique=not_unique if files.key else 0,
        columns=columns,
        not_compared=files.not_compared,
        months=_months(connection),
        samples=tuple(
            sample for change in Change for sample in _samples(connection, files, change, samples)
        ),
    )
    tell(files.name, STEPS, STEPS)
    return found


def _totals(connection: duckdb.DuckDBPyConnection) -> dict[Change, int]:
    rows = connection.execute("SELECT change, sum(rows) FROM changes GROUP BY change").fetchall()
    counted = {Change(change): int(count) for change, count in rows}
    return {change: counted.get(change, 0) for change in Change}


def _months(connection: duckdb.DuckDBPyConnection) -> tuple[MonthCount, ...]:
    sums = ", ".join(
        f"coalesce(sum(rows) FILTER (change = '{change}'), 0)::BIGINT" for change in Change
    )
    rows = connection.execute(
        f"SELECT month, {sums} FROM placed GROUP BY month ORDER BY month NULLS LAST"
    ).fetchall()
    return tuple(MonthCount(*row) for row in rows)


def _columns_changed(connection: duckdb.DuckDBPyConnection, files: TableFiles) -> dict[str, int]:
    """How often each column changed, the most often changed first."""
    names = [name for name in files.columns if name != files.key]
    counts = ", ".join(
        f"count(*) FILTER (o.{_quoted(name)} IS DISTINCT FROM n.{_quoted(name)})" for name in names
    )
    key = _quoted(files.key or "")
    row = connection.execute(
        f"""
        SELECT {counts} FROM (SELECT key FROM changes WHERE change = 'changed') c
        JOIN {_rows_of(files.old)} o ON o.{key} IS NOT DISTINCT FROM c.key
        JOIN {_rows_of(files.new)} n ON n.{key} IS NOT DISTINCT FROM c.key
        """
    ).fetchone()
    counted = sorted(zip(row or (), names, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return {name: int(count) for count, name in counted if count}


def _samples(
    connection: duckdb.DuckDBPyConnection, files: TableFiles, change: Change, most: int
) -> Iterable[Sample]:
    """The rows with the lowest keys."""
    picked = connection.execute(
        "SELECT key, h FROM changes WHERE change = ? ORDER BY key, h LIMIT ?", [change, most]
    ).fetchall()
    if not picked:
        return
    before = {} if change is Change.ADDED else _picked_rows(connection, files, files.old, picked)
    after = {} if change is Change.VANISHED else _picked_rows(connection, files, files.new, picked)
    for which in picked:
        cells = _cells(files.columns, before.get(which), after.get(which))
        yield Sample(change, str(which[0]) if files.key else "", tuple(cells))


def _picked_rows(
    connection: duckdb.DuckDBPyConnection,
    files: TableFiles,
    path: Path,
    picked: list[tuple[Any, Any]],
) -> Mapping[tuple[Any, Any], tuple[str | None, ...]]:
    """The picked rows as text, by their key and hash."""
    wanted = " OR ".join(_is(files, key, h) for key, h in picked)
    by_hash = files.hash_sql if any(h is not None for _, h in picked) else "NULL"
    texts = ", ".join(f"{_quoted(name)}::VARCHAR" for name in files.columns)
    rows = connection.execute(
        f"SELECT {files.key_sql}, {by_hash}, {texts} FROM {_rows_of(path)} WHERE {wanted}"
    ).fetchall()
    wholes = {(key, h) for key, h in picked if h is not None}
    return {(row[0], row[1] if row[:2] in wholes else None): row[2:] for row in rows}


def _is(files: TableFiles, key: Any, h: Any) -> str:
    same = f"{files.key_sql} IS NULL" if key is None else f"{files.key_sql} = {int(key)}"
    return f"({same})" if h is None else f"({same} AND {files.hash_sql} = {int(h)})"


def _cells(
    columns: Iterable[str],
    before: tuple[str | None, ...] | None,
    after: tuple[str | None, ...] | None,
) -> Iterable[Cell]:
    for place, column in enumerate(columns):
        was = before[place] if before else None
        now = after[place] if after else None
        if was != now:
            yield Cell(column, was, now)


def _write_keys(connection: duckdb.DuckDBPyConnection, files: TableFiles, path: Path) -> None:
    name = _quoted(files.key or "row_hash")
    connection.execute(
        f"COPY (SELECT change, key AS {name}, rows, case_id AS docket_case, month FROM placed "
        f"ORDER BY change, key) TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )


def _rows_of(path: Path) -> str:
    return f"read_parquet({_text(str(path))})"


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
