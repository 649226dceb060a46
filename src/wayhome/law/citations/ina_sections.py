"""Sections of the Immigration and Nationality Act and where the US Code has them.

`ina_sections.csv` holds titles I to III and V, and chapter 2 of title IV, from the public
classification of the Act to title 8, chapter 12, of the US Code.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

TABLE = "ina_sections.csv"


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the Act, its section of title 8 of the US Code, and whether it is gone."""

    ina: str
    usc: str
    heading: str
    is_repealed: bool


@cache
def sections() -> Mapping[str, Section]:
    """Every section by its number in the Act."""
    text = resources.files(__package__).joinpath(TABLE).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["ina"]: Section(row["ina"], row["usc"], row["heading"], row["status"] == "repealed")
        for row in rows
    }
