"""What a person decided about two spellings, kept in a small CSV so that it is asked once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wayhome.sources.agreements.agency_names import agency_key
from wayhome.sources.agreements.meanings import cleaned, county_key, state_code
from wayhome.sources.case_files.bad_rows_file import as_it_was, harmless
from wayhome.sources.eoir.release import ReleaseProblem

COLUMNS = ("about", "state", "one", "other_state", "other", "decision")


class About(StrEnum):
    AGENCY = "agency"
    COUNTY = "county"


class Decision(StrEnum):
    SAME = "same"
    DIFFERENT = "different"


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
                f"{path.name}, row {reader.line_num}: {decided.one!r} and {decided.other!r} are "
                f"{decided.decision} here and {before.decision} in an earlier row. Keep one."
            )
        found[decided.pair] = decided
    return found


def _decided(path: Path, row: int, cells: Mapping[str, str | None]) -> Decided:
    told = {column: cleaned(as_it_was(cells[column] or "")) for column in COLUMNS}

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
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for decided in decisions:
            writer.writerow([harmless(cell) for cell in decided.cells()])
    part.replace(path)
