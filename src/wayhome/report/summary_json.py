"""The counts of a screening as JSON, with codes and not names, for other programs to read."""

from __future__ import annotations

from typing import Any

from wayhome.report.summary import CaseDeadline, ProgramSummary, Summary

Json = dict[str, Any]

# Beside codes of countries and courts and beside years, none of which is a word.
NOT_KNOWN = "not_known"


def summary_json(summary: Summary) -> Json:
    """Every count of the summary. A group that is not known has the label `not_known`."""
    return {
        "source": summary.source,
        "synthetic": summary.is_synthetic,
        "as_of": [day.isoformat() for day in summary.as_of],
        "unit": summary.unit,
        "cases": summary.cases,
        "note": "A lead for a lawyer, not advice.",
        "programs": [_program(program) for program in summary.programs],
        "deadlines": [_deadline(deadline) for deadline in summary.deadlines],
        "provenance": dict(summary.provenance),
    }


def _program(program: ProgramSummary) -> Json:
    return {
        "program": program.name,
        "outcomes": dict(program.outcomes),
        "demand_outcomes": dict(program.demand_outcomes),
        "rules": {
            count.rule.id: {"true": count.true, "false": count.false, "unknown": count.unknown}
            for count in program.rules
        },
        "deadlines_without_date": {c.rule.id: c.undated for c in program.rules if c.undated},
        "open_facts": {open_fact.fact.name: open_fact.count for open_fact in program.open_facts},
        "open_facts_count": program.facts_counted,
        "groups": {
            group: {count.label or NOT_KNOWN: dict(count.outcomes) for count in counts}
            for group, counts in program.groups.items()
        },
    }


def _deadline(deadline: CaseDeadline) -> Json:
    return {
        "case_id": deadline.case_id,
        "rule": deadline.rule.id,
        "date": deadline.day.isoformat(),
    }
