"""One case as indented text that reads without colour and without its signs; JSON and HTML too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from wayhome.engine.explanation import Explanation, Step
from wayhome.engine.findings import Finding
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.report.case_report import CaseReport, ProgramFinding, case_report, open_facts
from wayhome.report.explanation_json import case_json
from wayhome.report.explanation_page import case_page
from wayhome.report.rule_sentences import sentence
from wayhome.report.words import Words, words

SIGNS: dict[Truth, str] = {True: "✓", False: "✗", None: "?"}
MOST_QUESTIONS = 12
# With more explanations than this, those that are not true are told without their trees.
MOST_TREES = 5
MOST_FACTS_IN_SHORT = 4
WIDEST = 110


def case_text(
    findings: Sequence[Finding],
    explanations: Sequence[Explanation] = (),
    *,
    language: str = "en",
    style: str = "text",
    is_synthetic: bool = False,
    width: int | None = None,
) -> str:
    """One case's findings (at least one) and explanations, `style` being text, json or html."""
    said = words(language)
    report = case_report(findings, explanations, words=said, is_synthetic=is_synthetic)
    match style:
        case "json":
            return json.dumps(case_json(report, said), ensure_ascii=False, indent=2) + "\n"
        case "html":
            return case_page(report, said)
        case _:
            return _as_text(_case(report, said), width)


def explanation_text(
    explanation: Explanation, report: CaseReport, said: Words, *, width: int | None = None
) -> str:
    """One rule's explanation as text."""
    return _as_text(_explanation(explanation, report, said), width)


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


def _case(report: CaseReport, said: Words) -> Iterator[RenderableType]:
    if report.is_synthetic:
        yield Text(said.say("synthetic_note"))
    yield Text(f"{said.say('case_heading', case=report.case_id)}. {said.as_of((report.as_of,))}.")
    yield Text(said.say("lead_note"))
    yield from _heading(said.say("findings"))
    for program in report.programs:
        yield from _program(program, said)
    yield from _questions(report, said)
    if report.explanations:
        yield from _heading(said.say("why"))
    few = len(report.explanations) <= MOST_TREES
    for explanation in report.explanations:
        yield Text()
        tell = _explanation if few or explanation.answer else _in_short
        yield from tell(explanation, report, said)
    yield Text()
    yield Text(said.say("lead_note"))


# --- what was found ---------------------------------------------------------------------------


def _program(program: ProgramFinding, said: Words) -> Iterator[RenderableType]:
    found = program.finding
    if program.says_something:
        yield Text()
    yield Text(f"{said.program(found.program)}: {said.say(f'outcomes.{found.outcome}')}")
    grid = _grid()
    for rule in program.grounds:
        grid.add_row(said.say("kind.ground"), _rule(rule, said))
    for rule in found.bars:
        grid.add_row(said.say("kind.bar"), _rule(rule, said))
    for rule, day in found.deadlines:
        when = f"{day} ({said.days_until(day, found.as_of)})"
        grid.add_row(said.say("kind.deadline"), Text(f"{when}: {rule.title} [{rule.id}]"))
    for rule in program.demands:
        grid.add_row(said.say("demand_word"), _rule(rule, said))
    if grid.row_count:
        yield Padding(grid, (0, 0, 0, 2), expand=False)


def _grid() -> Table:
    """Two columns without lines: a label, and text that wraps under itself."""
    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


def _rule(rule: Rule, said: Words) -> Text:
    urgent = f"{said.say('urgent').upper()}: " if rule.emergency else ""
    lines = [f"{urgent}{rule.title} [{rule.id}]", "; ".join(rule.cites)]
    if rule.waivers:
        lines.append(said.say("answers_to_bar", waivers="; ".join(rule.waivers)))
    if rule.check:
        lines.append(f"{said.say('check_first').upper()}: {rule.check}")
    return Text("\n".join(lines))


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


def _explanation(
    explanation: Explanation, report: CaseReport, said: Words
) -> Iterator[RenderableType]:
    rule = explanation.rule
    yield from _answer(explanation, report, said)
    kind, authority = said.say(f"kind.{rule.kind}"), said.say(f"authority.{rule.authority}")
    asked_by = f" ({said.say('asked_by', who=rule.asked_by)})" if rule.asked_by else ""
    yield _at(2, f"{kind}. {authority}{asked_by}. {said.in_force(rule)}.")
    yield from _lines(said.say("citations"), rule.cites)
    yield from _lines(said.say("how_sure"), [said.confidence(rule), rule.check])
    yield from _lines(said.say("assumes"), rule.assumes)
    yield from _lines(said.say("leaves_out"), rule.leaves_out)
    yield from _lines(said.say("source"), [rule.source])
    yield Padding(_tree(explanation.tree, report, said), (0, 0, 0, 2), expand=False)
    yield from _what_to_ask(explanation, report, said)


def _in_short(
    explanation: Explanation, report: CaseReport, said: Words
) -> Iterator[RenderableType]:
    yield from _answer(explanation, report, said)
    yield from _what_to_ask(explanation, report, said, most=MOST_FACTS_IN_SHORT)


def _answer(explanation: Explanation, report: CaseReport, said: Words) -> Iterator[RenderableType]:
    rule = explanation.rule
    yield Text(f"{rule.title} [{rule.id}]")
    if explanation.in_force:
        yield _at(2, f"{said.say('answer')}: {_truth(explanation.answer, said)}")
        yield from _lines("", [sentence(rule, explanation.answer, said.language)])
    else:
        yield _at(2, said.say("rule_not_in_force", day=said.day(report.as_of)))


def _what_to_ask(
    explanation: Explanation, report: CaseReport, said: Words, most: int | None = None
) -> Iterator[RenderableType]:
    facts = open_facts(explanation, report.vocabulary)
    questions = [f"{said.question(fact)} [{fact.name}]" for fact in facts[:most]]
    if len(questions) < len(facts):
        questions.append(said.say("and_more_facts", count=len(facts) - len(questions)))
    yield from _lines(said.say("facts_unknown"), questions)


def _lines(label: str, texts: Sequence[str]) -> Iterator[RenderableType]:
    """A label and its sentences below each other; nothing where there are none."""
    told = [text for text in texts if text]
    if label and told:
        yield _at(2, f"{label}:")
    for text in told:
        yield _at(4 if label else 2, text)


def _truth(value: Truth, said: Words) -> str:
    return f"{SIGNS[value]} {said.truth(value)}"


def _tree(step: Step, report: CaseReport, said: Words) -> Tree:
    tree = Tree(_step(step, report, said), guide_style="")
    for part in step.parts:
        tree.add(_tree(part, report, said))
    return tree


def _step(step: Step, report: CaseReport, said: Words) -> RenderableType:
    """A condition, and below it what it read: values, and the question where one is not known."""
    parts: list[RenderableType] = [Text(f"{_truth(step.value, said)}  {said.step(step.text)}")]
    if step.note:
        parts.append(_at(4, step.note))
    for name, value in step.facts.items():
        parts.append(_at(4, f"{name} = {said.value(value)}"))
        if value is None and name in report.vocabulary:
            parts.append(_at(8, said.question(report.vocabulary[name])))
    return Group(*parts)
