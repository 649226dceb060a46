"""What a person decided about two spellings, kept in a small CSV so that it is asked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wayhome.sources.agreements.agency_names import agency_key
from wayhome.sources.agreements.meanings import county_key, state_code
from wayhome.sources.decisions_file import Decision, decisions_in, write_decisions_file
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.printed_text import cleaned

COLUMNS = ("about", "state", "one", "other_state", "other", "decision")


class About(StrEnum):
    AGENCY = "agency"
    COUNTY = "county"


# A name in its state, by key; two of them without order.
Name = tuple[str, str]
Pair = tuple[About, frozenset[Name]]


@dataclass(frozen=True)
class Decided:
    """Two names as printed, and whether they are one."""

    about: About
    state: str
    one: str
    other_state: str
    other: str
    decision: Decision

    @property
    def pair(self) -> Pair:
        return pair_of(self.about, (self.state, self.one), (self.other_state, self.other))

    @property
    def named(self) -> tuple[str, str]:
        return self.one, self.other

    def cells(self) -> tuple[str, ...]:
        return tuple(str(getattr(self, column)) for column in COLUMNS)


Decisions = Mapping[Pair, Decided]


def pair_of(about: About, one: Name, other: Name) -> Pair:
    key = agency_key if about is About.AGENCY else county_key
    return about, frozenset((state, key(cleaned(name))) for state, name in (one, other))


def read_decisions(path: Path) -> dict[Pair, Decided]:
    """The rows of the file whose `decision` is filled; other columns are passed over.

    Raises ReleaseProblem that names file, row and column.
    """
    found = decisions_in(path, COLUMNS, lambda row, told: _decided(path, row, told))
    return {decided.pair: decided for decided in found}


def _decided(path: Path, row: int, told: Mapping[str, str]) -> Decided:
    def wrong(column: str, right: str) -> ReleaseProblem:
        return ReleaseProblem(
            f"{path.name}, row {row}, column {column}: {told[column]!r} is not {right}."
        )

    if told["decision"].casefold() not in list(Decision):
        raise wrong("decision", "a decision: write same or different")
    if told["about"].casefold() not in list(About):
        raise wrong("about", "agency or county")
    for column in ("state", "other_state"):
        if state_code(told[column]) is None:
            raise wrong(column, "a state: write its two letters")
    return Decided(
        about=About(told["about"].casefold()),
        state=state_code(told["state"]) or "",
        one=told["one"],
        other_state=state_code(told["other_state"]) or "",
        other=told["other"],
        decision=Decision(told["decision"].casefold()),
    )


def write_decisions(path: Path, decisions: Iterable[Decided]) -> None:
    """The file anew, beside the old one and then in its place."""
    write_decisions_file(path, COLUMNS, decisions)
