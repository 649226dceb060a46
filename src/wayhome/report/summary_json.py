"""The counts of a screening as JSON: programs, outcomes, rules, open facts, groups."""

from __future__ import annotations

from typing import Any

from wayhome.report.summary import OutcomeCounts, ProgramSummary, Summary


def summary_json(summary: Summary) -> dict[str, Any]:
    """What `wayhome screen STORE --format json` writes."""
    return {
        "source": summary.source,
        "synthetic": summary.is_synthetic,
        "as_of": [day.isoformat() for day in summary.as_of],
        "counted": summary.unit,
        "cases": summary.cases,
        "programs": [_program(program) for program in summary.programs],
        "provenance": dict(summary.provenance),
        "note": "A lead for a lawyer, not advice.",
    }


def _program(program: ProgramSummary) -> dict[str, Any]:
    return {
        "program": program.name,
        "outcomes": _outcomes(program.outcomes),
        "demand_outcomes": _outcomes(program.demand_outcomes),
        "rules": {
            count.rule.id: {"true": count.true, "false": count.false, "unknown": count.unknown}
            for count in program.rules
        },
        "open_facts": {count.fact.name: count.count for count in program.open_facts},
        "open_facts_counted": program.facts_counted,
        "groups": {
            group: {str(c.label): _outcomes(c.outcomes) for c in counts}
            for group, counts in program.groups.items()
        },
    }


def _outcomes(counts: OutcomeCounts) -> dict[str, int]:
    return {outcome.value: count for outcome, count in counts.items()}
