"""Agreements, agencies and history for the record, from a folder of `wayhome import agreements`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from wayhome.public_record.schema import Table, Type
from wayhome.public_record.tables import AGENCIES, AGREEMENT_HISTORY, AGREEMENTS
from wayhome.sources.agreements.counties import own_county
from wayhome.sources.agreements.history import Event
from wayhome.sources.agreements.importing import HISTORY, KIND
from wayhome.sources.agreements.printed_counties import county_meant
from wayhome.sources.county_population.estimates import Estimates, packaged_estimates
from wayhome.sources.import_folder import open_import
from wayhome.sources.printed_text import cleaned

POPULATION_SOURCE = "county-population"

Row = Mapping[str, Any]


def agreement_tables(
    folder: Path, source_of: Mapping[str, str], estimates: Estimates | None = None
) -> dict[str, pa.Table]:
    """The tables `agreements`, `agreement_history` and `agencies` of the record.

    `source_of`: the id in sources.csv of each list, by the name of its file. The people of a
    county have the source POPULATION_SOURCE: `estimates`, or those that come with this program.
    Raises ReleaseProblem where the folder is no import of agreements.
    """
    imported = open_import(folder, KIND)
    lists = [
        (date.fromisoformat(told["published"]), told["part_of_day"] or "", str(told["name"]))
        for told in imported.provenance["files"]
    ]
    days = {file: (day, part) for day, part, file in lists}
    rows = imported.table("agreements").to_pylist()
    rows.sort(key=lambda row: (days[row["file"]], row["row"]))
    held = list(_agreements(rows, sorted(days.values()), days, source_of))
    people = estimates or packaged_estimates()
    return {
        table.name: pa.Table.from_pylist(list(found), table.schema)
        for table, found in (
            (AGREEMENTS, held),
            (AGREEMENT_HISTORY, _history(folder / HISTORY, source_of)),
            (AGENCIES, _agencies(rows, held, people)),
        )
    }


When = tuple[date, str]


def _agreements(
    rows: Sequence[Row],
    lists: Sequence[When],
    days: Mapping[str, When],
    source_of: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """A row an agency and model; what the newest list that has it says of it."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["agency_id"], row["model"]].append(row)
    for (agency, model), every in sorted(found.items()):
        newest = every[-1]
        last = days[newest["file"]]
        later = [when for when in lists if when > last]
        yield {
            "agency": agency,
            "name": newest["agency"],
            "state": newest["state"],
            "county": _county(every),
            "agency_type": _newest_known(every, "agency_type"),
            "model": model,
            "signed": newest["signed"],
            "first_listed": days[every[0]["file"]][0],
            "last_listed": last[0],
            "active": not later,
            "gone_by": later[0][0] if later else None,
            "memorandum": newest["memorandum"],
            "addendum": newest["addendum"],
            "source": source_of[newest["file"]],
            "sheet": newest["sheet"],
            "row": newest["row"],
        }


def _county(rows: Sequence[Row]) -> str | None:
    """The county as the lists have it; else the county in the name of a county's own agency."""
    told = _newest_known(rows, "county")
    if told:
        return told
    of_a_county = _newest_known(rows, "agency_type") in ("county", None)
    return own_county(rows[-1]["agency"]) if of_a_county else None


def _newest_known(rows: Sequence[Row], column: str) -> str | None:
    return next((str(row[column]) for row in reversed(rows) if row[column]), None)


def _agencies(
    rows: Sequence[Row], held: Iterable[Row], people: Estimates
) -> Iterator[dict[str, Any]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        names[row["agency_id"]][cleaned(row["agency_as_printed"])] = None
    agreements: dict[str, list[Row]] = defaultdict(list)
    for agreement in held:
        agreements[agreement["agency"]].append(agreement)
    for agency, own in agreements.items():
        newest = max(own, key=lambda row: (row["last_listed"], row["active"]))
        active = [row["model"] for row in own if row["active"]]
        by_age = sorted(own, key=lambda row: row["last_listed"])
        county = _newest_known(by_age, "county")
        place = people.of(newest["state"], county_meant(newest["state"], county))
        yield {
            "agency": agency,
            "name": newest["name"],
            "other_names": "|".join(n for n in names[agency] if n != newest["name"]) or None,
            "state": newest["state"],
            "county": county,
            "agency_type": _newest_known(by_age, "agency_type"),
            "active": len(active),
            "models": "|".join(active) or None,
            "first_listed": min(row["first_listed"] for row in own),
            "last_listed": newest["last_listed"],
            "county_fips": place.fips if place else None,
            "county_population": place.population if place else None,
            "population_source": POPULATION_SOURCE if place else None,
            "population_row": place.row if place else None,
        }


def _history(path: Path, source_of: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """What became of agreements, as the import tells it, but for what did not change."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["event"] == Event.UNCHANGED:
                continue
            told = {
                "name": row["agency"],
                "name_before": row["agency_before"],
                "agency": row["agency_id"],
                "after_source": source_of[row["after_file"]],
                "by_source": source_of[row["by_file"]],
                "undecided": "yes" if row["undecided"] else "no",
                "agency_held_other": row["agency_held_other"] or "no",
            }
            yield _read({**row, **told}, AGREEMENT_HISTORY)


def _read(row: Mapping[str, str], table: Table) -> dict[str, Any]:
    """The cells of a row of text as the table declares them; an empty one is unknown."""
    return {
        column.name: _value(row.get(column.name) or "", column.type) for column in table.columns
    }


def _value(text: str, type: Type) -> Any:
    if not text:
        return None
    match type:
        case Type.DATE:
            return date.fromisoformat(text)
        case Type.WHOLE:
            return int(text)
        case Type.YES_NO:
            return text == "yes"
        case _:
            return text
