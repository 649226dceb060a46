"""The facts vocabulary: every fact a rule may read, its type, its meaning and its question.

The list is `facts.csv` beside this file; the questions a person can answer, each with a line of
help, are `questions.csv`, in English (`wayhome.words` has other languages). "Yes" always means that
the fact is true. A fact that no person can answer (a case number, the date of the screening) has
no question. Whoever answers for somebody else reads "you" as that person.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from importlib import resources

SCREENING_DATE = "screening_date"
CASE_ID = "case_id"

# No fact of a living person's case lies outside these, and calendar arithmetic on any date
# inside them stays inside what every reader of the rulebook can represent.
EARLIEST_DATE = date(1900, 1, 1)
LATEST_DATE = date(2199, 12, 31)
LARGEST_COUNT = 2_000_000_000

# A fact's value. None is "not known", and stays "not known" until somebody answers.
Value = bool | int | str | date | datetime | None


class FactType(StrEnum):
    """What kind of value a fact holds."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    DATETIME = "datetime"
    CATEGORY = "category"
    CODE = "code"
    TEXT = "text"

    @property
    def is_wordlike(self) -> bool:
        return self in (FactType.CATEGORY, FactType.CODE, FactType.TEXT)

    @property
    def is_ordered(self) -> bool:
        return self in (FactType.INT, FactType.DATE, FactType.DATETIME)


class UnknownFact(KeyError):
    """A fact is named that the vocabulary does not hold."""

    def __init__(self, name: str, nearest: str | None) -> None:
        super().__init__(f"There is no fact {name!r}.{did_you_mean(nearest)}")
        self.name = name
        self.nearest = nearest

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Fact:
    """One fact of the vocabulary.

    `values` holds a category's allowed words in the order of the vocabulary, and is empty for
    every other type. `docket_source` says how the courts' public release tells the fact, and
    is empty where it cannot.
    """

    name: str
    type: FactType
    values: tuple[str, ...]
    unit: str
    meaning: str
    docket_source: str
    question: str = ""
    help: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether a person can be asked for it."""
        return bool(self.question)


@dataclass(frozen=True)
class Vocabulary:
    """Every fact by name, in the order of `facts.csv`."""

    facts: dict[str, Fact]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def __getitem__(self, name: str) -> Fact:
        if name not in self.facts:
            raise UnknownFact(name, self.nearest(name))
        return self.facts[name]

    def nearest(self, name: str) -> str | None:
        """The fact whose spelling is nearest to `name`, if any is near."""
        return nearest_spelling(name, self.facts)


def nearest_spelling(word: str, known: object) -> str | None:
    """The nearest of the `known` words (any iterable of str) to a misspelled one, or None."""
    candidates = [str(k) for k in known]  # type: ignore[attr-defined]
    folded = {c.lower(): c for c in candidates}
    near = get_close_matches(word.strip().lower().replace(" ", "_"), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(nearest: str | None) -> str:
    """The end of a fault that offers the nearest right spelling, if there is one."""
    return f" Did you mean {nearest}?" if nearest else ""


@cache
def load_vocabulary() -> Vocabulary:
    """The vocabulary that ships with Wayhome."""
    here = resources.files(__package__)
    questions = _read_questions(here.joinpath("questions.csv").read_text(encoding="utf-8"))
    rows = csv.DictReader(here.joinpath("facts.csv").read_text(encoding="utf-8").splitlines())
    return Vocabulary({row["fact"]: _fact_of_row(row, questions) for row in rows})


def _read_questions(text: str) -> dict[str, dict[str, str]]:
    """Per fact: `question` and `help`."""
    return {row.pop("fact"): row for row in csv.DictReader(text.splitlines())}


def _fact_of_row(row: dict[str, str], questions: dict[str, dict[str, str]]) -> Fact:
    kind = FactType(row["type"])
    is_category = kind is FactType.CATEGORY
    return Fact(
        name=row["fact"],
        type=kind,
        values=tuple(row["values_or_unit"].split("|")) if is_category else (),
        unit="" if is_category else row["values_or_unit"],
        meaning=row["meaning"],
        docket_source=row["docket_source"],
        **questions.get(row["fact"], {}),
    )
