"""Records made for tests, of invented figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from wayhome.public_record.publishing.folder import write_tables
from wayhome.public_record.record import PublicRecord, open_record


def a_source(id: str, published: date | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": id,
        "publication": "detention_stats",
        "title": id,
        "file": f"{id}.xlsx",
        "sha256": "0" * 64,
        "published": published,
        "synthetic": False,
        **more,
    }


def a_figure(series: str, on: date, value: float, source: str, **more: Any) -> dict[str, Any]:
    return {"series": series, "on": on, "value": value, "unit": "people", "source": source, **more}


def a_record(folder: Path, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> PublicRecord:
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder, rows)
    return open_record(folder)


class RecordInMemory(PublicRecord):
    """A record whose figures are (series, since, on, value, known from), for many quick trials."""

    def __init__(
        self, figures: Iterable[tuple[str, date | None, date, float, date]], synthetic: bool = False
    ) -> None:
        super().__init__(Path())
        from wayhome.public_record.record import Figure, Source

        found: dict[str, list[Figure]] = {}
        sources: dict[str, Source] = {}
        for number, (series, since, on, value, known) in enumerate(figures):
            id = f"s{number}"
            sources[id] = Source(id, "", id, f"{id}.xlsx", "", known, None, None, None, synthetic)
            found.setdefault(series, []).append(Figure(series, on, value, "people", id, since))
        self.__dict__["sources"] = sources
        self.__dict__["figures"] = {
            series: tuple(sorted(fs, key=lambda f: (f.on, f.first_day, f.source)))
            for series, fs in found.items()
        }
