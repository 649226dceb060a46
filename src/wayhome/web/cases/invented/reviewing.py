"""What invented reviewers found of an invented case, as far as its course goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import F
from django_scopes import scope

from wayhome.web.accountability.models import FindingRow
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.cases.invented.course import Course
from wayhome.web.cases.invented.stories import Story
from wayhome.web.cases.models import Case, State
from wayhome.web.protection.sealing import blind
from wayhome.web.review.agreement import CELL, paired_answers
from wayhome.web.review.decisions import decision_of
from wayhome.web.review.models import AgreementCount, Assignment, Finding, Round, Seat
from wayhome.web.review.taxonomy import taxonomy

_REASON = "INVENTED: the file shows it, and nothing in it speaks against."
_NOT = "INVENTED: the file does not show it."


def invented_review(
    draw: Random,
    case: Case,
    story: Story,
    course: Course,
    reviewers: Sequence[Membership],
    index: bytes,
) -> list[Any]:
    """The round, seats, findings and row of the report of a case; empty before its review.

    `index` is the organization's index key.
    """
    opened = course.when(State.FIRST_REVIEW)
    if opened is None or len(reviewers) < 3:
        return []
    grounds = [
        r.id for f in story.screening.findings if f.program == "return_home" for r in f.grounds
    ]
    has_panel = State.PANEL in course.states
    seats = 3 if has_panel else 2
    people = draw.sample(list(reviewers), seats)
    assignments = [
        Assignment(case_id=case.pk, reviewer_id=who.user_id, seat=seat, round=1, assigned_at=opened)
        for seat, who in zip(Seat, people, strict=False)
    ]
    recommends = State.RECOMMENDED in course.states or (
        State.NOT_RECOMMENDED not in course.states and draw.random() < story.plot.recommended
    )
    answers = [recommends, not recommends, recommends] if has_panel else [recommends] * 2
    accepted = {rule: recommends and draw.random() < 0.85 for rule in grounds}
    written = _written(course)
    findings = [
        _finding(draw, case, story, assignment, says, accepted, course)
        for assignment, says in zip(assignments[:written], answers[:written], strict=True)
    ]
    is_decided = written == seats
    closed = course.when(State.RECOMMENDED) or course.when(State.NOT_RECOMMENDED)
    round_ = Round(
        case_id=case.pk,
        number=1,
        opened_at=opened,
        as_of=opened.date(),
        grounds=grounds,
        edition=1,
        closed_at=closed if is_decided else None,
        recommends=recommends if is_decided else None,
        is_by_panel=has_panel and is_decided,
    )
    row = [_row(case, story, findings, has_panel, index)] if is_decided else []
    return [round_, *assignments, *findings, *row]


def _written(course: Course) -> int:
    """How many findings are recorded by now."""
    decided = {State.RECOMMENDED, State.NOT_RECOMMENDED} & set(course.states)
    if State.PANEL in course.states:
        return 3 if decided else 2
    return 2 if decided else {State.FIRST_REVIEW: 0, State.SECOND_REVIEW: 1}[course.state]


def _finding(
    draw: Random,
    case: Case,
    story: Story,
    assignment: Assignment,
    recommends: bool,
    accepted: dict[str, bool],
    course: Course,
) -> Finding:
    others = [code for code in taxonomy().causes if code not in story.plot.causes]
    causes = [code for code in story.plot.causes if draw.random() < 0.88]
    causes += [draw.choice(others)] if draw.random() < 0.1 else []
    after = (State.SECOND_REVIEW, State.PANEL, State.RECOMMENDED, State.NOT_RECOMMENDED)
    times = [at for state in after if (at := course.when(state))]
    return Finding(
        case_id=case.pk,
        assignment=assignment,
        recommends=recommends,
        causes=sorted(causes),
        agency=story.plot.agency if draw.random() < 0.9 else "",
        court=story.court if draw.random() < 0.9 else "",
        grounds={
            rule: {
                "accepted": yes and recommends,
                "reason": _REASON if yes and recommends else _NOT,
            }
            for rule, yes in accepted.items()
        },
        reasons=_REASON if recommends else _NOT,
        conditions="",
        recorded_at=times[min(assignment.seat, len(times)) - 1],
    )


def _row(
    case: Case, story: Story, findings: Sequence[Finding], is_by_panel: bool, index: bytes
) -> FindingRow:
    """As accountability.rows.keep_row writes it, without a query for each case."""
    decision = decision_of(findings)
    ordered = story.facts.get("order_date")
    represented = story.facts.get("represented")
    return FindingRow(
        organization_id=case.organization_id,
        key=blind(index, "finding row", str(case.pk)),
        decided_in=findings[-1].recorded_at.year,
        year=str(getattr(ordered, "year", "")),
        court=decision.court,
        agency=decision.agency,
        nationality=str(story.facts.get("country_of_citizenship") or ""),
        represented="" if represented is None else "yes" if represented else "no",
        recommends=decision.recommends,
        is_by_panel=is_by_panel,
        causes=",".join(decision.causes),
        is_invented=True,
    )


def agreement_cells(rows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """(question, cell of AgreementCount) for each question that two first readers answered."""
    pairs: dict[UUID, list[Finding]] = {}
    for row in rows:
        if isinstance(row, Finding) and row.assignment.seat != Seat.THIRD:
            pairs.setdefault(row.case_id, []).append(row)
    for pair in pairs.values():
        if len(pair) == 2:
            yield from ((question, CELL[both]) for question, both in paired_answers(*pair))


def keep_agreements(organization: Organization, cells: Mapping[tuple[str, str], int]) -> None:
    """Adds the counts of all pairs at once, as review.agreement.count_pair does for one."""
    with scope(organization=organization):
        for (question, cell), many in sorted(Counter(cells).items()):
            row, _ = AgreementCount.objects.get_or_create(
                organization=organization, question=question
            )
            AgreementCount.objects.filter(pk=row.pk).update(**{cell: F(cell) + many})
