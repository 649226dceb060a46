"""The declared series: what each is called, and from which rows of an import it is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

SERIES = Path(__file__).with_name("series.yaml")


@dataclass(frozen=True)
class Series:
    """A series of figures. `table`, `where` and `covers` are empty where it is worked out.

    `covers`: day, month, year (so far) or whole year; `first_year`: the years before it are not
    counted in the same way; `is_average`: over the people or days that a figure covers."""

    id: str
    title: Mapping[str, str]
    unit: str
    table: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    covers: str = ""
    first_year: int | None = None
    is_average: bool = False


@cache
def every_series() -> Mapping[str, Series]:
    """All series by id, in the order of series.yaml."""
    told = yaml.safe_load(SERIES.read_text("utf-8"))
    return {
        id: Series(
            id,
            entry["title"],
            entry["unit"],
            entry.get("from", ""),
            entry.get("where", {}),
            entry.get("covers", ""),
            entry.get("first_year"),
            entry.get("average", False),
        )
        for id, entry in told.items()
    }
