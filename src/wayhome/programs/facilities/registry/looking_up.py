"""One facility of a written registry, found by code or name, with everything told of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from wayhome.programs.facilities.registry.folder import BEST, FACILITIES, FIELDS, KIND, NAMES
from wayhome.programs.facilities.registry.spelling import name_key
from wayhome.sources.import_folder import open_import

# What is shown unless everything is asked for.
SHOWN = ("name", "code", *BEST, "first_day", "instead_of_inspection_date", "population_any_hour")
LIKE_ENOUGH = 70
MOST_NAMED = 10

Row = Mapping[str, str]


@dataclass(frozen=True)
class WrittenFolder:
    """The tables of a registry's folder, as text."""

    facilities: Mapping[str, Row]
    names: Sequence[Row]
    path: Path

    def fields(self, facility: str) -> list[Row]:
        """Every value of a facility, newest first within a field."""
        return [row for row in _rows(self.path / FIELDS) if row["facility"] == facility]

    def find(self, wanted: str) -> list[str]:
        """Facilities by code or id, else by an id of before, else by the whole name, else by words
        of a name, else by words of name and place together."""
        text = wanted.strip()
        coded = [
            id
            for id, row in self.facilities.items()
            if text.lower() == id or text.upper() in row["codes"].split()
        ] or [
            id
            for id, row in self.facilities.items()
            if text.lower() in row.get("former_ids", "").split()  # an older folder has none
        ]
        key = name_key(text)
        words = set(key.split())
        whole = (row["facility"] for row in self.names if name_key(row["name"]) == key)
        named = (r["facility"] for r in self.names if words <= set(name_key(r["name"]).split()))
        placed = (r["facility"] for r in self.names if words <= self._words_of_place(r))
        exact = coded or _unique(whole)
        return exact if exact or not words else _unique(named) or _unique(placed)

    def _words_of_place(self, named: Row) -> set[str]:
        """The words of a name and of where the facility is."""
        row = self.facilities[named["facility"]]
        text = " ".join((named["name"], row["city"], row["county"], row["state"]))
        return set(name_key(text).split())

    def nearest(self, wanted: str) -> list[str]:
        """Facilities whose names are like what was asked for, likest first."""
        keys = [name_key(row["name"]) for row in self.names]
        found = process.extract(
            name_key(wanted), keys, scorer=fuzz.WRatio, limit=50, score_cutoff=LIKE_ENOUGH
        )
        return _unique(self.names[place]["facility"] for _, _, place in found)[:MOST_NAMED]

    def line(self, facility: str) -> str:
        """A facility on one line: id, name, place."""
        row = self.facilities[facility]
        place = ", ".join(row[part] for part in ("city", "state") if row[part])
        return f"{facility}: {row['name']}, {place or 'place not known'}"


def open_registry(path: Path) -> WrittenFolder:
    """Open a folder that `wayhome facilities registry` wrote. Raises ReleaseProblem otherwise."""
    folder = open_import(path, KIND).path
    facilities = {row["facility"]: row for row in _rows(folder / FACILITIES)}
    return WrittenFolder(facilities, tuple(_rows(folder / NAMES)), folder)


def told_of(folder: WrittenFolder, facility: str, *, everything: bool = False) -> Iterator[str]:
    """All that is known of a facility, a line each, with its cell; conflicts are marked with `!`,
    and what nobody tells is named."""
    row = folder.facilities[facility]
    place = ", ".join(row[part] for part in ("address", "city", "state", "zip") if row[part])
    yield row["name"]
    yield f"  {place or 'place not known'}"
    yield f"  codes: {row['codes'] or 'none known'}"
    values: dict[str, list[Row]] = {}
    for value in folder.fields(facility):
        values.setdefault(value["field"], []).append(value)
    for field in (*SHOWN, *(sorted(set(values) - set(SHOWN)) if everything else ())):
        told = values.get(field, [])
        if told:
            yield field.replace("_", " ")
        yield from (_line(value) for value in told)
    unknown = [field.replace("_", " ") for field in BEST if field not in values]
    if unknown:
        yield f"not known (no source tells): {', '.join(unknown)}"
    if row["in_conflict"]:
        yield f"! sources differ on: {row['in_conflict'].replace('_', ' ')}"


def _line(value: Row) -> str:
    mark = "!" if value["in_conflict"] == "True" else " "
    sheet = f", {value['sheet']}" if value["sheet"] else ""
    place = f"{value['source']}{sheet}, {_rows_told(value)}, column {value['column']}"
    why = f"; {value['worked_out']}" if value["worked_out"] else ""
    on = value["on"] or "day not told"
    return f" {mark} {_short(value['value'])}  [{on}; {place}{why}]"


def _rows_told(value: Row) -> str:
    """Where it stands. A folder of before the last row was kept has no such column."""
    last = value.get("last_row")
    return f"rows {value['row']} to {last}" if last else f"row {value['row']}"


def _short(value: str) -> str:
    """A number without the digits that say nothing."""
    try:
        return f"{float(value):,.2f}".removesuffix(".00") if "." in value else value
    except ValueError:
        return value


def _unique(ids: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
