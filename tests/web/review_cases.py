"""What the tests of review have in common: a team, a case in review, and answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wayhome.web.audit.chain import Actor
from wayhome.web.review.actions import Answers, begin_review, record_finding
from wayhome.web.review.models import Assignment, Round

HOUR = timedelta(hours=1)


def actor_for(member):
    return Actor(str(member.user_id), member.organization_id)


def answers(case, *, recommends=True, accept=True, **other):
    """A whole finding on every ground of the case's round."""
    grounds = {
        rule: {"accepted": accept, "reason": "The file shows it."}
        for rule in Round.of(case).grounds
    }
    return Answers(recommends=recommends, grounds=grounds, reasons="As the file shows.", **other)


class Team:
    """An office: a lead and reviewers; says who sits where, and records for them."""

    def __init__(self, member, reviewers=4):
        self.lead = member("lead")
        self.reviewers = [member("reviewer") for _ in range(reviewers)]
        self.by_user = {m.user_id: m for m in self.reviewers}

    def open(self, case, now=None):
        return begin_review(actor_for(self.lead), self.lead, case, now or timezone.now())

    def seat(self, case, seat):
        return Assignment.objects.filter(case=case, seat=seat).latest("round")

    def sitting(self, case, seat):
        return self.by_user[self.seat(case, seat).reviewer_id]

    def find(self, case, seat, now=None, **said):
        member = self.sitting(case, seat)
        return record_finding(
            actor_for(member),
            member,
            self.seat(case, seat),
            answers(case, **said),
            now or timezone.now(),
        )


@pytest.fixture
def team(member):
    return Team(member)


@pytest.fixture
def in_scope(clinic):
    from django_scopes import scope

    with scope(organization=clinic):
        yield


@pytest.fixture
def ready_case(new_case):
    """A case whose file is complete, with two grounds that hold."""

    def make(**facts):
        known = {
            "removed": True,
            "ordered_in_absentia": True,
            "notice_received": False,
            "proceeding_type": "removal",
            "in_us_now": False,
            "born_in_us": False,
            "country_of_citizenship": "HT",
            "order_date": "2019-05-02",
            "represented": False,
        }
        return new_case(state="ready", **known | facts)

    return make
