"""Days that are true: when a request was filed, granted, when somebody left and when they arrived.

What is written down later counts by the day on which it happened, and both days are kept.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from tests.web.portal_visitor import Visitor
from tests.web.review_cases import actor_for

from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, State
from wayhome.web.journey.models import Step
from wayhome.web.portal.wording import say
from wayhome.web.review.correcting import correct_day
from wayhome.web.review.days import NotThatDay, day_of_state
from wayhome.web.review.models import StateChange
from wayhome.web.review.states import NotNow, change_state
from wayhome.words import LANGUAGES

pytest_plugins = ("tests.web.review_cases",)
pytestmark = [
    pytest.mark.django_db(databases=["default", "keyring"]),
    pytest.mark.usefixtures("in_scope"),
]
DAY = timedelta(days=1)
GRANT = {"said": "Order of the court", "sure": "1"}


@pytest.fixture
def browse(settings):
    """A browser signed in as a member of staff."""
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(member):
        client = Client()
        client.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in


@pytest.fixture
def today():
    return timezone.now().date()


@pytest.fixture
def walked(new_case):
    """A case that came so far, each step written down so many days ago.

    `walked("recommended filed", 30, 20)`. The day on which each happened is not known, as in rows
    that stood before it was asked for.
    """

    def make(states, *days_ago):
        case, now = new_case(), timezone.now()
        before = State.SECOND_REVIEW
        for to, days in zip(states.split(), days_ago, strict=True):
            at = now - days * DAY
            StateChange.objects.create(
                case=case, from_state=before, to_state=to, at=at, audit_number=days
            )
            Case.objects.filter(pk=case.pk).update(state=to, state_since=at)
            before = to
        Case.objects.filter(pk=case.pk).update(received_at=now - 90 * DAY)
        return Case.objects.get(pk=case.pk)

    return make


def take(client, case, to, **said):
    return client.post(reverse("step_case", args=[case.pk]), {"to": to, **said})


def panel(client, case, name="review"):
    return client.get(reverse("case_panel", args=[case.pk, name])).text


def correct(client, change, on):
    where = reverse("correct_day", args=[change.case_id, change.pk])
    return client.post(where, {"on": str(on)}, follow=True)


def last(case):
    return StateChange.objects.filter(case=case).latest("pk")


def test_it_counts_a_grant_by_the_day_on_which_it_was_granted(walked, browse, member, today):
    case, on = walked("recommended filed", 30, 20), today - 6 * DAY
    client = browse(member("attorney"))
    assert take(client, case, "granted", on=str(on), **GRANT).status_code == 302
    change, kept = last(case), Case.objects.get(pk=case.pk)
    assert (change.happened_on, change.at.date()) == (on, today)
    assert kept.state_since == datetime(on.year, on.month, on.day, tzinfo=UTC)
    assert Step.objects.get(case=case, kind="fee").due == on + 7 * DAY
    said = Event.objects.get(case=case.pk, deed="recorded the grant")
    assert (said.details["on"], said.at.date()) == (on.isoformat(), today)
    assert f'datetime="{on}"' in panel(client, case)
    assert f'datetime="{on}"' in panel(client, case, "journey")


def test_it_counts_a_step_of_today_by_its_moment(walked, browse, member, today):
    case, before = walked("recommended filed", 30, 20), timezone.now()
    take(browse(member("attorney")), case, "granted", **GRANT)
    assert last(case).happened_on == today
    assert Case.objects.get(pk=case.pk).state_since >= before


@pytest.mark.parametrize(
    ("on", "advice"),
    [
        ("2026-03", "of a month or a year alone no day is invented"),
        ("2026", "of a month or a year alone no day is invented"),
        ("03/04/2026", "Write year-month-day"),
        ("2026-02-30", "there is no day 2026-02-30"),
        ("tomorrow", "has not come yet"),
        ("before", "is before the state that this follows"),
    ],
)
def test_it_refuses_what_is_no_day_that_can_have_been(walked, browse, member, today, on, advice):
    days = {"tomorrow": today + DAY, "before": today - 31 * DAY}
    case = walked("recommended", 30)
    said = {"filed_to": "Court of Harbor", "sure": "1", "on": str(days.get(on, on))}
    answer = take(browse(member("attorney")), case, "filed", **said)
    assert answer.status_code == 400
    assert escape(advice) in answer.text
    assert 'value="Court of Harbor"' in answer.text, "what was typed is not lost"
    assert Case.objects.get(pk=case.pk).state == "recommended"


def test_it_takes_the_first_and_the_last_day_that_can_have_been(walked, member, today):
    attorney = member("attorney")
    for on in (today - 30 * DAY, today):
        case = walked("recommended", 30)
        change_state(actor_for(attorney), attorney, case, "filed", timezone.now(), on=on)
        assert last(case).happened_on == on


def test_it_refuses_no_day_for_a_step_of_which_the_day_is_not_known(walked, member, today):
    """The filing was written down 5 days ago; nobody knows when it happened. The grant was before."""
    attorney, case = member("attorney"), walked("recommended filed", 30, 5)
    now = timezone.now()
    with pytest.raises(NotThatDay, match=f"from {today - 30 * DAY} on"):
        change_state(actor_for(attorney), attorney, case, "granted", now, on=today - 31 * DAY)
    change_state(actor_for(attorney), attorney, case, "granted", now, on=today - 9 * DAY)
    assert day_of_state(case, State.GRANTED) == today - 9 * DAY


def test_it_asks_for_no_day_of_what_is_done_here(walked, browse, member, today):
    case, lead = walked("recommended", 30), member("lead")
    assert 'id="reconsideration_on"' not in panel(browse(lead), case)
    now = timezone.now()
    with pytest.raises(NotNow):
        change_state(actor_for(lead), lead, case, "reconsideration", now, on=today - DAY)
    take(browse(lead), case, "reconsideration", on=str(today - DAY))
    assert last(case).happened_on is None


def test_it_records_a_grant_only_once_more_and_with_what_was_seen(walked, browse, member):
    case, client = walked("recommended filed", 30, 20), browse(member("attorney"))
    assert "The office or court granted it" in panel(client, case)
    for lacking in ({}, {"sure": "1"}, {"said": "Order", "sure": ""}, {"said": " ", "sure": "1"}):
        answer = take(client, case, "granted", **lacking)
        assert answer.status_code == 400
        assert "Nothing was changed yet" in answer.text
        assert Case.objects.get(pk=case.pk).state == "filed"
    take(client, case, "granted", **GRANT)
    assert Case.objects.get(pk=case.pk).state == "granted"
    assert "Order of the court" in panel(client, case)
    held = StateChange.objects.filter(case=case).values_list("said", flat=True).latest("pk")
    assert held
    assert b"Order" not in bytes(held)
    assert "Order" not in str(list(Event.objects.values_list("details", flat=True)))


def test_it_asks_why_somebody_leaves_with_nothing_done_and_does_not_forbid_it(
    walked, browse, member, today
):
    case, client = walked("recommended filed", 30, 20), browse(member("attorney"))
    take(client, case, "granted", **GRANT)
    assert "Not done yet: " in panel(client, case)
    answer = take(client, case, "travelling")
    assert answer.status_code == 400
    assert "Travel document" in answer.text
    assert Case.objects.get(pk=case.pk).state == "granted"
    take(client, case, "travelling", said="The parole ends tomorrow.")
    assert Case.objects.get(pk=case.pk).state == "travelling"
    assert "The parole ends tomorrow." in panel(client, case)


def test_it_asks_no_reason_once_a_step_is_done_and_says_what_is_missing(
    walked, browse, member, today
):
    case, client = walked("recommended filed", 30, 20), browse(member("attorney"))
    take(client, case, "granted", **GRANT)
    Step.objects.filter(case=case, kind="fee").update(done_on=today)
    page = panel(client, case)
    assert "Not done yet: " in page
    assert 'id="travelling_said"' not in page
    take(client, case, "travelling")
    assert Case.objects.get(pk=case.pk).state == "travelling"


def test_it_files_without_office_or_papers_once_the_person_was_asked(walked, browse, member):
    case, client = walked("recommended", 30), browse(member("attorney"))
    missing = "Not written down yet: to which office or court; papers: the case holds none."
    assert missing in panel(client, case)
    answer = take(client, case, "filed")
    assert answer.status_code == 400
    assert missing in answer.text
    assert "The person was asked" in answer.text
    assert Case.objects.get(pk=case.pk).state == "recommended"
    assert "to which office" not in take(client, case, "filed", filed_to="A court").text
    take(client, case, "filed", sure="1")
    assert Case.objects.get(pk=case.pk).state == "filed"
    said = Event.objects.get(case=case.pk, deed="filed the request")
    assert said.details["person_was_asked"] == "yes"


def test_it_says_of_old_steps_that_their_day_is_not_known(walked, browse, member):
    case, client = walked("recommended filed granted", 30, 20, 10), browse(member("attorney"))
    assert panel(client, case).count("On which day it happened was not written down") == 2
    at = last(case).at
    counted = f"counted by {at:%b} {at.day}, {at.year}, when the step was"
    assert counted in panel(client, case, "journey")
    assert Step.objects.get(case=case, kind="fee").due == at.date() + 7 * DAY


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_the_applicant_the_day_of_the_filing_or_that_nobody_knows_it(
    language, browse, member, today
):
    visitor = Visitor(language)
    visitor.begin()
    case = Case.objects.get()
    now = timezone.now()
    Case.objects.update(state="recommended", received_at=now - 90 * DAY)
    on = today - 40 * DAY
    take(browse(member("attorney")), case, "filed", on=str(on), sure="1")
    day = f"{on.day} {say(language, f'month.{on.month}')} {on.year}"
    unsaid = escape(say(language, "status.sent_day_unsaid"))
    told = visitor.go("/p/")
    assert escape(say(language, "status.sent_filed", day=day)) in told
    assert unsaid not in told
    StateChange.objects.update(happened_on=None)
    told = visitor.go("/p/")
    assert unsaid in told
    assert escape(say(language, "status.sent_filed", day=day)) not in told


def test_it_puts_a_wrong_day_right_and_moves_what_is_counted_from_it(walked, browse, member, today):
    case, attorney = walked("recommended filed", 30, 20), member("attorney")
    client = browse(attorney)
    take(client, case, "granted", **GRANT)
    planned = today + 50 * DAY
    Step.objects.filter(case=case, kind="address").update(due=planned)
    Step.objects.filter(case=case, kind="travel_document").update(done_on=today)
    on = today - 12 * DAY
    assert "put right" in correct(client, last(case), on).text
    assert last(case).happened_on == on
    assert Case.objects.get(pk=case.pk).state_since.date() == on
    due = dict(Step.objects.filter(case=case).values_list("kind", "due"))
    assert due["fee"] == on + 7 * DAY
    assert due["address"] == planned, "a day that somebody planned stays"
    assert due["travel_document"] == today + 21 * DAY, "what is done stays"
    said = Event.objects.filter(case=case.pk, deed="corrected the day of a step")
    assert said.get().details == {
        "step": "recorded the grant",
        "day_before": today.isoformat(),
        "on": on.isoformat(),
    }
    correct(client, last(case), on)
    assert said.count() == 1, "the same day once more changes nothing"
    assert not list(breaks())


def test_it_moves_the_follow_ups_with_the_day_of_the_arrival(walked, member, today):
    case, attorney = walked("recommended filed granted", 30, 20, 10), member("attorney")
    now = timezone.now()
    change_state(actor_for(attorney), attorney, case, "travelling", now, on=today - 5 * DAY)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("wayhome.web.journey.following.check_may_be_home", lambda case: None)
        change_state(actor_for(attorney), attorney, case, "home", now, on=today - 2 * DAY)
    follow_up = Step.objects.get(case=case, kind="follow_up_30")
    assert follow_up.due == today + 28 * DAY
    correct_day(actor_for(attorney), attorney, last(case), today - 4 * DAY, now)
    follow_up.refresh_from_db()
    assert follow_up.due == today + 26 * DAY


def test_it_lets_a_day_be_put_right_only_between_the_steps_around(walked, browse, member, today):
    case, client = walked("recommended filed granted", 30, 20, 10), browse(member("attorney"))
    filing = StateChange.objects.get(case=case, to_state="filed")
    for on, why in (
        (today - 31 * DAY, "is before the state that this follows"),
        (today - 9 * DAY, "is after the step that came next"),
        (today + DAY, "has not come yet"),
        ("2026-01", "no day is invented"),
        ("", "write the day on which it happened"),
    ):
        assert why in correct(client, filing, on).text
        filing.refresh_from_db()
        assert filing.happened_on is None
    since = Case.objects.get(pk=case.pk).state_since
    correct(client, filing, today - 25 * DAY)
    filing.refresh_from_db()
    assert filing.happened_on == today - 25 * DAY
    assert Case.objects.get(pk=case.pk).state_since == since, "of the newest step, not of this one"


def test_it_lets_only_those_put_a_day_right_who_may_take_the_step(walked, browse, member, today):
    case = walked("recommended filed granted travelling", 30, 20, 10, 5)
    steps = {change.to_state: change for change in StateChange.objects.filter(case=case)}
    worker, reviewer = member("caseworker"), member("reviewer")
    now, on = timezone.now(), today - 6 * DAY
    assert panel(browse(worker), case).count("Correct the day") == 1
    for who, state in ((worker, "granted"), (worker, "filed"), (reviewer, "travelling")):
        with pytest.raises(PermissionDenied):
            correct_day(actor_for(who), who, steps[state], on, now)
    with pytest.raises(NotNow):
        correct_day(actor_for(worker), worker, steps["recommended"], on, now)
    assert not StateChange.objects.exclude(happened_on=None).exists()
    correct_day(actor_for(worker), worker, steps["travelling"], on, now)
    assert last(case).happened_on == on


def test_it_puts_right_no_day_of_another_case(walked, browse, member, today):
    case, other = walked("recommended filed", 30, 20), walked("recommended filed", 30, 20)
    where = reverse("correct_day", args=[case.pk, last(other).pk])
    answer = browse(member("attorney")).post(where, {"on": str(today)})
    assert answer.status_code == 404
    assert last(other).happened_on is None
