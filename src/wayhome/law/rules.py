"""A rule and the rulebook: what the law says, since when, on whose authority, how sure we are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from wayhome.law.conditions import AnyRow, Condition, InTable, Term
from wayhome.law.history import History, InForce
from wayhome.law.tables import Table, rows_written_out
from wayhome.law.vocabulary import Vocabulary, did_you_mean, nearest_spelling


class Kind(StrEnum):
    """What a rule is for."""

    GROUND = "ground"
    BAR = "bar"
    WAIVER = "waiver"
    DEADLINE = "deadline"
    PRIORITY = "priority"
    DEFINITION = "definition"


class Authority(StrEnum):
    """What a rule rests on. A demand is what the letters asked for; it is shown apart from law."""

    STATUTE = "statute"
    REGULATION = "regulation"
    PRECEDENT = "precedent"
    POLICY = "policy"
    DEMAND = "demand"


class Confidence(StrEnum):
    """How well a rule or a row is sourced."""

    SEEN = "seen"
    RECALLED = "recalled"
    CHECK = "check"


class Route(StrEnum):
    """How a ground would be used; a bar stands before routes."""

    CITIZENSHIP = "citizenship"
    COURT_ORDER = "court_order"
    UNDO_ORDER = "undo_order"
    NATURALIZE = "naturalize"
    VISA = "visa"
    PAROLE = "parole"
    REQUEST = "request"
    CUSTODY = "custody"
    STAY = "stay"
    DOCKET = "docket"
    PLACE = "place"


@dataclass(frozen=True)
class Rule:
    """One rule of a program, as its YAML states it (see docs/how-to/write-a-rule.md)."""

    id: str
    program: str
    title: str
    kind: Kind
    authority: Authority
    history: History
    condition: Condition
    cites: tuple[str, ...]
    confidence: Confidence
    checked: date
    source: str
    route: Route | None = None
    stands_before: tuple[str, ...] = ()
    waivers: tuple[str, ...] = ()
    due: Term | None = None
    emergency: bool = False
    asked_by: str = ""
    check: str = ""
    assumes: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    file: str = ""
    line: int = 0

    @cached_property
    def in_force(self) -> tuple[InForce, ...]:
        """When it was law, in order."""
        return self.history.stretches()

    def is_in_force(self, day: date) -> bool:
        return any(stretch.covers(day) for stretch in self.in_force)

    def bars(self, ground: Rule) -> bool:
        """Whether this bar stands in the way of that ground, where both hold."""
        if self.kind is not Kind.BAR or self.program != ground.program:
            return False
        return ground.id in self.stands_before or ground.route in self.stands_before


class UnknownRule(KeyError):
    """A rule id that the rulebook does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownProgram(KeyError):
    """A program that the rulebook does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Rulebook:
    """Every rule and table by name, in the order of the programs and their files."""

    vocabulary: Vocabulary
    programs: tuple[str, ...]
    rules: Mapping[str, Rule]
    tables: Mapping[str, Table]
    _rows: dict[InTable, AnyRow] = field(default_factory=dict, compare=False, repr=False)

    def rows_of(self, condition: InTable) -> AnyRow:
        """A table condition with its rows written out, worked out once."""
        if condition not in self._rows:
            kind = self.vocabulary[condition.fact].type
            table = self.tables[condition.table]
            self._rows[condition] = rows_written_out(condition, table, kind)
        return self._rows[condition]

    @cached_property
    def bars_before(self) -> Mapping[str, tuple[Rule, ...]]:
        """For each ground the bars that stand in its way, in force or not."""
        bars = [rule for rule in self.rules.values() if rule.kind is Kind.BAR]
        grounds = (rule for rule in self.rules.values() if rule.kind is Kind.GROUND)
        return {g.id: tuple(bar for bar in bars if bar.bars(g)) for g in grounds}

    def rule(self, rule_id: str) -> Rule:
        if rule_id in self.rules:
            return self.rules[rule_id]
        near = nearest_spelling(rule_id, self.rules)
        hint = did_you_mean(near)
        raise UnknownRule(f"There is no rule {rule_id!r}.{hint}")

    def of_program(self, program: str) -> tuple[Rule, ...]:
        """A program's rules. Raises UnknownProgram with the nearest spelling."""
        if program not in self.programs:
            near = nearest_spelling(program, self.programs)
            hint = did_you_mean(near)
            listed = ", ".join(self.programs)
            raise UnknownProgram(f"There is no program {program!r}.{hint} There are: {listed}.")
        return tuple(rule for rule in self.rules.values() if rule.program == program)
