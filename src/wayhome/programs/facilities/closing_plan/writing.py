"""A plan as a folder of tables: CSV, one workbook, a summary, pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openpyxl import Workbook

import wayhome
from wayhome.programs.facilities.closing_plan.explaining import shortfalls
from wayhome.programs.facilities.closing_plan.plan import Plan
from wayhome.programs.facilities.closing_plan.stages import GAP
from wayhome.sources.case_files.bad_rows_file import harmless
from wayhome.sources.import_folder import import_folder, write_csv, write_provenance
from wayhome.sources.places.zip_places import SOURCE

KIND = "closing plan"
ASSUMED = (
    "Nobody is newly detained: releases are taken beyond those that new arrests use up.",
    "An average population is rounded up to whole people and taken for the people of day 1.",
    "Homes of people in detention are not public: unless they were given, nobody is moved to the "
    "area of another field office. Nobody is moved more than once. Nobody is moved into a private "
    "or jail contract from a place of another kind; from one private or jail contract people may "
    "be moved into another.",
    "A place has room for its capacity where that was told, else for its guaranteed minimum or the "
    "people now in it, whichever is more.",
    "A guaranteed minimum is paid to the end of the contract where that was told, else until the "
    "day on which the place is empty.",
    f"Places are points of ZIP codes ({SOURCE}); miles are great-circle miles.",
)

Table = tuple[tuple[str, ...], list[tuple[object, ...]]]


def tables_of(plans: Sequence[Plan]) -> Mapping[str, Table]:
    """Every table of the plans, by name: its columns and its rows, each row with its case."""
    return {
        "closing_plan": (_FACILITY, [r for p in plans for r in _facilities(p)]),
        "closing_plan_daily": (_DAY, [r for p in plans for r in _daily(p)]),
        "closing_plan_daily_facilities": (_OF_DAY, [r for p in plans for r in _of_days(p)]),
        "closing_plan_moves": (_MOVE, [r for p in plans for r in _moves(p)]),
        "closing_plan_transfers": (_TRANSFER, [r for p in plans for r in _transfers(p)]),
    }


_FACILITY = (
    *("case", "facility", "city", "state", "zip", "field_office", "type", "asked_first"),
    *("latitude", "longitude", "people", "held_back", "day_closed", "date_closed", "released"),
    *("moved_out", "moved_in", "left", "guaranteed_minimum", "room", "empty_bed_days_paid"),
    *("people_days_after_contract", "source_file", "source_sha256", "source_sheet", "source_row"),
)
_DAY = ("case", "day", "date", "people", "released", "moved", "open", "private_or_jail_open")
_OF_DAY = ("case", "facility", "day", "people", "released", "moved_out", "moved_in")
_MOVE = ("case", "day", "from_facility", "to_facility", "people", "miles")
_TRANSFER = (*_MOVE, "same_field_office")


def _facilities(plan: Plan) -> Iterator[tuple[object, ...]]:
    case = plan.question.case
    for found in plan.facilities:
        f, place, source = found.facility, found.facility.place, found.facility.source
        yield (
            *(case.name, f.id, f.city, f.state, f.zip, f.field_office, f.type, f.asked_first),
            *((place.latitude, place.longitude) if place else (None, None)),
            *(f.people, case.held_back.get(f.id, 0), found.day_closed),
            *(plan.question.date_of(found.day_closed), found.released),
            *(found.moved_out, found.moved_in, found.left, f.guaranteed_minimum, f.room),
            *(found.empty_bed_days_paid, found.people_days_after_contract),
            *((source.file, source.sha256, source.sheet, source.row) if source else (None,) * 4),
        )


def _daily(plan: Plan) -> Iterator[tuple[object, ...]]:
    for d in plan.days:
        on = plan.question.date_of(d.day)
        name = plan.question.case.name
        yield (name, d.day, on, d.people, d.released, d.moved, d.open, d.asked_first_open)


def _of_days(plan: Plan) -> Iterator[tuple[object, ...]]:
    """Only the days on which something happened in the facility."""
    for d in plan.facility_days:
        if d.released or d.moved_out or d.moved_in:
            name = plan.question.case.name
            yield (name, d.facility, d.day, d.people, d.released, d.moved_out, d.moved_in)


def _moves(plan: Plan) -> Iterator[tuple[object, ...]]:
    for m in plan.moves:
        yield (plan.question.case.name, m.day, m.origin, m.target, m.people, _miles(m.miles))


def _transfers(plan: Plan) -> Iterator[tuple[object, ...]]:
    for m in plan.transfers.moves:
        same = "yes" if m.is_same_field_office else "no"
        name = plan.question.case.name
        yield (name, m.day, m.origin, m.target, m.people, _miles(m.miles), same)


def _miles(miles: float | None) -> float | None:
    return None if miles is None else round(miles, 1)


def summary_of(plan: Plan) -> dict[str, Any]:
    """What a plan comes to, how good it is, and what it could not do."""
    question, compared = plan.question, plan.transfers
    return {
        "case": question.case.name,
        "words": question.case.words,
        "days": question.days,
        "start": question.start.isoformat() if question.start else None,
        "facilities": len(plan.facilities),
        "people": plan.people,
        "released": plan.released,
        "moved": plan.moved,
        "facilities_not_emptied": len(plan.left_open),
        "last_closed_day": plan.last_closed,
        "people_days": {"value": plan.people_days, "bound": plan.fewest_people_days},
        "longest_step_days": plan.longest_step,
        "aims": [{**vars(m), "seconds": round(m.seconds, 2), "gap": m.gap} for m in plan.met],
        "gap_asked_for": GAP,
        "seconds": round(plan.seconds, 2),
        "could_not": list(shortfalls(plan)),
        "by_transfers_instead": {
            "people_moved": compared.people,
            "moves": compared.times,
            "moved_more_than_once": compared.more_than_once,
            "to_another_field_office": compared.other_field_office,
            "miles_of_all_people": round(compared.miles),
            "farthest_miles": _miles(compared.farthest),
            "moves_of_unknown_miles": compared.unknown_miles,
            "facilities_not_emptied": list(compared.not_emptied),
            "people_left_in_them": compared.people_left_in_them,
            "first_day_without_room": compared.first_day_without_room,
            "people_days": plan.people * question.days,
        },
    }


def write_plan(
    plans: Sequence[Plan],
    folder: Path,
    told: Sequence[str] = (),
    inputs: Mapping[str, str] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> None:
    """Write the plans to a folder, whole or not at all. `inputs`: files and their SHA-256;
    `pictures`: names and SVG. Raises ReleaseProblem where something else stands there."""
    with import_folder(folder, KIND) as new:
        tables = tables_of(plans)
        for name, (columns, rows) in tables.items():
            write_csv(new / f"{name}.csv", columns, rows)
        _write_workbook(new / "closing_plan.xlsx", tables)
        for name, svg in (pictures or {}).items():
            (new / name).write_text(svg, encoding="utf-8")
        made_by = {"inputs": dict(inputs or {}), "solver": f"HiGHS {version('highspy')}"}
        content = {
            "plans": [summary_of(plan) for plan in plans],
            "told": list(told),
            "assumed": list(ASSUMED),
            **made_by,
            "wayhome": wayhome.__version__,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (new / "closing_plan_summary.json").write_text(text + "\n", encoding="utf-8")
        write_provenance(new, KIND, made_by)


def _write_workbook(path: Path, tables: Mapping[str, Table]) -> None:
    book = Workbook(write_only=True)
    for name, (columns, rows) in tables.items():
        sheet = book.create_sheet(name.removeprefix("closing_plan_")[:31])
        sheet.append(list(columns))
        for row in rows:
            sheet.append([harmless(v) if isinstance(v, str) else v for v in row])
    book.save(path)
