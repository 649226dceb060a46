"""The two letters that this project began with: demands and signatories, as data.

`demands.csv` says each demand in this project's own words, with the line of the letter's text at
which it stands; `signatories.csv` has the names as the letters print them. The letters' own
sentences are not here. Neither text tells its date: it is entered by whoever keeps the count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from wayhome.sources.letters.one_line import Signatory, signatory_of
from wayhome.sources.letters.signatory_list import Line, LineIs, SignatoryList


@dataclass(frozen=True)
class LetterDemand:
    """`id` is that of `wayhome simulate --demand` for the seven; `line` counts from 1."""

    id: str
    number: int
    words: str
    line: int


@dataclass(frozen=True)
class Letter:
    """A letter. `signers_said` is how many the letter itself says sign it; `days` the first and the
    last day of which it may be by what it asks for, where no source tells its date."""

    id: str
    file: str
    title: str
    recipient: str
    signers_said: str
    days: tuple[date, date] | None
    demands: tuple[LetterDemand, ...]
    signatories: tuple[Signatory, ...]

    def as_list(self) -> SignatoryList:
        """The signatories as a list that was read."""
        lines = (Line(s.line, s.printed, LineIs.SIGNATORY) for s in self.signatories)
        return SignatoryList(self.id, "", self.signatories, tuple(lines), ())


@cache
def letters() -> tuple[Letter, ...]:
    """Both letters, the one of the hundred days first."""
    return tuple(
        Letter(
            id=row["letter"],
            file=row["file"],
            title=row["title"],
            recipient=row["recipient"],
            signers_said=row["signers_said"],
            days=_days(row["not_before"], row["not_after"]),
            demands=tuple(_demands(row["letter"])),
            signatories=tuple(_signatories(row["letter"])),
        )
        for row in _rows("letters.csv")
    )


def _days(first: str, last: str) -> tuple[date, date] | None:
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None


def _demands(letter: str) -> Iterator[LetterDemand]:
    for row in _rows("demands.csv"):
        if row["letter"] == letter:
            yield LetterDemand(row["demand"], int(row["number"]), row["words"], int(row["line"]))


def _signatories(letter: str) -> Iterator[Signatory]:
    for row in _rows("signatories.csv"):
        if row["letter"] == letter:
            yield signatory_of(int(row["line"]), row["printed"])


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
