"""Small tables that people write for a plan, read with the row and column of every fault."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.programs.facilities.closing_plan.question import PlanProblem

UNKNOWN = ("", "unknown", "n/a", "na", "-")
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Row:
    """A row of a table, with its file and its number in it (the heading is row 1)."""

    path: Path
    number: int
    cells: Mapping[str, str]

    def fault(self, column: str, right: str) -> PlanProblem:
        """What is wrong in a cell, and what would be right."""
        value = self.cells.get(column, "")
        return PlanProblem(
            f"{self.path.name}, row {self.number}, column {column}: {value!r} is there; {right}."
        )

    def text(self, column: str) -> str:
        return self.cells.get(column, "")

    def number_in(self, column: str) -> float | None:
        """A number of 0 or more; None where it is not known."""
        text = self.cells.get(column, "")
        if text.lower() in UNKNOWN:
            return None
        try:
            value = float(text.replace(",", ""))
        except ValueError:
            value = -1.0
        if not 0 <= value < 1e9:
            raise self.fault(column, "a number of 0 or more would be right")
        return value

    def whole(self, column: str) -> int | None:
        value = self.number_in(column)
        if value is not None and value != int(value):
            raise self.fault(column, "a whole number would be right")
        return None if value is None else int(value)

    def yes_or_no(self, column: str) -> bool | None:
        text = self.cells.get(column, "").lower()
        if text not in _ANSWERS and text not in UNKNOWN:
            raise self.fault(column, "yes, no or unknown would be right")
        return _ANSWERS.get(text)

    def day(self, column: str, start: date | None) -> int | None:
        """A day of the plan, written as its number or as a date; days before the first are 0."""
        text = self.cells.get(column, "")
        if text.lower() in UNKNOWN:
            return None
        if text.isdigit():
            return int(text)
        try:
            on = date.fromisoformat(text)
        except ValueError as error:
            right = "a day as YYYY-MM-DD, or the number of a day of the plan, would be right"
            raise self.fault(column, right) from error
        if start is None:
            raise self.fault(column, "with a date, the date of day 1 has to be given too (--start)")
        return max(0, (on - start).days + 1)

    def facility(self, known: Collection[str]) -> str:
        """The facility that the row is about, by its name as the plan has it."""
        name = " ".join(self.text("facility").split())
        if name in known:
            return name
        folded = {one.casefold(): one for one in known}
        if name.casefold() in folded:
            return folded[name.casefold()]
        near = nearest_spelling(name.replace(" ", "_"), [k.replace(" ", "_") for k in known])
        hint = did_you_mean(near.replace("_", " ") if near else None)
        raise PlanProblem(
            f"{self.path.name}, row {self.number}, column facility: the plan has no facility "
            f"{name!r}.{hint}"
        )


def rows_of(path: Path, needed: Collection[str], may: Collection[str]) -> Iterator[Row]:
    """The rows of a CSV file with these columns, in any order. Raises PlanProblem, a sentence."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise PlanProblem(f"There is no file at {path}: check the path.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PlanProblem(f"{path} cannot be read as text: save it as CSV (UTF-8).") from error
    reader = csv.DictReader(text.splitlines())
    headings = [(h or "").strip().lower() for h in reader.fieldnames or ()]
    missing = [name for name in needed if name not in headings]
    if missing:
        met = ", ".join(headings) or "nothing"
        raise PlanProblem(
            f"{path.name} has no column {missing[0]!r} in its first row; it has {met}."
        )
    for heading in headings:
        if heading and heading not in (*needed, *may):
            hint = did_you_mean(nearest_spelling(heading, (*needed, *may)))
            raise PlanProblem(f"{path.name}, row 1: the column {heading!r} is not known.{hint}")
    for number, found in enumerate(reader, start=2):
        cells = {(k or "").strip().lower(): (v or "").strip() for k, v in found.items() if k}
        if any(cells.values()):
            yield Row(path, number, cells)
