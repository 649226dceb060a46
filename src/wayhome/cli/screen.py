"""`wayhome screen`: a file of people's facts, or a whole docket store, against the rulebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.case_file_notes import tell_notes
from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.formats import Format, Language, Sheet, format_of
from wayhome.cli.problems import Exit, Problem, listed, number_of
from wayhome.cli.rules import Programs, RulebookFolder, chosen_programs, load

if TYPE_CHECKING:
    from wayhome.engine.findings import CaseScreener, Finding
    from wayhome.law.rules import Rulebook
    from wayhome.sources.case_files.case_file import CaseFile


def add_to(app: typer.Typer) -> None:
    app.command("screen")(screen)


def screen(
    cases: Annotated[
        Path,
        typer.Argument(help="A case file (.csv, .xlsx, .jsonl), or the folder of a docket store."),
    ],
    as_of: AsOf = None,
    program: Programs = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="json is one object a line.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the result here; else to the terminal.")
    ] = None,
    every_rule: Annotated[
        bool, typer.Option("--every-rule", help="json: the answer of every rule in force too.")
    ] = False,
    skip_bad_rows: Annotated[
        bool,
        typer.Option(
            "--skip-bad-rows", help="Go on without unreadable rows; write them beside the result."
        ),
    ] = False,
    sheet: Sheet = None,
    language: Annotated[
        Language, typer.Option("--language", help="Of the page and of the terminal: en or es.")
    ] = Language.EN,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep", help="A docket: keep what was worked out, so that the next time is quicker."
        ),
    ] = False,
    rulebook: RulebookFolder = None,
) -> None:
    """Screen people's facts, or a whole docket, against the rulebook.

    A result is a lead for a lawyer, not advice. What is not known stays unknown: the result names
    the facts that would settle it, most useful first.
    """
    from wayhome.engine.findings import CaseScreener

    book = load(rulebook)
    programs = chosen_programs(book, program)
    if cases.is_dir():
        from wayhome.cli.screen_docket import screen_docket

        wanted = format_of(format, out)
        day = day_of(as_of)
        screen_docket(book, cases, day, programs, wanted, out, keep=keep, language=language)
        return
    wanted = _checked_format(format_of(format, out), cases, out)
    screener = CaseScreener(book, programs)
    case_file = read_cases(cases, screener, sheet, skip_bad_rows)
    found = _findings(screener, case_file, day_of(as_of))
    _write(book, cases, found, wanted, out, every_rule, language)
    _write_bad_rows(case_file, cases, out)


def _checked_format(wanted: Format | None, cases: Path, out: Path | None) -> Format | None:
    """The format, if it goes together with where the result is to be put."""
    if out is not None and cases.exists() and out.exists() and out.samefile(cases):
        raise Problem(f"--out {out} is the case file itself; choose another name.", Exit.USAGE)
    if out is not None and wanted is None:
        message = f"--out {out.name}: people's results go to .json, .csv, .html or .parquet."
        raise Problem(message, Exit.USAGE)
    if wanted is Format.PARQUET and out is None:
        raise Problem("--format parquet needs --out FILE.parquet.", Exit.USAGE)
    return wanted


def read_cases(
    cases: Path, screener: CaseScreener, sheet: str | None, skip_bad_rows: bool
) -> CaseFile:
    """The case file, or a Problem that lists every fault and how to go on."""
    from wayhome.sources.case_files.case_file import read_case_file
    from wayhome.sources.case_files.faults import CaseFileProblem

    try:
        return read_case_file(
            cases,
            sheet=sheet,
            skip_bad_rows=skip_bad_rows,
            why_not_on=lambda day: _why_not_on(day, screener),
        )
    except CaseFileProblem as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        if error.rows_only:
            rows = number_of(len({fault.row for fault in error.faults}), "row")
            text += f"\nMend what is wrong, or go on without {rows}: --skip-bad-rows."
        raise Problem(text) from error


def _why_not_on(day: date, screener: CaseScreener) -> str:
    from wayhome.engine.graph import NoLawInForce

    try:
        screener.check(day)
    except NoLawInForce as error:
        return str(error)
    return ""


def _findings(screener: CaseScreener, case_file: CaseFile, as_of: date) -> Iterator[Finding]:
    from wayhome.cli.progress import counted
    from wayhome.engine.graph import NoLawInForce

    for row in counted(case_file.rows, "screening"):
        try:
            yield from screener.findings(row.case_id, row.facts, row.screening_date or as_of)
        except NoLawInForce as error:
            raise Problem(f"--as-of: {error}") from error


def _write(
    book: Rulebook,
    cases: Path,
    found: Iterator[Finding],
    wanted: Format | None,
    out: Path | None,
    every_rule: bool,
    language: Language,
) -> None:
    """Writes the findings as they come, and tells what they add up to."""
    from wayhome.report import page, result_files, terminal
    from wayhome.report.summary import FindingsTally

    tally = FindingsTally(book)
    passing = tally.watching(found)
    match wanted:
        case Format.JSON:
            result_files.write_json_lines(passing, out, every_rule=every_rule)
        case Format.CSV:
            result_files.write_csv(passing, out, every_rule=every_rule)
        case Format.PARQUET if out is not None:
            result_files.write_parquet(passing, out, every_rule=every_rule)
        case _:
            for _ in passing:
                pass
    told = tally.summary(cases.name)
    if wanted is Format.HTML:
        result_files.write_text(page.page(told, language=language), out)
    if wanted is None or (out is not None and sys.stderr.isatty()):
        terminal.show(told, language=language)


def _write_bad_rows(case_file: CaseFile, cases: Path, out: Path | None) -> None:
    """Rows set aside go beside the result, with their reasons; none is dropped."""
    tell_notes(case_file)
    if not case_file.bad_rows:
        return
    from wayhome.report import result_files
    from wayhome.sources.case_files.bad_rows_file import ADDED_COLUMNS, on_one_line

    beside = out or cases
    path = beside.with_name(f"{beside.stem}.bad-rows.csv")
    rows = (
        [str(bad.row_number), " ".join(str(f) for f in bad.faults), *map(on_one_line, bad.cells)]
        for bad in case_file.bad_rows
    )
    result_files.write_rows([*ADDED_COLUMNS, *case_file.columns], rows, path)
    number = len(case_file.bad_rows)
    were = "was" if number == 1 else "were"
    typer.echo(f"{number_of(number, 'row')} {were} not screened; see {path}.", err=True)
