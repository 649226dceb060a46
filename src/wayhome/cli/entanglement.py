"""`wayhome entanglement`: drafts about 287(g) agreements, one an agreement and one an agency."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.problems import Exit, Problem, number_of

if TYPE_CHECKING:
    from wayhome.programs.entanglement.agreements.clauses import Clause
    from wayhome.programs.entanglement.agreements.listed import ListedAgreement

entanglement_app = typer.Typer(
    no_args_is_help=True, help="287(g) agreements: notices of termination, requests for records."
)

Folder = Annotated[Path, typer.Argument(help="A folder of `wayhome import agreements`.")]
State = Annotated[
    str | None, typer.Option("--state", help="Two letters or a name; else every state.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(entanglement_app, name="entanglement")


@entanglement_app.command("notices")
def notices(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="The folder to make or replace.")],
    state: State = None,
    clauses: Annotated[
        Path | None,
        typer.Option("--clauses", help="The agreements' own clauses that somebody has read."),
    ] = None,
    as_of: AsOf = None,
    processes: Annotated[int, typer.Option("--processes", min=1, max=16)] = 2,
) -> None:
    """Draft a notice of termination for each agreement and a records request for each agency.

    Each is a DRAFT as Word and PDF. What is not known is a marked gap: above all the agreement's
    own clause on ending it, which somebody must read (see `wayhome entanglement clauses`).
    """
    from wayhome.cli.progress import bars
    from wayhome.papers.agency_papers import orders_for
    from wayhome.papers.agency_papers_folder import write_agency_papers
    from wayhome.sources.eoir.release import ReleaseProblem

    chosen = _agreements(folder, state)
    try:
        read = _clauses(clauses, folder)
        orders = list(orders_for(chosen, read, day_of(as_of)))
        with bars() as progress:
            written = write_agency_papers(
                out,
                orders,
                processes=processes,
                progress=lambda done: progress("drafting", done, len(orders)),
            )
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    with_clause = sum(agreement.key in read for agreement in chosen)
    typer.echo(
        f"{number_of(written.notices, 'notice')} of termination and "
        f"{number_of(written.requests, 'request')} for records, each as Word and PDF, all DRAFT. "
        f"The agreement's own clause is in {with_clause} of the notices; "
        f"in the others it is a marked gap."
    )
    typer.echo(f"Written: {out}. What each one lacks: {out / 'drafts.csv'}")


@entanglement_app.command("clauses")
def clauses_to_fill(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="The file to write (.csv).")],
    state: State = None,
) -> None:
    """Write an empty table of clauses, a row an agreement with the address of its text.

    Whoever reads an agreement fills `clause`, `where`, `read_by` and `read_on` of its row, and
    `days_of_notice` where the clause tells it.
    """
    from wayhome.programs.entanglement.agreements.clauses import COLUMNS
    from wayhome.sources.import_folder import write_csv

    if out.exists():
        raise Problem(f"{out} is there and may hold clauses: choose another name.", Exit.USAGE)
    rows = [
        (a.agency_id, a.model, *("" for _ in COLUMNS[2:]), a.agency, a.memorandum)
        for a in _agreements(folder, state)
    ]
    write_csv(out, (*COLUMNS, "name", "text_of_the_agreement"), rows)
    typer.echo(f"Written: {out}, {number_of(len(rows), 'agreement')}.")


def _agreements(folder: Path, state: str | None) -> list[ListedAgreement]:
    from wayhome.law.vocabulary import did_you_mean, nearest_spelling
    from wayhome.programs.entanglement.agreements.listed import listed_agreements
    from wayhome.sources.agreements.meanings import state_code, state_names
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        every = listed_agreements(folder)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    if state is None:
        return list(every)
    code = state_code(state)
    if code is None:
        hint = did_you_mean(nearest_spelling(state.title(), state_names().values()))
        raise Problem(f"--state: there is no state {state!r}.{hint}", Exit.USAGE)
    chosen = [agreement for agreement in every if agreement.state == code]
    if not chosen:
        day = every[0].list_day if every else "this folder"
        raise Problem(f"The list of {day} has no agreement in {code}: nothing to draft.")
    return chosen


def _clauses(path: Path | None, folder: Path) -> Mapping[tuple[str, str], Clause]:
    from wayhome.programs.entanglement.agreements.clauses import read_clauses
    from wayhome.programs.entanglement.agreements.listed import listed_agreements

    if path is None:
        return {}
    return read_clauses(path, {agreement.key for agreement in listed_agreements(folder)})
