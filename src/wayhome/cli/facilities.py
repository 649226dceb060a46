"""`wayhome facilities`: one registry of places of detention, across years and sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Problem, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wayhome.programs.facilities.registry.folder import WrittenRegistry
    from wayhome.programs.facilities.registry.looking_up import WrittenFolder
    from wayhome.sources.import_folder import Imported

MOST_NAMED = 50

facilities_app = typer.Typer(
    no_args_is_help=True, help="One registry of places of detention, across years and sources."
)

Statistics = Annotated[
    Path, typer.Argument(help="A folder of `wayhome import detention-stats`.", metavar="STATS")
]
Population = Annotated[
    Path | None,
    typer.Argument(help="A folder of `wayhome import population`.", metavar="POPULATION"),
]

Asked = Annotated[str, typer.Argument(help="ICE's code, or a name or some words of it.")]
Written = Annotated[
    Path, typer.Option("--registry", help="The folder that `facilities registry` wrote.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(facilities_app, name="facilities")


@facilities_app.command("registry")
def registry(
    stats: Statistics,
    population: Population = None,
    out: Annotated[Path, typer.Option("--out", help="The folder to make or replace.")] = Path(
        "registry"
    ),
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions",
            help="Your decisions, before those that are built in, if not in OUT-decisions.csv.",
        ),
    ] = None,
) -> None:
    """Join what ICE's workbooks, list and daily files tell of each facility.

    Every value keeps its file, sheet, row and column; sources that differ are both kept. Where
    two records may be one facility and it is not certain, review.csv asks: write same or
    different in its column decision and run this again. Decisions that come with the program hold
    as they do for `wayhome publish`; yours go first.
    """
    from wayhome.programs.facilities.registry.folder import write_registry
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        made = write_registry(*_imports(stats, population), out, decisions=decisions)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    for line in _told(made):
        typer.echo(line)


@facilities_app.command("show")
def show(
    facility: Asked,
    registry: Written = Path("registry"),
    everything: Annotated[
        bool, typer.Option("--all", help="Also people by level and sex, and older inspections.")
    ] = False,
) -> None:
    """Everything known of one facility, each value with the cell it is from.

    A line that begins with ! is in conflict with another source.
    """
    from wayhome.programs.facilities.registry.looking_up import told_of

    folder, found = _found(registry, facility)
    for line in told_of(folder, found, everything=everything):
        typer.echo(line)


@facilities_app.command("days")
def days(
    facility: Asked,
    population: Annotated[
        Path,
        typer.Argument(help="A folder of `wayhome import population`.", metavar="POPULATION"),
    ],
    registry: Written = Path("registry"),
) -> None:
    """The people of one facility on every day that a daily file tells, as CSV.

    Where two files tell a day, both lines are there. Each has its file and row.
    """
    import csv
    import sys
    from dataclasses import astuple, fields

    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.import_folder import open_import
    from wayhome.sources.population.averages import FacilityDay, days_of
    from wayhome.sources.population.importing import KIND

    folder, found = _found(registry, facility)
    codes = folder.facilities[found]["codes"].split()
    if not codes:
        raise Problem(f"{folder.line(found)}: no code is known, and the daily files go by codes.")
    try:
        told = days_of(open_import(population, KIND), codes)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([field.name for field in fields(FacilityDay)])
    writer.writerows(map(astuple, told))


@facilities_app.command("measure")
def measure(
    pairs: Annotated[Path, typer.Argument(help="Pairs that were judged by hand (CSV).")],
    stats: Statistics,
    population: Population = None,
) -> None:
    """How often the registry joins rightly, on pairs of records that a person judged.

    Precision: of the pairs joined, the share that is one facility. Recall: of those that are one,
    the share joined. Then every pair on which registry and person differ, or that is asked.
    """
    from wayhome.programs.facilities.registry.building import build_registry
    from wayhome.programs.facilities.registry.measuring import answers, read_pairs, report
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        found = answers(build_registry(*_imports(stats, population)), read_pairs(pairs))
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    for line in report(found):
        typer.echo(line)


def _found(registry: Path, wanted: str) -> tuple[WrittenFolder, str]:
    """The one facility that is meant. Raises Problem, naming the nearest, where it is not one."""
    from wayhome.programs.facilities.registry.looking_up import open_registry
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        folder = open_registry(registry)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    found = folder.find(wanted)
    if len(found) == 1:
        return folder, found[0]
    near = found or folder.nearest(wanted)
    if not near:
        raise Problem(
            f"No facility of {registry} has the code or name {wanted!r}, nor one like it."
        )
    what = (
        f"{len(found)} facilities are called so" if found else f"No facility is called {wanted!r}"
    )
    lines = "\n".join(f"  {folder.line(id)}" for id in near[:MOST_NAMED])
    more = f"\n  … and {len(near) - MOST_NAMED} more" if len(near) > MOST_NAMED else ""
    raise Problem(f"{what}. Ask for one of these by its code or id:\n{lines}{more}")


def _imports(stats: Path, population: Path | None) -> tuple[list[Imported], Imported | None]:
    from wayhome.sources.detention_stats.importing import KIND as STATISTICS
    from wayhome.sources.import_folder import open_import
    from wayhome.sources.population.importing import KIND as POPULATION

    people = open_import(population, POPULATION) if population else None
    return [open_import(stats, STATISTICS)], people


def _told(made: WrittenRegistry) -> Iterator[str]:
    """The report for a person: each source, what was joined, what is asked."""
    registry = made.registry
    for account in registry.accounts:
        people = ""
        if account.people_before is not None:
            same = account.people_before == account.people_after
            what = "the same" if same else f"but {account.people_after:,.2f}"
            people = f"; {account.people_before:,.2f} people or person-days, {what} in the registry"
        yield (
            f"{account.source}: {number_of(account.rows, 'row')}, {account.in_facilities:,} in "
            f"{account.facilities:,} facilities, {account.set_aside:,} set aside{people}."
        )
    yield (
        f"Decided before: {number_of(made.decided_packaged, 'pair')} by the decisions that come "
        f"with the program, {made.decided:,} by yours ({made.decisions_path.name}), which go first."
    )
    conflicts = sum(bool(facility.conflicts) for facility in registry.facilities)
    yield (
        f"{len(registry.facilities):,} facilities; {len(registry.joined):,} pairs joined for "
        f"certain (joined.csv); {conflicts:,} with sources that differ."
    )
    if registry.questions:
        what = number_of(len(registry.questions), "question")
        yield (
            f"{what} for a person in {made.folder / 'review.csv'}: until they are answered, what "
            "may be one facility is two."
        )
    yield f"Written: {made.folder}, in {made.seconds:.1f} seconds."
