"""Make the record: from folders that `wayhome import` wrote, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.programs.facilities.registry.decisions import read_decisions, with_packaged
from wayhome.programs.facilities.registry.facility import Registry
from wayhome.public_record.publishing.agreements import agreement_rows
from wayhome.public_record.publishing.closing_plan import closing_plan_rows
from wayhome.public_record.publishing.days import write_days
from wayhome.public_record.publishing.detention import detention_figures
from wayhome.public_record.publishing.docket import docket_rows
from wayhome.public_record.publishing.facilities import contracts_by_code, facility_rows
from wayhome.public_record.publishing.folder import Row, Rows, joined, write_tables
from wayhome.public_record.publishing.population import population_rows
from wayhome.public_record.publishing.sources import SourceFiles, sources_of
from wayhome.public_record.record import KIND, PublicRecord, RecordProblem, open_record
from wayhome.sources.agreements.importing import KIND as AGREEMENTS_KIND
from wayhome.sources.county_population.estimates import read_estimates
from wayhome.sources.detention_stats.importing import KIND as STATISTICS_KIND
from wayhome.sources.import_folder import Imported, import_folder, open_import, write_provenance
from wayhome.sources.population.importing import KIND as POPULATION_KIND

# The first month of facilities that the packaged record keeps: the year after the oldest workbook
# begins a year earlier.
PACKAGED_MONTHS_FROM = date(2019, 10, 1)


@dataclass(frozen=True)
class Inputs:
    """The folders that imports wrote, as far as there are any; `dockets`: docket stores, of which
    the newest is shown and the others tell how many cases were pending; `county_population`: the
    Census Bureau's table of counties, in the place of the one that comes with the program;
    `facility_decisions`: what a person decided of facilities, beside what comes with the program.
    `with_packaged`: the dockets beside the record that comes with the program."""

    detention_stats: Path | None = None
    population: Path | None = None
    agreements: Path | None = None
    dockets: tuple[Path, ...] = ()
    closing_plan: Path | None = None
    county_population: Path | None = None
    facility_decisions: Path | None = None
    with_packaged: bool = False


@dataclass(frozen=True)
class Published:
    """What was written: the record, and how many rows each table has."""

    record: PublicRecord
    rows: Mapping[str, int]


def publish(
    inputs: Inputs,
    out: Path,
    *,
    on: date,
    packaged: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write the record to `out`, in the place of a record that was there.

    `on`: the day of the law for what is counted by rule (the demands of a docket). `packaged`: the
    nation by month alone, and facilities from PACKAGED_MONTHS_FROM on.

    Raises ReleaseProblem or RecordProblem, a sentence; then what was there is as it was.
    """
    if not any(vars(inputs).values()):
        raise RecordProblem("Nothing to publish: name at least one folder that an import wrote.")
    if inputs.with_packaged and inputs != Inputs(dockets=inputs.dockets, with_packaged=True):
        raise RecordProblem(
            "Beside the record that comes with the program only dockets are published: leave the "
            "other folders out, or --with-packaged."
        )
    opened = _Opened.of(inputs)
    registry = _registry(opened, inputs.facility_decisions, tell)
    rows = joined(_parts(opened, inputs, registry, on, packaged, tell))
    rows["figures"] = _without_invented(rows)
    with import_folder(out, KIND) as new:
        written = write_tables(new, rows)
        if opened.population and registry and not packaged:
            tell("People by facility and day …")
            write_days(new, opened.population, opened.sources, _facility_of(registry))
        write_provenance(new, KIND, {"rows": written, "packaged": packaged})
    return Published(open_record(out), written)


@dataclass(frozen=True)
class _Opened:
    statistics: Imported | None
    population: Imported | None
    agreements: Imported | None
    sources: SourceFiles

    @staticmethod
    def of(inputs: Inputs) -> _Opened:
        folders = (
            (inputs.detention_stats, STATISTICS_KIND),
            (inputs.population, POPULATION_KIND),
            (inputs.agreements, AGREEMENTS_KIND),
        )
        statistics, population, agreements = (
            open_import(path, kind) if path else None for path, kind in folders
        )
        sources = sources_of(statistics, population, agreements)
        return _Opened(statistics, population, agreements, sources)


def _parts(
    opened: _Opened,
    inputs: Inputs,
    registry: Registry | None,
    on: date,
    packaged: bool,
    tell: Callable[[str], None],
) -> list[Rows]:
    parts: list[Rows] = [{"sources": list(opened.sources.rows)}]
    if inputs.with_packaged:
        parts.append(_packaged_rows())
    if opened.statistics:
        tell("Figures of the workbooks …")
        parts.append({"figures": detention_figures(opened.statistics, opened.sources)})
    if registry:
        parts.append(facility_rows(registry, opened.sources))
    if opened.population and registry:
        tell("People by month …")
        parts.append(_people(opened.population, opened.sources, registry, packaged))
    if inputs.closing_plan:
        tell("The closing plan …")
        parts.append(closing_plan_rows(inputs.closing_plan, opened.sources, registry))
    if opened.agreements:
        tell("Agreements …")
        people = read_estimates(inputs.county_population) if inputs.county_population else None
        parts.append(agreement_rows(opened.agreements, opened.sources, people))
    if inputs.dockets:
        tell("Counts of the docket …")
        parts += _dockets(inputs.dockets, on)
    return parts


def _packaged_rows() -> Rows:
    record = open_record()
    return {name: record.table(name).to_pylist() for name in record.tables}


def _without_invented(rows: Rows) -> list[Row]:
    """The figures; beside real ones none that is invented: no status of a demand hangs on it."""
    invented = {row["id"] for row in rows["sources"] if row["synthetic"]}
    figures = rows.get("figures", [])
    if len(invented) == len(rows["sources"]):
        return figures
    return [figure for figure in figures if figure["source"] not in invented]


def _dockets(paths: Sequence[Path], on: date) -> list[Rows]:
    made = sorted((docket_rows(path, on) for path in paths), key=_release_day)
    days = [_release_day(rows) for rows in made]
    if len(set(days)) < len(days):
        raise RecordProblem("Two dockets are of one release day: name one of them.")
    earlier: list[Rows] = [{"sources": rows["sources"]} for rows in made[:-1]]
    return [*earlier, made[-1], {"figures": [f for rows in made for f in _pending(rows)]}]


def _release_day(docket: Rows) -> date:
    day: date = docket["sources"][0]["data_as_of"]
    return day


def _pending(docket: Rows) -> Iterator[Row]:
    """The cases that were pending, all together, where they are not too few to be told."""
    for row in docket["docket_counts"]:
        if row["measure"] == "pending" and row.get("by") is None and row["count"] is not None:
            yield {
                "series": "docket_pending",
                "on": _release_day(docket),
                "value": float(row["count"]),
                "unit": "cases",
                "source": row["source"],
                "note": f"counted among {row['denominator']:,} {row['denominator_is']}",
            }


def _registry(opened: _Opened, own: Path | None, tell: Callable[[str], None]) -> Registry | None:
    """`own`: a file of decisions, which go before those that come with the program."""
    if not (opened.statistics or opened.population):
        return None
    tell("The registry of facilities …")
    workbooks = [opened.statistics] if opened.statistics else []
    decided = with_packaged(read_decisions(own) if own else {})
    return build_registry(workbooks, opened.population, decided)


def _facility_of(registry: Registry) -> Mapping[str, str]:
    return {code: facility.id for code, facility in registry.by_code.items()}


def _people(population: Imported, sources: SourceFiles, registry: Registry, packaged: bool) -> Rows:
    return population_rows(
        population,
        sources,
        contract_of=contracts_by_code(registry),
        facility_of=_facility_of(registry),
        by_day=not packaged,
        months_from=PACKAGED_MONTHS_FROM if packaged else None,
    )
