"""The change list: which cases' outcomes differ between two laws, why, and how many they are.

Every source hands its cases over as `Changed`, a batch of them at a time, so that a list of a few
people and one of millions of docket cases are counted, written and read alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from wayhome.changes.reasons import Answer, Reason
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes.counting import Group

_WORDS = pa.dictionary(pa.int32(), pa.string())

LAW, DEMANDS = "law", "demands"


@dataclass(frozen=True)
class Move:
    """An outcome of a program before and after. `rests_on`: the law, or the letters' demands."""

    program: str
    rests_on: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True)
class RuleMove:
    """A rule's answer before and after, and why it may differ."""

    rule: str
    title: str
    before: Answer
    after: Answer
    reason: Reason

    def __str__(self) -> str:
        return f"{self.rule}: {self.before} → {self.after} ({self.reason})"


@dataclass(frozen=True)
class Changed:
    """Cases whose outcome of one program changed.

    The arrays are a value a case: `case_ids`, `befores`, `afters` (words of outcomes), `whys`
    (the rules whose answers changed, as text), all but the first as dictionaries of words.
    """

    program: str
    rests_on: str
    case_ids: pa.Array
    befores: pa.Array
    afters: pa.Array
    whys: pa.Array

    def batch(self) -> pa.RecordBatch:
        """The cases as rows of a change list."""
        rows = len(self.case_ids)
        first = pa.array(np.zeros(rows, np.int32))
        same = (pa.DictionaryArray.from_arrays(first, [t]) for t in (self.program, self.rests_on))
        columns = [self.case_ids, *same, self.befores, self.afters, self.whys]
        return pa.record_batch(columns, schema=list_schema(self.case_ids.type))


def list_schema(case_id: pa.DataType) -> pa.Schema:
    """The columns of a change list."""
    words = ("program", "rests_on", "before", "after", "why")
    return pa.schema([("case_id", case_id), *((name, _WORDS) for name in words)])


Write = Callable[[pa.RecordBatch], None]


@dataclass
class ChangeCounts:
    """What a change list adds up to.

    `groups` counts each move by the cases' groups, in the order of `grouped_by` (such as court and
    nationality); `rules` counts, for each program, the changed cases by each rule's move.
    """

    old: str
    new: str
    source: str
    is_synthetic: bool
    grouped_by: tuple[str, ...] = ()
    cases: int = 0
    changed_cases: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    groups: dict[Move, Counter[tuple[Group, ...]]] = field(default_factory=dict)
    rules: dict[tuple[str, str], Counter[RuleMove]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def add(self, move: Move, groups: Mapping[tuple[Group, ...], int]) -> None:
        """Counts the cases of one move, by their groups."""
        self.moves[move] += sum(groups.values())
        self.groups.setdefault(move, Counter()).update(groups)

    def add_rules(self, program: str, rests_on: str, moved: Mapping[RuleMove, int]) -> None:
        self.rules.setdefault((program, rests_on), Counter()).update(moved)

    def by(self, name: str) -> dict[Group, Counter[Move]]:
        """How many cases moved, by one of the groups; those with the most come first."""
        place = self.grouped_by.index(name)
        found: dict[Group, Counter[Move]] = {}
        for move, counts in self.groups.items():
            for groups, number in counts.items():
                found.setdefault(groups[place], Counter())[move] += number
        return dict(sorted(found.items(), key=lambda item: -item[1].total()))


def why_text(moved: Iterable[RuleMove]) -> str:
    """The rules that changed, as one line."""
    return "; ".join(map(str, moved))


def in_effect(answer: Answer) -> Answer:
    """What an answer comes to: a rule that is not there holds of nobody."""
    return Answer.NO if answer in (Answer.NOT_IN_FORCE, Answer.NO_RULE) else answer
