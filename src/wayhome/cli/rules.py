"""`wayhome rules`: read, check and try the rulebook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from wayhome.cli.dates import AsOf, day_of
from wayhome.cli.problems import Exit, Problem, listed, number_of

if TYPE_CHECKING:
    from wayhome.law.rules import Rule, Rulebook

rules_app = typer.Typer(no_args_is_help=True, help="Read, check and try the rulebook.")
console = Console()

RulebookFolder = Annotated[
    Path | None,
    typer.Option("--rulebook", help="Another folder of programs instead of the one built in."),
]
Programs = Annotated[
    str | None, typer.Option("--program", help="Only these programs, with commas between.")
]


def add_to(app: typer.Typer) -> None:
    app.add_typer(rules_app, name="rules")


def load(folder: Path | None) -> Rulebook:
    """The rulebook, or a Problem that lists every fault."""
    from wayhome.law.faults import FaultyRulebook
    from wayhome.law.loading import load_rulebook
    from wayhome.programs import FOLDER

    try:
        return load_rulebook(folder or FOLDER)
    except FaultyRulebook as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        raise Problem(text, Exit.BAD_RULEBOOK) from error


def chosen_programs(rulebook: Rulebook, names: str | None) -> tuple[str, ...]:
    """The programs asked for, or all. Raises Problem with the nearest spelling."""
    from wayhome.law.rules import UnknownProgram

    programs = tuple(n.strip() for n in names.split(",") if n.strip()) if names else ()
    try:
        for program in programs:
            rulebook.of_program(program)
    except UnknownProgram as error:
        raise Problem(str(error), Exit.USAGE) from error
    return programs or rulebook.programs


def chosen_rule(rulebook: Rulebook, rule_id: str) -> Rule:
    from wayhome.law.rules import UnknownRule

    try:
        return rulebook.rule(rule_id)
    except UnknownRule as error:
        raise Problem(str(error), Exit.USAGE) from error


@rules_app.command("list")
def list_rules(
    program: Programs = None, as_of: AsOf = None, rulebook: RulebookFolder = None
) -> None:
    """List the rules, with kind, authority and the dates they are in force."""
    book = load(rulebook)
    day = day_of(as_of) if as_of else None
    grid = Grid(box=None, pad_edge=False)
    for heading in ("rule", "kind", "authority", "in force", "title"):
        grid.add_column(heading, overflow="fold", no_wrap=heading == "rule")
    for name in chosen_programs(book, program):
        for rule in book.of_program(name):
            if day is None or rule.is_in_force(day):
                dates = _in_force_text(rule)
                grid.add_row(rule.id, rule.kind, rule.authority, dates, rule.title)
    console.print(grid)


@rules_app.command("show")
def show_rule(rule: str, rulebook: RulebookFolder = None) -> None:
    """Show one rule whole: its condition, citations, dates, and how sure it is."""
    from wayhome.law.conditions import condition_text, term_text

    found = chosen_rule(load(rulebook), rule)
    lines = [
        ("", f"[bold]{found.title}[/bold]"),
        ("rule", found.id),
        ("kind", f"{found.kind}, by {found.authority}" + _asked_by(found)),
        ("in force", _in_force_text(found)),
        ("condition", condition_text(found.condition)),
        ("date", term_text(found.due) if found.due else ""),
        ("route", found.route or ""),
        ("stands before", ", ".join(found.stands_before)),
        ("answered by", "; ".join(found.waivers)),
        ("citations", "; ".join(found.cites)),
        ("assumes", " ".join(found.assumes)),
        ("leaves out", " ".join(found.leaves_out)),
        ("how sure", _confidence_text(found)),
        ("source", found.source),
        ("written in", f"{found.file}, line {found.line}"),
    ]
    grid = Grid(box=None, pad_edge=False, show_header=False)
    for label, text in lines:
        if text:
            grid.add_row(f"[dim]{label}[/dim]", text)
    console.print(grid)


@rules_app.command("check")
def check_rules(rulebook: RulebookFolder = None) -> None:
    """Check every rule, table, citation, example and sentence; say every fault at once."""
    from wayhome.programs import FOLDER
    from wayhome.words.english import words_faults

    checked = _check_law(rulebook)
    if faults := words_faults(rulebook or FOLDER, load(rulebook)):
        raise Problem(listed([str(fault) for fault in faults], "fault"), Exit.BAD_RULEBOOK)
    console.print(checked)


def _check_law(rulebook: Path | None) -> str:
    """What was checked, or a Problem. A rule can be tried before anybody has words for it."""
    from wayhome.law.citations.checking import citation_faults
    from wayhome.law.faults import FaultyRulebook
    from wayhome.programs import FOLDER
    from wayhome.stories.reading import read_stories

    book = load(rulebook)
    try:
        stories = read_stories(rulebook or FOLDER, book, book.programs)
    except FaultyRulebook as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        raise Problem(text, Exit.BAD_RULEBOOK) from error
    if faults := citation_faults(book):
        raise Problem(listed([str(fault) for fault in faults], "fault"), Exit.BAD_RULEBOOK)
    rows = sum(len(table.rows) for table in book.tables.values())
    return (
        f"{number_of(len(book.rules), 'rule')} in {number_of(len(book.programs), 'program')}, "
        f"{number_of(len(book.tables), 'table')} ({number_of(rows, 'row')}), "
        f"{number_of(len(stories), 'example')}: no faults."
    )


@rules_app.command("test")
def try_stories(
    programs: Annotated[list[str] | None, typer.Argument(help="Programs; all if none.")] = None,
    rulebook: RulebookFolder = None,
) -> int:
    """Run the examples: does each rule answer as its stories say, and is every answer told?"""
    from wayhome.programs import FOLDER
    from wayhome.stories.completeness import untold
    from wayhome.stories.reading import read_stories
    from wayhome.stories.story import disagreements

    _check_law(rulebook)
    book = load(rulebook)
    chosen = chosen_programs(book, ",".join(programs or ()))
    everywhere = read_stories(rulebook or FOLDER, book, book.programs)
    stories = [s for s in everywhere if s.file.split("/")[0] in chosen]
    wrong = [d for story in stories for d in disagreements(story, book)]
    missing = untold(everywhere, book, chosen)
    for fault in (*wrong, *missing):
        console.print(str(fault), markup=False, soft_wrap=True)
    answers = sum(len(story.expect) for story in stories)
    console.print(
        f"{number_of(len(stories), 'example')}, {number_of(answers, 'answer')}: "
        f"{len(wrong)} disagree, {number_of(len(missing), 'answer')} untold."
    )
    return Exit.DISAGREES if wrong or missing else Exit.OK


@rules_app.command("vocabulary")
def show_vocabulary(
    search: Annotated[str, typer.Argument(help="Only facts with this word.")] = "",
) -> None:
    """List the facts that a rule may read: name, type, meaning."""
    from wayhome.law.vocabulary import load_vocabulary

    grid = Grid(box=None, pad_edge=False)
    for heading in ("fact", "type", "meaning"):
        grid.add_column(heading, overflow="fold")
    for fact in load_vocabulary():
        kind = "|".join(fact.values) if fact.values else f"{fact.type} {fact.unit}".strip()
        if search.lower() in f"{fact.name} {fact.meaning}".lower():
            grid.add_row(fact.name, kind, fact.meaning)
    console.print(grid)


def _asked_by(rule: Rule) -> str:
    return f" ({rule.asked_by})" if rule.asked_by else ""


def _in_force_text(rule: Rule) -> str:
    return "; ".join(
        f"{s.start} to {_before(s.end)}" if s.end else f"since {s.start}" for s in rule.in_force
    )


def _before(end: date) -> str:
    return f"the day before {end}"


def _confidence_text(rule: Rule) -> str:
    words = {
        "seen": "a copy of the source was read",
        "recalled": "from general knowledge, not yet read against the text",
        "check": f"a lawyer should check this first: {rule.check}",
    }
    return f"{words[rule.confidence]} (looked at on {rule.checked})"
