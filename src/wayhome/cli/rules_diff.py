"""`wayhome rules diff`: what changed between two rulebooks or two days, and for whom."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import AsOf, day_of, parsed_day
from wayhome.cli.formats import Format
from wayhome.cli.problems import Exit, Problem, listed
from wayhome.cli.rules import RulebookFolder, load

if TYPE_CHECKING:
    from wayhome.changes.change_list import ChangeCounts, Write
    from wayhome.changes.editions import Edition
    from wayhome.changes.reasons import Law
    from wayhome.changes.rulebook_changes import RulebookChanges
    from wayhome.sources.eoir.store import DocketStore

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

# What the cases are counted by: docket columns, and the fact that a case file has.
_DOCKET_GROUPS = {"court": "court", "nationality": "country_of_citizenship"}
_CASE_FILE_GROUPS = {"nationality": "country_of_citizenship"}


def add_to(rules_app: typer.Typer) -> None:
    rules_app.command("diff")(diff)


def diff(
    old: Annotated[str, typer.Argument(help="A folder of programs, a git revision, or a date.")],
    new: Annotated[str, typer.Argument(help="The same, to compare it with.")],
    as_of: AsOf = None,
    cases: Annotated[
        Path | None,
        typer.Option("--cases", help="A case file or a docket store: whose outcomes change?"),
    ] = None,
    format: Annotated[Format | None, typer.Option("--format", help="json, else text.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="A folder for the page, the JSON and the change list."),
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, max=64)] = 2,
    rulebook: RulebookFolder = None,
) -> None:
    """Say which rules changed and how, and with cases whose outcomes changed and why.

    OLD and NEW are two rulebooks (folders of programs, or git revisions), compared on one day
    (--as-of); or two dates (YYYY-MM-DD) on which one rulebook is read.
    """
    if format not in (None, Format.JSON):
        raise Problem("--format: rules diff writes json, or a folder with --out.", Exit.USAGE)
    compared = _compared(old, new, as_of, rulebook)
    into = _folder(out)
    counts = None
    if cases is not None and cases.is_dir():
        counts = _docket(compared, cases, into, threads)
    elif cases is not None:
        counts = _case_file(compared, cases, into)
    _write(compared.changes, counts, format, into)


@dataclass(frozen=True)
class _Compared:
    """Two laws, and what differs between their rulebooks."""

    old: Law
    new: Law
    changes: RulebookChanges
    are_days: bool


def _compared(old: str, new: str, as_of: str | None, folder: Path | None) -> _Compared:
    from wayhome.changes.date_changes import changes_between_days
    from wayhome.changes.reasons import Law
    from wayhome.changes.rulebook_changes import rulebook_changes

    are_days = [bool(_DAY.fullmatch(name)) for name in (old, new)]
    if any(are_days) and not all(are_days):
        message = f"Compare two dates or two rulebooks; {old} and {new} are one of each."
        raise Problem(message, Exit.USAGE)
    if all(are_days):
        if as_of is not None:
            raise Problem("--as-of says nothing where two dates are compared.", Exit.USAGE)
        book = load(folder)
        first, second = parsed_day(old, "OLD"), parsed_day(new, "NEW")
        laws = (Law(day.isoformat(), book, day) for day in (first, second))
        return _Compared(*laws, changes_between_days(book, first, second), True)
    before, after = (_edition(name, folder) for name in (old, new))
    day = day_of(as_of)
    laws = (Law(e.name, e.rulebook, day) for e in (before, after))
    return _Compared(*laws, rulebook_changes(before, after), False)


def _edition(name: str, folder: Path | None) -> Edition:
    from wayhome.changes.editions import NoSuchEdition, open_edition
    from wayhome.law.faults import FaultyRulebook

    try:
        return open_edition(name, folder)
    except NoSuchEdition as error:
        raise Problem(str(error), Exit.USAGE) from error
    except FaultyRulebook as error:
        faults = listed([str(fault) for fault in error.faults[:5]], "fault")
        more = f"\n… {len(error.faults)} faults in all." if len(error.faults) > 5 else ""
        message = f"{name} cannot be read by this version of Wayhome:\n{faults}{more}"
        raise Problem(message, Exit.BAD_RULEBOOK) from error


def _folder(out: Path | None) -> Path | None:
    if out is not None and out.exists() and not out.is_dir():
        raise Problem(f"--out {out} is a file; name a folder.", Exit.USAGE)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    return out


# --- cases ---------------------------------------------------------------------------------


def _docket(compared: _Compared, path: Path, into: Path | None, threads: int) -> ChangeCounts:
    from wayhome.changes.docket_changes import changes_of_docket
    from wayhome.cli.progress import bars
    from wayhome.engine.fact_tables import FaultyFactTable, open_fact_table
    from wayhome.engine.graph import NoLawInForce
    from wayhome.law.vocabulary import CASE_ID

    store = _opened(path)
    kept = store.path.with_name(f"{store.path.name}.planes")
    counts = _counts(compared, store.path.name, tuple(_DOCKET_GROUPS), store.is_synthetic)
    _check_vocabularies(compared)
    try:
        table = open_fact_table(store.cases_path, compared.new.rulebook.vocabulary)
        with ExitStack() as stack:
            case_id = table.blocks.schema.field(CASE_ID).type
            write = _list_writer(stack, into, case_id, ".parquet", counts)
            progress = stack.enter_context(bars())
            changes_of_docket(
                compared.old,
                compared.new,
                table,
                counts,
                _DOCKET_GROUPS,
                write,
                threads=threads,
                kept=kept if kept.is_dir() else None,
                progress=lambda done, total: progress("comparing", done, total),
            )
    except (FaultyFactTable, NoLawInForce) as error:
        raise Problem(str(error)) from error
    return counts


def _opened(path: Path) -> DocketStore:
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.eoir.store import open_store

    try:
        return open_store(path)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error


def _case_file(compared: _Compared, path: Path, into: Path | None) -> ChangeCounts:
    import pyarrow as pa

    from wayhome.changes.case_changes import Case, changes_of_cases
    from wayhome.cli.progress import counted
    from wayhome.cli.screen import read_cases
    from wayhome.engine.findings import CaseScreener
    from wayhome.engine.graph import NoLawInForce

    _check_vocabularies(compared)
    screeners = []
    try:
        for law in (compared.old, compared.new):
            screeners.append(CaseScreener(law.rulebook, law.rulebook.programs))
            screeners[-1].check(law.day)
    except NoLawInForce as error:
        raise Problem(str(error)) from error
    rows = read_cases(path, screeners[1], None, skip_bad_rows=False).rows
    counts = _counts(compared, path.name, tuple(_CASE_FILE_GROUPS), is_synthetic=False)
    if compared.are_days and any(row.screening_date for row in rows):
        counts.notes = ("The screening dates of the rows are left aside: two dates are compared.",)
    people = [
        Case(row.case_id, row.facts, None if compared.are_days else row.screening_date)
        for row in rows
    ]
    with ExitStack() as stack:
        write = _list_writer(stack, into, pa.string(), ".csv", counts)
        many = counted(people, "comparing")
        changes_of_cases(compared.old, compared.new, many, counts, _CASE_FILE_GROUPS, write)
    return counts


def _counts(
    compared: _Compared, source: str, grouped_by: tuple[str, ...], is_synthetic: bool
) -> ChangeCounts:
    from wayhome.changes.change_list import ChangeCounts

    old, new = compared.old.name, compared.new.name
    return ChangeCounts(old, new, source, is_synthetic, grouped_by)


def _check_vocabularies(compared: _Compared) -> None:
    """Cases are read once, so that no fact may mean another kind of thing to either side."""
    old, new = (law.rulebook.vocabulary for law in (compared.old, compared.new))
    other = [f.name for f in new if f.name in old and old[f.name].type is not f.type]
    if other:
        message = (
            f"The fact {other[0]} is {old[other[0]].type} in {compared.old.name} and "
            f"{new[other[0]].type} in {compared.new.name}: no case can be read for both."
        )
        raise Problem(message)


def _list_writer(
    stack: ExitStack, into: Path | None, case_id: object, ending: str, counts: ChangeCounts
) -> Write:
    if into is None:
        return lambda batch: None
    from wayhome.report.change_files import change_list_file

    path = _named(into, f"change-list{ending}", counts)
    return stack.enter_context(change_list_file(path, case_id))


def _named(into: Path, name: str, counts: ChangeCounts | None) -> Path:
    from wayhome.sources.eoir.store import store_path

    return store_path(into / name, counts is not None and counts.is_synthetic)


# --- what is written -----------------------------------------------------------------------


def _write(
    changes: RulebookChanges,
    counts: ChangeCounts | None,
    format: Format | None,
    into: Path | None,
) -> None:
    from wayhome.report.changes_text import changes_json, show

    text = json.dumps(changes_json(changes, counts), ensure_ascii=False, indent=1)
    if into is not None:
        from wayhome.report import result_files
        from wayhome.report.changes_page import changes_page

        result_files.write_text(f"{text}\n", _named(into, "changes.json", counts))
        page = changes_page(changes, counts)
        result_files.write_text(page, _named(into, "changes.html", counts))
    if format is Format.JSON:
        typer.echo(text)
    else:
        show(changes, counts)
        if into is not None:
            typer.echo(f"Written: {into}")
