"""A small public record of invented sources, facilities and agreements, for tests of the pages."""

import csv

from wayhome.public_record.tables import BY_NAME

HASH = "ab" * 32
SOURCES = [
    {
        "id": "stats-2026", "publication": "detention_stats", "title": "Invented statistics 2026",
        "file": "invented-2026.xlsx", "sha256": HASH, "published": "2026-04-09",
        "data_as_of": "2026-04-05", "address": "https://example.org/stats",
        "licence": "Invented", "synthetic": "yes",
    },
    {
        "id": "agreements-2026", "publication": "agreements", "title": "Invented list of agreements",
        "file": "invented-list.xlsx", "sha256": "cd" * 32, "published": "2026-03-01",
        "synthetic": "yes",
    },
]  # fmt: skip
AT = {"source": "stats-2026", "sheet": "Detention", "row": 12, "column": "C"}


def _figure(series, on, value, unit="people", **more):
    return {"series": series, "on": on, "value": value, "unit": unit, **AT, **more}


FIGURES = [
    _figure("detained_total", "2026-04-05", 60311, row=20),
    _figure("detained_total", "2025-04-05", 48000, row=19),
    _figure("alternatives_total", "2026-04-04", 180000, row=31),
    *(
        _figure(
            "average_population_month", f"2026-{month:02d}-28", 60000 + 400 * month, row=40 + month,
            since=f"2026-{month:02d}-01",
        )
        for month in (1, 2, 3)
    ),
    _figure("agreements_active", "2026-03-01", 3, "agreements", source="agreements-2026", sheet="",
            row="", column="", note="The rows of the list were counted."),
]  # fmt: skip
FACILITIES = [
    {
        "facility": "harborga", "name": "HARBOR DETENTION CENTER", "code": "HARBORGA",
        "city": "LUMPKIN", "state": "GA", "zip": "31815", "type": "CDF", "contract": "private",
        "guaranteed_minimum": 1600, "population": 1750.5, "population_on": "2026-04-05",
    },
    {
        "facility": "orchardga", "name": "ORCHARD COUNTY JAIL", "code": "ORCHAGA",
        "city": "MACON", "county": "BIBB", "county_fips": "13021", "state": "GA", "zip": "31201",
        "type": "IGSA", "contract": "state or local", "population": 60, "population_on": "2026-04-05",
    },
    {"facility": "nowhere", "name": "NOWHERE HOLD ROOM"},
    {"facility": "closedtx", "name": "CLOSED JAIL", "city": "LAREDO", "state": "TX", "zip": "78040",
     "population": 0, "population_on": "2026-04-05", "last_day": "2021-02-03"},
]  # fmt: skip
FIELDS = [
    {"facility": "harborga", "field": "guaranteed_minimum", "value": "1600", **AT,
     "on": "2026-04-05", "in_conflict": "yes"},
    {"facility": "harborga", "field": "guaranteed_minimum", "value": "1500", **AT, "row": 13,
     "on": "2024-09-30", "in_conflict": "yes"},
    {"facility": "harborga", "field": "city", "value": "LUMPKIN", **AT, "column": "D",
     "on": "2026-04-05", "in_conflict": "no"},
]  # fmt: skip
AGREEMENT = {
    "agency": "GA-orchard-county-sheriff", "name": "Orchard County Sheriff", "state": "GA",
    "county": "Bibb", "agency_type": "County", "model": "Jail Enforcement Model",
    "signed": "2025-03-03", "first_listed": "2025-03-28", "last_listed": "2026-03-01",
    "active": "yes", "source": "agreements-2026", "row": 7,
}  # fmt: skip
_PLAN = {"case": "one", "source": "stats-2026", "sheet": "Facilities", "row": 9}
PLAN = {
    "closing_plan": [
        {**_PLAN, "facility": "harborga", "name": "HARBOR DETENTION CENTER", "state": "GA",
         "zip": "31815", "people": 1750, "day_closed": 60, "released": 1700, "moved_out": 50,
         "moved_in": 0, "left": 0, "guaranteed_minimum": 1600},
        {**_PLAN, "facility": "orchardga", "name": "ORCHARD COUNTY JAIL", "state": "GA",
         "zip": "31201", "people": 60, "released": 40, "moved_out": 0, "moved_in": 50, "left": 20},
    ],
    "closing_plan_daily": [
        {"case": "one", "day": day, "people": 1810 - 10 * day, "released": 10, "moved": 0,
         "open": 2} for day in range(1, 101)
    ],
    "closing_plan_moves": [
        {"case": "one", "day": 60, "from_facility": "harborga", "to_facility": "orchardga",
         "people": 50, "miles": 88.5}
    ],
    "closing_plan_summary": [
        {"case": "one", "name": name, "value": value, "text": text}
        for name, value, text in (
            ("people", 1810, ""), ("released", 1740, ""), ("moved", 50, ""), ("facilities", 2, ""),
            ("facilities_not_emptied", 1, ""), ("aims.people_days.value", 90500, ""),
            ("aims.people_days.bound", 90000, ""), ("aims.people_days.gap", 0.0055, ""),
            ("by_transfers_instead.people_moved", 1810, ""),
            ("could_not", "", "ORCHARD COUNTY JAIL is not emptied: 20 people cannot be released."),
        )
    ],
}  # fmt: skip
TABLES = {
    "sources": SOURCES,
    "figures": FIGURES,
    "facilities": FACILITIES,
    "facility_names": [
        {"facility": "harborga", "name": "HARBOUR PROCESSING CTR", "code": "HARBORGA", **AT}
    ],
    "facility_fields": FIELDS,
    "facility_population": [
        {"facility": "harborga", "code": "HARBORGA", "month": f"2026-{month:02d}-01",
         "average": 1700.25 + month, "most": 1760, "days": 28, "source": "stats-2026", "row": 5,
         "last_row": 32}
        for month in (1, 2, 3)
    ],
    "agreements": [AGREEMENT],
    "agencies": [
        {"agency": "GA-orchard-county-sheriff", "name": "Orchard County Sheriff", "state": "GA",
         "county": "Bibb", "agency_type": "County", "active": 1,
         "models": "Jail Enforcement Model", "first_listed": "2025-03-28",
         "last_listed": "2026-03-01", "county_fips": "13021"}
    ],
    **PLAN,
}  # fmt: skip


def write_record(folder, **changes):
    """Writes the tables; `changes` replaces whole tables by name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (TABLES | changes).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            write = csv.DictWriter(file, BY_NAME[name].names, lineterminator="\n")
            write.writeheader()
            write.writerows(rows)
    return folder
