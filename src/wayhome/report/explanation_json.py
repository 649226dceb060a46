"""The explanation of one case as JSON: nothing in it that the page and the text do not say."""

from __future__ import annotations

from typing import Any

from wayhome.engine.explanation import Explanation, Step
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Value
from wayhome.report.case_report import CaseReport, ProgramFinding, open_facts
from wayhome.report.words import Words

Json = dict[str, Any]


def case_json(report: CaseReport, words: Words) -> Json:
    """One case: findings, next questions in order, explanations."""
    case: Json = {"case_id": report.case_id, "as_of": report.as_of.isoformat()}
    if report.is_synthetic:
        case["synthetic"] = True
    return case | {
        "note": words.say("lead_note"),
        "findings": [_finding_json(program, report, words) for program in report.programs],
        "next_questions": [
            {
                "fact": question.fact,
                "question": words.question(report.vocabulary[question.fact]),
                "could_settle": list(question.settles_programs),
                "rules": list(question.touches_rules),
            }
            for question in report.questions
        ],
        "explanations": [explanation_json(e, report, words) for e in report.explanations],
    }


def _finding_json(program: ProgramFinding, report: CaseReport, words: Words) -> Json:
    bars = [{"rule": bar.rule.id, "facts": list(bar.facts)} for bar in program.open_bars]
    undated = [
        {
            "rule": deadline.rule.id,
            "fact": deadline.fact,
            "question": words.question_of(deadline.fact, report.vocabulary),
        }
        for deadline in program.undated
    ]
    return program.finding.as_json() | {
        "law_in_force": program.has_grounds,
        "open_bars": bars,
        "deadlines_without_date": undated,
    }


def explanation_json(explanation: Explanation, report: CaseReport, words: Words) -> Json:
    """One rule: its answer (null is "cannot tell", and where it is not in force), and why."""
    unknown = open_facts(explanation, report.vocabulary)
    return rule_json(explanation.rule) | {
        "as_of": report.as_of.isoformat(),
        "is_in_force": explanation.in_force,
        "answer": explanation.answer,
        "open_facts": [{"fact": f.name, "question": words.question(f)} for f in unknown],
        "tree": _step_json(explanation.tree),
    }


def rule_json(rule: Rule) -> Json:
    """What a rule says of itself, without its condition."""
    return {
        "rule": rule.id,
        "title": rule.title,
        "kind": rule.kind,
        "authority": rule.authority,
        "asked_by": rule.asked_by,
        "in_force": [
            {"from": s.start.isoformat(), "to": s.end.isoformat() if s.end else None}
            for s in rule.in_force
        ],
        "cites": list(rule.cites),
        "confidence": rule.confidence,
        "check": rule.check,
        "checked": rule.checked.isoformat(),
        "source": rule.source,
        "assumes": list(rule.assumes),
        "leaves_out": list(rule.leaves_out),
        "waivers": list(rule.waivers),
    }


def _step_json(step: Step) -> Json:
    return {
        "condition": step.text,
        "value": step.value,
        "facts": {name: _plain(value) for name, value in step.facts.items()},
        "note": step.note,
        "parts": [_step_json(part) for part in step.parts],
    }


def _plain(value: Value) -> bool | int | str | None:
    return value if value is None or isinstance(value, bool | int | str) else value.isoformat()
