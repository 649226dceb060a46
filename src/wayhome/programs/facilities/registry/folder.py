"""The registry as a folder of tables, and what a person decided beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.programs.facilities.registry.decisions import (
    COLUMNS,
    read_decisions,
    with_packaged,
    write_decisions,
)
from wayhome.programs.facilities.registry.facility import (
    Facility,
    FieldValue,
    Match,
    Printed,
    Registry,
    SourceAccount,
)
from wayhome.sources.import_folder import (
    ACCOUNTING,
    Imported,
    import_folder,
    write_csv,
    write_provenance,
)

KIND = "registry of facilities"
FACILITIES, NAMES, FIELDS = "facilities.csv", "facility_names.csv", "facility_fields.csv"
RECORDS, REVIEW, JOINED = "records.csv", "review.csv", "joined.csv"

# The fields of facilities.csv: the newest value of each, empty where it is unknown.
BEST = (
    *("address", "city", "county", "state", "zip", "field_office"),
    *("type", "type_detailed", "owner", "operator", "sexes"),
    *("capacity", "guaranteed_minimum", "population", "average_stay"),
    *("last_inspection_date", "last_inspection_type", "last_inspection_standard"),
    *("last_inspection_rating", "first_use", "last_use", "last_day", "most_people"),
)
# Those whose newest value may be years old: their day stands beside them.
DATED = ("type", "capacity", "guaranteed_minimum", "population")
FACILITY_COLUMNS = (
    *("facility", "name", "codes", "former_ids", *BEST),
    *(f"{field}_on" for field in DATED),
    *("sources", "in_conflict"),
)
FIELD_COLUMNS = ("facility", *(field.name for field in fields(FieldValue)))
MATCH_COLUMNS = (
    *COLUMNS,
    *("score", "because", "one_place", "other_place", "one_record", "other_record"),
)


@dataclass(frozen=True)
class WrittenRegistry:
    """A registry that was written. Of the pairs in it that were known already, `decided_packaged`
    were decided by what comes with the program, `decided` by a person's own file."""

    folder: Path
    registry: Registry
    decided: int
    decided_packaged: int
    decisions_path: Path
    seconds: float


def write_registry(
    stats: Sequence[Imported],
    population: Imported | None,
    out: Path,
    *,
    decisions: Path | None = None,
) -> WrittenRegistry:
    """Build the registry and write it to the folder `out`, whole or not at all.

    Decisions are read from the file `decisions` (default: `NAME-decisions.csv` beside the folder)
    and from the rows of the old folder's review.csv that a person filled; these are added to the
    file. They go before those that come with the program. Raises ReleaseProblem, a sentence, when
    something cannot be used; nothing is then changed.
    """
    started = time.monotonic()
    out = out.absolute()
    remembered = decisions or out.with_name(f"{out.name}-decisions.csv")
    with import_folder(out, KIND) as folder:
        known = read_decisions(remembered) if remembered.exists() else {}
        new = read_decisions(out / REVIEW) if (out / REVIEW).exists() else {}
        own = {**known, **new}
        registry = build_registry(stats, population, with_packaged(own))
        write_tables(registry, folder)
        told = {
            "sources": [_source(account) for account in registry.accounts],
            "facilities": len(registry.facilities),
            "joined_for_certain": len(registry.joined),
            "questions": len(registry.questions),
            "decisions": len(registry.decided & own.keys()),
            "packaged_decisions": len(registry.decided - own.keys()),
        }
        write_provenance(folder, KIND, told)
        if new:
            write_decisions(remembered, own.values())
    return WrittenRegistry(
        folder=out,
        registry=registry,
        decided=len(registry.decided & own.keys()),
        decided_packaged=len(registry.decided - own.keys()),
        decisions_path=remembered,
        seconds=round(time.monotonic() - started, 1),
    )


def write_tables(registry: Registry, folder: Path) -> None:
    """The tables of a registry as CSV, in a folder that is there."""
    made = registry.facilities
    write_csv(folder / FACILITIES, FACILITY_COLUMNS, map(_facility_row, made))
    write_csv(
        folder / FIELDS,
        FIELD_COLUMNS,
        ((f.id, *astuple(value)) for f in made for value in f.fields),
    )
    write_csv(
        folder / NAMES,
        ("facility", "name", "code", "source", "sheet", "row", "on"),
        ((f.id, *cells) for f in made for cells in _names(f)),
    )
    write_csv(
        folder / RECORDS,
        ("facility", "source", "sheet", "row", "rows", "name", "code", "people"),
        ((f.id, *astuple(record)) for f in made for record in f.records),
    )
    write_csv(folder / REVIEW, MATCH_COLUMNS, map(_match_row, registry.questions))
    write_csv(folder / JOINED, MATCH_COLUMNS, map(_match_row, registry.joined))
    write_csv(
        folder / ACCOUNTING,
        tuple(field.name for field in fields(SourceAccount)),
        map(astuple, registry.accounts),
    )
    write_csv(
        folder / "set_aside.csv",
        ("source", "sheet", "row", "rows", "reason"),
        map(astuple, registry.set_aside),
    )


def _facility_row(facility: Facility) -> tuple[object, ...]:
    best = [(found := facility.best(field)) and found.value for field in BEST]
    days = [(found := facility.best(field)) and found.on for field in DATED]
    sources = sorted({record.source for record in facility.records})
    return (
        *(facility.id, facility.name),
        *(" ".join(facility.codes), " ".join(facility.former_ids)),
        *best,
        *days,
        "; ".join(sources),
        " ".join(facility.conflicts),
    )


def _names(facility: Facility) -> Iterator[tuple[object, ...]]:
    """Every name with the code of its row, where the row has one."""
    codes = {(record.source, record.sheet, record.row): record.code for record in facility.records}
    for told in facility.names:
        place = (told.source, told.sheet, told.row)
        yield told.value, codes.get(place) or "", *place, told.on


def _match_row(match: Match) -> tuple[object, ...]:
    return (
        *_side(match.one_side),
        *_side(match.other_side),
        "",
        match.score,
        match.because,
        match.one_place,
        match.other_place,
        match.one.key,
        match.other.key,
    )


def _side(side: Printed) -> tuple[str, ...]:
    return side.code, side.name, side.city, side.state


def _source(account: SourceAccount) -> dict[str, object]:
    return {
        "file": account.source,
        "sha256": account.sha256,
        "sheet": account.sheet,
        "on": account.on.isoformat() if account.on else None,
        "rows": account.rows,
    }
