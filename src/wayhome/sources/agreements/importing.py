"""Lists of agreements into a folder: the agreements, their history, what a person should decide."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wayhome.sources.agreements.agreement_list import AgreementList, Became, RowAccount
from wayhome.sources.agreements.counties import Counties
from wayhome.sources.agreements.counting import Count, counts_of
from wayhome.sources.agreements.decisions import (
    COLUMNS,
    Decisions,
    read_decisions,
    write_decisions,
)
from wayhome.sources.agreements.history import Change, Event, history_of
from wayhome.sources.agreements.reading import read_list
from wayhome.sources.agreements.same_agency import HeldTogether, Question, hold_together
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import ACCOUNTING, import_folder, write_csv, write_provenance

KIND = "wayhome agreements"
AGREEMENTS, HISTORY, REVIEW, COUNTS = (
    "agreements.parquet",
    "history.csv",
    "review.csv",
    "counts.csv",
)

TEXT = pa.string()
SCHEMA = pa.schema(
    [
        ("agency_id", TEXT),
        ("agency", TEXT),
        ("state", TEXT),
        ("agency_type", TEXT),
        ("county", TEXT),
        ("model", TEXT),
        ("signed", pa.date32()),
        ("memorandum", TEXT),
        ("addendum", TEXT),
        *((f"{field}_as_printed", TEXT) for field in ("state", "agency", "agency_type")),
        *((f"{field}_as_printed", TEXT) for field in ("county", "model", "signed")),
        ("published", pa.date32()),
        ("file", TEXT),
        ("sha256", TEXT),
        ("sheet", TEXT),
        ("row", pa.int32()),
    ]
)


@dataclass(frozen=True)
class ImportedAgreements:
    """What was read and found. `questions` are for a person; `joined` were certain."""

    folder: Path
    lists: tuple[AgreementList, ...]
    held: HeldTogether
    counties: Counties
    questions: tuple[Question, ...]
    history: tuple[Change, ...]
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    decided: int
    decisions_path: Path
    seconds: float

    def events(self) -> Iterator[tuple[AgreementList, AgreementList, dict[Event, int]]]:
        """How many changes of each kind lie between each two lists."""
        for before, after in pairwise(self.lists):
            here = [c.event for c in self.history if c.by_file == after.file]
            yield before, after, {event: here.count(event) for event in Event}


def read_lists(paths: Iterable[Path]) -> tuple[tuple[AgreementList, ...], tuple[str, ...]]:
    """The lists in the order of their publication, and what should be told of them.

    The same file given twice is read once. Raises ReleaseProblem where two lists are of one time.
    """
    by_hash: dict[str, AgreementList] = {}
    notes: list[str] = []
    for path in paths:
        made = read_list(path)
        if made.sha256 in by_hash:
            notes.append(f"{made.file} is the same file as {by_hash[made.sha256].file}: read once.")
        else:
            by_hash[made.sha256] = made
            notes += made.notes
    lists = sorted(by_hash.values(), key=lambda made: made.order)
    for one, other in pairwise(lists):
        if one.order == other.order:
            raise ReleaseProblem(
                f"{one.file} and {other.file} say the same day ({one.published}) and differ: "
                "which came first? Put am and pm after the day in their names."
            )
    return tuple(lists), tuple(notes)


def import_agreements(
    paths: Sequence[Path], out: Path, *, decisions: Path | None = None
) -> ImportedAgreements:
    """Import lists of 287(g) agreements of any dates into the folder `out`, replaced as a whole.

    Decisions are read from the file `decisions` (default: `NAME-decisions.csv` beside the folder)
    and from the rows of the old folder's review.csv that a person filled; these are added to the
    file. Raises ReleaseProblem, a sentence, when something cannot be used; nothing is then changed.
    """
    started = time.monotonic()
    remembered = decisions or out.with_name(f"{out.name}-decisions.csv")
    lists, notes = read_lists(paths)
    with import_folder(out, KIND) as folder:
        known = read_decisions(remembered) if remembered.exists() else {}
        new = read_decisions(out / REVIEW) if (out / REVIEW).exists() else {}
        made = _made(lists, notes, {**known, **new}, out, remembered, started)
        _write(folder, made, lists)
        if new:
            write_decisions(remembered, {**known, **new}.values())
    return made


def _made(
    lists: tuple[AgreementList, ...],
    notes: tuple[str, ...],
    decisions: Decisions,
    out: Path,
    remembered: Path,
    started: float,
) -> ImportedAgreements:
    held = hold_together(lists, decisions)
    counties = Counties(lists, decisions)
    return ImportedAgreements(
        folder=out,
        lists=lists,
        held=held,
        counties=counties,
        questions=(*held.questions, *counties.questions(lists)),
        history=history_of(lists, held),
        counts=counts_of(lists, held),
        notes=notes,
        decided=len(decisions),
        decisions_path=remembered,
        seconds=round(time.monotonic() - started, 1),
    )


def _write(folder: Path, made: ImportedAgreements, lists: Sequence[AgreementList]) -> None:
    rows = list(_agreement_rows(made))
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), folder / AGREEMENTS)
    write_csv(folder / HISTORY, HISTORY_COLUMNS, map(_history_row, made.history))
    questions = (
        (q.about, q.state, q.one, q.other_state, q.other, "", q.likeness, q.because)
        for q in made.questions
    )
    write_csv(folder / REVIEW, (*COLUMNS, "likeness", "because"), questions)
    write_csv(
        folder / COUNTS,
        ("file", "published", "by", "value", "agreements", "agencies"),
        ((c.file, c.published, c.by, c.value, c.agreements, c.agencies) for c in made.counts),
    )
    write_csv(folder / ACCOUNTING, ACCOUNTING_COLUMNS, _accounting_rows(lists))
    write_provenance(folder, KIND, _provenance(made))


def _agreement_rows(made: ImportedAgreements) -> Iterator[dict[str, Any]]:
    for published in made.lists:
        for found in published.agreements:
            agency = made.held.agency_of[found.key]
            printed = {
                f"{field}_as_printed": found.printed.get(field) or None
                for field in ("state", "agency", "agency_type", "county", "model", "signed")
            }
            yield {
                "agency_id": agency.id,
                "agency": agency.name,
                "state": found.state,
                "agency_type": found.agency_type,
                "county": made.counties.of(found),
                "model": found.model,
                "signed": found.signed,
                "memorandum": found.memorandum,
                "addendum": found.addendum,
                **printed,
                "published": published.published,
                "file": published.file,
                "sha256": published.sha256,
                "sheet": found.sheet,
                "row": found.row,
            }


HISTORY_COLUMNS = (
    "event",
    "agency_id",
    "state",
    "agency",
    "model",
    "model_before",
    "agency_before",
    "signed",
    "signed_before",
    "agency_held_other",
    "after",
    "by",
    "listed_under",
    "undecided",
    "after_file",
    "after_row",
    "by_file",
    "by_row",
)


def _history_row(change: Change) -> tuple[object, ...]:
    return (
        change.event,
        change.agency.id,
        change.agency.state,
        change.name,
        change.model,
        change.model_before,
        change.name_before,
        change.signed,
        change.signed_before,
        "yes" if change.agency_held_other else "",
        change.after,
        change.by,
        change.listed_under,
        "yes: see review.csv" if change.is_open else "",
        change.after_file,
        change.after_row,
        change.by_file,
        change.by_row,
    )


ACCOUNTING_COLUMNS = ("file", "sheet", "became", "reason", "rows", "which")


def _accounting_rows(lists: Sequence[AgreementList]) -> Iterator[tuple[object, ...]]:
    """A line for each sheet and what became of its rows; `rows` adds up to those of the sheet."""
    for published in lists:
        groups: dict[tuple[str, Became, str], list[RowAccount]] = {}
        for account in published.rows:
            groups.setdefault((account.sheet, account.became, account.reason), []).append(account)
        for (sheet, became, reason), accounts in groups.items():
            rows = [account.row for account in accounts]
            yield published.file, sheet, became, reason, len(rows), ranges(rows)


def ranges(rows: Sequence[int]) -> str:
    """Row numbers in short: `2-152, 160`."""
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _provenance(made: ImportedAgreements) -> dict[str, Any]:
    return {
        "files": [
            {
                "name": published.file,
                "sha256": published.sha256,
                "published": published.published.isoformat(),
                "published_from": "the file's name",
                "part_of_day": published.part or None,
                "agreements": len(published.agreements),
                "columns": published.columns,
            }
            for published in made.lists
        ],
        "agencies": len({agency.id for agency in made.held.agency_of.values()}),
        "joined_for_certain": [
            {"state": q.state, "one": q.one, "other": q.other, "because": q.because}
            for q in made.held.joined
        ],
        "questions": len(made.questions),
        "decisions": made.decided,
        "notes": made.notes,
        "seconds": made.seconds,
    }
