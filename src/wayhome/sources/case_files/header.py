"""The first row: which column holds which fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from wayhome.law.normal_forms import normalized
from wayhome.law.vocabulary import CASE_ID, SCREENING_DATE, load_vocabulary
from wayhome.sources.case_files.bad_rows_file import ADDED_COLUMNS
from wayhome.sources.case_files.everyday_headings import UNKNOWN, advice_on_heading, likely_facts
from wayhome.sources.case_files.faults import Fault, file_problem, quoted

ALIASES = {"as_of": SCREENING_DATE}
MOST_COLUMNS = 1000  # eight times the vocabulary: a wider first row is no header
LONGEST_NAME = 100


@dataclass(frozen=True)
class Heading:
    """The fact of each column that has one, by its position, and what is wrong with the rest.

    `first` is the first column that is the user's own, after those of a file of bad rows.
    `beside` holds the columns that are no facts and that the caller reads itself, by position.
    """

    facts: dict[int, str]
    faults: tuple[Fault, ...]
    first: int
    beside: dict[int, str] = field(default_factory=dict)


def fact_of_heading(cell: str) -> str:
    """A column's name as the vocabulary spells it: "Birth Date" and "birth-date" are birth_date."""
    name = re.sub(r"[\s\-‐-―]+", "_", normalized("NFC", cell).strip().lower())
    return ALIASES.get(name, name)


def read_heading(
    file: str, header: tuple[str, ...], row: int | None, beside: Mapping[str, str] | None = None
) -> Heading:
    """The columns of a header. Raises CaseFileProblem for one that can be no header.

    `beside` names by its heading what is no fact and is not refused.
    """
    if len(header) > MOST_COLUMNS:
        raise file_problem(file, f"it names {len(header)} columns; there are not so many facts.")
    facts: dict[int, str] = {}
    faults: list[Fault] = []
    others: dict[int, str] = {}
    first = len(ADDED_COLUMNS) if header[: len(ADDED_COLUMNS)] == ADDED_COLUMNS else 0
    for position, cell in enumerate(header[first:], start=first):
        name = fact_of_heading(cell)
        other = (beside or {}).get(name)
        if other is not None and other not in others.values():
            others[position] = other
            continue
        message = _what_is_wrong(name, cell, position, facts)
        if message:
            faults.append(Fault(file, message, row=row, column=_shown(cell, position)))
        else:
            facts[position] = name
    if CASE_ID not in facts.values():
        faults.append(Fault(file, _no_case_id(header[first:]), row=row))
    return Heading(facts, tuple(faults), first, others)


def _what_is_wrong(name: str, cell: str, position: int, facts: dict[int, str]) -> str:
    if not name:
        return "it has no name. Write the fact that it holds, or take the column out."
    if name in facts.values():
        first = next(place for place, fact in facts.items() if fact == name)
        return f"{name} is also column {first + 1}. Keep one of the two."
    if name not in load_vocabulary():
        advice = advice_on_heading(cell) if len(name) <= LONGEST_NAME else UNKNOWN
        return f"there is no fact {quoted(cell.strip())}. {advice}"
    return ""


def _no_case_id(header: tuple[str, ...]) -> str:
    readable = (cell for cell in header if len(cell) <= LONGEST_NAME)
    near = next((cell for cell in readable if likely_facts(cell) == (CASE_ID,)), None)
    hint = f" Is it {quoted(near)}?" if near else ""
    return f"no column is named case_id, which tells the people apart.{hint}"


def _shown(cell: str, position: int) -> str:
    name = cell.strip()
    return name if name.isprintable() and 0 < len(name) <= LONGEST_NAME else f"{position + 1}"
