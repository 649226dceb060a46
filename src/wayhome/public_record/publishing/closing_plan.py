"""A plan that `wayhome closing-plan` wrote, in the record."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wayhome.programs.facilities.registry.facility import Registry
from wayhome.public_record.publishing.folder import Row, Rows
from wayhome.public_record.publishing.sources import SourceFiles
from wayhome.public_record.record import RecordProblem
from wayhome.public_record.tables_closing_plan import CLOSING_PLAN_TABLES
from wayhome.sources.case_files.bad_rows_file import as_it_was
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import open_import

KIND = "closing plan"
SUMMARY = "closing_plan_summary"
FACILITIES = "closing_plan"
Place = tuple[str, str | None, str]


def closing_plan_rows(folder: Path, sources: SourceFiles, registry: Registry | None) -> Rows:
    """The tables of a folder that `wayhome closing-plan` wrote.

    Raises RecordProblem where it is none, or its figures are from a file that was not named
    (`--detention-stats`): then nobody could follow them."""
    try:
        open_import(folder, KIND)
    except ReleaseProblem as error:
        raise RecordProblem(
            f"{folder} is no closing plan: make one with `wayhome closing-plan … --out {folder}`."
        ) from error
    known = _by_place(registry)
    plan = [_facility(row, sources, known) for row in _read(folder / f"{FACILITIES}.csv")]
    ids = {str(row["name"]): str(row["facility"]) for row in plan}
    rows: Rows = {FACILITIES: plan, SUMMARY: list(_summary(folder / f"{SUMMARY}.json"))}
    for table in CLOSING_PLAN_TABLES:
        if table.name not in rows:
            read = _read(folder / f"{table.name}.csv")
            rows[table.name] = [_with_ids(row, ids) for row in read]
    return rows


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {name: as_it_was(value) or None for name, value in row.items()}


def _by_place(registry: Registry | None) -> Mapping[Place, str]:
    """The id of the facility of each row of each source."""
    facilities = registry.facilities if registry else ()
    return {
        (record.source, record.sheet, str(record.row)): facility.id
        for facility in facilities
        for record in facility.records
    }


def _facility(row: Mapping[str, Any], sources: SourceFiles, known: Mapping[Place, str]) -> Row:
    file = row["source_file"]
    try:
        source = sources.id_of(file)
    except KeyError as error:
        raise RecordProblem(
            f"The closing plan's figures are from {file}, of which no import was named: give the "
            "same folder with --detention-stats."
        ) from error
    place = (file, row["source_sheet"], row["source_row"])
    return {
        **row,
        "facility": known.get(place, row["facility"]),
        "name": row["facility"],
        "source": source,
        "sheet": row["source_sheet"],
        "row": row["source_row"],
    }


def _with_ids(row: Mapping[str, Any], ids: Mapping[str, str]) -> Row:
    places = ("facility", "from_facility", "to_facility")
    told = {name: ids.get(row[name], row[name]) for name in places if row.get(name)}
    same = {"same_field_office": row["same_field_office"] == "yes"} if _says(row) else {}
    return {**row, **told, **same}


def _says(row: Mapping[str, Any]) -> bool:
    return row.get("same_field_office") is not None


def _summary(path: Path) -> Iterator[Row]:
    told = json.loads(path.read_text("utf-8"))
    for plan in told["plans"]:
        for name, value in _flat("", plan):
            yield _said(plan["case"], name, value)
    for kind in ("told", "assumed"):
        for sentence in told[kind]:
            yield _said(None, kind, sentence)


def _flat(name: str, value: object) -> Iterator[tuple[str, object]]:
    """Every single value, its name made of those above it; of a list, each with the same name."""
    if isinstance(value, Mapping):
        own = value.get("name")
        for key, inner in value.items():
            if key != "name":
                parts = (name, str(own) if own else "", str(key))
                yield from _flat(".".join(part for part in parts if part), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(name, inner)
    elif value is not None:
        yield name, value


def _said(case: str | None, name: str, value: object) -> Row:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"case": case, "name": name, "value": value, "text": None}
    return {"case": case, "name": name, "value": None, "text": str(value)}
