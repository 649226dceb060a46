"""Agreements: how many there were by list, by state and by model, and what came and went."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from wayhome.public_record.agreement_tables import POPULATION_SOURCE, agreement_tables
from wayhome.public_record.publishing.folder import Row, Rows
from wayhome.public_record.publishing.sources import SourceFiles, source_row
from wayhome.sources.agreements.history import Event
from wayhome.sources.case_files.bad_rows_file import as_it_was
from wayhome.sources.county_population.estimates import Estimates, packaged_estimates
from wayhome.sources.import_folder import Imported


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
    rows["agreement_counts"] = [{**row, "source": ids[row["file"]]} for row in counts]
    rows["figures"] = [*_count_figures(counts, ids), *_change_figures(history, ids)]
    return rows


def _read(imported: Imported, name: str) -> list[dict[str, str]]:
    with (imported.path / name).open(encoding="utf-8", newline="") as stream:
        return [{key: as_it_was(v) for key, v in row.items()} for row in csv.DictReader(stream)]


def _count_figures(counts: list[dict[str, str]], ids: dict[str, str]) -> Iterator[Row]:
    for row in counts:
        if row["by"] != "all":
            continue
        for unit in ("agreements", "agencies"):
            yield {
                "series": f"{unit}_active",
                "on": row["published"],
                "value": float(row[unit]),
                "unit": unit,
                "source": ids[row["file"]],
                "note": "rows of the list counted, each agency and model once",
            }


def _change_figures(history: list[dict[str, str]], ids: dict[str, str]) -> Iterator[Row]:
    """New and ended agreements from list to list; 0 where both lists are there and none was."""
    between = dict.fromkeys((row["after"], row["by"], row["by_file"]) for row in history)
    for after, by, file in between:
        for event, series in ((Event.NEW, "agreements_new"), (Event.ENDED, "agreements_ended")):
            found = [r for r in history if r["by_file"] == file and r["event"] == event]
            yield {
                "series": series,
                "since": after,
                "on": by,
                "value": float(len(found)),
                "unit": "agreements",
                "source": ids[file],
                "note": f"compared with the list of {after}",
            }
