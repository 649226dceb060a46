"""One list of agreements as it was read, with what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wayhome.sources.agreements.agency_names import agency_key


class Became(StrEnum):
    """What became of a row of a sheet."""

    READ = "read"
    MENDED = "read, mended"
    TWICE = "there twice"
    TOTAL = "total"
    HEADING = "heading"
    FOOTNOTE = "footnote"
    BLANK = "blank"
    SET_ASIDE = "set aside"
    OTHER_SHEET = "of a sheet without agreements"


@dataclass(frozen=True)
class RowAccount:
    """One row (from 1, as the spreadsheet shows it), and why it became that."""

    sheet: str
    row: int
    became: Became
    reason: str = ""


@dataclass(frozen=True)
class Agreement:
    """One agreement of a list, with the words as printed in `printed`, by field.

    `state` is two letters. None is unknown. `memorandum` and `addendum` are addresses.
    """

    state: str
    agency: str
    agency_type: str | None
    county: str | None
    model: str
    signed: date | None
    memorandum: str | None
    addendum: str | None
    sheet: str
    row: int
    printed: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str]:
        """Its agency, by state and name without regard to spelling."""
        return self.state, agency_key(self.agency)


@dataclass(frozen=True)
class AgreementList:
    """One publication. `part` is `am` or `pm` where the file's name says so.

    `columns` tells by sheet and field which column was read: its letter and heading.
    """

    file: str
    sha256: str
    published: date
    part: str
    columns: Mapping[str, Mapping[str, str]]
    agreements: tuple[Agreement, ...]
    rows: tuple[RowAccount, ...]
    notes: tuple[str, ...]

    @property
    def order(self) -> tuple[date, str]:
        return self.published, self.part

    def count(self, became: Became) -> int:
        return sum(row.became is became for row in self.rows)
