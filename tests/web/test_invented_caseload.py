"""The invented caseload: it says so, it is whole, and pages find in it what real cases have."""

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone
from django_scopes import scope

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.accounts.permissions import may
from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.facts import disagreements_of
from wayhome.web.cases.invented import invented_caseload, invented_staff
from wayhome.web.cases.invented.course import invented_course
from wayhome.web.cases.invented.stories import invented_story, plots
from wayhome.web.cases.models import Case, Person, State, Statement
from wayhome.web.cases.screening import screened
from wayhome.web.cases.search import search
from wayhome.web.journey.checklist import HAVE_JOURNEY, missing_for_home
from wayhome.web.journey.models import Step
from wayhome.web.review.models import Assignment, Finding, Round, StateChange
from wayhome.web.review.states import TRANSITIONS, How
from wayhome.web.review.taxonomy import taxonomy

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
MANY = 80


@pytest.fixture
def office(clinic):
    invented_staff(clinic)
    list(invented_caseload(clinic, MANY, 7, timezone.now()))
    with scope(organization=clinic):
        yield clinic


def test_it_says_of_everybody_that_they_are_invented(office):
    assert Case.objects.filter(is_invented=True).count() == MANY
    assert all("Invented" in person.name for person in Person.objects.all())


def test_it_keeps_for_the_worklist_what_a_fresh_screening_finds(office):
    for case in Case.objects.all()[:25]:
        found = screened(case, case.screened_on)
        assert (case.outcomes, case.next_deadline) == (found.outcomes, found.next_deadline)
        assert case.is_emergency is found.emergency


def test_it_holds_what_is_unknown_and_what_sources_dispute(office):
    assert Statement.objects.filter(is_unknown=True).exists()
    assert Statement.objects.filter(is_declined=True).exists()
    assert any(disagreements_of(case) for case in Case.objects.all())


def test_it_leaves_the_audit_chain_whole_and_every_step_in_it(office):
    assert not list(breaks())
    for change in StateChange.objects.all():
        event = Event.objects.get(number=change.audit_number)
        assert (event.case, event.details["to"]) == (change.case_id, change.to_state)


def test_it_has_reviews_as_the_rules_of_review_make_them(office):
    for case in Case.objects.filter(rounds__isnull=False):
        seats = Assignment.objects.filter(case=case)
        assert len({seat.reviewer_id for seat in seats}) == len(seats)
        assert not set(seats.values_list("reviewer", flat=True)) & {case.assigned_to_id}
        awaited = {State.FIRST_REVIEW: 0, State.SECOND_REVIEW: 1, State.PANEL: 2}
        findings = Finding.objects.filter(case=case).count()
        assert findings == awaited.get(State(case.state), len(seats))
        assert (Round.of(case).closed_at is None) is (case.state in awaited)


def test_it_says_that_steps_were_taken_by_those_who_may_take_them(office):
    seats = {(a.case_id, a.seat): a.reviewer_id for a in Assignment.objects.all()}
    seat_of = {State.FIRST_REVIEW: 1, State.SECOND_REVIEW: 2, State.PANEL: 3}
    staff = {m.user_id: m for m in office.memberships.all()}
    events = {e.number: e.actor for e in Event.objects.all()}
    changes = StateChange.objects.all()
    assert {State(c.from_state) for c in changes} > set(seat_of)
    for change in changes:
        step = TRANSITIONS[State(change.from_state), State(change.to_state)]
        assert may(staff[change.by_id], step.deed), step
        assert events[change.audit_number] == f"staff:{change.by_id}"
        if step.how is How.BY_FINDING:
            assert change.by_id == seats[change.case_id, seat_of[step.start]]


def test_it_lets_only_those_be_home_whose_journey_is_done(office):
    for case in Case.objects.filter(state__in=HAVE_JOURNEY):
        missing = missing_for_home(Step.objects.filter(case=case))
        assert not (case.state == State.HOME and missing)


def test_it_finds_a_person_by_the_name_that_was_invented(office):
    case = Case.objects.order_by("received_at")[10]
    assert search(office.pk, case.person.name)[0].case == case


def test_it_tells_stories_of_known_facts_and_causes_only():
    stories, everybody = plots()
    for story in stories:
        assert set(story.facts) | set(everybody) <= set(load_vocabulary().facts)
        assert set(story.causes) <= set(taxonomy().causes)
        assert story.agency in {*taxonomy().agencies, ""}


def test_it_removes_nobody_after_they_asked_to_come_home(office):
    removed = Statement.objects.filter(fact="removal_date", is_unknown=False, is_declined=False)
    told = [(s.value, s.case.received_at.date().isoformat()) for s in removed if s.value]
    assert len(told) > MANY / 3
    assert all(str(day) < received for day, received in told)


@pytest.mark.parametrize("ago", [1, 3, 40, 400])
def test_it_begins_every_course_after_the_removal(ago):
    now, draw = timezone.now(), Random(3)
    removed_on = now.date() - timedelta(days=ago)
    for _ in range(40):
        course = invented_course(
            draw, now, is_emergency=False, may_travel=True, removed_on=removed_on
        )
        assert course.times[0].date() > removed_on
        assert list(course.times) == sorted(course.times)


def test_it_makes_about_one_case_in_twenty_an_emergency():
    draw, today = Random(5), timezone.now().date()
    urgent = sum(invented_story(draw, today).screening.emergency for _ in range(600))
    assert 0.025 < urgent / 600 < 0.085
