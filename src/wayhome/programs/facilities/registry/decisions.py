"""What a person decided about two facilities, kept in a small CSV so that it is asked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wayhome.programs.facilities.registry.facility import Pair, Printed, Side
from wayhome.programs.facilities.registry.units import Unit
from wayhome.sources.decisions_file import Decision, decisions_in, write_decisions_file
from wayhome.sources.eoir.release import ReleaseProblem

COLUMNS = (
    *("one_code", "one_name", "one_city", "one_state"),
    *("other_code", "other_name", "other_city", "other_state"),
    "decision",
)
# What was decided by hand of real facilities, each with its evidence: holds for every registry.
PACKAGED_DECISIONS = Path(__file__).with_name("facility_decisions.csv")


@dataclass(frozen=True)
class Decided:
    """Two facilities, and whether they are one."""

    one: Printed
    other: Printed
    decision: Decision

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.one.side, self.other.side

    @property
    def pair(self) -> Pair:
        return pair_of(*self.sides)

    @property
    def named(self) -> tuple[str, str]:
        return self.one.name or self.one.code, self.other.name or self.other.code

    def cells(self) -> tuple[str, ...]:
        return (*_cells(self.one), *_cells(self.other), str(self.decision))


Decisions = Mapping[Pair, Decided]


def pair_of(one: Side, other: Side) -> Pair:
    return frozenset((one, other))


def _cells(side: Printed) -> tuple[str, ...]:
    return side.code, side.name, side.city, side.state


def printed(unit: Unit) -> Printed:
    """How a unit stands in review.csv."""
    name = unit.names[0] if unit.names else ""
    return Printed(unit.code or "", name, unit.city or "", unit.state or "")


def sides_of(unit: Unit) -> Iterator[Side]:
    """By what a decision may know the unit: its code, else its names."""
    if unit.code:
        yield (unit.code,)
        return
    for name in unit.names:
        yield Printed("", name, unit.city or "", unit.state or "").side


def read_decisions(path: Path) -> dict[Pair, Decided]:
    """The rows of the file whose `decision` is filled; other columns are passed over.

    Raises ReleaseProblem that names file, row and column.
    """
    found = decisions_in(path, COLUMNS, lambda row, told: _decided(path, row, told))
    return {decided.pair: decided for decided in found}


def with_packaged(own: Decisions) -> Decisions:
    """What a person decided, and what comes with the program; `own` goes first.

    Raises ReleaseProblem."""
    return {**read_decisions(PACKAGED_DECISIONS), **own}


def _decided(path: Path, row: int, told: Mapping[str, str]) -> Decided:
    where = f"{path.name}, row {row}, column"
    if told["decision"].casefold() not in list(Decision):
        raise ReleaseProblem(
            f"{where} decision: {told['decision']!r} is no decision: write same or different."
        )
    one, other = (
        Printed(*(told[f"{side}_{part}"] for part in ("code", "name", "city", "state")))
        for side in ("one", "other")
    )
    for side, found in (("one", one), ("other", other)):
        if not (found.code or found.name):
            raise ReleaseProblem(f"{where} {side}_name: it has no code and no name: keep either.")
    return Decided(one, other, Decision(told["decision"].casefold()))


def write_decisions(path: Path, decisions: Iterable[Decided]) -> None:
    """The file anew, beside the old one and then in its place."""
    write_decisions_file(path, COLUMNS, decisions)
