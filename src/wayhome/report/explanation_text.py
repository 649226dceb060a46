"""One case as indented text that reads without colour and without its signs; JSON and HTML too."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from wayhome.engine.explanation import Explanation, Step
from wayhome.engine.findings import Finding
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule, Rulebook
from wayhome.programs import FOLDER
from wayhome.report.case_report import (
    CaseReport,
    OpenBar,
    ProgramFinding,
    case_report,
    deciding,
    most_useful_first,
    open_facts,
)
from wayhome.report.explanation_json import case_json
from wayhome.report.explanation_page import case_page
from wayhome.report.summary import UndatedDeadline, is_demand
from wayhome.report.words import Words, words

SIGNS: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}
MOST_QUESTIONS = 10
MOST_FACTS_IN_A_LINE = 4
WIDEST = 110


def case_text(
    findings: Sequence[Finding],
    explanations: Sequence[Explanation] = (),
    *,
    language: str = "en",
    style: str = "text",
    is_synthetic: bool = False,
    width: int | None = None,
    with_trees: Collection[Truth] | None = None,
    book: Rulebook | None = None,
    folder: Path | None = None,
) -> str:
    """One case's findings (at least one) and explanations, `style` being text, json or html.

    Text of many rules is long: with `with_trees` only rules of these answers have their trees,
    without the parts that could not matter, and the others have a line each. `book` is the
    rulebook screened against and `folder` its folder, which has the sentences of its rules; else
    the ones built in. Raises FaultyRulebook for words that cannot be read.
    """
    said = words(language, folder or FOLDER)
    report = case_report(findings, explanations, words=said, is_synthetic=is_synthetic, book=book)
    match style:
        case "json":
            return json.dumps(case_json(report, said), ensure_ascii=False, indent=2) + "\n"
        case "html":
            return case_page(report, said)
        case _:
            return _as_text(_case(report, said, with_trees), width)


def _as_text(parts: Iterator[RenderableType], width: int | None) -> str:
    columns = width or min(Console().width, WIDEST)
    console = Console(file=StringIO(), width=columns, color_system=None, legacy_windows=False)
    for part in parts:
        console.print(part)
    lines = str(console.file.getvalue()).splitlines()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _at(indent: int, text: str) -> Padding:
    return Padding(Text(text), (0, 0, 0, indent), expand=False)


def _heading(text: str) -> Iterator[RenderableType]:
    yield Text()
    yield Text(text.upper())


def _case(
    report: CaseReport, said: Words, with_trees: Collection[Truth] | None
) -> Iterator[RenderableType]:
    if report.is_synthetic:
        yield Text(said.say("synthetic_note"))
    yield Text(f"{said.say('case_heading', case=report.case_id)}. {said.as_of((report.as_of,))}.")
    yield Text(said.say("lead_note"))
    yield from _heading(said.say("findings"))
    for program in report.programs:
        yield from _program(program, report, said)
    yield from _questions(report, said)
    yield from _why(report, said, with_trees)
    yield Text()
    yield Text(said.say("lead_note"))


# --- what was found ---------------------------------------------------------------------------


def _program(program: ProgramFinding, report: CaseReport, said: Words) -> Iterator[RenderableType]:
    found = program.finding
    if program.says_something:
        yield Text()
    yield Text(f"{said.program(found.program)}: {program.outcome(said)}")
    grid = _grid()
    for rule in program.grounds:
        grid.add_row(said.say("kind.ground"), _rule(rule, report, said))
    for rule in found.bars:
        grid.add_row(said.say("kind.bar"), _rule(rule, report, said))
    for bar in program.open_bars:
        grid.add_row(said.say("open_bar"), _open_bar(bar, said))
    for rule, day in found.deadlines:
        when = said.deadline(rule, day, found.as_of)
        grid.add_row(said.say("kind.deadline"), Text(f"{when}: {rule.title} [{rule.id}]"))
    for deadline in program.undated:
        grid.add_row(said.say("kind.deadline"), _undated(deadline, report, said))
    for rule in program.demands:
        grid.add_row(said.say("demand_word"), _rule(rule, report, said))
    if grid.row_count:
        yield Padding(grid, (0, 0, 0, 2), expand=False)


def _grid() -> Table:
    """Two columns without lines: a label, and text that wraps under itself."""
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _undated(deadline: UndatedDeadline, report: CaseReport, said: Words) -> Text:
    rule, question = deadline.rule, said.question_of(deadline.fact, report.vocabulary)
    lines = (f"{said.date_not_known(deadline.fact)}: {rule.title} [{rule.id}]", question)
    return Text("\n".join(filter(None, lines)))


def _rule(rule: Rule, report: CaseReport, said: Words) -> Text:
    urgent = f"{said.say('urgent').upper()}: " if rule.emergency else ""
    lines = [f"{urgent}{rule.title} [{rule.id}]", "; ".join(rule.cites)]
    if rule.waivers:
        waivers = said.waivers(rule, report.rules)
        told = "; ".join(f"{title} [{name}]" if name else title for title, name in waivers)
        lines.append(f"{said.say('answers_to_bar')}: {told}")
    if rule.check:
        lines.append(f"{said.say('check_first').upper()}: {rule.check}")
    return Text("\n".join(lines))


def _open_bar(bar: OpenBar, said: Words) -> Text:
    settles = said.say("open_bar_facts", facts=", ".join(bar.facts))
    told = settles if bar.facts else said.say("open_bar_law")
    return Text(f"{bar.rule.title} [{bar.rule.id}]\n{told}")


def _questions(report: CaseReport, said: Words) -> Iterator[RenderableType]:
    yield from _heading(said.say("next_questions"))
    if not report.questions:
        yield Text(said.say("open_facts_none"))
        return
    yield Text(said.say("next_questions_text"))
    grid = _grid()
    for number, question in enumerate(report.questions[:MOST_QUESTIONS], start=1):
        fact = report.vocabulary[question.fact]
        lines = [f"{said.question(fact)} [{fact.name}]"]
        if question.settles_programs:
            names = said.programs(question.settles_programs)
            lines.append(said.say("could_settle", programs=names))
        grid.add_row(f"{number:>2}.", Text("\n".join(lines)))
    if len(report.questions) > MOST_QUESTIONS:
        more = len(report.questions) - MOST_QUESTIONS
        grid.add_row("", Text(said.say("and_more_facts", count=more)))
    yield grid


# --- why --------------------------------------------------------------------------------------


def _why(
    report: CaseReport, said: Words, with_trees: Collection[Truth] | None
) -> Iterator[RenderableType]:
    whole = with_trees is None
    trees = [e for e in report.explanations if whole or e.answer in (with_trees or ())]
    lines = [e for e in report.explanations if e.answer is None and e not in trees]
    if trees:
        yield from _heading(said.say("why"))
    for explanation in trees:
        yield Text()
        if whole:
            yield from _explanation(explanation, report, said)
            yield from _paragraph(said.say("source"), explanation.rule.source)
        else:
            tree = deciding(explanation.tree, said)
            yield from _explanation(replace(explanation, tree=tree), report, said)
    are_lines = with_trees is not None and None not in with_trees
    undated = report.undated if are_lines else []
    if lines or undated:
        yield from _heading(said.say("cannot_tell_rules"))
        yield Text(said.say("cannot_tell_rules_text"))
        grid = _grid()
        for explanation in most_useful_first(report, lines):
            rule = explanation.rule
            kind = said.say("demand_word") if is_demand(rule) else said.say(f"kind.{rule.kind}")
            grid.add_row(kind, f"{rule.id}: {_missing(explanation, report, said)}")
        for deadline in undated:
            told = f"{deadline.rule.id}: {said.date_not_known(deadline.fact)}"
            grid.add_row(said.say("kind.deadline"), told)
        yield grid


def _missing(explanation: Explanation, report: CaseReport, said: Words) -> str:
    """The first facts that are missing for a rule's answer."""
    facts = [fact.name for fact in open_facts(explanation, report.vocabulary)]
    if not facts:
        return said.say("open_bar_law")
    shown = facts[:MOST_FACTS_IN_A_LINE]
    if len(facts) > len(shown):
        shown.append(said.say("and_more_facts", count=len(facts) - len(shown)))
    return ", ".join(shown)


def _explanation(
    explanation: Explanation, report: CaseReport, said: Words
) -> Iterator[RenderableType]:
    rule = explanation.rule
    yield from _answer(explanation, report, said)
    kind, authority = said.say(f"kind.{rule.kind}"), said.say(f"authority.{rule.authority}")
    asked_by = f" ({said.say('asked_by', who=rule.asked_by)})" if rule.asked_by else ""
    yield _at(2, f"{kind}. {authority}{asked_by}. {said.in_force(rule)}.")
    yield from _paragraph(said.say("citations"), "; ".join(rule.cites))
    yield from _paragraph(said.say("how_sure"), said.confidence(rule), rule.check)
    yield from _paragraph(said.say("assumes"), *rule.assumes)
    yield from _paragraph(said.say("leaves_out"), *rule.leaves_out)
    yield Padding(_tree(explanation.tree, report, said), (0, 0, 0, 2), expand=False)
    yield from _what_to_ask(explanation, report, said)


def _answer(explanation: Explanation, report: CaseReport, said: Words) -> Iterator[RenderableType]:
    rule = explanation.rule
    yield Text(f"{rule.title} [{rule.id}]")
    if explanation.in_force:
        plainly = said.sentence(rule, explanation.answer)
        yield from _paragraph(said.say("answer"), f"{_truth(explanation.answer, said)}.", plainly)
    else:
        yield _at(2, said.say("rule_not_in_force", day=said.day(report.as_of)))


def _what_to_ask(
    explanation: Explanation, report: CaseReport, said: Words
) -> Iterator[RenderableType]:
    facts = open_facts(explanation, report.vocabulary)
    if facts:
        yield _at(2, f"{said.say('facts_unknown')}:")
    for fact in facts:
        yield _at(4, f"{said.question(fact)} [{fact.name}]")


def _paragraph(label: str, *texts: str) -> Iterator[RenderableType]:
    """A label and its sentences; nothing where there are none."""
    if told := " ".join(filter(None, texts)):
        yield _at(2, f"{label}: {told}")


def _truth(value: Truth, said: Words) -> str:
    return f"{SIGNS[value]} {said.truth(value)}"


def _tree(step: Step, report: CaseReport, said: Words) -> Tree:
    tree = Tree(_step(step, report, said), guide_style="")
    for part in step.parts:
        tree.add(_tree(part, report, said))
    return tree


def _step(step: Step, report: CaseReport, said: Words) -> RenderableType:
    """A condition and what it read: values, and the question where the answer would matter."""
    values = {name: f"{name} = {said.value(value)}" for name, value in step.facts.items()}
    text = values.pop(step.text, said.step(step.text))
    parts: list[RenderableType] = [Text(f"{_truth(step.value, said)}  {text}")]
    parts += [_at(4, line) for line in (step.note, *values.values()) if line]
    for name, value in step.facts.items():
        if value is None and step.value is None and name in report.vocabulary:
            parts.append(_at(8, said.question(report.vocabulary[name])))
    return Group(*parts)
