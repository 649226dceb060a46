"""Two reviewers, blind to each other; a third where they differ; a decision and its audit event."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import Error, connection, connections, transaction
from django.utils import timezone
from django_scopes import scope
from tests.web.review_cases import Team, actor_for, answers

from wayhome.web.accountability.models import FindingRow
from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Conflict
from wayhome.web.review import actions
from wayhome.web.review.blindness import findings_for, may_see_finding
from wayhome.web.review.models import (
    AgreementCount,
    AlreadyRecorded,
    Assignment,
    Finding,
    FindingDraft,
    Round,
    StateChange,
)
from wayhome.web.review.states import NotNow

pytest_plugins = ("tests.web.review_cases",)
pytestmark = [
    pytest.mark.django_db(databases=["default", "keyring"]),
    pytest.mark.usefixtures("in_scope"),
]


def state_of(case):
    return Case.objects.get(pk=case.pk).state


def test_it_recommends_when_both_do(team, ready_case):
    case = ready_case()
    opened = team.open(case)
    assert opened.grounds
    team.find(case, 1)
    assert state_of(case) == "second_review"
    team.find(case, 2)
    assert state_of(case) == "recommended"
    closed = Round.of(case)
    assert (closed.recommends, closed.is_by_panel) == (True, False)
    assert not list(breaks())


def test_it_takes_findings_in_either_order(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 2, recommends=False)
    team.find(case, 1, recommends=False)
    assert state_of(case) == "not_recommended"


@pytest.mark.parametrize("differ", [{"recommends": False}, {"accept": False}])
def test_it_asks_a_third_reader_where_they_differ(team, ready_case, differ):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    team.find(case, 2, **differ)
    assert state_of(case) == "panel"
    sitting = {team.seat(case, seat).reviewer_id for seat in (1, 2, 3)}
    assert len(sitting) == 3
    team.find(case, 3, **differ)
    assert state_of(case) == ("not_recommended" if "recommends" in differ else "recommended")
    assert Round.of(case).is_by_panel


def test_it_asks_no_third_reader_for_causes_alone(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 1, causes=("notice", "counsel"), agency="court")
    team.find(case, 2, causes=("notice",), agency="ice")
    assert state_of(case) == "recommended"
    row = FindingRow.objects.get()
    assert (row.causes, row.agency) == ("notice", "")
    assert (row.nationality, row.year, row.represented) == ("HT", "2019", "no")


def test_it_hides_each_finding_from_the_other_until_both_are_in(team, ready_case):
    case = ready_case()
    team.open(case)
    first, second = team.sitting(case, 1), team.sitting(case, 2)
    one = team.find(case, 1, recommends=False)
    others = [m for m in (team.lead, *team.reviewers) if m != first]
    assert may_see_finding(first, one)
    assert [m for m in others if may_see_finding(m, one)] == []
    assert not findings_for(second).exists()
    two = team.find(case, 2)
    assert may_see_finding(second, one)
    assert may_see_finding(first, two)


def test_it_shows_both_to_the_third_reader_and_only_then_to_the_office(team, ready_case, member):
    case = ready_case()
    attorney, outsider = member("attorney"), member("analyst")
    team.open(case)
    team.find(case, 1)
    team.find(case, 2, recommends=False)
    third = team.sitting(case, 3)
    assert findings_for(third).count() == 2
    assert not findings_for(attorney).exists()
    team.find(case, 3)
    assert findings_for(attorney).count() == findings_for(team.lead).count() == 3
    assert not findings_for(outsider).exists()
    unseated = next(
        m
        for m in team.reviewers
        if m.user_id not in {team.seat(case, s).reviewer_id for s in (1, 2, 3)}
    )
    assert not findings_for(unseated).exists()


def test_it_shows_nothing_to_another_organization(team, ready_case, member, other_clinic):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    two = team.find(case, 2)
    lead = member("lead", organization=other_clinic)
    assert not may_see_finding(lead, two)
    assert not may_see_finding(None, two)


def test_it_keeps_new_readers_blind_to_an_earlier_round(team, ready_case, member):
    from wayhome.web.review.states import change_state

    case = ready_case()
    team.open(case)
    team.find(case, 1)
    team.find(case, 2)
    change_state(actor_for(team.lead), team.lead, case, "reconsideration", timezone.now())
    change_state(actor_for(team.lead), team.lead, case, "ready", timezone.now())
    again = team.open(case)
    assert again.number == 2
    for seat in (1, 2):
        assert not findings_for(team.sitting(case, seat)).exists()
    before = {a.reviewer_id for a in Assignment.objects.filter(case=case, round=1)}
    now = {a.reviewer_id for a in Assignment.objects.filter(case=case, round=2)}
    assert not before & now, "fresh eyes where there are any"
    team.find(case, 1, recommends=False)
    team.find(case, 2, recommends=False)
    assert FindingRow.objects.get().recommends is False, "the row of a case is replaced, not added"


def test_it_tells_the_log_nothing_of_what_was_found(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 1, recommends=False, causes=("notice",))
    said = [e.details for e in Event.objects.filter(case=case.pk, deed="recorded a finding")]
    assert said == [{"round": 1, "seat": 1}]
    other = Event.objects.filter(case=case.pk).exclude(deed="recorded a finding")
    assert all(set(e.details) <= {"from", "to", "round", "seat", "reviewer"} for e in other)
    assert not Event.objects.filter(case=case.pk, details__to__in=["recommended", "panel"]).exists()


def test_it_saves_no_decision_without_its_audit_event(team, ready_case, monkeypatch):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    before = Event.objects.count()

    def breaks_later(actor, deed, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr("wayhome.web.review.states.record", breaks_later)
    with pytest.raises(OSError, match="disk"):
        team.find(case, 2)
    assert Event.objects.count() == before
    assert Finding.objects.filter(case=case).count() == 1
    assert state_of(case) == "second_review"
    assert not FindingRow.objects.exists()
    assert not AgreementCount.objects.exists()
    assert not list(breaks())


def test_it_saves_no_audit_event_without_the_decision(team, ready_case, monkeypatch):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    before = Event.objects.count()
    monkeypatch.setattr(actions, "keep_row", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        team.find(case, 2)
    assert Event.objects.count() == before
    assert StateChange.objects.filter(case=case).count() == 2


def test_it_gives_every_step_the_number_of_its_audit_event(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    team.find(case, 2)
    for change in StateChange.objects.filter(case=case):
        event = Event.objects.get(number=change.audit_number)
        assert (event.case, event.details["to"]) == (case.pk, change.to_state)


def test_it_never_changes_a_finding(team, ready_case):
    case = ready_case()
    team.open(case)
    one = team.find(case, 1)
    one.recommends = False
    with pytest.raises(AlreadyRecorded):
        one.save()
    with pytest.raises(Error), transaction.atomic():
        Finding.objects.filter(pk=one.pk).update(recommends=False)
    with pytest.raises(AlreadyRecorded):
        team.find(case, 1, recommends=False)
    assert Finding.objects.get(pk=one.pk).recommends is True


def test_it_lets_nobody_record_in_the_seat_of_another(team, ready_case, member):
    case = ready_case()
    team.open(case)
    second = team.sitting(case, 2)
    for stranger in (second, member("attorney"), team.lead):
        with pytest.raises(PermissionDenied):
            actions.record_finding(
                actor_for(stranger), stranger, team.seat(case, 1), answers(case), timezone.now()
            )


def test_it_takes_no_finding_after_the_case_was_withdrawn(team, ready_case):
    from wayhome.web.review.states import change_state

    case = ready_case()
    team.open(case)
    seat, reviewer = team.seat(case, 1), team.sitting(case, 1)
    said = answers(case)
    change_state(actor_for(team.lead), team.lead, case, "withdrawn", timezone.now())
    with pytest.raises((NotNow, PermissionDenied)):
        actions.record_finding(actor_for(reviewer), reviewer, seat, said, timezone.now())
    assert not Assignment.objects.filter(case=case, finding=None).exists()


@pytest.mark.parametrize(
    ("left_out", "field"),
    [
        ({"recommends": None}, "recommends"),
        ({"reasons": " "}, "reasons"),
        ({"causes": ("bad luck",)}, "causes"),
        ({"agency": "fbi"}, "agency"),
        ({"court": "XXX"}, "court"),
    ],
)
def test_it_says_what_a_finding_lacks(team, ready_case, left_out, field):
    from dataclasses import replace

    case = ready_case()
    team.open(case)
    member = team.sitting(case, 1)
    said = replace(answers(case), **left_out)
    with pytest.raises(actions.Incomplete) as found:
        actions.record_finding(actor_for(member), member, team.seat(case, 1), said, timezone.now())
    assert field in found.value.faults
    assert not Finding.objects.filter(case=case).exists()


def test_it_asks_for_a_reason_for_each_ground(team, ready_case):
    case = ready_case()
    grounds = team.open(case).grounds
    said = actions.Answers(
        recommends=True,
        reasons="Yes.",
        grounds={r: {"accepted": True, "reason": ""} for r in grounds},
    )
    with pytest.raises(actions.Incomplete) as found:
        actions.check_complete(said, grounds)
    assert set(found.value.faults) == {f"reason {rule}" for rule in grounds}


def test_it_keeps_a_draft_sealed_and_lets_it_go(team, ready_case):
    case = ready_case()
    team.open(case)
    member, seat = team.sitting(case, 1), team.seat(case, 1)
    said = actions.Answers(reasons="half a sentence")
    actions.save_draft(actor_for(member), member, seat, said, timezone.now())
    actions.save_draft(actor_for(member), member, seat, said, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM review_findingdraft")
        assert b"half" not in bytes(cursor.fetchone()[0])
    assert FindingDraft.objects.get().answers["reasons"] == "half a sentence"
    team.find(case, 1)
    assert not FindingDraft.objects.exists()


def test_it_passes_the_seat_of_a_conflicted_reviewer_on(team, ready_case):
    case = ready_case()
    team.open(case)
    leaving = team.sitting(case, 1)
    actions.declare_conflict(actor_for(leaving), leaving, case, "counsel", timezone.now())
    assert team.sitting(case, 1) != leaving
    with pytest.raises(PermissionDenied):
        actions.save_draft(
            actor_for(leaving), leaving, team.seat(case, 1), actions.Answers(), timezone.now()
        )


def test_it_takes_no_conflict_after_the_finding(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    late = team.sitting(case, 1)
    with pytest.raises(AlreadyRecorded):
        actions.declare_conflict(actor_for(late), late, case, "declared", timezone.now())
    assert not Conflict.objects.filter(user=late.user).exists()


def test_it_reassigns_an_open_seat_and_never_a_recorded_one(team, ready_case):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    with pytest.raises(AlreadyRecorded):
        actions.reassign(actor_for(team.lead), team.lead, team.seat(case, 1), timezone.now())
    old = team.sitting(case, 2)
    actions.reassign(actor_for(team.lead), team.lead, team.seat(case, 2), timezone.now())
    assert team.sitting(case, 2) not in (old, team.sitting(case, 1))
    with pytest.raises(actions.TooFewReviewers):
        actions.reassign(
            actor_for(team.lead),
            team.lead,
            team.seat(case, 2),
            timezone.now(),
            to=team.sitting(case, 1).user,
        )
    assert team.seat(case, 2)


def test_it_leaves_the_third_seat_open_where_nobody_is_free(member, ready_case):
    small, case = Team(member, reviewers=2), ready_case()
    small.open(case)
    small.find(case, 1)
    small.find(case, 2, recommends=False)
    assert state_of(case) == "panel"
    assert actions.empty_seats(Case.objects.get(pk=case.pk), Round.of(case)) == [3]
    with pytest.raises(actions.TooFewReviewers):
        actions.fill_seats(actor_for(small.lead), small.lead, case, timezone.now())
    new = member("reviewer")
    small.by_user[new.user_id] = new
    actions.fill_seats(actor_for(small.lead), small.lead, case, timezone.now())
    small.find(case, 3)
    assert state_of(case) == "recommended"


@pytest.mark.django_db(databases=["default", "keyring"], transaction=True)
def test_it_takes_two_findings_at_the_same_moment(team, ready_case, clinic):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads cannot share SQLite in memory; on disk one writer waits for the other")
    case = ready_case()
    team.open(case)
    seats = {seat: (team.sitting(case, seat), team.seat(case, seat)) for seat in (1, 2)}
    said = answers(case)
    start, faults = threading.Barrier(2), []

    def find(seat):
        member, assignment = seats[seat]
        try:
            with scope(organization=clinic):
                assignment = Assignment.objects.get(pk=assignment.pk)
                start.wait(timeout=20)
                actions.record_finding(actor_for(member), member, assignment, said, timezone.now())
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=find, args=(seat,)) for seat in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert state_of(case) == "recommended"
    assert FindingRow.objects.count() == 1
    assert AgreementCount.objects.get(question="recommendation").both_yes == 1
    assert not list(breaks())
