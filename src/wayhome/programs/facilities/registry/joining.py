"""Units held together as facilities, the pairs joined for certain, the questions left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wayhome.programs.facilities.registry.decisions import (
    Decided,
    Decisions,
    pair_of,
    printed,
    sides_of,
)
from wayhome.programs.facilities.registry.facility import Pair, Side
from wayhome.programs.facilities.registry.matching import (
    Evidence,
    Place,
    Verdict,
    evidence_of,
    place_of,
    verdict_on,
)
from wayhome.programs.facilities.registry.units import Unit
from wayhome.sources.decisions_file import Decision

# Two that are for certain but for each other, nearer than this: a person decides.
TOO_NEAR = 2.0


@dataclass(frozen=True)
class Candidate:
    """Two units worth a look, by their numbers."""

    one: Unit
    other: Unit
    evidence: Evidence
    verdict: Verdict

    @property
    def order(self) -> tuple[float, int, int]:
        return (-self.evidence.score, self.one.number, self.other.number)


@dataclass(frozen=True)
class Joined:
    """Facilities as groups of units, what was joined for certain, and what a person should say.

    `decided`: the pairs of which a person said it before, where both sides are among the units."""

    groups: tuple[tuple[Unit, ...], ...]
    decided: frozenset[Pair]
    certain: tuple[Candidate, ...]
    questions: tuple[Candidate, ...]


def join(units: Sequence[Unit], found: Sequence[Candidate], decisions: Decisions) -> Joined:
    """Hold units together: what a person said first, then the likeliest of the pairs `found`."""
    groups = _Groups(units)
    used: set[Pair] = set()
    for decided, one, other in _decided(units, decisions):
        used.add(decided.pair)
        if decided.decision is Decision.SAME:
            groups.join(one, other)
        else:
            groups.part(one, other)
    certain, left = [], []
    for candidate in found:
        if candidate.verdict is Verdict.CERTAIN and groups.may_join(candidate.one, candidate.other):
            if _has_near_rival(candidate, found, groups):
                left.append(candidate)
                continue
            groups.join(candidate.one, candidate.other)
            certain.append(candidate)
        else:
            left.append(candidate)
    questions = tuple(_questions(left, groups))
    return Joined(groups.all(), frozenset(used), tuple(certain), questions)


def candidates(units: Sequence[Unit]) -> tuple[Candidate, ...]:
    """Every two units worth a look, the likeliest first: of one state or ZIP code, or one of them
    without a place."""
    return tuple(sorted(_candidates(units), key=lambda candidate: candidate.order))


def _candidates(units: Sequence[Unit]) -> Iterator[Candidate]:
    at_address = _by_address(units)
    for one, other in _pairs(units):
        evidence = evidence_of(one, other)
        if evidence.place is Place.SAME_ADDRESS:
            alone = _is_alone(one, other, at_address) and _is_alone(other, one, at_address)
            evidence = replace(evidence, is_alone=alone)
        verdict = verdict_on(evidence)
        if verdict is not Verdict.DIFFERENT:
            yield Candidate(one, other, evidence, verdict)


def _pairs(units: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Rows of workbooks with everything of their state; codes with codes at one address only."""
    by_state: dict[str, list[Unit]] = defaultdict(list)
    by_zip: dict[str, list[Unit]] = defaultdict(list)
    nowhere = [unit for unit in units if not unit.states]
    for unit in units:
        for state in unit.states:
            by_state[state].append(unit)
        if unit.zip:
            by_zip[unit.zip].append(unit)
    seen: set[tuple[int, int]] = set()
    for one in (unit for unit in units if unit.code is None):
        near = [unit for state in one.states for unit in by_state[state]]
        near += by_zip.get(one.zip or "", [])
        for other in (*near, *nowhere):
            pair = (min(one.number, other.number), max(one.number, other.number))
            if one.sources & other.sources or pair in seen:
                continue
            seen.add(pair)
            yield one, other
    yield from _told_twice(units)
    for same in _by_address(units).values():
        coded = [unit for unit in same if unit.code]
        yield from ((a, b) for place, a in enumerate(coded) for b in coded[place + 1 :])


def _told_twice(units: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Rows of one sheet with one name and place: a person knows whether that is a mistake."""
    by_side: dict[Side, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.code is None:
            by_side[printed(unit).side].append(unit)
    for same in by_side.values():
        for place, one in enumerate(same):
            yield from ((one, other) for other in same[place + 1 :] if one.sources & other.sources)


# Where units may share an address: the state and the number in its street.
Spot = tuple[str | None, str]


def _by_address(units: Iterable[Unit]) -> Mapping[Spot, list[Unit]]:
    found: dict[Spot, list[Unit]] = defaultdict(list)
    for unit in units:
        if unit.address and unit.address.number:
            found[unit.state, unit.address.number].append(unit)
    return found


def _is_alone(one: Unit, other: Unit, at: Mapping[Spot, list[Unit]]) -> bool:
    """Whether no source that has `other` has a second of its kind at the address of `one`."""
    here = at.get((one.state, one.address.number if one.address else ""), [])
    return not any(
        unit is not other
        and unit.kind is one.kind
        and unit.sources & other.sources
        and place_of(one, unit) is Place.SAME_ADDRESS
        for unit in here
    )


def _has_near_rival(candidate: Candidate, found: Sequence[Candidate], groups: _Groups) -> bool:
    """Whether another pair that rules this one out is as likely."""
    for rival in found:
        if rival.evidence.score < candidate.evidence.score - TOO_NEAR:
            return False
        shared = {rival.one.number, rival.other.number} & {
            candidate.one.number,
            candidate.other.number,
        }
        if len(shared) != 1 or rival.verdict is not Verdict.CERTAIN:
            continue
        ends = {candidate.one, candidate.other} ^ {rival.one, rival.other}
        here, there = sorted(ends, key=lambda unit: unit.number)
        rules_out = groups.of(here) != groups.of(there) and not groups.may_join(here, there)
        if rules_out and groups.may_join(rival.one, rival.other):
            return True
    return False


def _questions(left: Iterable[Candidate], groups: _Groups) -> Iterator[Candidate]:
    """The best pair of each two facilities that may still be one."""
    asked: set[frozenset[int]] = set()
    for candidate in left:
        pair = frozenset((groups.of(candidate.one), groups.of(candidate.other)))
        if len(pair) == 1 or pair in asked or groups.is_parted(candidate.one, candidate.other):
            continue
        one, other = candidate.one, candidate.other
        one_sheet = one.code is None and bool(one.sources & other.sources)
        if one_sheet or (one.code and other.code) or groups.may_join(one, other):
            asked.add(pair)
            yield candidate


def _decided(units: Sequence[Unit], decisions: Decisions) -> Iterator[tuple[Decided, Unit, Unit]]:
    by_side: dict[Side, list[Unit]] = defaultdict(list)
    for unit in units:
        for side in sides_of(unit):
            by_side[side].append(unit)
    for decided in decisions.values():
        here, there = decided.sides
        for one in by_side.get(here, []):
            for other in by_side.get(there, []):
                if one is not other and pair_of(here, there) == decided.pair:
                    yield decided, one, other


class _Groups:
    """Units joined into facilities: never two of one source, nor two codes, without a decision."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = {unit.number: unit for unit in units}
        self._group = {unit.number: unit.number for unit in units}
        self._members = {unit.number: [unit.number] for unit in units}
        self._parted: set[frozenset[int]] = set()

    def of(self, unit: Unit) -> int:
        return self._group[unit.number]

    def all(self) -> tuple[tuple[Unit, ...], ...]:
        return tuple(
            tuple(self._units[number] for number in sorted(members))
            for _, members in sorted(self._members.items())
        )

    def join(self, one: Unit, other: Unit) -> None:
        keep, gone = sorted((self.of(one), self.of(other)))
        if keep != gone:
            self._members[keep] += self._members.pop(gone)
            for number in self._members[keep]:
                self._group[number] = keep

    def part(self, one: Unit, other: Unit) -> None:
        self._parted.add(frozenset((one.number, other.number)))

    def may_join(self, one: Unit, other: Unit) -> bool:
        here, there = self._units_of(one), self._units_of(other)
        sources = [source for unit in (*here, *there) for source in unit.sources]
        codes = [unit.code for unit in (*here, *there) if unit.code]
        is_free = len(set(sources)) == len(sources) and len(codes) <= 1
        return is_free and not self.is_parted(one, other)

    def is_parted(self, one: Unit, other: Unit) -> bool:
        return any(
            frozenset((a.number, b.number)) in self._parted
            for a in self._units_of(one)
            for b in self._units_of(other)
        )

    def _units_of(self, unit: Unit) -> list[Unit]:
        return [self._units[number] for number in self._members[self.of(unit)]]
