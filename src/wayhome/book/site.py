"""The whole site as files by name, and putting it in place whole."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wayhome import __version__
from wayhome.book import chronicle, told
from wayhome.book.contents import CITING_COLUMNS, Cited, Contents
from wayhome.book.standing import standing
from wayhome.book.story_words import told_story
from wayhome.book.timeline import drawn, row_spans, rule_lane, table_lanes
from wayhome.changes.editions import edition_in, open_edition
from wayhome.changes.rulebook_changes import rulebook_changes
from wayhome.law.citations import CitationKind, parse_line
from wayhome.law.condition_words import day_in_words
from wayhome.law.conditions import condition_text, term_text
from wayhome.law.rules import Rule
from wayhome.law.tables import Table
from wayhome.stories.reading import read_stories

STYLE, SCRIPT = "style.css", "search.js"
MOST_EVENTS_OPEN = 12


class NotABook(ValueError):
    """The folder to write to holds something else than an earlier book."""


def site(contents: Contents) -> Mapping[str, str]:
    """Every file of the book by its path, in the order in which they are made."""
    return dict(_files(contents))


def write_site(contents: Contents, folder: Path) -> int:
    """Writes the book beside `folder` and puts it in place whole. Returns how many files it has.

    Raises NotABook where the folder holds anything but an earlier book, and OSError.
    """
    files = site(contents)
    foreign = _foreign(folder, files)
    if foreign is not None:
        raise NotABook(
            f"{folder} holds something else than an earlier book ({foreign}). Name a new or an "
            "empty folder."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = folder.with_name(f".{folder.name}.{os.getpid()}")
    before = folder.with_name(f".{folder.name}.{os.getpid()}.before")
    try:
        for name, text in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.replace(before)
        beside.replace(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if before.exists() and not folder.exists():
            before.replace(folder)
        shutil.rmtree(before, ignore_errors=True)
    return len(files)


def _foreign(folder: Path, files: Mapping[str, str]) -> str | None:
    """A file in the folder that no book has written, or None where there is none.

    An earlier edition may have had pages of rules, facts and tables that this one has not.
    """
    if not folder.exists():
        return None
    if not folder.is_dir():
        return folder.name
    rooms = {Path(name).parent for name in files if "/" in name}
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        name = path.relative_to(folder)
        is_old_page = name.parent in rooms and name.suffix == ".html"
        if name.as_posix() not in files and not is_old_page:
            return name.as_posix()
    return None


def _files(contents: Contents) -> Iterator[tuple[str, str]]:
    book, fill = contents.book, _Pages(contents).fill
    yield STYLE, _style()
    yield "index.html", fill("home.html", 0)
    yield "search.html", fill("search.html", 0, kinds=list(CitationKind))
    yield "citations.html", fill("citations.html", 0, groups=_grouped(contents.index))
    yield "vocabulary.html", fill("vocabulary.html", 0)
    yield "tables.html", fill("tables.html", 0)
    for program in contents.programs:
        passages = told.program_passages(program, contents)
        yield f"program/{program}.html", fill("program.html", 1, program=program, passages=passages)
        yield (
            f"program/{program}-whole.html",
            fill("whole.html", 1, program=program, passages=passages),
        )
    for rule in book.rules.values():
        yield f"rule/{rule.id}.html", fill("rule.html", 1, rule=rule)
    for table in book.tables.values():
        yield f"table/{table.name}.html", fill("table.html", 1, table=table)
    for fact in book.vocabulary:
        yield f"fact/{fact.name}.html", fill("fact.html", 1, fact=fact)


def _grouped(index: Mapping[str, Cited]) -> list[tuple[CitationKind, list[Cited]]]:
    groups = [
        (kind, [c for c in index.values() if c.citation.kind is kind]) for kind in CitationKind
    ]
    return [(kind, found) for kind, found in groups if found]


class _Pages:
    """Fills the templates in; everything that they may ask for is named here."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.known: dict[str, Any] = {
            "c": contents,
            "book": contents.book,
            "version": __version__,
            "script": Markup(_script()),
            "script_hash": _script_hash(),
            "day": day_in_words,
            "number": lambda count, noun: f"{count:,} {noun}" + ("" if count == 1 else "s"),
            "answers": told.ANSWERS,
            "rule_passages": lambda rule: told.rule_passages(rule, contents),
            "fact_passages": told.fact_passages,
            "standing": lambda rule: standing(rule, contents.as_of),
            "say": contents.in_words.say,
            "say_term": contents.in_words.say_term,
            "condition_text": condition_text,
            "term_text": term_text,
            "parse_line": parse_line,
            "events": lambda rule: chronicle.events(rule, contents),
            "row_events": lambda rule: chronicle.row_events(rule, contents),
            "most_events": MOST_EVENTS_OPEN,
            "timeline": self.rule_timeline,
            "table_timeline": self.table_timeline,
            "citing_columns": CITING_COLUMNS,
            "row_name": lambda table, row: chronicle.row_name(table, row, contents),
            "row_keys": lambda table: chronicle.row_keys(table, contents),
            "row_spans": row_spans,
            "told_story": lambda story, rule: told_story(story, rule, contents),
        }

    def fill(self, template: str, depth: int, **values: Any) -> str:
        found = _templates().get_template(template)
        return found.render(root="../" * depth, **self.known, **values)

    def rule_timeline(self, rule: Rule, figure_id: str) -> Markup:
        return drawn([rule_lane(rule)], figure_id, f"Dates of: {rule.title}", self.contents.as_of)

    def table_timeline(self, table: Table, figure_id: str) -> Markup:
        """The rows of a table with dates as bars; empty for a table without ranges."""
        names = [chronicle.row_name(table, row, self.contents) for row in table.rows]
        lanes = table_lanes(table, names, table.ranges)
        if not lanes:
            return Markup("")
        return drawn(lanes, figure_id, f"Dates of the rows: {table.title}", self.contents.as_of)


@cache
def _templates() -> Environment:
    return Environment(
        loader=ChoiceLoader([PackageLoader("wayhome.book"), PackageLoader("wayhome.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    """The reports' own style, and what only the book needs."""
    texts = [
        resources.files(package).joinpath("templates", "style.css").read_text(encoding="utf-8")
        for package in ("wayhome.report", "wayhome.book")
    ]
    return "\n".join(texts)


@cache
def _script() -> str:
    path = resources.files("wayhome.book").joinpath("templates", SCRIPT)
    return path.read_text(encoding="utf-8").strip()


@cache
def _script_hash() -> str:
    """The one script that the search page's security policy lets run."""
    digest = hashlib.sha256(_script().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def contents_of(folder: Path, since: str = "") -> Contents:
    """The rulebook in a folder of programs, with its stories.

    `since` is an older edition to compare with: a folder or a git revision. Raises FaultyRulebook
    for either, and for faulty examples; NoSuchEdition.
    """
    edition = edition_in(folder, "this edition")
    changes = rulebook_changes(open_edition(since, folder), edition) if since else None
    book = edition.rulebook
    stories = read_stories(folder, book, book.programs)
    return Contents(book, folder, tuple(stories), changes)
