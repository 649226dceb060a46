"""Reference pages made from the code itself: `make docs` writes them, a test fails when stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from typer.core import TyperGroup, TyperOption

from wayhome.law.conditions import condition_text, term_text
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook

_MADE = "<!-- Made by `make docs`; do not edit. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "vocabulary.md": _MADE + "\n".join(_vocabulary()) + "\n",
        "rulebook.md": _MADE + "\n".join(_rulebook(rulebook())) + "\n",
        "commands.md": _MADE + "\n".join(_commands()) + "\n",
    }


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _vocabulary() -> Iterator[str]:
    facts = list(load_vocabulary())
    yield f"# The facts vocabulary\n\n{len(facts)} facts. What a rule may read, and what a case file's columns may be.\n"
    yield "| fact | type | meaning | question | how the courts' release tells it |"
    yield "| --- | --- | --- | --- | --- |"
    for fact in facts:
        kind = " / ".join(fact.values) or f"{fact.type} {fact.unit}".strip()
        cells = (f"`{fact.name}`", kind, fact.meaning, fact.question, fact.docket_source)
        yield "| " + " | ".join(_cell(c) for c in cells) + " |"


def _rulebook(book: Rulebook) -> Iterator[str]:
    yield f"# The rulebook\n\n{len(book.rules)} rules, {len(book.tables)} dated tables. A lead for a lawyer, not advice.\n"
    for program in book.programs:
        rules = book.of_program(program)
        yield f"\n## {program}\n\n{len(rules)} rules. See [its README](../../src/wayhome/programs/{program}/README.md).\n"
        for rule in rules:
            yield from _rule(rule)
    yield "\n## Tables\n"
    for table in book.tables.values():
        yield f"- `{table.name}` ({table.file}): {table.title}, {len(table.rows)} rows."


def _rule(rule: Rule) -> Iterator[str]:
    dates = "; ".join(
        f"{s.start} to before {s.end}" if s.end else f"since {s.start}" for s in rule.in_force
    )
    sure = f"**check**: {rule.check}" if rule.check else str(rule.confidence)
    yield f"### `{rule.id}`\n\n{rule.title}.\n"
    yield f"- {rule.kind}, by {rule.authority}; in force {dates}; {sure}"
    yield f"- when: `{condition_text(rule.condition)}`"
    if rule.due:
        yield f"- date: `{term_text(rule.due)}`"
    if rule.stands_before:
        yield f"- stands before: {', '.join(rule.stands_before)}; answered by: {'; '.join(rule.waivers) or 'nothing'}"
    yield f"- cites: {'; '.join(rule.cites)}\n"


def _commands() -> Iterator[str]:
    from wayhome.cli import app, build

    build()
    root = typer.main.get_command(app)
    yield f"# Commands\n\n{root.help}\n\n{root.epilog}\n"
    yield from _command(root, "wayhome")


def _command(command: Any, path: str) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _command(inner, f"{path} {name}")
        return
    yield f"## `{path}`\n\n{command.help}\n"
    yield "| argument or option | what |"
    yield "| --- | --- |"
    for parameter in command.params:
        names = ", ".join(parameter.opts) if isinstance(parameter, TyperOption) else parameter.name
        yield f"| `{names}` | {_cell(getattr(parameter, 'help', '') or '')} |"
    yield ""


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
