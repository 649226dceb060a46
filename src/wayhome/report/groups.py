"""The largest nationalities, courts or years of a program, and all others in one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wayhome.engine.outcomes import Outcome
from wayhome.report.place_names import group_label
from wayhome.report.summary import GroupCount, OutcomeCounts
from wayhome.report.words import Words

MOST_GROUPS = 15


@dataclass(frozen=True)
class ShownGroup:
    """One line of a breakdown, with its name as a reader knows it."""

    label: str
    outcomes: OutcomeCounts

    @property
    def cases(self) -> int:
        return sum(self.outcomes.values())


@dataclass(frozen=True)
class Breakdown:
    """`shown` of the groups have lines of their own; `others` were added up in one."""

    lines: tuple[ShownGroup, ...]
    shown: int
    others: int


def breakdown(group: str, counts: Sequence[GroupCount], words: Words) -> Breakdown:
    """The groups with the most cases, years in order of time, then all others, then not known."""
    named = sorted((c for c in counts if c.label is not None), key=lambda c: -c.cases)
    shown, others = named[:MOST_GROUPS], named[MOST_GROUPS:]
    if group == "year":
        shown = sorted(shown, key=lambda c: str(c.label))
    lines = [ShownGroup(group_label(group, c.label, words), c.outcomes) for c in shown]
    if others:
        rest = words.say("all_others", count=len(others))
        lines.append(ShownGroup(rest, added_up(c.outcomes for c in others)))
    not_known = [c.outcomes for c in counts if c.label is None]
    if not_known:
        lines.append(ShownGroup(words.say("not_known"), added_up(not_known)))
    return Breakdown(tuple(lines), len(shown), len(others))


def added_up(counts: Iterable[OutcomeCounts]) -> dict[Outcome, int]:
    total = dict.fromkeys(Outcome, 0)
    for outcomes in counts:
        for outcome, number in outcomes.items():
            total[outcome] += number
    return total
