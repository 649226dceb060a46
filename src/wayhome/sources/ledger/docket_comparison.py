"""Compare two docket stores, table by table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.sources.eoir.layout import TABLES
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.eoir.store import KIND, DocketStore
from wayhome.sources.ledger.comparison import SAMPLES, Comparison, Side
from wayhome.sources.ledger.table_rows import (
    CASE_MONTHS,
    Progress,
    TableFiles,
    compare_table,
)

CASE_COLUMNS = ("idncase", "idnleadcase")


def compare_stores(
    old: DocketStore,
    new: DocketStore,
    *,
    samples: int = SAMPLES,
    keys_folder: Path | None = None,
    scratch: Path | None = None,
    memory_gb: float = 4,
    threads: int = 2,
    progress: Progress | None = None,
) -> Comparison:
    """What was added, changed and vanished from the old store to the new one.

    With `keys_folder` (which must be there) every such key is written to `TABLE.parquet` in it.
    What `memory_gb` does not hold goes to `scratch`, or to the system's folder for such files.

    Raises ReleaseProblem, a sentence, when the two cannot be compared or a store is not whole.
    """
    tell = progress or _tell_nobody
    _refuse_real_beside_synthetic(old, new)
    both = [name for name in TABLES if name in _tables(old) and name in _tables(new)]
    for store in (old, new):
        _check_rows(store)
    with _connected(scratch, memory_gb, threads) as connection:
        tell("months of the cases", 0, 1)
        _make_case_months(connection, old, new)
        tell("months of the cases", 1, 1)
        tables = tuple(
            compare_table(
                connection,
                _files(old, new, name),
                samples=samples,
                keys_out=keys_folder / f"{name}.parquet" if keys_folder else None,
                tell=tell,
            )
            for name in both
        )
    return Comparison(
        kind=KIND,
        old=_side(old),
        new=_side(new),
        is_synthetic=new.is_synthetic,
        tables=tables,
        only_old=tuple(name for name in _tables(old) if name not in both),
        only_new=tuple(name for name in _tables(new) if name not in both),
        notes=tuple(_notes(old, new)),
    )


def _tell_nobody(step: str, done: int, total: int) -> None:
    pass


def _refuse_real_beside_synthetic(old: DocketStore, new: DocketStore) -> None:
    if old.is_synthetic != new.is_synthetic:
        invented, real = (old, new) if old.is_synthetic else (new, old)
        raise ReleaseProblem(
            f"{invented.path} is SYNTHETIC and {real.path} is not: nothing can be learned from "
            "comparing an invented release with a real one."
        )


def _tables(store: DocketStore) -> tuple[str, ...]:
    return tuple(account.table for account in store.accounting)


def _check_rows(store: DocketStore) -> None:
    """A table that was altered after its import would show changes that nobody published."""
    for account in store.accounting:
        path = store.table_path(account.table)
        try:
            rows = pq.read_metadata(path).num_rows
        except (OSError, pa.ArrowInvalid) as error:
            raise ReleaseProblem(
                f"The docket store at {store.path} is not whole ({path.name} cannot be read): "
                "import the release again."
            ) from error
        if rows != account.rows:
            raise ReleaseProblem(
                f"{path} holds {rows:,} rows where accounting.csv says {account.rows:,}: the store "
                "was altered after its import; import the release again."
            )


def _files(old: DocketStore, new: DocketStore, name: str) -> TableFiles:
    """The columns that both releases have: one that a release lacks is no change of every row."""
    table = TABLES[name]
    lacking = {
        column.removeprefix(f"{name}.")
        for store in (old, new)
        for column in store.provenance["missing_columns"]
        if column.startswith(f"{name}.")
    }
    lower = {column.lower(): column for column in table.column_names}
    return TableFiles(
        name=name,
        old=old.table_path(name),
        new=new.table_path(name),
        key=table.key[0] if table.key else None,
        case=next((lower[column] for column in CASE_COLUMNS if column in lower), None),
        columns=tuple(column for column in table.column_names if column not in lacking),
        not_compared=tuple(column for column in table.column_names if column in lacking),
    )


@contextmanager
def _connected(
    scratch: Path | None, memory_gb: float, threads: int
) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="wayhome-ledger-", dir=scratch) as folder:
        connection = duckdb.connect(
            config={
                "memory_limit": f"{memory_gb}GB",
                "threads": threads,
                "temp_directory": folder,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        try:
            yield connection
        except duckdb.OutOfMemoryException as error:
            raise ReleaseProblem(
                f"{memory_gb} GB of memory and the disk at {folder} are not enough to compare "
                "these stores: allow more memory or make room."
            ) from error
        except RuntimeError as error:
            # What DuckDB makes of Ctrl-C while it is at work.
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from error
            raise
        finally:
            connection.close()


def _make_case_months(
    connection: duckdb.DuckDBPyConnection, old: DocketStore, new: DocketStore
) -> None:
    """The month of each case's charging document: as the new release tells it, else the old."""
    with (
        pa.memory_map(str(old.cases_path)) as old_file,
        pa.memory_map(str(new.cases_path)) as new_file,
    ):
        for name, file in (("old_cases", old_file), ("new_cases", new_file)):
            cases = pa.ipc.open_file(file).read_all().select(["case_id", "nta_date"])
            connection.register(name, cases)
        connection.execute(
            f"""
            CREATE TEMP TABLE {CASE_MONTHS} AS
            SELECT case_id, strftime(coalesce(n.nta_date, o.nta_date), '%Y-%m') AS month
            FROM new_cases n FULL JOIN old_cases o USING (case_id)
            """
        )
        for name in ("old_cases", "new_cases"):
            connection.unregister(name)


def _side(store: DocketStore) -> Side:
    told = store.provenance
    hashes = {file["name"]: file["sha256"] for file in told["files"]}
    if told["source_sha256"]:
        hashes = {told["source"]: told["source_sha256"], **hashes}
    return Side(store.path.resolve().name, told["source"], store.release_date.isoformat(), hashes)


def _notes(old: DocketStore, new: DocketStore) -> Iterator[str]:
    if [f["sha256"] for f in old.provenance["files"]] == [
        f["sha256"] for f in new.provenance["files"]
    ]:
        yield "Both stores were made from the same files, byte for byte."
    if new.release_date < old.release_date:
        yield (
            f"The release given as NEW ({new.release_date}) is older than the one given as OLD "
            f"({old.release_date}): what it calls added may be what vanished."
        )
    versions = [store.provenance["versions"]["wayhome"] for store in (old, new)]
    if versions[0] != versions[1]:
        yield (
            f"The stores were imported by different versions of Wayhome ({versions[0]} and "
            f"{versions[1]}), which may repair a line differently: import both again before "
            "quoting these numbers."
        )
