"""`wayhome explain`: why the rules answer as they do for one person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.case_file_notes import tell_notes
from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.formats import Language, Sheet
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.rules import Programs, RulebookFolder, chosen_programs, chosen_rule, load
from wayhome.cli.screen import read_cases
from wayhome.law.vocabulary import CASE_ID, did_you_mean, nearest_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wayhome.engine.findings import Finding
    from wayhome.law.rules import Rule, Rulebook
    from wayhome.sources.case_files.case_file import CaseFile, CaseRow


class ExplainFormat(StrEnum):
    """How an explanation is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def add_to(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    cases: Annotated[Path, typer.Argument(help="A case file (.csv, .xlsx, .jsonl).")],
    case: Annotated[str, typer.Option("--case", help="The case_id of one person's row.")],
    as_of: AsOf = None,
    program: Programs = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="Only this rule, whole, whatever it answers.")
    ] = None,
    open_rules: Annotated[
        bool, typer.Option("--open", help="text: the trees of rules that cannot be told yet too.")
    ] = False,
    every_rule: Annotated[
        bool, typer.Option("--every-rule", help="The rules that do not hold too.")
    ] = False,
    language: Annotated[
        Language, typer.Option("--language", help="Of the questions: en or es.")
    ] = Language.EN,
    format: Annotated[
        ExplainFormat, typer.Option("--format", help="text, json or html.")
    ] = ExplainFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="Write it here.")] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on although other rows are unreadable.")
    ] = False,
    sheet: Sheet = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Explain one person's screening: conditions, values, citations, and what to ask next.

    As text, rules that hold are explained, and those that cannot be told yet have a line each.
    """
    from wayhome.engine.explanation import explain as explanation_of
    from wayhome.engine.findings import CaseScreener
    from wayhome.engine.graph import NoLawInForce
    from wayhome.engine.plain import Reading
    from wayhome.law.faults import FaultyRulebook
    from wayhome.report import explanation_text, result_files

    book = load(rulebook)
    only = chosen_rule(book, rule) if rule else None
    programs = (only.program,) if only else chosen_programs(book, program)
    _refuse_a_docket(cases)
    screener = CaseScreener(book, programs)
    row = _row(read_cases(cases, screener, sheet, skip_bad_rows), case, cases)
    day = row.screening_date or day_of(as_of)
    try:
        found = tuple(screener.findings(row.case_id, row.facts, day))
    except NoLawInForce as error:
        raise Problem(f"--as-of: {error}") from error
    reading = Reading(book, day, row.facts)
    shown = [only] if only else _rules(book, found, every_rule)
    with_trees = {True: True, None: open_rules, False: every_rule}
    try:
        text = explanation_text.case_text(
            found,
            [explanation_of(reading, each) for each in shown],
            language=language,
            style=format,
            with_trees=None if only else [answer for answer, is_in in with_trees.items() if is_in],
            book=book,
            folder=rulebook,
        )
    except FaultyRulebook as error:
        raise Problem(str(error), Exit.BAD_RULEBOOK) from error
    result_files.write_text(text, out)


def _rules(book: Rulebook, found: Iterable[Finding], every_rule: bool) -> list[Rule]:
    return [
        book.rules[name]
        for finding in found
        for name, answer in finding.answers.items()
        if every_rule or answer is not False
    ]


def _refuse_a_docket(cases: Path) -> None:
    from wayhome.sources.eoir.store import PROVENANCE

    if (cases / PROVENANCE).exists():
        message = (
            f"{cases} is a docket store, whose cases cannot be explained one by one yet. "
            f"Screen them all: wayhome screen {cases}. To explain one, write what is known of it "
            "as a row of a case file (wayhome template clients.xlsx)."
        )
        raise Problem(message, Exit.USAGE)


def _row(case_file: CaseFile, case: str, cases: Path) -> CaseRow:
    tell_notes(case_file)
    by_id = {row.case_id: row for row in case_file.rows}
    if case in by_id:
        return by_id[case]
    column = case_file.columns.index(CASE_ID)
    for bad in case_file.bad_rows:
        if bad.cells[column : column + 1] == (case,):
            raise Problem("\n".join(map(str, bad.faults)))
    near = nearest_spelling(case, by_id)
    hint = did_you_mean(near)
    raise Problem(f"{cases.name}: there is no case_id {case!r}.{hint}", Exit.USAGE)
