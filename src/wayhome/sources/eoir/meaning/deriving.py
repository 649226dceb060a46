"""Run the steps out of core, and write the fact table of docket cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from wayhome.law.vocabulary import CASE_ID, Fact, FactType, load_vocabulary
from wayhome.sources.eoir.codes import courts
from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.meaning.code_meanings import meaning_tables
from wayhome.sources.eoir.meaning.steps import TABLES_USED, steps
from wayhome.sources.eoir.reading.values import CodeTables
from wayhome.sources.eoir.release import Release

BATCH_ROWS = 131_072
COURT = "court"
LANGUAGE_LOOKUP = "tblLanguage"
DUCKDB_TYPES = {FactType.BOOL: "BOOLEAN", FactType.DATE: "DATE", FactType.INT: "INTEGER"}
# The words that a column of the facts may hold, where the vocabulary does not list them.
WORDS_OF = {
    "country_of_citizenship": "SELECT DISTINCT iso FROM nationality_meanings",
    "language": "SELECT code FROM languages",
    "detention_facility": "SELECT DISTINCT DETENTION_LOCATION FROM cases",
}

# Rows whose INPUT_DATE lies beyond all others are slips: one in so many may.
ROWS_PER_SLIP = 100_000

# Told the step, how many are done, and of how many.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Derivation:
    """What is derived from where: the loaded `tables` folder, with these means."""

    release: Release
    folder: Path
    code_tables: CodeTables
    memory_gb: float
    threads: int
    scratch: Path


def docket_facts() -> tuple[Fact, ...]:
    """The facts that the docket can tell, in the order of the vocabulary."""
    return tuple(fact for fact in load_vocabulary() if fact.docket_source)


def columns_needed(table: str) -> tuple[str, ...]:
    """The columns of a table of the release that the facts are drawn from."""
    return tuple(
        name for used, names in TABLES_USED.values() if used == table for name in names.split()
    )


def newest_input_date(derivation: Derivation) -> date | None:
    """The day to which the release reaches: the newest INPUT_DATE of a proceeding.

    One row in a hundred thousand may lie beyond it, for a slip of the pen must not put the whole
    release into the future. None where no proceeding has an INPUT_DATE.
    """
    with _connected(derivation) as connection:
        _make_views(connection, derivation)
        row = connection.execute(
            f"""
            SELECT day FROM (
                SELECT INPUT_DATE::DATE AS day, sum(count(*)) OVER (ORDER BY day DESC) AS newer,
                    sum(count(*)) OVER () AS rows
                FROM proceedings WHERE INPUT_DATE IS NOT NULL GROUP BY day
            ) WHERE newer > rows // {ROWS_PER_SLIP} ORDER BY day DESC LIMIT 1
            """
        ).fetchone()
    return row[0] if row else None


def write_docket_cases(
    derivation: Derivation, path: Path, release_date: date, progress: Progress
) -> int:
    """Write the fact table, one row a case in the order of the case table; return its rows."""
    with _connected(derivation) as connection:
        _make_views(connection, derivation)
        _make_meanings(connection, derivation)
        _set(connection, "release_date", f"DATE '{release_date.isoformat()}'")
        _set(connection, "has_appeals", str(derivation.release.file_of("tblAppeal") is not None))
        todo = steps()
        for number, step in enumerate(todo[:-1]):
            progress(f"facts: {step.name}", number, len(todo))
            connection.execute(f"CREATE TEMP TABLE {step.name} AS {step.sql}")
        progress(f"facts: {todo[-1].name}", len(todo) - 1, len(todo))
        rows = _write_arrow(connection, todo[-1].sql, path, progress)
    progress("facts", len(todo), len(todo))
    return rows


@contextmanager
def _connected(derivation: Derivation) -> Iterator[duckdb.DuckDBPyConnection]:
    derivation.scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        config={
            "memory_limit": f"{derivation.memory_gb}GB",
            "threads": derivation.threads,
            "temp_directory": str(derivation.scratch),
            # The last query says its order; nothing else needs one.
            "preserve_insertion_order": False,
            # Nothing is fetched from anywhere.
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        yield connection
    finally:
        connection.close()


def _set(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    connection.execute(f"SET VARIABLE {name} = {value}")


def _make_views(connection: duckdb.DuckDBPyConnection, derivation: Derivation) -> None:
    """The tables of TABLES_USED as views of the loaded files, empty where there is no file."""
    for view, (table, names) in TABLES_USED.items():
        columns = ", ".join(f'"{TABLES[table].column(name).name}"' for name in names.split())
        file = derivation.folder / "tables" / f"{table}.parquet"
        source = _text(str(file))
        if view == "cases":
            columns += ", file_row_number AS place"
            connection.execute(
                f"CREATE TEMP VIEW cases AS SELECT {columns} "
                f"FROM read_parquet({source}, file_row_number = true)"
            )
        elif file.exists():
            connection.execute(
                f"CREATE TEMP VIEW {view} AS SELECT {columns} FROM read_parquet({source})"
            )
        else:
            connection.execute(f"CREATE TEMP TABLE {view} ({_empty_columns(table, names)})")


def _empty_columns(table: str, names: str) -> str:
    types = {"id": "BIGINT", "date": "TIMESTAMP_MS"}
    return ", ".join(
        f'"{name}" {types.get(TABLES[table].column(name).kind, "VARCHAR")}'
        for name in names.split()
    )


def _make_meanings(connection: duckdb.DuckDBPyConnection, derivation: Derivation) -> None:
    charges = connection.execute("SELECT DISTINCT CHARGE FROM charges WHERE CHARGE <> ''")
    tables = meaning_tables(derivation.release, sorted(row[0] for row in charges.fetchall()))
    tables["languages"] = pa.table({"code": pa.array(_languages(connection, derivation))})
    for name, table in tables.items():
        connection.register("meaning", table)
        connection.execute(f"CREATE TEMP TABLE {name} AS FROM meaning")
        connection.unregister("meaning")


def _languages(connection: duckdb.DuckDBPyConnection, derivation: Derivation) -> list[str]:
    """The languages that stand in the release and in its code table, where there is one."""
    found = connection.execute("SELECT LANG FROM cases UNION SELECT LANG FROM proceedings")
    listed = derivation.code_tables.codes.get(LANGUAGE_LOOKUP)
    return sorted(
        code for (code,) in found.fetchall() if code and (listed is None or code in listed)
    )


def _write_arrow(
    connection: duckdb.DuckDBPyConnection, sql: str, path: Path, progress: Progress
) -> int:
    """Write the rows of the last step, with one dictionary a column for the whole file."""
    total = _one(connection, "SELECT count(*) FROM cases")
    columns = [
        f"{fact.name}::{_type_of(connection, fact)} AS {fact.name}" for fact in docket_facts()
    ]
    columns.append(f"{COURT}::{_enum(connection, COURT, sorted(courts()))} AS {COURT}")
    query = f"SELECT {', '.join(columns)} FROM ({sql}) ORDER BY place"
    reader = connection.sql(query).to_arrow_reader(BATCH_ROWS)
    done = 0
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema) as writer:
        for batch in _rebatched(reader):
            writer.write_batch(batch)
            done += batch.num_rows
            progress("facts: docket_cases.arrow", done, total)
    return done


def _type_of(connection: duckdb.DuckDBPyConnection, fact: Fact) -> str:
    """The DuckDB type that Arrow reads as the fact table's: words as a dictionary."""
    if fact.name == CASE_ID:
        return "BIGINT"
    if not fact.type.is_wordlike:
        return DUCKDB_TYPES[fact.type]
    if fact.type is FactType.CATEGORY:
        return _enum(connection, fact.name, fact.values)
    words = _words(connection, WORDS_OF[fact.name])
    return _enum(connection, fact.name, words)


def _enum(connection: duckdb.DuckDBPyConnection, name: str, words: Sequence[str]) -> str:
    values = ", ".join(_text(word) for word in words or ("",))
    connection.execute(f"CREATE TYPE {name}_words AS ENUM ({values})")
    return f"{name}_words"


def _words(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    return sorted(word for (word,) in connection.execute(sql).fetchall() if word)


def _rebatched(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of exactly BATCH_ROWS, but for the last."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= BATCH_ROWS:
            whole = pa.concat_batches(waiting)
            yield whole.slice(0, BATCH_ROWS)
            waiting, rows = [whole.slice(BATCH_ROWS)], rows - BATCH_ROWS
    if rows:
        yield pa.concat_batches(waiting)


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
