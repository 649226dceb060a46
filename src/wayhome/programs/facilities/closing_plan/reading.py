"""Facilities, contracts, releases and homes, from where they are told."""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from wayhome.programs.facilities.closing_plan.question import Facility, PlanProblem, Source
from wayhome.programs.facilities.closing_plan.rows import Row, rows_of
from wayhome.programs.facilities.registry.looking_up import open_registry
from wayhome.sources.detention_stats.importing import KIND
from wayhome.sources.import_folder import fingerprint, open_import
from wayhome.sources.places.zip_places import place_of_zip

_COLUMNS = (
    *("file", "sha256", "sheet", "row", "fiscal_year", "published", "name", "city", "state", "zip"),
    *("field_office", "type", "sexes", "mandatory", "guaranteed_minimum", "population"),
)
_TOLD = (
    *("people", "mandatory", "guaranteed_minimum", "capacity", "contract_end", "must_close_by"),
    *("asked_first", "city", "state", "zip", "field_office", "type", "sexes"),
)
_TOTAL = "all"
DEMAND = "release_consideration"


@dataclass(frozen=True)
class Roll:
    """The facilities of a plan. `told`: what to know of them, in sentences."""

    facilities: tuple[Facility, ...]
    told: tuple[str, ...]


def facilities_of(folder: Path, year: int) -> Roll:
    """The facilities of a fiscal year in a folder that `wayhome import detention-stats` wrote.

    An average is rounded up to whole people. Raises PlanProblem, or ReleaseProblem for a folder
    that is none.
    """
    table = open_import(folder, KIND).table("facilities", list(_COLUMNS))
    rows = table.to_pylist()
    years = sorted({row["fiscal_year"] for row in rows if row["fiscal_year"]})
    of_year = [row for row in rows if row["fiscal_year"] == year]
    if not of_year:
        has = ", ".join(str(y) for y in years) or "none"
        raise PlanProblem(f"{folder} has no facilities of fiscal year {year}; it has {has}.")
    newest = max(str(row["published"] or "") for row in of_year)
    chosen = [row for row in of_year if str(row["published"] or "") == newest]
    often = Counter(row["name"] for row in chosen)
    found = [_facility(row, often[row["name"]] > 1) for row in chosen]
    held = tuple(f for f in found if f is not None)
    return Roll(held, tuple(_told(chosen, held)))


def _facility(row: Mapping[str, Any], is_twice: bool) -> Facility | None:
    population = row["population"]
    if not population:
        return None
    people, kind = math.ceil(population - 1e-9), row["type"] or ""
    mandatory, minimum = row["mandatory"], row["guaranteed_minimum"]
    return Facility(
        id=f"{row['name']} (row {row['row']})" if is_twice else row["name"],
        people=people,
        average=population,
        name=row["name"],
        city=row["city"] or "",
        state=row["state"] or "",
        zip=row["zip"] or "",
        field_office=row["field_office"] or "",
        type=kind,
        sexes=row["sexes"] or "",
        mandatory=None if mandatory is None else min(people, math.ceil(mandatory - 1e-9)),
        is_asked_first=contracts().get(kind),
        guaranteed_minimum=None if minimum is None else math.ceil(minimum),
        place=place_of_zip(row["zip"]),
        source=Source(row["file"], row["sha256"], row["sheet"], row["row"]),
    )


def _told(rows: Sequence[Mapping[str, Any]], held: Sequence[Facility]) -> Iterator[str]:
    people, average = sum(f.people for f in held), sum(f.average for f in held)
    yield (
        f"{rows[0]['file']}: {len(held):,} facilities with people, {average:,.2f} on average, "
        f"{people:,} when each is rounded up to whole people. Averages of a year are no head count."
    )
    unknown = sum(row["population"] is None for row in rows)
    if unknown:
        yield f"{unknown:,} facilities whose population is not known are left out."
    kinds = sorted({f.type or "not told" for f in held if f.is_asked_first is None})
    if kinds:
        yield (
            f"Whether contracts of these types are private or of a jail is not known, so they are "
            f"not asked first: {', '.join(kinds)}."
        )
    nowhere = sum(f.place is None for f in held)
    if nowhere:
        yield f"The place of {nowhere:,} facilities is not known (their ZIP code is no area)."


@cache
def contracts() -> Mapping[str, bool]:
    """Types of contract, and whether they are private or of a state or local jail; others are not
    known."""
    text = resources.files(__package__).joinpath("contracts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["type"]: row["asked_first"] == "yes" for row in rows}


def facilities_in(path: Path, start: date | None) -> Roll:
    """The facilities of a CSV file that a person wrote: `facility` and `people`, and what else is
    known. Raises PlanProblem."""
    sha256 = fingerprint(path)
    found: list[Facility] = []
    for row in rows_of(path, ("facility", "people"), _TOLD):
        name, people = " ".join(row.text("facility").split()), row.number_in("people")
        if not name or people is None:
            raise row.fault("people" if name else "facility", "it has to be told")
        if any(f.id == name for f in found):
            raise row.fault("facility", "it is there twice; one row a facility would be right")
        source = Source(path.name, sha256, "", row.number)
        facility = Facility(name, math.ceil(people), people, name=name, source=source)
        found.append(_with_told(facility, row, start))
    held = tuple(f for f in found if f.people)
    if not held:
        raise PlanProblem(f"{path.name} has no facility with people in it.")
    people = sum(f.people for f in held)
    return Roll(held, (f"{path.name}: {len(held):,} facilities with {people:,} people.",))


def with_contracts(roll: Roll, path: Path, start: date | None) -> Roll:
    """The facilities with what a CSV file tells of some of them: a cell that is filled takes the
    place of what was known. Raises PlanProblem."""
    known = {f.id: f for f in roll.facilities}
    for row in rows_of(path, ("facility",), _TOLD):
        name = row.facility(known)
        known[name] = _with_told(known[name], row, start)
    return replace(roll, facilities=tuple(known.values()))


def _with_told(facility: Facility, row: Row, start: date | None) -> Facility:
    people = row.number_in("people")
    texts = {c: row.text(c) for c in ("city", "state", "zip", "field_office", "type", "sexes")}
    numbers = {c: row.whole(c) for c in ("mandatory", "guaranteed_minimum", "capacity")}
    days = {c: row.day(c, start) for c in ("contract_end", "must_close_by")}
    told: dict[str, Any] = {
        k: v for k, v in (texts | numbers | days).items() if v not in ("", None)
    }
    if people is not None:
        told |= {"people": math.ceil(people), "average": people}
    told["is_asked_first"] = contracts().get(told.get("type", facility.type))
    if row.text("asked_first"):
        told["is_asked_first"] = row.yes_or_no("asked_first")
    elif "type" not in told:
        told["is_asked_first"] = facility.is_asked_first
    found = replace(facility, **told)
    return replace(found, place=place_of_zip(found.zip))


def with_registry(roll: Roll, folder: Path) -> Roll:
    """The facilities with the capacity that a registry of facilities knows, and not less than the
    guaranteed minimum. Raises ReleaseProblem for a folder that is no registry."""
    opened = open_registry(folder)
    of_row: dict[tuple[str, str, str], str] = {}
    for name in opened.names:
        of_row[name["source"], name["sheet"], name["row"]] = name["facility"]
    found, known = [], 0
    for facility in roll.facilities:
        source = facility.source
        place = (source.file, source.sheet, str(source.row)) if source else ("", "", "")
        told = opened.facilities.get(of_row.get(place, ""), {}).get("capacity", "")
        capacity = math.ceil(float(told)) if told else None
        known += capacity is not None
        if capacity is not None:
            capacity = max(capacity, facility.guaranteed_minimum or 0)
        found.append(replace(facility, capacity=capacity))
    sentence = f"The capacity of {known:,} facilities is known from {folder.name}."
    return Roll(tuple(found), (*roll.told, sentence))


@dataclass(frozen=True)
class Releases:
    """The pace of releases: the least and the most a day in all (None: as many as the caps come
    to), and a facility's own."""

    least: float | None
    most: float | None
    caps: Mapping[str, float]
    told: tuple[str, ...] = ()


def releases_in(
    path: Path, facilities: Sequence[Facility], days: int, total: float | None = None
) -> Releases:
    """Releases from a file: a CSV with `facility` and `releases_per_day` (`all` for the total), or
    the JSON that `wayhome simulate` writes. `total`: told elsewhere. Raises PlanProblem."""
    if path.suffix.lower() == ".json":
        return _simulated(path, days)
    known = {f.id for f in facilities}
    caps: dict[str, float] = {}
    for row in rows_of(path, ("facility", "releases_per_day"), ()):
        pace = row.number_in("releases_per_day")
        if pace is None:
            continue
        if row.text("facility").lower() == _TOTAL:
            total = pace
        else:
            caps[row.facility(known)] = pace
    if total is None and not caps:
        raise PlanProblem(f"{path.name} tells no releases.")
    untold = len(known) - len(caps)
    told = (
        (f"{path.name} tells no pace for {untold:,} facilities: only the total limits them.",)
        if caps and untold
        else ()
    )
    if total is None and untold:
        raise PlanProblem(
            f"{path.name} tells no releases for {untold:,} of {len(known):,} facilities, and no "
            f"total: add a row {_TOTAL!r}, give --releases-per-day, or tell them all."
        )
    return Releases(total, total, caps, told)


def _simulated(path: Path, days: int) -> Releases:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        reach = next(d for d in told["demands"] if d["demand"] == DEMAND)
        least, most, source = reach["at_least"], reach["at_most"], told["source"]
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise PlanProblem(
            f"{path} does not tell whom {DEMAND} reaches: make it with "
            f"`wayhome simulate STORE --demand {DEMAND} --out FILE.json`."
        ) from error
    synthetic = " SYNTHETIC DATA: it is of no real person." if told.get("synthetic") else ""
    sentence = (
        f"{source}: {DEMAND} reaches {least:,} to {most:,} docket cases; spread evenly over "
        f"{days} days.{synthetic}"
    )
    return Releases(least / days, most / days, {}, (sentence,))


def homes_in(path: Path, facilities: Sequence[Facility]) -> Mapping[str, Mapping[str, int]]:
    """People of a facility by the ZIP code of their home: `facility`, `zip`, `people`. Raises
    PlanProblem where there are more of them than in the facility, or a ZIP code is not known."""
    known = {f.id: f for f in facilities}
    homes: dict[str, dict[str, int]] = {}
    for row in rows_of(path, ("facility", "zip", "people"), ()):
        name, home, people = row.facility(known), row.text("zip"), row.whole("people")
        if place_of_zip(home) is None:
            raise row.fault("zip", "a ZIP code of five digits that is an area would be right")
        if people is None:
            raise row.fault("people", "a whole number would be right")
        of_facility = homes.setdefault(name, {})
        of_facility[home] = of_facility.get(home, 0) + people
        if sum(of_facility.values()) > known[name].people:
            raise row.fault("people", f"{name} has {known[name].people:,} people in all")
    return homes
