"""The way home: what waits for what, the alarm when a step slips, and that "home" is earned."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scope

from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, State
from wayhome.web.journey.actions import (
    NeedsReason,
    StillWaits,
    begin_journey,
    finish_step,
    leave_step_out,
    plan_step,
    reopen_step,
)
from wayhome.web.journey.checklist import kinds, step_lines
from wayhome.web.journey.models import Step
from wayhome.web.journey.queries import late_cases
from wayhome.web.review.states import NotNow, change_state

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
BOARD = ("fee", "permission", "travel_document", "address", "ticket")


@pytest.fixture
def road(clinic, member, new_case):
    """A case that was just granted, its attorney, and verbs to walk with."""

    class Road:
        def __init__(self):
            self.attorney = member("attorney")
            self.actor = Actor(f"staff:{self.attorney.user_id}", clinic.pk)
            self.case = new_case(state="filed")
            self.to(State.GRANTED)

        def to(self, state, now=NOW):
            return change_state(self.actor, self.attorney, self.case, state, now)

        def step(self, kind):
            return Step.objects.get(case=self.case, kind=kind)

        def done(self, *wanted, on=TODAY, now=NOW):
            for kind in wanted:
                finish_step(self.actor, self.attorney, self.step(kind), on, now)

        def lines(self, today=TODAY):
            steps = Step.objects.filter(case=self.case)
            return {line.kind.code: line for line in step_lines(steps, self.case.state, today)}

    with scope(organization=clinic):
        yield Road()


def test_it_lists_every_step_behind_those_that_it_waits_for():
    seen = set()
    for code, kind in kinds().items():
        assert set(kind.waits_for) <= seen, f"{code} comes before what it waits for"
        seen.add(code)


def test_it_never_lets_a_step_before_the_arrival_wait_for_one_after_it():
    for kind in kinds().values():
        if kind.is_before_home:
            assert all(kinds()[code].is_before_home for code in kind.waits_for)


def test_it_begins_the_journey_with_the_grant(road):
    lines = road.lines()
    assert set(lines) == set(kinds())
    assert lines["permission"].step.due == NOW.date() + 21 * DAY
    assert lines["follow_up_30"].step.due is None
    assert Event.objects.filter(case=road.case.pk, deed="began the journey").count() == 1


def test_it_writes_the_checklist_once(road):
    begin_journey(road.actor, road.case, NOW + DAY)
    assert Step.objects.filter(case=road.case).count() == len(kinds())
    assert Event.objects.filter(case=road.case.pk, deed="began the journey").count() == 1


def test_it_begins_no_journey_of_a_case_that_was_not_granted(road, new_case):
    with pytest.raises(NotNow):
        begin_journey(road.actor, new_case(state="filed"), NOW)


def test_it_says_what_a_ticket_waits_for_and_refuses_it_until_then(road):
    road.done("fee", "permission", "address")
    assert road.lines()["ticket"].waits_for == ("Travel document",)
    with pytest.raises(StillWaits, match="Travel document"):
        road.done("ticket")
    road.done("travel_document", "ticket")
    assert road.lines()["ticket"].step.done_on == NOW.date()


def test_it_is_not_home_until_what_must_be_done_is_done(road):
    road.done(*BOARD, "port_notice")
    road.to(State.TRAVELLING)
    with pytest.raises(StillWaits, match="Escort, Who meets them"):
        road.to(State.HOME)
    case = Case.objects.get(pk=road.case.pk)
    assert case.state == State.TRAVELLING
    assert not Event.objects.filter(case=case.pk, deed="recorded the arrival home").exists()
    road.done("who_meets")
    leave_step_out(road.actor, road.attorney, road.step("escort"), "She travels alone.", NOW)
    road.to(State.HOME)
    assert Case.objects.get(pk=road.case.pk).state == State.HOME
    assert not list(breaks())


def test_it_counts_the_follow_ups_from_the_arrival(road):
    road.done(*BOARD, "port_notice", "who_meets", "escort")
    road.to(State.TRAVELLING)
    arrived = NOW + 9 * DAY
    road.to(State.HOME, arrived)
    days = {kind: road.step(kind).due - arrived.date() for kind in kinds() if "follow" in kind}
    assert [d.days for d in days.values()] == [30, 90, 365]


def test_it_does_nothing_that_comes_after_the_arrival_before_it(road):
    assert "the arrival home" in road.lines()["check_in"].waits_for
    with pytest.raises(StillWaits):
        road.done("check_in")


@pytest.mark.parametrize(("late_by", "is_late"), [(0, False), (1, True)])
def test_it_raises_the_alarm_on_the_day_after_the_last_day(road, late_by, is_late):
    today = road.step("fee").due + late_by * DAY
    assert road.lines(today)["fee"].is_late is is_late
    assert (road.case.pk in late_cases([road.case.pk], today)) is is_late


def test_it_raises_no_alarm_for_what_is_done_or_not_needed(road):
    road.done(*BOARD)
    leave_step_out(road.actor, road.attorney, road.step("escort"), "Not needed.", NOW)
    late = [code for code, line in road.lines(date(2030, 1, 1)).items() if line.is_late]
    assert late == ["port_notice", "who_meets"]


def test_it_leaves_out_only_what_may_be_left_out_and_with_a_reason(road):
    with pytest.raises(NeedsReason):
        leave_step_out(road.actor, road.attorney, road.step("escort"), "  ", NOW)
    with pytest.raises(NeedsReason):
        leave_step_out(road.actor, road.attorney, road.step("ticket"), "He walks.", NOW)


def test_it_takes_back_a_step_only_if_nothing_rests_on_it(road):
    road.done(*BOARD)
    with pytest.raises(NotNow, match="Ticket"):
        reopen_step(road.actor, road.attorney, road.step("address"), NOW)
    reopen_step(road.actor, road.attorney, road.step("ticket"), NOW)
    reopen_step(road.actor, road.attorney, road.step("address"), NOW)
    assert road.step("address").done_on is None


def test_it_keeps_the_first_day_when_a_step_is_sent_twice(road):
    road.done("fee")
    road.done("fee", now=NOW + DAY, on=(NOW + DAY).date())
    assert road.step("fee").done_on == NOW.date()
    assert Event.objects.filter(case=road.case.pk, deed="finished a step").count() == 1


def test_it_refuses_a_day_that_has_not_come(road):
    with pytest.raises(NotNow):
        road.done("fee", on=NOW.date() + DAY)


def test_it_keeps_what_was_planned_sealed(road):
    plan_step(
        road.actor,
        road.attorney,
        road.step("who_meets"),
        owner=road.attorney.user,
        due=date(2026, 4, 1),
        details="Aunt Rosa, gate B",
        now=NOW,
    )
    step = road.step("who_meets")
    assert (step.owner, step.due, step.details) == (
        road.attorney.user,
        date(2026, 4, 1),
        "Aunt Rosa, gate B",
    )
    assert b"Rosa" not in bytes(Step.objects.filter(pk=step.pk).values_list("details")[0][0])


def test_it_lets_no_reviewer_change_a_journey(road, member):
    from django.core.exceptions import PermissionDenied

    reviewer = member("reviewer")
    with pytest.raises(PermissionDenied):
        finish_step(road.actor, reviewer, road.step("fee"), NOW.date(), NOW)
    assert road.step("fee").done_on is None


def test_it_shows_the_checklist_and_takes_a_step_from_its_page(road, client, clinic):
    client.force_login(road.attorney.user)
    panel = client.get(f"/cases/{road.case.pk}/more/journey/")
    assert b"Travel document" in panel.content
    assert b"waits for" in panel.content
    url = f"/cases/{road.case.pk}/journey/fee/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "done"}).status_code == 302
    assert road.step("fee").done_on is not None
    refused = client.post(f"/cases/{road.case.pk}/journey/ticket/", {"do": "done"})
    assert refused.status_code == 409
    assert b"waits for" in refused.content
    assert client.post(url, {"do": "nothing known"}).status_code == 400


def test_it_lists_late_steps_and_marks_the_worklist(road, client):
    Step.objects.filter(case=road.case, kind="fee").update(due=date(2020, 1, 1))
    client.force_login(road.attorney.user)
    listed = client.get("/journeys/")
    text = listed.content.decode()
    assert text.index("Fee or exemption") < text.index("late") < text.index("Address to live at")
    assert b"late on the way home" in client.get("/worklist/").content


def test_it_tells_a_lead_of_everybodys_late_steps_and_others_of_their_own(
    road, client, member, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    lead, other = member("lead"), member("caseworker")
    Step.objects.filter(case=road.case).update(owner=road.attorney.user, due=None)
    Step.objects.filter(case=road.case, kind__in=("fee", "address")).update(due=TODAY)
    told = {}
    for who in (lead, road.attorney, other):
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        told[who] = client.get("/tasks/").text
    assert "2 steps of the way home are late, of everybody" in told[lead]
    assert 'href="/journeys/"' in told[lead]
    assert "2 steps of the way home that you have charge of are late" in told[road.attorney]
    assert "of everybody" not in told[road.attorney]
    assert "late" not in told[other][told[other].index("<h1>") :]


def test_it_says_on_the_checklist_how_a_step_is_changed(road, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(
        road.attorney.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    text = client.get(f"/cases/{road.case.pk}/more/journey/").text
    assert text.count(">Change<span") == len(kinds())
    assert "another day on which it was done" in text
