"""What a template may name: the facts, the person, and the rules as they answer for the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wayhome.engine.findings import Finding
from wayhome.law.conditions import facts_read
from wayhome.law.history import InForce
from wayhome.law.kleene import Truth
from wayhome.law.rules import Authority, Kind, Route, Rule, Rulebook
from wayhome.law.vocabulary import (
    SCREENING_DATE,
    UnknownFact,
    Value,
    did_you_mean,
    nearest_spelling,
)
from wayhome.papers.filling import Sheet
from wayhome.papers.values import Answer, Gap, answer, day, label, said

# What a paper may say of a person and those who act for them, and the gap where it is not known.
PERSON = {
    "name": "the person's full name is not known",
    "other_names": "other names the person has used are not known",
    "birth_date": "the date of birth is not known",
    "a_number": "the A-number is not known",
    "where": "where the person is now is not known",
    "case_code": "this case has no code",
    "organization": "the name of the office is not known",
    "counsel": "the name of the attorney or representative is not known",
    "counsel_address": "the address of the attorney or representative is not known",
    "court": "the immigration court is not known",
    "own_words": "the person's own account has not been written down",
    "own_language": "the language in which the account was given is not known",
    "translation": "the account has not been translated into English",
    "translator": "the name of the translator is not known",
}


class UnknownField(KeyError):
    """Something is said of a person that no paper has a place for."""

    def __str__(self) -> str:
        return str(self.args[0])


class FactsView:
    """`facts.order_date` in a template: an Answer."""

    def __init__(self, book: Rulebook, facts: Mapping[str, Value]) -> None:
        self._book, self._facts = book, facts

    def __getattr__(self, name: str) -> Answer:
        try:
            fact = self._book.vocabulary[name]
        except UnknownFact as error:
            raise AttributeError(str(error)) from error
        return answer(fact, self._facts.get(name))


class PersonView:
    """`person.name` in a template: an Answer."""

    def __init__(self, person: Mapping[str, str], facts: Mapping[str, Value]) -> None:
        for key in person:
            if key not in PERSON:
                hint = did_you_mean(nearest_spelling(key, PERSON))
                raise UnknownField(f"A paper has no place for {key!r} of a person.{hint}")
        born = facts.get("birth_date")
        birth_date = person.get("birth_date") or (day(born) if isinstance(born, date) else "")
        self._said = {**person, "birth_date": _in_words(birth_date)}

    def __getattr__(self, name: str) -> Answer:
        if name not in PERSON:
            raise AttributeError(name)
        return said(self._said.get(name) or "", PERSON[name])


def _in_words(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


@dataclass(frozen=True)
class RuleView:
    """A rule in a template. Its citations stand only where it holds; see also `law(rule)`."""

    rule: Rule
    holds: Truth
    cites: tuple[str | Gap, ...]
    known: tuple[tuple[str, Answer], ...]

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def authority(self) -> str:
        return str(self.rule.authority)

    @property
    def confidence(self) -> str:
        return str(self.rule.confidence)

    @property
    def check(self) -> str:
        return self.rule.check

    @property
    def assumes(self) -> tuple[str, ...]:
        return self.rule.assumes

    @property
    def leaves_out(self) -> tuple[str, ...]:
        return self.rule.leaves_out

    @property
    def state(self) -> str | Gap:
        words = {True: "holds on what is known", False: "does not hold on what is known"}
        return (
            Gap(f"it is not known whether this holds: {self.title}")
            if self.holds is None
            else (words[self.holds])
        )


class Screened:
    """The findings on a case as templates ask them. Whatever they name is noted on the sheet."""

    def __init__(
        self,
        book: Rulebook,
        findings: Iterable[Finding],
        facts: Mapping[str, Value],
        as_of: date,
        sheet: Sheet,
    ) -> None:
        self.book, self.facts, self.as_of, self.sheet = book, facts, as_of, sheet
        self.findings = tuple(findings)
        self.answers = {name: a for f in self.findings for name, a in f.answers.items()}

    def rule(self, name: str) -> RuleView:
        """A rule by its id, whatever it says of the case."""
        rule = self.book.rule(name)
        self.sheet.rules[rule.id] = None
        holds = self.answers.get(rule.id)
        missing = Gap(f"no citation stands here until this holds: {rule.title}")
        return RuleView(rule, holds, rule.cites if holds else (missing,), self._known(rule))

    def law(self, name: str) -> tuple[str | Gap, ...]:
        """A rule's citations wherever it is law on the day, for papers that ask others to act."""
        rule = self.book.rule(name)
        self.sheet.rules[rule.id] = None
        if rule.is_in_force(self.as_of):
            return rule.cites
        return (Gap(f"this is not law on {day(self.as_of)}: {rule.title}"),)

    def once(self, name: str) -> tuple[str | Gap, ...]:
        """A rule's citations with the days of its force, for law that may be over on the day."""
        rule = self.book.rule(name)
        self.sheet.rules[rule.id] = None
        begun = tuple(s for s in rule.in_force if s.start <= self.as_of)
        if begun:
            return (*rule.cites, "in effect " + " and ".join(map(_from_until, begun)))
        return (Gap(f"this was not yet law on {day(self.as_of)}: {rule.title}"),)

    def _known(self, rule: Rule) -> tuple[tuple[str, Answer], ...]:
        read = facts_read(rule.condition)
        known = (
            (fact, self.facts.get(fact.name))
            for fact in self.book.vocabulary
            if fact.name in read and fact.name != SCREENING_DATE
        )
        return tuple((label(f), answer(f, v)) for f, v in known if v is not None)

    def views(self, rules: Iterable[Rule]) -> Iterator[RuleView]:
        for rule in rules:
            yield self.rule(rule.id)

    def of_program(self, program: str) -> Finding | None:
        return next((f for f in self.findings if f.program == program), None)


def _from_until(stretch: InForce) -> str:
    until = f" until {day(stretch.end)}" if stretch.end else " on"
    return f"from {day(stretch.start)}{until}"


@dataclass
class Rules:
    """Rules that a template goes through; only those that it reaches are named on the sheet."""

    screened: Screened
    rules: tuple[Rule, ...]

    def __iter__(self) -> Iterator[RuleView]:
        return self.screened.views(self.rules)

    def __len__(self) -> int:
        return len(self.rules)


def names_for(
    program: str,
    for_rules: tuple[str, ...],
    screened: Screened,
    person: Mapping[str, str],
) -> dict[str, Any]:
    """Everything that a template may name."""
    finding = screened.of_program(program)
    grounds = finding.grounds if finding else ()
    own = tuple(g for g in grounds if not for_rules or g.id in for_rules)
    bars = finding.bars if finding else ()

    def listed(rules: Iterable[Rule]) -> Rules:
        return Rules(screened, tuple(rules))

    return {
        "sheet": screened.sheet,
        "facts": FactsView(screened.book, screened.facts),
        "person": PersonView(person, screened.facts),
        "grounds": listed(g for g in own if g.authority is not Authority.DEMAND),
        "other_grounds": listed(
            g for g in grounds if g not in own and g.authority is not Authority.DEMAND
        ),
        "motions": listed(g for g in own if g.route is Route.UNDO_ORDER),
        "demands": listed(g for g in own if g.authority is Authority.DEMAND),
        "bars": listed(bars),
        "open_bars": listed(_open_bars(screened, program)),
        "open_bars_before_grounds": listed(
            b for b in _open_bars(screened, program) if any(b.bars(g) for g in own)
        ),
        "bars_before_grounds": listed(b for b in bars if any(b.bars(g) for g in own)),
        "waivers": lambda bar: listed(_waivers(screened, bar.rule)),
        "waivers_in_words": lambda bar: [
            w for w in bar.rule.waivers if w not in screened.book.rules
        ],
        "deadlines": lambda *wanted: list(_deadlines(screened, finding, wanted)),
        "rule": screened.rule,
        "law": screened.law,
        "once": screened.once,
        "titles": lambda rules: "; ".join(rule.title for rule in rules),
        "missing": Gap,
        "as_of": screened.as_of,
    }


def _deadlines(
    screened: Screened, finding: Finding | None, wanted: tuple[str, ...]
) -> Iterator[tuple[RuleView, str]]:
    """Each deadline that holds, or of those wanted, with its day and whether it has passed."""
    for rule, when in finding.deadlines if finding else ():
        if not wanted or rule.id in wanted:
            passed = ", which has passed" if when < screened.as_of else ""
            yield screened.rule(rule.id), f"{day(when)}{passed}"


def _open_bars(screened: Screened, program: str) -> Iterator[Rule]:
    for name, truth in screened.answers.items():
        rule = screened.book.rules[name]
        if truth is None and rule.kind is Kind.BAR and rule.program == program:
            yield rule


def _waivers(screened: Screened, bar: Rule) -> Iterator[Rule]:
    for name in bar.waivers:
        rule = screened.book.rules.get(name)
        if rule is not None and screened.answers.get(name) is not False:
            yield rule
