"""The files that a record is from, as rows of sources.csv, told from what the imports wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from wayhome.public_record.publishing.folder import Row
from wayhome.sources.import_folder import Imported

PUBLICATIONS = Path(__file__).parents[1] / "publications.yaml"
PREFIX = {
    "detention_stats": "ice-statistics",
    "population": "daily",
    "headcount": "headcount",
    "facility_list": "facilities-2017",
    "agreements": "287g",
}
# What the daily files themselves call the columns of the import's table.
HEADINGS: Mapping[str, Mapping[str, str]] = {
    "population": {
        "people": "n_detained",
        "at_midnight": "n_detained_at_midnight",
        "day": "date",
        "facility": "detention_facility_code",
        "name": "detention_facility",
    },
    "headcount": {"people": "n", "day": "date", "facility": "detention_facility_code"},
}

# Which people of a daily file the record tells: those at midnight, where the file has them.
PEOPLE_TOLD: Mapping[str, str] = {"population": "at_midnight", "headcount": "people"}


def heading_of(publication: str, column: str) -> str:
    """What a file of a publication calls a column of its import; the same where not known."""
    return HEADINGS.get(publication, {}).get(column, column)


def column_of_people(publication: str) -> str:
    """What a daily file calls the column of the people that the record tells; empty for others."""
    return heading_of(publication, PEOPLE_TOLD.get(publication, ""))


@dataclass(frozen=True)
class SourceFiles:
    """The sources of a record: their rows, and their ids by the name of the file."""

    rows: tuple[Row, ...]

    def id_of(self, file: str) -> str:
        """The id of a file. Raises KeyError for one that no import read."""
        return self._ids[file]

    def heading_of(self, file: str, column: str | None) -> str | None:
        """What a file calls a column of its import."""
        found = {row["file"]: row["publication"] for row in self.rows}
        return heading_of(found.get(file, ""), column) if column else column

    @property
    def _ids(self) -> Mapping[str, str]:
        return {row["file"]: row["id"] for row in self.rows}

    def of(self, publication: str) -> tuple[Row, ...]:
        """The sources of one publication."""
        return tuple(row for row in self.rows if row["publication"] == publication)


def sources_of(
    statistics: Imported | None, population: Imported | None, agreements: Imported | None
) -> SourceFiles:
    """The files of the imports that there are, in their order, with ids that no two share."""
    rows: list[Row] = []
    taken: dict[str, int] = {}
    found = (
        *_statistics(statistics),
        *_population(population),
        *_agreements(agreements),
    )
    for row in found:
        taken[row["id"]] = taken.get(row["id"], 0) + 1
        again = taken[row["id"]]
        rows.append(row if again == 1 else {**row, "id": f"{row['id']}-{again}"})
    return SourceFiles(tuple(rows))


@cache
def told_of_publications() -> Mapping[str, Mapping[str, str]]:
    """Title, address and licence of each publication."""
    told: Mapping[str, Mapping[str, str]] = yaml.safe_load(PUBLICATIONS.read_text("utf-8"))
    return told


def source_row(
    publication: str,
    file: str,
    sha256: str,
    *,
    published: date | None = None,
    data_as_of: date | None = None,
    id: str | None = None,
    synthetic: bool = False,
) -> Row:
    """A row of sources.csv; the id is made from publication and date where none is given."""
    told = told_of_publications()[publication]
    when = published or data_as_of
    prefix = PREFIX.get(publication, publication)
    own = prefix if publication == "facility_list" else f"{prefix}-{when or sha256[:8]}"
    return {
        "id": id or own,
        "publication": publication,
        "title": told["title"].format(file=file),
        "file": file,
        "sha256": sha256,
        "published": published,
        "data_as_of": data_as_of,
        "address": told["address"],
        "licence": told["licence"],
        "synthetic": synthetic,
    }


def _statistics(imported: Imported | None) -> Iterator[Row]:
    for book in _listed(imported, "workbooks"):
        yield source_row(
            "detention_stats",
            book["file"],
            book["sha256"],
            published=_date(book["published"]),
            data_as_of=_last_day(book),
        )


def _last_day(book: Row) -> date | None:
    """The sheet of facilities is of one day, tables of the nation of others."""
    days = [day for day in (book["data_as_of"], *book.get("table_days", ())) if day]
    return _date(max(days, default=None))


def _population(imported: Imported | None) -> Iterator[Row]:
    at_midnight = _files_at_midnight(imported)
    for file in _listed(imported, "files"):
        if "first_day" not in file:
            yield source_row(
                "facility_list", file["file"], file["sha256"], data_as_of=date(2017, 11, 1)
            )
            continue
        kind = "population" if file["file"] in at_midnight else "headcount"
        last = _date(file["last_day"])
        yield source_row(kind, file["file"], file["sha256"], data_as_of=last)


def _files_at_midnight(imported: Imported | None) -> set[str]:
    """The daily files that tell who was there at midnight; the others are head counts."""
    if imported is None or "population" not in imported.tables:
        return set()
    told = imported.table("population", ["file", "at_midnight"]).unify_dictionaries()
    counted = told.group_by("file").aggregate([("at_midnight", "count")]).to_pylist()
    return {row["file"] for row in counted if row["at_midnight_count"]}


def _agreements(imported: Imported | None) -> Iterator[Row]:
    for file in _listed(imported, "files"):
        day = _date(file["published"])
        yield source_row("agreements", file["name"], file["sha256"], published=day, data_as_of=day)


def _listed(imported: Imported | None, key: str) -> Iterator[Mapping[str, Any]]:
    if imported is not None:
        yield from imported.provenance[key]


def _date(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
