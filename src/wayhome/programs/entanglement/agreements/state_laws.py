"""What is known of a state's law on public records, and on whether such an agreement may end."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class RecordsLaw:
    """A state's law on public records. `listed`: named in a public list of citations, which is
    no reading of the law; `recalled`: from general knowledge alone."""

    state: str
    law: str
    citation: str
    confidence: str
    source: str

    @property
    def is_sourced(self) -> bool:
        return self.confidence == "listed"


@dataclass(frozen=True)
class StateDuty:
    """What a state's law is known to say of such agreements, and how well that is sourced."""

    state: str
    says: str
    confidence: str
    source: str


@cache
def records_laws() -> dict[str, RecordsLaw]:
    """By state, two letters."""
    return {row["state"]: RecordsLaw(**row) for row in _rows("public_records_laws.csv")}


@cache
def state_duties() -> dict[str, StateDuty]:
    """By state, two letters; a state that is not there has not been looked at."""
    return {row["state"]: StateDuty(**row) for row in _rows("state_duties.csv")}


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
