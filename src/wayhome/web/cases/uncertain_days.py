"""What the rules say where only the month of a day is known.

They are asked twice: with the first day of each such month, and with the last. What both say is
told; what they say differently is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from wayhome.engine.findings import Finding
from wayhome.engine.outcomes import Outcome
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Value
from wayhome.report.summary import CaseDeadline
from wayhome.sources.case_files.answers import SomeDayOf


def latest_days(facts: Mapping[str, Value]) -> dict[str, Value]:
    """The facts with the last day of each month that is all that is known; empty without any."""
    if not any(isinstance(value, SomeDayOf) for value in facts.values()):
        return {}
    return {f: v.last if isinstance(v, SomeDayOf) else v for f, v in facts.items()}


def certain(first: Finding, last: Finding) -> Finding:
    """What holds on both days. An outcome that differs is open; a bar of either is told."""
    bars = (*first.bars, *(bar for bar in last.bars if bar not in first.bars))
    return replace(
        first,
        outcome=_same(first.outcome, last.outcome),
        demand_outcome=_same(first.demand_outcome, last.demand_outcome),
        grounds=tuple(rule for rule in first.grounds if rule in last.grounds),
        bars=bars,
        deadlines=tuple(dated for dated in first.deadlines if dated in last.deadlines),
        answers={r: a if a is last.answers[r] else None for r, a in first.answers.items()},
    )


def _same(first: Outcome, last: Outcome) -> Outcome:
    return first if first is last else Outcome.OPEN


def deadlines_between(first: Iterable[Finding], last: Iterable[Finding]) -> list[CaseDeadline]:
    """The deadlines that may still be ahead, each with the first and the last day it may be."""
    found = []
    for one, other in zip(first, last, strict=True):
        days: dict[str, tuple[Rule, list[date]]] = {}
        for rule, day in (*one.deadlines, *other.deadlines):
            days.setdefault(rule.id, (rule, []))[1].append(day)
        for rule, both in days.values():
            is_known = len(both) == 2 and both[0] == both[1]
            if max(both) >= one.as_of:
                latest = None if is_known else max(both)
                found.append(CaseDeadline(one.case_id, rule, min(both), one.as_of, latest))
    return found
