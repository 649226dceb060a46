"""`wayhome explain`: why the rules answer as they do for one person."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.problems import Exit, Problem
from wayhome.cli.rules import Programs, RulebookFolder, chosen_programs, chosen_rule, load
from wayhome.law.vocabulary import nearest_spelling

if TYPE_CHECKING:
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
    every_rule: Annotated[
        bool, typer.Option("--every-rule", help="Show the rules that do not hold too.")
    ] = False,
    language: Annotated[str, typer.Option("--language", help="Of the questions: en or es.")] = "en",
    format: Annotated[
        ExplainFormat, typer.Option("--format", help="text, json or html.")
    ] = ExplainFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="Write it here.")] = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Explain one person's screening: conditions, values, citations, and what to ask next."""
    from wayhome.engine.explanation import explain as explanation_of
    from wayhome.engine.findings import CaseScreener
    from wayhome.engine.graph import NoLawInForce
    from wayhome.engine.plain import Reading
    from wayhome.report import explanation_text, result_files
    from wayhome.sources.case_files.case_file import read_case_file
    from wayhome.sources.case_files.faults import CaseFileProblem

    book = load(rulebook)
    only = chosen_rule(book, rule) if rule else None
    programs = (only.program,) if only else chosen_programs(book, program)
    if language not in ("en", "es"):
        raise Problem(f"--language: {language!r} is not en or es.", Exit.USAGE)
    try:
        row = _row(read_case_file(cases), case, cases)
    except CaseFileProblem as error:
        raise Problem(str(error)) from error
    day = row.screening_date or day_of(as_of)
    try:
        found = tuple(CaseScreener(book, programs).findings(row.case_id, row.facts, day))
    except NoLawInForce as error:
        raise Problem(str(error)) from error
    reading = Reading(book, day, row.facts)
    shown = (
        [only]
        if only
        else [
            book.rules[name]
            for finding in found
            for name, answer in finding.answers.items()
            if every_rule or answer is not False
        ]
    )
    trees = [explanation_of(reading, each) for each in shown]
    text = explanation_text.case_text(found, trees, language=language, style=format)
    result_files.write_text(text, out)


def _row(case_file: CaseFile, case: str, cases: Path) -> CaseRow:
    by_id = {row.case_id: row for row in case_file.rows}
    if case not in by_id:
        near = nearest_spelling(case, by_id)
        hint = f" Did you mean {near}?" if near else ""
        raise Problem(f"{cases.name}: there is no case_id {case!r}.{hint}", Exit.USAGE)
    return by_id[case]
