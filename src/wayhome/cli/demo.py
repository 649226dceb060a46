"""`wayhome demo`: published cases and a synthetic docket, screened, explained and drawn."""

from __future__ import annotations

import csv
import math
import shutil
import tempfile
import webbrowser
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.formats import Format
from wayhome.cli.problems import Problem
from wayhome.cli.progress import bars

if TYPE_CHECKING:
    from wayhome.engine.findings import Finding
    from wayhome.law.rules import Rulebook
    from wayhome.public_record.publishing.publish import Inputs

# The letters of 2021 speak of a docket; a synthetic one of this size is screened in a minute.
CASES, SEED = 200_000, 2021
EXPLAINED_CASE = "mellouli"
# The closing plan shown is of the year of the letters, where its workbook is there.
PLAN_YEAR = 2021
INDEX, PUBLISHED, DOCKET = "index.html", "published-cases.html", "SYNTHETIC-docket.html"
APPLICATION, PLAN = "application", "closing-plan"
EXPLANATION = f"explanation-{EXPLAINED_CASE}.html"


def add_to(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the pages go.")] = Path("demo-output"),
    cases: Annotated[
        int, typer.Option("--cases", min=1, max=20_000_000, help="Size of the synthetic docket.")
    ] = CASES,
    as_of: AsOf = None,
    publications: Annotated[
        Path | None,
        typer.Option(
            "--publications",
            metavar="FOLDER",
            help="Publications as `wayhome fetch` left them: the application's pages show these.",
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser at the end.")
    ] = True,
) -> None:
    """Screen published cases and a synthetic national docket; write and open the pages."""
    from wayhome.cli.rules import load

    if as_of is not None:
        day_of(as_of)  # A day that is none is told before anything is made.
    book = load(None)
    out.mkdir(parents=True, exist_ok=True)
    _published_cases(book, out / PUBLISHED)
    _explanation(out / EXPLANATION)
    _docket(book, out / DOCKET, cases, as_of)
    _index(out / INDEX)
    _public_record(publications, out)
    typer.echo(f"\nThe pages are in {out}; begin with {out / INDEX}.")
    if show:
        webbrowser.open((out / INDEX).resolve().as_uri())


def _published_cases(book: Rulebook, path: Path) -> None:
    from wayhome.demo import PUBLISHED_CASES
    from wayhome.engine.findings import CaseScreener
    from wayhome.report import page, result_files, terminal
    from wayhome.report.summary import summary_of_findings
    from wayhome.sources.case_files.case_file import read_case_file

    typer.echo("Published cases, each on its own date\n")
    screener = CaseScreener(book, book.programs)
    found = [
        finding
        for row in read_case_file(PUBLISHED_CASES).rows
        if row.screening_date
        for finding in screener.findings(row.case_id, row.facts, row.screening_date)
    ]
    told = summary_of_findings("published cases", found, book)
    terminal.show(told)
    typer.echo(_agreement(book, found))
    result_files.write_text(page.page(told), path)


def _agreement(book: Rulebook, found: list[Finding]) -> str:
    """How many of the published answers the rules give."""
    from wayhome.demo import PUBLISHED_CASES_EXPECTED

    words = {True: "true", False: "false", None: "unknown"}
    given = {(f.case_id, rule): words[answer] for f in found for rule, answer in f.answers.items()}
    with PUBLISHED_CASES_EXPECTED.open(encoding="utf-8") as lines:
        expected = [(row["case_id"], row["rule"], row["holds"]) for row in csv.DictReader(lines)]
    agree = sum(given.get((case, rule), "not_in_force") == holds for case, rule, holds in expected)
    return f"\n{agree} of {len(expected)} published answers are the rules' answers too.\n"


def _explanation(path: Path) -> None:
    from wayhome.cli.explain import ExplainFormat, explain
    from wayhome.demo import PUBLISHED_CASES

    explain(
        PUBLISHED_CASES,
        case=EXPLAINED_CASE,
        program="return_home",
        format=ExplainFormat.HTML,
        out=path,
    )
    typer.echo(f"Why the rules answer so for {EXPLAINED_CASE}: {path}")


def _docket(book: Rulebook, path: Path, cases: int, as_of: str | None) -> None:
    """A synthetic release, imported and screened; the release itself is thrown away."""
    from wayhome.cli.screen_docket import screen_docket
    from wayhome.sources.eoir.importing import import_release
    from wayhome.sources.eoir.synthetic import write_release

    typer.echo(f"\nA SYNTHETIC docket of {cases:,} cases: nobody in it exists\n")
    workshop = Path(tempfile.mkdtemp(prefix="wayhome-demo-"))
    try:
        with bars() as progress:
            release = write_release(workshop, cases=cases, seed=SEED, progress=progress)
            report = import_release(release, path.with_suffix(""), progress=progress)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    typer.echo(report.summary())
    day = day_of(as_of) if as_of else report.release_date
    screen_docket(book, report.store, day, book.programs, Format.HTML, path)


def _index(path: Path) -> None:
    from wayhome.report import result_files
    from wayhome.report.index_page import PageEntry, index_page

    about_cases = "Eight matters, as courts and published reports tell them."
    about_tree = "Every condition with its value, the facts it read, and the citation."
    pages = (
        PageEntry(PUBLISHED, "Published cases", about_cases),
        PageEntry(EXPLANATION, f"One explanation: {EXPLAINED_CASE}", about_tree),
        PageEntry(DOCKET, "A SYNTHETIC docket", "Invented court cases, screened all at once."),
    )
    result_files.write_text(index_page(pages), path)


def _public_record(publications: Path | None, out: Path) -> None:
    """The record that `wayhome serve --demo` shows: of the publications, with a closing plan, else
    that which is built in; beside it the counts of the synthetic docket."""
    from wayhome.public_record.at_home import own_record
    from wayhome.public_record.publishing.publish import Inputs, publish
    from wayhome.public_record.record import RecordProblem
    from wayhome.sources.eoir.release import ReleaseProblem

    docket = out / Path(DOCKET).stem
    target = own_record(out / APPLICATION)
    inputs = Inputs(dockets=(docket,), with_packaged=True)
    workshop = Path(tempfile.mkdtemp(prefix="wayhome-demo-"))
    typer.echo("\nThe public record\n")
    try:
        if publications:
            inputs = replace(_imports(publications, out, workshop), dockets=(docket,))
    except (ReleaseProblem, RecordProblem, Problem) as error:
        typer.echo(f"{error}\nInstead: the record that comes with the program.", err=True)
    try:
        made = publish(inputs, target, on=date.today(), tell=typer.echo)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    typer.echo(f"Written: {target}, edition {made.record.edition}. The public pages show it.")


def _imports(publications: Path, out: Path, workshop: Path) -> Inputs:
    from wayhome.cli.closing_plan import closing_plan
    from wayhome.cli.publish import read_folder

    inputs = read_folder(publications, workshop)
    stats = inputs.detention_stats
    if stats is None or (year := _year_of_plan(stats)) is None:
        return inputs
    pace = _releases_per_day(stats, year)
    closing_plan(stats, year=year, releases_per_day=pace, out=out / PLAN)
    return replace(inputs, closing_plan=out / PLAN)


def _year_of_plan(stats: Path) -> int | None:
    from wayhome.sources.detention_stats.importing import KIND
    from wayhome.sources.import_folder import open_import

    books = open_import(stats, KIND).provenance["workbooks"]
    years = {book["fiscal_year"] for book in books if book["fiscal_year"]}
    return PLAN_YEAR if PLAN_YEAR in years else max(years, default=None)


def _releases_per_day(stats: Path, year: int) -> float:
    """About what it takes to release everybody in a hundred days, in tens: nobody promised it."""
    from wayhome.programs.facilities.closing_plan.reading import facilities_of

    people = sum(facility.people for facility in facilities_of(stats, year).facilities)
    return float(math.ceil(people / 1000) * 10)
