"""Which names are one agency: held together across lists, or handed to a person to decide.

Two names of one list are two agencies unless a person says otherwise. A name that came when
another went is the same agency for certain where both hold the same agreement (model and day of
signing), are the same kind of force, and differ by little, or by words that one of them adds
where both link to the same document; else it is a question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

from wayhome.sources.agreements.agency_names import (
    agency_key,
    contained,
    force_of,
    likeness,
    numbers_of,
)
from wayhome.sources.agreements.agreement_list import AgreementList
from wayhome.sources.agreements.decisions import About, Decisions, Name, pair_of
from wayhome.sources.decisions_file import Decision

# Measured on the lists of 2025 (see README.md): at this likeness and with an agreement in common,
# every pair was one agency.
CERTAIN = 90
ASKED_WITH_AGREEMENT = 60
ASKED_WITHOUT = 92
ASKED_IN_ONE_LIST = 97


@dataclass
class _Named:
    """One name in its state over all lists. `printed` is how the newest list has it."""

    name: Name
    printed: str = ""
    lists: set[int] = field(default_factory=set)
    agreements: set[tuple[str, date]] = field(default_factory=set)
    held: set[tuple[int, str, date]] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Question:
    """Two names that a person should look at. `likeness` is 0 to 100, `because` the evidence."""

    about: About
    state: str
    one: str
    other_state: str
    other: str
    likeness: float
    because: str

    @property
    def names(self) -> tuple[Name, Name]:
        """The two agencies asked about, as `HeldTogether.agency_of` knows them."""
        return (
            (self.state, agency_key(self.one)),
            (self.other_state, agency_key(self.other)),
        )


@dataclass(frozen=True)
class Agency:
    """One agency: its id, its state and name in the newest list that has it, and all its names."""

    id: str
    state: str
    name: str
    names: frozenset[Name]


@dataclass(frozen=True)
class HeldTogether:
    """Every name's agency, the questions left, and the pairs that were joined for certain."""

    agency_of: Mapping[Name, Agency]
    questions: tuple[Question, ...]
    joined: tuple[Question, ...]


def hold_together(lists: Sequence[AgreementList], decisions: Decisions) -> HeldTogether:
    """The agencies of lists in the order of their publication."""
    named = _names(lists)
    joins = _Joins(named)
    for decided in decisions.values():
        about, names = decided.pair
        if about is About.AGENCY and decided.decision is Decision.SAME and names <= set(named):
            joins.join(*_both(names))
    pairs = sorted(_pairs(named), key=lambda found: (-found.question.likeness, found.one))
    joined, left = [], []
    for found in pairs:
        if pair_of(About.AGENCY, found.one, found.other) in decisions:
            continue
        if found.is_certain and joins.may_join(found.one, found.other):
            joins.join(found.one, found.other)
            joined.append(found.question)
        else:
            left.append(found)
    questions = [found.question for found in left if joins.is_open(found)]
    return HeldTogether(_agencies(named, joins), tuple(questions), tuple(joined))


def _both(names: Iterable[Name]) -> tuple[Name, Name]:
    ordered = sorted(names)
    return ordered[0], ordered[-1]


def _names(lists: Sequence[AgreementList]) -> dict[Name, _Named]:
    named: dict[Name, _Named] = {}
    for number, published in enumerate(lists):
        for found in published.agreements:
            entry = named.setdefault(found.key, _Named(found.key))
            entry.printed = found.agency
            entry.lists.add(number)
            if found.signed:
                entry.agreements.add((found.model, found.signed))
                entry.held.add((number, found.model, found.signed))
            if found.memorandum:
                entry.documents.add(found.memorandum)
    return named


@dataclass(frozen=True)
class _Found:
    """Two names worth a look. `has_evidence`: they hold an agreement in common."""

    question: Question
    one: Name
    other: Name
    is_certain: bool
    has_evidence: bool


def _pairs(named: Mapping[Name, _Named]) -> Iterator[_Found]:
    """Every two names worth a look: in one state, or of one spelling in two states."""
    by_state: dict[str, list[_Named]] = defaultdict(list)
    by_key: dict[str, list[_Named]] = defaultdict(list)
    for entry in named.values():
        by_state[entry.name[0]].append(entry)
        by_key[entry.name[1]].append(entry)
    for block in by_state.values():
        yield from _pairs_of(block)
    for block in by_key.values():
        yield from (found for found in _pairs_of(block) if found.one[0] != found.other[0])


def _pairs_of(block: Sequence[_Named]) -> Iterator[_Found]:
    for place, one in enumerate(block):
        for other in block[place + 1 :]:
            first, second = sorted((one, other), key=lambda entry: (min(entry.lists), entry.name))
            if found := _compared(first, second):
                yield found


def _compared(one: _Named, other: _Named) -> _Found | None:
    here, there = one.name[1], other.name[1]
    if numbers_of(here) != numbers_of(there):
        return None
    score = likeness(here, there)
    common = one.agreements & other.agreements
    forces = {force_of(here), force_of(there)}
    same_force = len(forces) == 1
    is_document = bool(one.documents & other.documents)
    is_apart = not one.lists & other.lists
    in_one_state = one.name[0] == other.name[0]
    if not in_one_state:
        worth = bool(common) and not one.held & other.held
    elif not is_apart:
        worth = same_force and score >= (ASKED_WITHOUT if common else ASKED_IN_ONE_LIST)
    elif common:
        whole = max(score, contained(here, there), fuzz.ratio(here, there))
        worth = is_document or (whole >= ASKED_WITH_AGREEMENT and (same_force or score >= CERTAIN))
    else:
        may_be = same_force or None in forces
        worth = may_be and max(score, contained(here, there)) >= ASKED_WITHOUT
    if not worth:
        return None
    alike = score >= CERTAIN or (is_document and contained(here, there) >= CERTAIN)
    is_certain = is_apart and in_one_state and bool(common) and same_force and alike
    because = _evidence(common, is_document, is_apart, in_one_state)
    question = Question(
        About.AGENCY,
        one.name[0],
        one.printed,
        other.name[0],
        other.printed,
        round(score, 1),
        because,
    )
    return _Found(question, one.name, other.name, is_certain, bool(common))


def _evidence(
    common: set[tuple[str, date]], is_document: bool, is_apart: bool, in_one_state: bool
) -> str:
    said = [f"both hold the {model} agreement of {day}" for model, day in sorted(common)]
    said += ["both link to the same document"] if is_document else []
    said += ["never in one list" if is_apart else "both in one list"]
    said += [] if in_one_state else ["in two states"]
    return "; ".join(said)


class _Joins:
    """Names joined into agencies. No agency may have two names in one list without a decision."""

    def __init__(self, named: Mapping[Name, _Named]) -> None:
        self._named = named
        self._groups: dict[Name, frozenset[Name]] = {name: frozenset((name,)) for name in named}

    def of(self, name: Name) -> frozenset[Name]:
        return self._groups[name]

    def is_joined(self, one: Name, other: Name) -> bool:
        return other in self._groups[one]

    def may_join(self, one: Name, other: Name) -> bool:
        return not self._lists(one) & self._lists(other)

    def join(self, one: Name, other: Name) -> None:
        whole = self._groups[one] | self._groups[other]
        for name in whole:
            self._groups[name] = whole

    def is_open(self, found: _Found) -> bool:
        """Whether a person is still to be asked: not where one of them was found for certain."""
        if self.is_joined(found.one, found.other):
            return False
        are_alone = len(self._groups[found.one]) == len(self._groups[found.other]) == 1
        return found.has_evidence or are_alone

    def _lists(self, name: Name) -> set[int]:
        return set().union(*(self._named[other].lists for other in self._groups[name]))


def _agencies(named: Mapping[Name, _Named], joins: _Joins) -> dict[Name, Agency]:
    agencies: dict[frozenset[Name], Agency] = {}
    for name in named:
        group = joins.of(name)
        if group not in agencies:
            first = min(group, key=lambda n: (min(named[n].lists), n))
            last = max(group, key=lambda n: (max(named[n].lists), n))
            id = f"{first[0].lower()}-{first[1].replace(' ', '-')}"
            agencies[group] = Agency(id, last[0], named[last].printed, group)
    return {name: agencies[joins.of(name)] for name in named}
