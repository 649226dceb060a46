"""What the page of one case shows, in order: facts with who said them, what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from wayhome.engine.questions import Question
from wayhome.law.conditions import fact_of_term
from wayhome.law.rules import Kind, Rule
from wayhome.law.vocabulary import Fact, Value, load_vocabulary
from wayhome.programs import rulebook
from wayhome.report.case_report import ProgramFinding, case_report
from wayhome.report.summary import CaseDeadline, is_demand, undated_deadlines
from wayhome.report.words import words
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.cases.asking import questions_of_custody, questions_to_ask
from wayhome.web.cases.emergencies import emergency_reasons
from wayhome.web.cases.explanation_tree import citation_html, explained, facts_read, tree_html
from wayhome.web.cases.fact_form import value_text
from wayhome.web.cases.fact_groups import fact_groups, facts_like, label_of
from wayhome.web.cases.facts import Disagreement, counting, differences_in, value_in
from wayhome.web.cases.models import Statement
from wayhome.web.cases.partial_dates import is_only_month, year_of
from wayhome.web.cases.screening import CaseScreening

FIRST_QUESTIONS = 8


@dataclass(frozen=True)
class Said:
    """A statement as a page shows it: `text` is a value, "does not know" or the like."""

    statement: Statement
    fact: Fact
    text: str
    has_value: bool


@dataclass(frozen=True)
class FactLine:
    """A fact, what counts of it, and what others say that differs; settled where `is_settled`."""

    fact: Fact
    label: str
    said: Said
    others: tuple[Said, ...]
    is_settled: bool


def shown(statement: Statement) -> Said:
    fact = load_vocabulary()[statement.fact]
    value = value_in(statement)
    return Said(statement, fact, _text(statement, fact, value), value is not None)


def _text(statement: Statement, fact: Fact, value: Value) -> str:
    if value is not None:
        if is_only_month(statement, value):
            return f"{str(value)[:7]} (the day is not known)"
        return value_text(fact, value)
    if year := year_of(statement):
        return f"{year} (the month and day are not known)"
    if statement.is_declined:
        return "would rather not say"
    return "does not know" if statement.is_unknown else "cannot be read"


def fact_lines(statements: list[Statement]) -> dict[str, list[FactLine]]:
    """The facts that somebody said something of, by the title of their group."""
    counts = counting(statements)
    differing = {d.fact.name: d for d in differences_in(statements)}
    lines = {}
    for title, facts in fact_groups().items():
        said = [fact for fact in facts if fact.name in counts]
        if said:
            lines[title] = [_line(fact, counts, differing) for fact in said]
    return lines


def facts_found(
    statements: list[Statement], text: str
) -> dict[str, list[tuple[Fact, str, Said | None]]]:
    """Every fact that fits a text (`facts_like`) with its name on a page and what counts of it."""
    counts = counting(statements)
    return {
        title: [
            (f, label_of(f), shown(counts[f.name]) if f.name in counts else None) for f in facts
        ]
        for title, facts in facts_like(text).items()
    }


def _line(
    fact: Fact,
    counts: Mapping[str, Statement],
    differing: Mapping[str, Disagreement],
) -> FactLine:
    found = differing.get(fact.name)
    others = tuple(map(shown, found.others)) if found else ()
    is_settled = found is not None and found.is_settled
    return FactLine(fact, label_of(fact), shown(counts[fact.name]), others, is_settled)


def screening_context(screening: CaseScreening) -> dict[str, Any]:
    """What the rules say, for a template: programs best first, deadlines, undated ones."""
    said = words()
    report = case_report(screening.findings, words=said)
    ranges = {d.rule.id for d in screening.deadlines if d.latest}
    return {
        "as_of": screening.as_of,
        "programs": [_program(p, rulebook().rules) for p in report.programs],
        "deadlines": [
            {"until": said.days_until(d.ahead, d.as_of), "rule": d.rule, **_days(d, screening)}
            for d in screening.deadlines
        ],
        "undated": [
            {"rule": d.rule, "fact": _fact(d.fact), "text": said.date_not_known(None)}
            for d in report.undated
            if d.rule.id not in ranges
        ],
        "is_emergency": screening.emergency,
        "emergency_reasons": emergency_reasons(screening),
    }


def _days(deadline: CaseDeadline, screening: CaseScreening) -> dict[str, Any]:
    """The day of a deadline; or the days between which it lies, and whose day would tell it."""
    if not deadline.latest:
        return {"day": deadline.day}
    fact = fact_of_term(deadline.rule.due) if deadline.rule.due else None
    is_month = fact is not None and isinstance(screening.facts.get(fact), SomeDayOf)
    return {
        "day": deadline.day,
        "latest": deadline.latest,
        "may_have_passed": deadline.day < deadline.as_of,
        "fact": _fact(fact) if is_month else None,
    }


def _fact(name: str | None) -> Fact | None:
    return load_vocabulary().facts.get(name) if name else None


def _program(program: ProgramFinding, rules: Mapping[str, Rule]) -> dict[str, Any]:
    said = words()
    finding = program.finding
    grounds = [_rule(rule) for rule in program.grounds]
    open_rules = [
        rules[name]
        for name, answer in finding.answers.items()
        if answer is None and rules[name].kind is Kind.GROUND and not is_demand(rules[name])
    ]
    has_more = program.says_something or program.open_bars or open_rules
    return {
        "name": finding.program,
        "has_more": bool(has_more),
        "title": said.program(finding.program),
        "question": said.program_question(finding.program),
        "outcome": finding.outcome,
        "outcome_text": program.outcome(said),
        "has_grounds": program.has_grounds,
        "grounds": grounds,
        "demands": [_rule(rule) for rule in program.demands],
        "bars": [_rule(rule) for rule in finding.bars],
        "open_bars": [
            {"rule": bar.rule, "facts": [f for name in bar.facts if (f := _fact(name))]}
            for bar in program.open_bars
        ],
        "open": open_rules,
    }


def _rule(rule: Rule) -> dict[str, Any]:
    """What is told of a rule that holds, whoever's case it is: looked up once."""
    if rule.id not in _told:
        _told[rule.id] = _told_of(rule, rulebook().rules)
    return _told[rule.id]


_told: dict[str, dict[str, Any]] = {}


def _told_of(rule: Rule, rules: Mapping[str, Rule]) -> dict[str, Any]:
    said = words()
    return {
        "rule": rule,
        "sentence": said.sentence(rule, True),
        "cites": [citation_html(line) for line in rule.cites],
        "waivers": [title for title, _ in said.waivers(rule, rules)],
        "authority": said.say(f"authority.{rule.authority}"),
        "in_force": said.in_force(rule),
        "confidence": "" if rule.check else said.confidence(rule),
    }


def questions_context(screening: CaseScreening) -> dict[str, list[dict[str, Any]]]:
    """The next questions in the order of asking, and apart those about police and detention."""
    facts, as_of = screening.facts, screening.as_of
    undated = (d for f in screening.findings for d in undated_deadlines(f, rulebook().rules))
    waiting = dict.fromkeys(d.fact for d in undated if d.fact)
    return {
        "questions": [
            _question(q) for q in islice(questions_to_ask(facts, as_of, waiting), FIRST_QUESTIONS)
        ],
        "custody_questions": [_question(q) for q in questions_of_custody(facts, as_of)],
    }


def _question(asked: Question) -> dict[str, Any]:
    said, fact = words(), load_vocabulary()[asked.fact]
    settles = said.programs(asked.settles_programs)
    return {"fact": fact, "text": said.question(fact), "settles": settles}


def why_context(
    screening: CaseScreening, statements: list[Statement], rule_id: str, *, whole: bool
) -> dict[str, Any]:
    """Why one rule answers as it does. Raises UnknownRule."""
    said = words()
    found = explained(screening, rule_id)
    months = [f for f in facts_read(found) if isinstance(screening.facts.get(f), SomeDayOf)]
    known = {r: answer for f in screening.findings for r, answer in f.answers.items()}
    answer = known.get(rule_id, found.answer)
    return {
        "explained": found,
        "months": [f for name in months if (f := _fact(name))],
        "differs": answer is not found.answer,
        "answer": said.truth(answer) if found.in_force else "not in force on this date",
        "sentence": said.sentence(found.rule, answer) if found.in_force else "",
        "tree": tree_html(found, counting(statements), whole=whole),
        "about": _rule(found.rule),
        "whole": whole,
    }


def newest(statements: Iterable[Statement]) -> list[Said]:
    """What was said lately, for whoever wrote at the same time as somebody else."""
    in_order = sorted(statements, key=lambda s: s.recorded_at, reverse=True)
    return [shown(s) for s in in_order[:5] if s.fact in load_vocabulary()]
