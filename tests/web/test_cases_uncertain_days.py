"""Where only the month of a day is known, nothing is told that hangs on which day it was."""

from datetime import date

import pytest
from django.utils import timezone

from wayhome.engine.outcomes import Outcome
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.cases.actions import state_fact
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Source
from wayhome.web.cases.screening import screened_facts

TODAY = date(2026, 11, 22)
ASYLUM = {"removed": False, "fear_of_return": True, "country_of_citizenship": "HT"}


def deadlines(facts, as_of=TODAY):
    return {d.rule.id: d for d in screened_facts("", facts, as_of).deadlines}


def found_for(fact, day, **more):
    """The deadlines counted from a fact: of the first, some, and the last day of its month."""
    last = SomeDayOf(day.year, day.month, 1).last
    asked = (date(day.year, day.month, 1), SomeDayOf(day.year, day.month, 1), last)
    return [deadlines({**more, fact: value}) for value in asked]


def test_it_keeps_a_deadline_that_may_still_be_ahead():
    first, month, last = found_for("arrival_date", date(2025, 11, 1), **ASYLUM)
    rule = "welcome.one_year"
    assert rule not in first  # passed, if it was the first of the month
    assert rule in last
    found = month[rule]
    assert (found.day, found.latest) == (date(2026, 11, 1), last[rule].day)
    assert found.ahead == last[rule].day
    assert screened_facts(
        "", {**ASYLUM, "arrival_date": SomeDayOf(2025, 11, 1)}, TODAY
    ).next_deadline


def test_it_names_both_days_of_a_deadline_ahead():
    first, month, last = found_for("arrival_date", date(2026, 3, 1), **ASYLUM)
    rule = "welcome.one_year"
    assert (month[rule].day, month[rule].latest) == (first[rule].day, last[rule].day)
    assert month[rule].ahead == first[rule].day


def test_it_lets_a_deadline_go_that_has_passed_whatever_the_day():
    _, month, last = found_for("arrival_date", date(2025, 9, 1), **ASYLUM)
    assert "welcome.one_year" not in last
    assert "welcome.one_year" not in month


def test_it_says_no_day_in_a_finding_that_the_month_does_not_tell():
    facts = {**ASYLUM, "arrival_date": SomeDayOf(2026, 3, 1)}
    found = screened_facts("", facts, TODAY).findings
    assert "welcome.one_year" not in {rule.id for f in found for rule, _ in f.deadlines}
    assert any(f.answers.get("welcome.one_year") for f in found)


def test_it_cannot_tell_what_hangs_on_the_day():
    # The bar of one year came on 2026-11-14 for who arrived on 2025-11-14.
    facts = {**ASYLUM, "detained": False}
    first, last = (
        screened_facts("", {**facts, "arrival_date": date(2025, 11, day)}, TODAY) for day in (1, 30)
    )
    month = screened_facts("", {**facts, "arrival_date": SomeDayOf(2025, 11, 1)}, TODAY)
    for one, other, both in zip(first.findings, last.findings, month.findings, strict=True):
        assert both.outcome is (one.outcome if one.outcome is other.outcome else Outcome.OPEN)
        for rule, answer in both.answers.items():
            same = one.answers[rule] is other.answers[rule]
            assert answer is (one.answers[rule] if same else None)
    assert any(a.answers != b.answers for a, b in zip(first.findings, last.findings, strict=True))


def test_it_takes_a_removal_in_a_month_that_may_be_near_as_near():
    near = {"removed": False, "removal_scheduled_date": SomeDayOf(2026, 11, 1)}
    assert screened_facts("", near, TODAY).emergency
    past = {"removed": False, "removal_scheduled_date": SomeDayOf(2026, 10, 1)}
    assert not screened_facts("", past, TODAY).emergency


@pytest.mark.django_db(databases=["default", "keyring"])
def test_it_is_shown_on_the_page_of_the_case_and_why(new_case, member, client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    worker, case = member("attorney"), new_case(fear_of_return=True, removed=False)
    now = timezone.now()
    month = SomeDayOf(now.year - 1, now.month, 1)
    actor = actor_of_member(worker)
    state_fact(actor, case, "arrival_date", month, Source.APPLICANT, now.date(), now)
    assert isinstance(facts_of(case)["arrival_date"], SomeDayOf)
    client.force_login(worker.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(f"/cases/{case.pk}/").text
    assert "only the month is known of" in page
    why = client.get(f"/cases/{case.pk}/why/welcome.one_year/").text
    assert "Only the month is known of" in why
