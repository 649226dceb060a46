"""How far first and second reviewers agree, question by question: Cohen's kappa.

Only counts are kept, two answers to a question at a time; they hold no case. kappa and its
interval are statsmodels' (`cohens_kappa`, asymptotic). With few pairs, or few of one answer, kappa
says nothing, and we say that. Small counts are left out as in the accountability report, for
analysts read this page too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from wayhome.programs import rulebook
from wayhome.report.suppression import SMALLEST, is_small
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.review.decisions import accepted
from wayhome.web.review.models import AgreementCount, Finding
from wayhome.web.review.taxonomy import taxonomy

RECOMMENDATION, CAUSE, GROUND = "recommendation", "cause", "ground"
# Under thirty pairs the asymptotic interval is not to be trusted; and few pairs point at people.
FEWEST_PAIRS = 30

CELL = {
    (True, True): "both_yes",
    (True, False): "only_first",
    (False, True): "only_second",
    (False, False): "both_no",
}


@dataclass(frozen=True)
class Agreement:
    """One question: how many pairs, how many alike, kappa with its 95 % interval if it can be told.

    `why_not` says why kappa is missing; then counts that are small are missing too.
    """

    kind: str
    title: str
    pairs: int | None
    alike: int | None = None
    kappa: float | None = None
    low: float | None = None
    high: float | None = None
    why_not: str = ""


def count_pair(organization: UUID, first: Finding, second: Finding) -> None:
    """Adds the two findings of a round to the counts, in the transaction that closes them."""
    # In one order always, so that two rounds that end together do not wait for each other.
    for question, pair in sorted(paired_answers(first, second)):
        row, _ = AgreementCount.objects.get_or_create(
            organization_id=organization, question=question
        )
        cell = CELL[pair]
        AgreementCount.objects.filter(pk=row.pk).update(**{cell: F(cell) + 1})


def paired_answers(first: Finding, second: Finding) -> Iterator[tuple[str, tuple[bool, bool]]]:
    """Every question that both answered, with the answer of each."""
    yield RECOMMENDATION, (first.recommends, second.recommends)
    for cause in taxonomy().causes:
        yield f"{CAUSE} {cause}", (cause in first.causes, cause in second.causes)
    for rule in first.grounds.keys() & second.grounds.keys():
        yield f"{GROUND} {rule}", (rule in accepted(first), rule in accepted(second))


def agreement_of(member: Membership | None) -> list[Agreement]:
    """Every question that was answered by two: the recommendation, causes, grounds."""
    check_may(member, Deed.SEE_PATTERNS)
    assert member is not None
    rows = AgreementCount.objects.filter(organization=member.organization_id)
    by_question = {row.question: row for row in rows}
    order = [RECOMMENDATION, *(f"{CAUSE} {code}" for code in taxonomy().causes)]
    order += sorted(by_question.keys() - set(order))
    return [_agreement(by_question[question]) for question in order if question in by_question]


def _agreement(row: AgreementCount) -> Agreement:
    kind, _, code = row.question.partition(" ")
    table = [[row.both_yes, row.only_first], [row.only_second, row.both_no]]
    return kappa_of(kind, _title(kind, code), table)


def kappa_of(kind: str, title: str, table: list[list[int]]) -> Agreement:
    """The agreement of a table [[both yes, only first], [only second, both no]]."""
    pairs = sum(map(sum, table))
    if pairs < FEWEST_PAIRS:
        shown = pairs if pairs >= SMALLEST else None
        return Agreement(kind, title, shown, why_not=f"too few to say (under {FEWEST_PAIRS})")
    # With few cases of one answer kappa jumps with each; and its parts would tell how few.
    first_yes, second_yes = sum(table[0]), table[0][0] + table[1][0]
    if any(is_small(yes, pairs) for yes in (first_yes, second_yes)):
        return Agreement(kind, title, pairs, why_not="too few to say (almost every answer alike)")
    alike = table[0][0] + table[1][1]
    # Two seconds to import: not for everybody who starts the application.
    from statsmodels.stats.inter_rater import cohens_kappa  # noqa: PLC0415

    found = cohens_kappa(table)
    low, high = max(found.kappa_low, -1.0), min(found.kappa_upp, 1.0)
    return Agreement(kind, title, pairs, alike, float(found.kappa), float(low), float(high))


def _title(kind: str, code: str) -> str:
    if kind == CAUSE:
        cause = taxonomy().causes.get(code)
        return cause.name if cause else code
    if kind == GROUND:
        rule = rulebook().rules.get(code)
        return rule.title if rule else code
    return "Recommendation"
