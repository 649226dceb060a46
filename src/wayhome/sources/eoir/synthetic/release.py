"""Writing a SYNTHETIC release: a folder of tables in the courts' layout, and its answer key."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from wayhome.sources.eoir.layout import (
    COUNT_FILE,
    SYNTHETIC_PREFIX,
    TABLES,
    fault_key_of,
    synthetic_release_name,
)
from wayhome.sources.eoir.synthetic import (
    board_tables,
    case_tables,
    custody_tables,
    hearing_tables,
    lawyer_tables,
)
from wayhome.sources.eoir.synthetic.application_table import application_rows
from wayhome.sources.eoir.synthetic.cells import blank, lines
from wayhome.sources.eoir.synthetic.charge_table import charge_rows
from wayhome.sources.eoir.synthetic.chunk import CHUNK_CASES, Chunk, Rows
from wayhome.sources.eoir.synthetic.injecting import Answer, Written, with_faults
from wayhome.sources.eoir.synthetic.lookups import write_lookups
from wayhome.sources.eoir.synthetic.proceeding_tables import proceeding_rows

# The tables that docket facts are drawn from.
MAIN_TABLES = (
    "A_TblCase",
    "B_TblProceeding",
    "B_TblProceedCharges",
    "D_TblAssociatedBond",
    "tbl_Court_Appln",
    "tbl_Court_Motions",
    "tbl_CustodyHistory",
    "tbl_JuvenileHistory",
    "tblAppeal",
)

_MAKERS: Mapping[str, Callable[[Chunk], Rows]] = {
    "A_TblCase": case_tables.case_rows,
    "A_TblCaseIdentifier": case_tables.identifier_rows,
    "B_TblProceedCharges": charge_rows,
    "B_TblProceeding": proceeding_rows,
    "D_TblAssociatedBond": custody_tables.bond_rows,
    "tbl_CasePriorityHistory": case_tables.priority_rows,
    "tbl_Court_Appln": application_rows,
    "tbl_Court_Motions": hearing_tables.motion_rows,
    "tbl_CustodyHistory": custody_tables.custody_rows,
    "tbl_EOIR_Attorney": lawyer_tables.attorney_rows,
    "tbl_JuvenileHistory": case_tables.juvenile_rows,
    "tbl_Lead_Rider": case_tables.rider_rows,
    "tbl_RepsAssigned": lawyer_tables.representative_rows,
    "tbl_schedule": hearing_tables.schedule_rows,
    "tblAppeal": board_tables.appeal_rows,
    "tblAppeal2": board_tables.second_appeal_rows,
    "tblAppealFedCourts": board_tables.federal_court_rows,
    "tblProBono": board_tables.pro_bono_rows,
    "tblThreeMbrReferrals": board_tables.referral_rows,
}

# Told the table, its rows so far, and how many it will have: an estimate until the last chunk.
Progress = Callable[[str, int, int], None]

KEY_COLUMNS = ("table", "line", "fault", "action", "column", "raw", "right")


class ReleaseExists(FileExistsError):
    """The folder of the release is there already: nothing is written over."""


@dataclass(frozen=True)
class _Order:
    """What is to be made."""

    cases: int
    seed: int
    tables: tuple[str, ...]
    fault_rate: float

    @property
    def name(self) -> str:
        return synthetic_release_name(self.cases, self.seed)

    @property
    def chunks(self) -> int:
        return -(-self.cases // CHUNK_CASES)


@dataclass
class _Tally:
    """What has been written of each table."""

    lines: dict[str, int] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)


def write_release(
    out_dir: Path,
    *,
    cases: int,
    seed: int,
    progress: Progress | None = None,
    zip_it: bool = False,
    tables: Sequence[str] | None = None,
    fault_rate: float = 1.0,
    threads: int = 2,
) -> Path:
    """Write a SYNTHETIC release of `cases` cases into a new folder in `out_dir`; return its path.

    Beside the folder stands the answer key, `NAME-fault-key.csv`: one row a fault, saying
    what must be done with the line (of the last release written there), and with `zip_it` a zip
    of the folder. The same seed, number of
    cases and fault rate give the same bytes of each table, whatever the threads and whichever
    `tables` are asked for (all, if none are named; `MAIN_TABLES` leaves out hearings and
    lawyers). `fault_rate` multiplies the real rates of faults; at 0 there are none, and at any
    other each table has at least one of each fault that its first chunk lends itself to.

    An interrupted or failed run leaves nothing behind. Raises ReleaseExists when the folder is
    there already, ValueError for an unknown table or a number of cases under 1.
    """
    order = _Order(cases, seed, _checked_tables(tables), fault_rate)
    _check_cases(cases)
    target = out_dir / order.name
    archive = out_dir / f"{order.name}.zip"
    for path in (target, archive) if zip_it else (target,):
        if path.exists():
            raise ReleaseExists(f"{path} is there already: remove it, or choose another seed.")
    out_dir.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out_dir))
    try:
        _write_folder(workshop / order.name, order, progress, threads)
        if zip_it:
            _zip_folder(workshop / order.name, workshop / f"{order.name}.zip")
            (workshop / f"{order.name}.zip").replace(archive)
        fault_key_of(workshop / order.name).replace(fault_key_of(target))
        (workshop / order.name).replace(target)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return target


def _checked_tables(tables: Sequence[str] | None) -> tuple[str, ...]:
    wanted = tuple(TABLES) if tables is None else tuple(tables)
    for name in wanted:
        if name not in TABLES:
            raise ValueError(f"The release has no table {name!r}: it has {', '.join(TABLES)}.")
    return tuple(name for name in TABLES if name in wanted)


def _check_cases(cases: int) -> None:
    if not 1 <= cases <= 20_000_000:
        raise ValueError(f"A release has 1 to 20,000,000 cases, not {cases:,}.")


def _write_folder(folder: Path, order: _Order, progress: Progress | None, threads: int) -> None:
    folder.mkdir()
    write_lookups(folder)
    tally = _Tally(dict.fromkeys(order.tables, 0), {name: [] for name in order.tables})
    with ExitStack() as stack:
        files = {name: stack.enter_context(_begun(folder, name)) for name in order.tables}
        for number, parts in enumerate(_made_in_order(order, threads), start=1):
            for name, written in parts.items():
                _append(files[name], name, written, tally)
                if progress:
                    done = tally.lines[name]
                    progress(name, done, round(done * order.chunks / number))
    _write_counts(folder, order, tally)
    _write_key(fault_key_of(folder), tally)


def _begun(folder: Path, table: str) -> BinaryIO:
    """The file of a table, with its header."""
    file = (folder / f"{SYNTHETIC_PREFIX}{TABLES[table].file_name}").open("wb")
    file.write("\t".join(TABLES[table].column_names).encode() + b"\n")
    return file


def _made_in_order(order: _Order, threads: int) -> Iterator[dict[str, Written]]:
    """The chunks one after the other, with a few made ahead."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[dict[str, Written]]] = deque()
        try:
            for number in range(order.chunks):
                waiting.append(pool.submit(_make_chunk, order, number))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _make_chunk(order: _Order, number: int) -> dict[str, Written]:
    chunk = Chunk.make(order.seed, number, order.cases)
    return {name: _make_table(chunk, name, order.fault_rate, number == 0) for name in order.tables}


def _make_table(chunk: Chunk, name: str, fault_rate: float, is_first: bool) -> Written:
    table = TABLES[name]
    rows = _MAKERS[name](chunk)
    unknown = set(rows) - set(table.column_names)
    if unknown:
        raise KeyError(f"{name} has no column {sorted(unknown)}.")
    size = len(rows[table.key[0]])
    columns = [rows[column] if column in rows else blank(size) for column in table.column_names]
    return with_faults(table, lines(columns), chunk.draws, fault_rate, is_first)


def _append(file: BinaryIO, table: str, written: Written, tally: _Tally) -> None:
    for piece in written.pieces:
        file.write(piece)
    before = tally.lines[table]
    tally.answers[table] += [
        Answer(answer.line + before, answer.fault, answer.spoilt) for answer in written.answers
    ]
    tally.lines[table] = before + written.lines


def _write_counts(folder: Path, order: _Order, tally: _Tally) -> None:
    """Count.txt, wrong by one to three rows for one table in four, as in the real release."""
    text = ""
    for name, number in tally.lines.items():
        chance = crc32(f"{order.seed} {name}".encode())
        off = (chance // 4 % 3 + 1) * (1 if chance // 12 % 2 else -1) if chance % 4 == 0 else 0
        text += f"{name}\t{max(number + off * bool(order.fault_rate), 0)}\n"
    (folder / f"{SYNTHETIC_PREFIX}{COUNT_FILE}").write_text(text, encoding="utf-8")


def _write_key(path: Path, tally: _Tally) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        key = csv.writer(file, lineterminator="\n")
        key.writerow(KEY_COLUMNS)
        for table, answers in tally.answers.items():
            for answer in answers:
                spoilt = answer.spoilt
                values = (spoilt.column, _visible(spoilt.raw), _visible(spoilt.right))
                key.writerow((table, answer.line, answer.fault, spoilt.action, *values))


def _visible(text: str) -> str:
    """The text with control characters as `\\x00`."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _zip_folder(folder: Path, target: Path) -> None:
    """A zip of the folder, with one fixed time so that the same seed gives the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for path in sorted(folder.rglob("*.*")):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink, io.DEFAULT_BUFFER_SIZE * 64)
