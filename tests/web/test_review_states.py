"""The states of a case: every step by every role, every state owned and reachable, no other way."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.review_cases import actor_for, answers

from wayhome.web.accounts.models import Role
from wayhome.web.accounts.permissions import MAY
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import CLOSED, Case, State
from wayhome.web.cases.worklist import worklist_page
from wayhome.web.review import actions
from wayhome.web.review.clocks import overdue
from wayhome.web.review.diagram import pages
from wayhome.web.review.models import Assignment, Finding, Round, StateChange
from wayhome.web.review.rota import TooFewReviewers
from wayhome.web.review.states import (
    STAGES,
    TO_FILING,
    TRANSITIONS,
    How,
    NotNow,
    change_state,
    due_at,
)

pytest_plugins = ("tests.web.review_cases",)
pytestmark = [
    pytest.mark.django_db(databases=["default", "keyring"]),
    pytest.mark.usefixtures("in_scope"),
]
GENERATED = Path(__file__).parents[2] / "docs" / "generated"


def reachable(start):
    seen, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        following = {to for begin, to in TRANSITIONS if begin == here} - seen
        seen |= following
        ahead += following
    return seen


def test_it_owns_every_state_and_reaches_every_state():
    assert set(STAGES) == set(State)
    assert reachable(State.RECEIVED) == set(State)
    for stage in STAGES.values():
        assert stage.state == State.HOME or State.HOME in reachable(stage.state)


def test_it_has_an_owner_who_can_take_every_state_on():
    for stage in STAGES.values():
        steps = [t for t in TRANSITIONS.values() if t.start == stage.state]
        can = {role for t in steps for role in Role if t.deed in MAY[role]}
        assert stage.owner in can or stage.state == State.HOME, stage.label


def test_it_names_an_audit_deed_for_every_step():
    for step in TRANSITIONS.values():
        assert 0 < len(step.audit_deed) <= 60


def test_it_files_an_emergency_within_a_day():
    assert sum(STAGES[state].clock.emergency for state in TO_FILING) == 24
    for stage in STAGES.values():
        if stage.clock:
            assert stage.clock.emergency <= min(24, stage.clock.ordinary)


@pytest.mark.parametrize("name", ["states.md", "states.svg"])
def test_it_keeps_the_diagram_fresh(name):
    held = (GENERATED / name).read_text(encoding="utf-8")
    assert held == pages()[name], "run `wayhome web states`"


@pytest.mark.parametrize("role", list(Role))
def test_it_lets_each_role_take_its_own_steps_and_no_other(role, new_case, member):
    person = member(role)
    for step in TRANSITIONS.values():
        case = new_case(state=step.start)
        may_take = step.how is How.BY_HAND and step.deed in MAY[role]
        # Nobody is home before the checklist of the journey is settled (test_journey tests that).
        may_take = may_take and step.to != State.HOME
        if may_take:
            change_state(actor_for(person), person, case, step.to, timezone.now())
        else:
            with pytest.raises((PermissionDenied, NotNow)):
                change_state(actor_for(person), person, case, step.to, timezone.now())
        assert Case.objects.get(pk=case.pk).state == (step.to if may_take else step.start)
        said = Event.objects.filter(case=case.pk, deed=step.audit_deed)
        assert said.count() == int(may_take)


def test_it_takes_no_step_that_the_table_does_not_have(new_case, member):
    lead = member("lead")
    for start in State:
        case = new_case(state=start)
        for to in [*State, "nonsense"]:
            if (start, to) not in TRANSITIONS:
                with pytest.raises(NotNow):
                    change_state(actor_for(lead), lead, case, to, timezone.now())
        assert Case.objects.get(pk=case.pk).state == start


def test_it_lets_an_applicant_withdraw_and_nothing_else(new_case):
    for state in State:
        case = new_case(state=state)
        applicant = Actor("applicant", case.organization_id)
        for to in State:
            step = TRANSITIONS.get((state, to))
            if step and step.may_applicant:
                assert to == State.WITHDRAWN
            else:
                with pytest.raises(NotNow):
                    change_state(applicant, None, case, to, timezone.now())


def test_it_acts_on_the_state_of_now_and_not_the_one_that_was_read(new_case, member):
    lead, case = member("lead"), new_case(state="received")
    stale = Case.objects.get(pk=case.pk)
    change_state(actor_for(lead), lead, case, "preparing", timezone.now())
    with pytest.raises(NotNow):
        change_state(actor_for(lead), lead, stale, "preparing", timezone.now())
    assert StateChange.objects.count() == 1


def test_it_leaves_nothing_where_the_audit_fails(new_case, member, monkeypatch):
    lead, case = member("lead"), new_case(state="received")

    def full(*args, **kwargs):
        raise OSError("the disk is full")

    monkeypatch.setattr("wayhome.web.review.states.record", full)
    with pytest.raises(OSError, match="full"):
        change_state(actor_for(lead), lead, case, "preparing", timezone.now())
    kept = Case.objects.get(pk=case.pk)
    assert (kept.state, kept.edition) == ("received", 1)
    assert not StateChange.objects.exists()
    assert not Event.objects.exists()


def test_it_notes_who_changed_the_state_as_one_who_prepared_it(new_case, member):
    lead, case = member("lead"), new_case(state="received")
    change_state(actor_for(lead), lead, case, "preparing", timezone.now())
    assert case.conflicts.get().user_id == lead.user_id


def test_it_lists_what_is_late_by_the_clock_of_its_lane(new_case, member, other_clinic):
    lead, now = member("lead"), timezone.now()
    late, urgent, in_time, done = (new_case() for _ in range(4))
    abroad = new_case(organization=other_clinic)

    def since(case, hours, **fields):
        Case.objects.filter(pk=case.pk).update(state_since=now - timedelta(hours=hours), **fields)

    since(late, 73)
    since(urgent, 3, is_emergency=True)
    since(in_time, 71)
    since(done, 9999, state="home")
    Case._base_manager.filter(pk=abroad.pk).update(state_since=now - timedelta(hours=999))
    assert list(overdue(lead, now)) == [urgent, late]
    assert due_at(Case.objects.get(pk=late.pk)) == now - timedelta(hours=1)
    assert due_at(Case.objects.get(pk=done.pk)) is None
    with pytest.raises(PermissionDenied):
        overdue(member("reviewer"), now)


def test_the_rota_and_the_worklist_count_the_same_late_cases(new_case, member):
    lead, now = member("lead"), timezone.now()
    long_ago = now - timedelta(days=900)
    for state in State:
        Case.objects.filter(pk=new_case(state=state).pk).update(state_since=long_ago)
    by_clock = {case.pk for case in overdue(lead, now)}
    assert len(by_clock) == len(State) - len(CLOSED)
    for state in ("open", "all"):
        page = worklist_page(lead, {"late": now, "state": state}, now.date())
        assert {case.pk for case in page.cases} == by_clock
    assert all(STAGES[state].clock is None for state in CLOSED)


# --- Random walks ---------------------------------------------------------------------------------

MOVES = st.lists(
    st.tuples(
        st.sampled_from(["step", "open", "find", "conflict", "reassign", "fill"]),
        st.integers(0, 30),
        st.booleans(),
    ),
    min_size=5,
    max_size=25,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=MOVES)
def test_it_never_reaches_an_impossible_state_on_a_random_walk(team, ready_case, moves):
    case = ready_case()
    for move, number, yes in moves:
        try:
            walk(team, case, move, number, yes)
        except (NotNow, PermissionDenied, TooFewReviewers, actions.AlreadyRecorded):
            pass
        except (Assignment.DoesNotExist, Round.DoesNotExist):
            pass
        check_possible(case)


def walk(team, case, move, number, yes):
    now = timezone.now()
    case = Case.objects.get(pk=case.pk)
    person = team.reviewers[number % len(team.reviewers)]
    if move == "step":
        change_state(actor_for(team.lead), team.lead, case, list(State)[number % 15], now)
    elif move == "open":
        team.open(case)
    elif move == "find":
        seat = Assignment.objects.filter(case=case).order_by("-round", "seat")
        seat = seat[number % max(1, len(seat))] if seat else None
        if seat:
            said = answers(case, recommends=yes, accept=number % 3 > 0)
            member = team.by_user[seat.reviewer_id]
            actions.record_finding(actor_for(member), member, seat, said, now)
    elif move == "conflict":
        actions.declare_conflict(actor_for(person), person, case, "declared", now)
    elif move == "reassign":
        actions.reassign(actor_for(team.lead), team.lead, team.seat(case, 1 + number % 3), now)
    else:
        actions.fill_seats(actor_for(team.lead), team.lead, case, now)


def check_possible(case):
    case = Case.objects.get(pk=case.pk)
    current = Round.objects.filter(case=case).order_by("number").last()
    found = Finding.objects.filter(case=case, assignment__round=current.number if current else 0)
    expected = {"first_review": {0}, "second_review": {1}, "panel": {2}}.get(case.state)
    assert expected is None or found.count() in expected
    reviewing = expected is not None
    assert Round.objects.filter(case=case, closed_at=None).count() == int(reviewing)
    if not reviewing:
        assert not Assignment.objects.filter(case=case, finding=None).exists()
    if case.state in ("recommended", "filed", "granted", "travelling", "home"):
        assert current.recommends is True
    if case.state == "not_recommended":
        assert current.recommends is False
    seated = Assignment.objects.filter(case=case, finding=None).values("reviewer")
    assert not case.conflicts.filter(user__in=seated).exists()
    changes = list(StateChange.objects.filter(case=case).order_by("pk"))
    for before, after in pairwise(changes):
        assert before.to_state == after.from_state
    assert not changes or changes[-1].to_state == case.state
