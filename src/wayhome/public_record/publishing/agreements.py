"""Agreements: how many there were by list, by state and by model, and what came and went."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wayhome.public_record.agreement_tables import POPULATION_SOURCE, agreement_tables
from wayhome.public_record.publishing.folder import Row, Rows
from wayhome.public_record.publishing.sources import SourceFiles, source_row
from wayhome.sources.agreements.history import Event
from wayhome.sources.case_files.bad_rows_file import as_it_was
from wayhome.sources.county_population.estimates import Estimates, packaged_estimates
from wayhome.sources.import_folder import Imported

# The fields of a list that tell one from another.
_TELL_APART = {"agreements": ("state", "agency", "model"), "agencies": ("state", "agency")}


def agreement_rows(
    imported: Imported, sources: SourceFiles, estimates: Estimates | None = None
) -> Rows:
    """The tables of agreements, their figures, and the source of the people of a county."""
    people = estimates or packaged_estimates()
    ids = {str(row["file"]): str(row["id"]) for row in sources.of("agreements")}
    counts, history = _read(imported, "counts.csv"), _read(imported, "history.csv")
    rows: Rows = {
        name: table.to_pylist()
        for name, table in agreement_tables(imported.path, ids, people).items()
    }
    rows["sources"] = [
        source_row(
            "county_population",
            people.file,
            people.sha256,
            data_as_of=people.as_of,
            id=POPULATION_SOURCE,
        )
    ]
    listed = imported.table("agreements", ["file", "sheet", "row", "state"]).to_pylist()
    of_states = _rows_of_states(listed)
    rows["agreement_counts"] = [
        {
            **row,
            "source": ids[row["file"]],
            **of_states.get((row["file"], row["by"], row["value"]), {}),
        }
        for row in counts
    ]
    places = _places(imported, listed)
    rows["figures"] = [
        *_count_figures(counts, ids, places),
        *_change_figures(history, ids, places),
    ]
    return rows


def _read(imported: Imported, name: str) -> list[dict[str, str]]:
    with (imported.path / name).open(encoding="utf-8", newline="") as stream:
        return [{key: as_it_was(v) for key, v in row.items()} for row in csv.DictReader(stream)]


@dataclass(frozen=True)
class _Place:
    """Where the agreements of a list stand: a sheet, its first and its last row, its columns."""

    sheet: str
    row: int
    last_row: int
    letters: Mapping[str, str]

    def told(self, unit: str) -> Row:
        """As a figure has it, with the columns that tell one agency or agreement from another."""
        letters = (self.letters.get(name) for name in _TELL_APART[unit])
        column = ", ".join(letter for letter in letters if letter)
        rows = {"row": self.row, "last_row": self.last_row}
        return {"sheet": self.sheet, **rows, "column": column}

    def __str__(self) -> str:
        return f"rows {self.row} to {self.last_row} of {self.sheet}"


def _rows_of_states(listed: Sequence[Row]) -> Mapping[tuple[str, str, str], Row]:
    """Where the agreements of each state stand in each list, where they are on one sheet."""
    found: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for told in listed:
        for by, value in (("state", told["state"]), ("all", "all")):
            found.setdefault((told["file"], by, value), []).append((told["sheet"], told["row"]))
    return {
        key: {"sheet": rows[0][0], "row": min(rows)[1], "last_row": max(rows)[1]}
        for key, rows in found.items()
        if len({sheet for sheet, _ in rows}) == 1
    }


def _places(imported: Imported, listed: Sequence[Row]) -> Mapping[str, tuple[_Place, ...]]:
    """Where the agreements of each list stand, a place a sheet, by the name of the file."""
    rows: dict[tuple[str, str], list[int]] = {}
    for told in listed:
        rows.setdefault((told["file"], told["sheet"]), []).append(told["row"])
    columns = {str(told["name"]): told["columns"] for told in imported.provenance["files"]}
    places: dict[str, tuple[_Place, ...]] = {}
    for (file, sheet), found in rows.items():
        headings = columns[file].get(sheet, {})
        letters = {name: heading.split(" ")[0] for name, heading in headings.items()}
        place = _Place(sheet, min(found), max(found), letters)
        places[file] = (*places.get(file, ()), place)
    return places


def _count_figures(
    counts: list[dict[str, str]], ids: dict[str, str], places: Mapping[str, tuple[_Place, ...]]
) -> Iterator[Row]:
    for row in counts:
        if row["by"] != "all":
            continue
        for unit, once in (("agreements", "agency and model"), ("agencies", "agency")):
            yield {
                **_place_of(places.get(row["file"], ()), unit),
                "series": f"{unit}_active",
                "on": row["published"],
                "value": float(row[unit]),
                "unit": unit,
                "source": ids[row["file"]],
                "note": f"{_rows_of(places, row['file'])} counted, each {once} once",
            }


def _change_figures(
    history: list[dict[str, str]], ids: dict[str, str], places: Mapping[str, tuple[_Place, ...]]
) -> Iterator[Row]:
    """New and ended agreements from list to list; 0 where both lists are there and none was."""
    between = dict.fromkeys(
        (row["after"], row["after_file"], row["by"], row["by_file"]) for row in history
    )
    for after, after_file, by, file in between:
        for event, series, only in (
            (Event.NEW, "agreements_new", "this list"),
            (Event.ENDED, "agreements_ended", "the list before"),
        ):
            found = [r for r in history if r["by_file"] == file and r["event"] == event]
            yield {
                **_place_of(places.get(file, ()), "agreements"),
                "series": series,
                "since": after,
                "on": by,
                "value": float(len(found)),
                "unit": "agreements",
                "source": ids[file],
                "note": f"{_rows_of(places, file)} compared with {_rows_of(places, after_file)} "
                f"of the list of {after} ({after_file}); counted is what only {only} has, each "
                "agency and model once; a change of the model alone is neither new nor ended",
            }


def _place_of(found: Sequence[_Place], unit: str) -> Row:
    """The place in the columns of a figure; where it is on several sheets, the note tells them."""
    return found[0].told(unit) if len(found) == 1 else {}


def _rows_of(places: Mapping[str, tuple[_Place, ...]], file: str) -> str:
    return " and ".join(map(str, places.get(file, ()))) or "no rows"
