"""What a person decided about two facilities, kept in a small CSV so that it is asked once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wayhome.programs.facilities.registry.facility import Printed, Side
from wayhome.programs.facilities.registry.units import Unit
from wayhome.sources.agreements.decisions import Decision
from wayhome.sources.agreements.meanings import cleaned
from wayhome.sources.case_files.bad_rows_file import as_it_was, harmless
from wayhome.sources.eoir.release import ReleaseProblem

COLUMNS = (
    *("one_code", "one_name", "one_city", "one_state"),
    *("other_code", "other_name", "other_city", "other_state"),
    "decision",
)

Pair = frozenset[Side]


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
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseProblem(f"{path.name} cannot be read as CSV in UTF-8: save it so.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if lacking:
        raise ReleaseProblem(
            f"{path.name}, row 1: there is no column {', '.join(lacking)}. A file of decisions "
            f"has {', '.join(COLUMNS)}, with commas between."
        )
    found: dict[Pair, Decided] = {}
    for row in reader:
        if not (row["decision"] or "").strip():
            continue
        decided = _decided(path, reader.line_num, row)
        before = found.get(decided.pair)
        if before and before.decision is not decided.decision:
            raise ReleaseProblem(
                f"{path.name}, row {reader.line_num}: {decided.one.name or decided.one.code!r} and "
                f"{decided.other.name or decided.other.code!r} are {decided.decision} here and "
                f"{before.decision} in an earlier row. Keep one."
            )
        found[decided.pair] = decided
    return found


def _decided(path: Path, row: int, cells: Mapping[str, str | None]) -> Decided:
    told = {column: cleaned(as_it_was(cells[column] or "")) for column in COLUMNS}
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
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for decided in decisions:
            writer.writerow([harmless(cell) for cell in decided.cells()])
    part.replace(path)
