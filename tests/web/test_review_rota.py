"""Whose turn it is, who may never sit, the list of causes, and how far two readers agree."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from tests.web.review_cases import Team, actor_for

from wayhome.web.cases.models import Case, Conflict
from wayhome.web.review.actions import TooFewReviewers, declare_conflict
from wayhome.web.review.agreement import agreement_of, kappa_of
from wayhome.web.review.models import REASONS, AgreementCount, Assignment
from wayhome.web.review.rota import eligible
from wayhome.web.review.taxonomy import taxonomy

pytest_plugins = ("tests.web.review_cases",)
pytestmark = [
    pytest.mark.django_db(databases=["default", "keyring"]),
    pytest.mark.usefixtures("in_scope"),
]


def test_it_shares_the_work_evenly(team, ready_case):
    now = timezone.now()
    for day in range(6):
        team.open(ready_case(), now + timedelta(days=day))
    seats = [Assignment.objects.filter(reviewer=m.user).count() for m in team.reviewers]
    assert seats == [3, 3, 3, 3]


def test_it_asks_those_with_fewest_open_seats_then_who_waited_longest(team, ready_case):
    now = timezone.now()
    one = ready_case()
    team.open(one, now)
    busy = {team.seat(one, 1).reviewer_id, team.seat(one, 2).reviewer_id}
    two = ready_case()
    assert not busy & {user.pk for user in eligible(two, 1)[:2]}
    team.find(one, 1, now)
    done = team.seat(one, 1).reviewer_id
    order = [user.pk for user in eligible(two, 1)]
    assert order[2] == done, "never asked before those asked, then no open seat"
    assert order[3] in busy


@pytest.mark.parametrize("reason", REASONS)
def test_it_never_seats_somebody_with_a_conflict(team, ready_case, reason):
    for _ in range(4):
        case = ready_case()
        barred = team.reviewers[0]
        Conflict.objects.create(case=case, user=barred.user, reason=reason, found_at=timezone.now())
        team.open(case)
        assert not Assignment.objects.filter(case=case, reviewer=barred.user).exists()


def test_it_never_seats_who_has_charge_of_the_case(team, ready_case):
    case = ready_case()
    Case.objects.filter(pk=case.pk).update(assigned_to=team.reviewers[1].user)
    case.refresh_from_db()
    assert team.reviewers[1].user not in eligible(case, 1)


def test_it_seats_only_reviewers_at_work_here(team, ready_case, member, other_clinic):
    member("attorney")
    member("reviewer", organization=other_clinic)
    team.reviewers[0].is_active = False
    team.reviewers[0].save()
    found = {user.pk for user in eligible(ready_case(), 1)}
    assert found == {m.user_id for m in team.reviewers[1:]}


def test_it_opens_no_review_without_two_reviewers(member, ready_case):
    small, case = Team(member, reviewers=1), ready_case()
    with pytest.raises(TooFewReviewers, match="needs 2 more"):
        small.open(case)
    assert Case.objects.get(pk=case.pk).state == "ready"
    assert not Assignment.objects.exists()


def test_it_lets_only_the_lead_open_a_review(team, ready_case, member):
    from wayhome.web.review.actions import begin_review

    case = ready_case()
    for role in ("caseworker", "attorney", "reviewer", "analyst", "auditor", "administrator"):
        person = member(role)
        with pytest.raises(PermissionDenied):
            begin_review(actor_for(person), person, case, timezone.now())


def test_it_keeps_a_conflict_that_was_declared_before_any_seat(team, ready_case):
    case, person = ready_case(), team.reviewers[2]
    declare_conflict(actor_for(person), person, case, "declared", timezone.now())
    declare_conflict(actor_for(person), person, case, "declared", timezone.now())
    assert Conflict.objects.filter(case=case, user=person.user).count() == 1
    assert person.user not in eligible(case, 1)


def test_it_refuses_a_conflict_in_a_case_of_others(team, new_case, other_clinic):
    case, person = new_case(organization=other_clinic), team.reviewers[0]
    with pytest.raises(PermissionDenied):
        declare_conflict(actor_for(person), person, case, "declared", timezone.now())


# --- The list of causes ---------------------------------------------------------------------------


def test_it_defines_every_cause_and_says_when_to_code_it():
    known = taxonomy()
    assert len(known.causes) == 12
    for cause in known.causes.values():
        for text in (cause.definition, cause.code_when, cause.not_when, cause.in_doubt):
            assert len(text.split()) >= 8
    assert known.in_general
    assert all(len(code) <= 20 for code in known.agencies)


# --- Agreement ------------------------------------------------------------------------------------


def test_it_gives_kappa_as_worked_by_hand():
    # 50 pairs: 20 both yes, 15 both no, 5 and 10 apart. They agree in 35/50 = 0.7. By chance:
    # first says yes to 25/50, second to 30/50: 0.5*0.6 + 0.5*0.4 = 0.5. kappa = 0.2/0.5 = 0.4.
    found = kappa_of("recommendation", "Recommendation", [[20, 5], [10, 15]])
    assert (found.pairs, found.alike) == (50, 35)
    assert found.kappa == pytest.approx(0.4)
    # Fleiss, Cohen and Everitt 1969: standard error 0.1270 for this table.
    assert found.low == pytest.approx(0.4 - 1.96 * 0.1270, abs=2e-3)
    assert found.high == pytest.approx(0.4 + 1.96 * 0.1270, abs=2e-3)


@pytest.mark.parametrize("table", [[[29, 0], [0, 0]], [[10, 5], [4, 10]], [[0, 0], [0, 0]]])
def test_it_says_when_there_are_too_few_to_say(table):
    found = kappa_of("cause", "Notice", table)
    assert (found.kappa, found.alike) == (None, None)
    assert "too few" in found.why_not


@pytest.mark.parametrize("table", [[[0, 0], [0, 40]], [[5, 3], [2, 100]], [[90, 4], [5, 1]]])
def test_it_gives_no_kappa_where_almost_every_answer_was_the_same(table):
    found = kappa_of("cause", "Notice", table)
    assert (found.kappa, found.alike) == (None, None)
    assert "too few" in found.why_not


def test_it_tells_analysts_no_small_number_of_pairs():
    assert kappa_of("ground", "A ground", [[3, 1], [0, 2]]).pairs is None
    assert kappa_of("ground", "A ground", [[9, 1], [0, 2]]).pairs == 12


def test_it_counts_each_question_of_each_pair(team, ready_case, member):
    for causes in (("notice",), ("notice", "counsel")):
        case = ready_case()
        team.open(case)
        team.find(case, 1, causes=("notice",))
        team.find(case, 2, causes=causes)
    counts = {row.question: row for row in AgreementCount.objects.all()}
    assert counts["recommendation"].both_yes == 2
    assert counts["cause notice"].both_yes == 2
    assert (counts["cause counsel"].only_second, counts["cause counsel"].both_no) == (1, 1)
    assert any(question.startswith("ground return_home.") for question in counts)
    shown = agreement_of(member("analyst"))
    assert shown[0].title == "Recommendation"
    assert {a.title for a in shown} >= {"Notice", "Counsel"}
    assert all(a.kappa is None for a in shown)
    with pytest.raises(PermissionDenied):
        agreement_of(member("reviewer"))
