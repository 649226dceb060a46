"""Everything the book says, gathered from a rulebook once: who reads, cites and tells what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from wayhome.changes.rulebook_changes import RulebookChanges, RuleChange, TableChange, What
from wayhome.law.citations import Citation, CitedLine, parse_line
from wayhome.law.condition_words import ConditionInWords, value_in_words
from wayhome.law.conditions import (
    Condition,
    InTable,
    RuleHolds,
    Within,
    fact_of_term,
    facts_read,
    walk,
)
from wayhome.law.rules import Authority, Kind, Rule, Rulebook
from wayhome.law.tables import Table
from wayhome.law.vocabulary import Fact, FactType, Value
from wayhome.report.words import words
from wayhome.sources.case_files.countries import country_names
from wayhome.stories.story import Story

MOST_RELATED = 12
# The columns of tables that name what a row rests on.
CITING_COLUMNS = ("cites", "cite", "own_motion_cite", "ended_by", "decision", "instrument")

Key = TypeVar("Key")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Cited:
    """One key of the index: what it is, and the rules and tables that cite it."""

    key: str
    anchor: str
    citation: Citation
    rules: tuple[Rule, ...]
    tables: tuple[Table, ...]

    @property
    def other_keys(self) -> tuple[str, ...]:
        return tuple(key for key in self.citation.keys if key != self.key)


@dataclass(frozen=True)
class Contents:
    """A rulebook with its stories, and every cross-reference that the pages need.

    `folder` is where the programs' files are; `changes` says what changed since an older edition.
    """

    book: Rulebook
    folder: Path
    stories: tuple[Story, ...]
    changes: RulebookChanges | None = None

    @cached_property
    def as_of(self) -> date:
        """The day up to which somebody last looked at the law; the book knows no other today."""
        return max(rule.checked for rule in self.book.rules.values())

    @cached_property
    def in_words(self) -> ConditionInWords:
        return ConditionInWords(self.book, self.value)

    def value(self, fact: str, value: Value) -> str:
        """A value in words; countries by their names."""
        is_code = fact in self.book.vocabulary and self.book.vocabulary[fact].type is FactType.CODE
        if is_code and str(value) in country_names():
            return country_names()[str(value)][0]
        return value_in_words(fact, value)

    def program_title(self, program: str) -> str:
        return words("en").program(program)

    def program_question(self, program: str) -> str:
        return words("en").program_question(program)

    @cached_property
    def programs(self) -> tuple[str, ...]:
        """The programs in the order in which the reports name them."""
        said = words("en")
        return tuple(sorted(self.book.programs, key=said.reading_order))

    def rules_by_kind(self, program: str) -> list[tuple[Kind, list[Rule]]]:
        """A program's rules of law, kind by kind; demands stand apart."""
        rules = [r for r in self.book.of_program(program) if r.authority is not Authority.DEMAND]
        by_kind = [(kind, [r for r in rules if r.kind is kind]) for kind in Kind]
        return [(kind, found) for kind, found in by_kind if found]

    def demands(self, program: str) -> list[Rule]:
        rules = self.book.of_program(program)
        return [rule for rule in rules if rule.authority is Authority.DEMAND]

    def tables_of(self, program: str) -> list[Table]:
        return [t for t in self.book.tables.values() if t.program == program]

    def stories_of(self, rule: Rule) -> list[Story]:
        return [s for s in self.stories if any(e.rule == rule.id for e in s.expect)]

    # --- against an older edition ---

    def change_of(self, rule: Rule) -> RuleChange | None:
        return self._rule_changes.get(rule.id)

    def change_of_table(self, table: Table) -> TableChange | None:
        tables = self.changes.tables if self.changes else ()
        return next((change for change in tables if change.table == table.name), None)

    @cached_property
    def removed(self) -> list[RuleChange]:
        """Rules that the older edition had and this one has not."""
        return [change for change in self._rule_changes.values() if change.what is What.REMOVED]

    @cached_property
    def _rule_changes(self) -> dict[str, RuleChange]:
        return {change.rule: change for change in self.changes.rules} if self.changes else {}

    # --- who reads what ---

    def facts_of(self, rule: Rule) -> list[Fact]:
        """The facts a rule's condition and date read, in the order of the vocabulary."""
        names = set(facts_read(rule.condition))
        if rule.due and (fact := fact_of_term(rule.due)):
            names.add(fact)
        return [fact for fact in self.book.vocabulary if fact.name in names]

    def readers_of_fact(self, fact: str) -> list[Rule]:
        return self._fact_readers.get(fact, [])

    @cached_property
    def _fact_readers(self) -> dict[str, list[Rule]]:
        return _inverted(
            (fact.name, rule) for rule in self.book.rules.values() for fact in self.facts_of(rule)
        )

    def tables_read_by(self, rule: Rule) -> list[Table]:
        names = dict.fromkeys(c.table for c in walk(rule.condition) if isinstance(c, InTable))
        return [self.book.tables[name] for name in names]

    def readers_of_table(self, table: Table) -> list[Rule]:
        return [r for r in self.book.rules.values() if table in self.tables_read_by(r)]

    def ranges_read_by(self, rule: Rule, table: Table) -> tuple[str, ...]:
        """The ranges of a table that a rule asks about; all of them where it names none."""
        named = [
            c.range for c in walk(rule.condition) if isinstance(c, Within) and c.table == table.name
        ]
        return tuple(dict.fromkeys(named)) or table.ranges

    def rules_named_by(self, rule: Rule) -> list[Rule]:
        return [self.book.rules[name] for name in _rules_in(rule.condition)]

    def rules_naming(self, rule: Rule) -> list[Rule]:
        return self._namers.get(rule.id, [])

    @cached_property
    def _namers(self) -> dict[str, list[Rule]]:
        rules = self.book.rules.values()
        return _inverted((name, rule) for rule in rules for name in _rules_in(rule.condition))

    # --- bars, grounds, waivers ---

    def bars_before(self, ground: Rule) -> list[Rule]:
        is_ground = ground.kind is Kind.GROUND
        return [b for b in self.book.rules.values() if is_ground and b.bars(ground)]

    def grounds_behind(self, bar: Rule) -> list[Rule]:
        grounds = (r for r in self.book.of_program(bar.program) if r.kind is Kind.GROUND)
        return [ground for ground in grounds if bar.bars(ground)]

    def bars_answered_by(self, waiver: Rule) -> list[Rule]:
        return [bar for bar in self.book.rules.values() if waiver.id in bar.waivers]

    def related(self, rule: Rule) -> list[Rule]:
        """Other rules that cite the same law, those with most in common first."""
        shared: dict[str, int] = {}
        for line in self.cited_lines(rule):
            for key in (k for c in line.citations for k in c.keys):
                for other in self.index[key].rules:
                    shared[other.id] = shared.get(other.id, 0) + 1
        shared.pop(rule.id, None)
        ranked = sorted(shared, key=lambda name: (-shared[name], name))
        return [self.book.rules[name] for name in ranked[:MOST_RELATED]]

    # --- citations ---

    def cited_lines(self, rule: Rule) -> list[CitedLine]:
        return [parse_line(text) for text in rule.cites]

    @cached_property
    def index(self) -> Mapping[str, Cited]:
        """Every key that is cited, in the order in which a reader looks for it."""
        by_rule = _inverted(
            (key, (citation, rule))
            for rule in self.book.rules.values()
            for line in self.cited_lines(rule)
            for citation in line.citations
            for key in citation.keys
        )
        by_table = _inverted(
            (key, (citation, table))
            for table in self.book.tables.values()
            for line in table_lines(table)
            for citation in line.citations
            if citation.url
            for key in citation.keys
        )
        keys = sorted({*by_rule, *by_table}, key=natural_order)
        found: dict[str, Cited] = {}
        for key in keys:
            pairs = by_rule.get(key, []), by_table.get(key, [])
            citation = next(c for group in pairs for c, _ in group)
            rules = tuple(dict.fromkeys(r.id for _, r in pairs[0]))
            tables = tuple(dict.fromkeys(t.name for _, t in pairs[1]))
            found[key] = Cited(
                key,
                anchor(key),
                citation,
                tuple(self.book.rules[name] for name in rules),
                tuple(self.book.tables[name] for name in tables),
            )
        return found


def table_lines(table: Table) -> Iterable[CitedLine]:
    """The lines of a table's rows that cite something."""
    columns = [column for column in table.columns if column in CITING_COLUMNS]
    for row in table.rows:
        for column in columns:
            if isinstance(text := row.values[column], str):
                yield parse_line(text)


def anchor(key: str) -> str:
    """A key as the name of a place on a page."""
    return re.sub(r"[^\w.]+", "-", key).strip("-")


def natural_order(key: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers in a key sort as numbers: INA 9 before INA 10."""
    parts = re.findall(r"\d+|\D+", key)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p.lower()) for p in parts)


def _rules_in(condition: Condition) -> list[str]:
    return list(dict.fromkeys(c.rule for c in walk(condition) if isinstance(c, RuleHolds)))


def _inverted(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, list[Item]]:
    found: dict[Key, list[Item]] = {}
    for key, item in pairs:
        found.setdefault(key, []).append(item)
    return found
