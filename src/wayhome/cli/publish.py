"""`wayhome publish`: the public record, from publications or from imports of them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Exit, Problem, number_of

if TYPE_CHECKING:
    from wayhome.public_record.publishing.publish import Inputs, Published

FacilityDecisions = Annotated[
    Path | None,
    typer.Option(
        "--facility-decisions",
        help="Decisions of `wayhome facilities registry`, before those that are built in.",
    ),
]


def add_to(app: typer.Typer) -> None:
    app.command("publish")(publish_record)


def publish_record(
    files: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", help="Publications as `wayhome fetch` left them: all are imported."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="The folder to make or replace: $WAYHOME_HOME/public-record."),
    ] = None,
    detention_stats: Annotated[
        Path | None,
        typer.Option("--detention-stats", help="A folder of `wayhome import detention-stats`."),
    ] = None,
    population: Annotated[
        Path | None, typer.Option("--population", help="A folder of `wayhome import population`.")
    ] = None,
    agreements: Annotated[
        Path | None, typer.Option("--agreements", help="A folder of `wayhome import agreements`.")
    ] = None,
    docket: Annotated[
        list[Path] | None,
        typer.Option("--docket", help="A docket store: only counts go in, none of them small."),
    ] = None,
    closing_plan: Annotated[
        Path | None, typer.Option("--closing-plan", help="A folder of `wayhome closing-plan`.")
    ] = None,
    with_packaged: Annotated[
        bool,
        typer.Option("--with-packaged", help="Dockets beside the record that is built in."),
    ] = False,
    county_population: Annotated[
        Path | None,
        typer.Option(
            "--county-population",
            help="The Census Bureau's co-estYYYY-alldata.csv, newer than the one built in (2019).",
        ),
    ] = None,
    facility_decisions: FacilityDecisions = None,
    packaged: Annotated[
        bool,
        typer.Option("--packaged", help="Make the small record that comes with the program."),
    ] = False,
) -> None:
    """Write what everyone may see as one folder of small tables, every number with its source.

    Whole or not at all. The application shows the folder at WAYHOME_PUBLIC_RECORD, else
    $WAYHOME_HOME/public-record, else the record that comes with the program.
    """
    from wayhome.engine.fact_tables import FaultyFactTable
    from wayhome.public_record.publishing.publish import Inputs, publish
    from wayhome.public_record.record import RecordProblem
    from wayhome.sources.eoir.release import ReleaseProblem

    target = out or _usual_folder(packaged)
    imports = Inputs(detention_stats, population, agreements)
    if files and imports != Inputs():
        raise Problem("Name a folder of files or folders of imports, not both.", Exit.USAGE)
    try:
        with ExitStack() as until_published:
            if files:
                workshop = until_published.enter_context(TemporaryDirectory(prefix="wayhome-"))
                imports = read_folder(files, Path(workshop))
            inputs = replace(
                imports,
                dockets=tuple(docket or ()),
                closing_plan=closing_plan,
                county_population=county_population,
                facility_decisions=facility_decisions,
                with_packaged=with_packaged,
            )
            made = publish(inputs, target, on=date.today(), packaged=packaged, tell=typer.echo)
    except (ReleaseProblem, RecordProblem, FaultyFactTable) as error:
        raise Problem(str(error)) from error
    except KeyboardInterrupt as error:
        raise Problem("Interrupted. Nothing was written.", Exit.INTERRUPTED) from error
    _tell(made)


def _usual_folder(packaged: bool) -> Path:
    from wayhome.public_record.at_home import home_at_hand, own_record
    from wayhome.public_record.record import PACKAGED

    if packaged:
        return PACKAGED
    if home := home_at_hand():
        return own_record(home)
    raise Problem("Where to? Name the folder with --out, or set WAYHOME_HOME.", Exit.USAGE)


def _tell(made: Published) -> None:
    for name, rows in made.rows.items():
        typer.echo(f"  {name}.csv: {rows:,} rows")
    folder = made.record.path
    size = sum(path.stat().st_size for path in folder.iterdir())
    typer.echo(f"Written: {folder}, {size / 1e6:.1f} MB, edition {made.record.edition}.")
    if made.record.is_synthetic():
        typer.echo("Some of it is synthetic: invented, of no real person or place. Pages say so.")


def read_folder(folder: Path, workshop: Path) -> Inputs:
    """Imports every publication in a folder; says which files none of the imports reads, and why.

    Raises RecordProblem or ReleaseProblem, a sentence."""
    from wayhome.public_record.publishing.from_files import imported, publications_in

    typer.echo(f"Looking through {folder} …")
    found = publications_in(folder)
    inputs = imported(found, workshop, typer.echo)
    for path, why in found.left:
        # What nobody takes for a publication is only named; a workbook's layout may be new.
        if path.suffix == ".xlsx":
            typer.echo(f"Not read: {path.name}. {why}")
    if others := [path.name for path, _ in found.left if path.suffix != ".xlsx"]:
        what = number_of(len(others), "file")
        typer.echo(f"Not read, for their headings are unknown: {what} ({', '.join(others)}).")
    return inputs
