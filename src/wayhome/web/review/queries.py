"""What the pages of review show: seats with their clocks, and findings side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django_scopes import scope

from wayhome.programs import rulebook
from wayhome.web.accounts.models import Membership
from wayhome.web.cases.models import Case, State
from wayhome.web.review.actions import empty_seats
from wayhome.web.review.blindness import findings_for
from wayhome.web.review.clocks import by_clock
from wayhome.web.review.decisions import accepted, differences
from wayhome.web.review.models import Assignment, Finding, Round, Seat
from wayhome.web.review.states import due_at
from wayhome.web.review.taxonomy import court_names, taxonomy


@dataclass(frozen=True)
class SeatLine:
    """A seat, when its finding is due, and whether that has passed."""

    seat: Assignment
    due: datetime | None
    is_late: bool

    @property
    def case(self) -> Case:
        return self.seat.case


def seats(organization: Any) -> QuerySet[Assignment]:
    """Seats that await a finding, with what their lines show: emergencies first, then by clock."""
    with scope(organization=organization):
        return (
            Assignment.objects.filter(case__organization=organization, finding=None)
            .select_related("case__person", "reviewer", "draft")
            .order_by(*by_clock("case__"))
        )


def ready(organization: Any) -> QuerySet[Case]:
    """The cases that wait for the lead to ask two reviewers: emergencies first, then by clock."""
    found = Case.objects.filter(organization=organization, state=State.READY, erased_at=None)
    return found.select_related("person").order_by(*by_clock())


def seat_lines(rows: Iterable[Assignment], now: datetime) -> list[SeatLine]:
    return [_seat_line(seat, now) for seat in rows]


def _seat_line(seat: Assignment, now: datetime) -> SeatLine:
    due = due_at(seat.case)
    return SeatLine(seat, due, due is not None and due < now)


def recorded_by(member: Membership) -> QuerySet[Assignment]:
    """The seats in which somebody has recorded, the newest first."""
    mine = Assignment.objects.filter(reviewer=member.user_id, finding__isnull=False)
    return mine.select_related("case", "finding").order_by("-finding__recorded_at")


def vacancies(organization: Any) -> QuerySet[Round]:
    """The rounds that lack a reader: emergencies first, then by clock."""
    held = Assignment.objects.filter(case=OuterRef("case"), round=OuterRef("number"))
    lacks = {seat: ~Exists(held.filter(seat=seat)) for seat in Seat}
    reading = Q(case__state__in=(State.FIRST_REVIEW, State.SECOND_REVIEW))
    without = Q(case__state=State.PANEL) & Q(lacks[Seat.THIRD])
    without |= reading & (Q(lacks[Seat.FIRST]) | Q(lacks[Seat.SECOND]))
    with scope(organization=organization):
        rounds = Round.objects.filter(without, closed_at=None, case__organization=organization)
        return rounds.select_related("case__person").order_by(*by_clock("case__"))


def vacancy_lines(rounds: Iterable[Round]) -> list[tuple[Case, list[str]]]:
    """The cases of some rounds with the names of their empty seats."""
    return [
        (found.case, [str(seat.label) for seat in empty_seats(found.case, found)])
        for found in rounds
    ]


def seat_of(member: Membership, case: Case) -> Assignment | None:
    """Somebody's newest seat in a case."""
    mine = Assignment.objects.filter(case=case, reviewer=member.user_id)
    return mine.select_related("case", "draft", "finding").order_by("-round").first()


@dataclass(frozen=True)
class Differing:
    """A decided round in which the first two differed: in what, and the way to the findings."""

    round: Round
    differs_in: tuple[str, ...]


def differed(organization: Any) -> QuerySet[Round]:
    """The decided rounds that a third reader had to read, for the first two differed."""
    with scope(organization=organization):
        decided = Round.objects.filter(recommends__isnull=False, is_by_panel=True)
        own = decided.filter(case__organization=organization, case__erased_at=None)
        return own.select_related("case").order_by("-closed_at", "pk")


def differing_lines(member: Membership, rounds: Iterable[Round]) -> list[Differing]:
    """In what the first two differed, of those rounds whose findings the member may see."""
    rounds = list(rounds)
    pairs: dict[tuple[Any, int], list[Finding]] = {}
    blind = (Seat.FIRST, Seat.SECOND)
    found = findings_for(member).filter(case__in=[r.case_id for r in rounds])
    for finding in found.filter(assignment__seat__in=blind):
        pairs.setdefault((finding.case_id, finding.assignment.round), []).append(finding)
    return [
        Differing(row, tuple(map(_question, differences(*pair))))
        for row in rounds
        if len(pair := pairs.get((row.case_id, row.number), [])) == len(blind)
    ]


def _question(code: str) -> str:
    """ "recommendation", or the title of a ground."""
    rule = rulebook().rules.get(code)
    return rule.title if rule else code


@dataclass(frozen=True)
class Cell:
    """What one reader says to one question: a word or two, and their own text."""

    reader: str
    answer: str
    text: str = ""


@dataclass(frozen=True)
class Line:
    """A question, and what each reader says to it. `differs` where a third reader is asked."""

    question: str
    cells: tuple[Cell, ...]
    differs: bool = False


@dataclass(frozen=True)
class Comparison:
    """The findings of one round side by side."""

    number: int
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...]


def comparisons(member: Membership, case: Case) -> list[Comparison]:
    """The rounds of a case, newest first, with the findings that the member may see."""
    rounds: dict[int, list[Finding]] = {}
    for finding in findings_for(member).filter(case=case):
        rounds.setdefault(finding.assignment.round, []).append(finding)
    return [compared(number, found) for number, found in sorted(rounds.items(), reverse=True)]


def compared(number: int, found: list[Finding]) -> Comparison:
    """Findings side by side, question by question, each text beside its reader."""
    return Comparison(number, tuple(found), tuple(_lines(found)))


def _lines(found: list[Finding]) -> Iterator[Line]:
    known, places = taxonomy(), court_names()
    silent = "the file does not tell"
    differs = len({f.recommends for f in found}) > 1
    yield _line("Recommends it", found, lambda f: ("yes" if f.recommends else "no",), differs)
    for rule in found[0].grounds:
        yield _ground(rule, found)
    for code, cause in known.causes.items():
        if any(code in f.causes for f in found):
            coded = _coded(code)
            yield _line(f"What went wrong: {cause.name}", found, coded)
    yield _line("Whose act it was", found, lambda f: (known.agencies.get(f.agency, silent),))
    yield _line("Court", found, lambda f: (places.get(f.court, silent),))
    yield _line("Reasons", found, lambda f: ("", f.reasons))
    yield _line("Conditions", found, lambda f: ("", f.conditions or "none"))


def _line(
    question: str,
    found: list[Finding],
    said: Callable[[Finding], tuple[str, ...]],
    differs: bool = False,
) -> Line:
    cells = (Cell(f.assignment.get_seat_display().capitalize(), *said(f)) for f in found)
    return Line(question, tuple(cells), differs)


def _coded(code: str) -> Callable[[Finding], tuple[str, ...]]:
    return lambda finding: ("coded" if code in finding.causes else "not coded",)


def _ground(rule: str, found: list[Finding]) -> Line:
    known = rulebook().rules.get(rule)

    def judged(finding: Finding) -> tuple[str, ...]:
        said = finding.grounds.get(rule)
        if said is None:
            return ("not judged",)
        return ("accepted" if said["accepted"] else "not accepted", said["reason"])

    differs = len({rule in accepted(f) for f in found}) > 1
    return _line(known.title if known else rule, found, judged, differs)
