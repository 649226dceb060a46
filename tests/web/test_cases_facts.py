"""What counts of what was said, and what never does."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases import actions
from wayhome.web.cases.actions import Stale, receive_case, state_fact, withdraw_statement
from wayhome.web.cases.facts import (
    NoAnswer,
    NotAValue,
    disagreements_of,
    facts_of,
    statements_of,
)

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()
TODAY = NOW.date()


def say(case, fact, value, source="applicant", days_ago=0, **more):
    day = TODAY - timedelta(days=days_ago)
    return state_fact(ACTOR, case, fact, value, source, day, timezone.now(), **more)


@pytest.fixture
def case(clinic):
    return receive_case(
        ACTOR,
        clinic,
        person={"name": "Marie Invented"},
        facts={"removed": True, "removal_date": date(2019, 5, 1), "sex": NoAnswer.DECLINED},
        source="applicant",
        language="ht",
        now=NOW,
    )


def test_it_takes_in_a_case_with_its_facts_and_screens_it(case):
    case.refresh_from_db()
    assert facts_of(case) == {"removed": True, "removal_date": date(2019, 5, 1)}
    assert set(case.outcomes) > {"return_home", "release"}
    assert case.screened_on == TODAY
    assert Event.objects.get(case=case.pk).deed == "received case"


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ([("applicant", True), ("record", False)], False),
        ([("record", False), ("applicant", True)], False),
        ([("record", False), ("lawyer", True)], True),
        ([("lawyer", True), ("record", False)], True),
        ([("applicant", True), ("family", False)], False),
        ([("family", False), ("applicant", True)], True),
        ([("record", False), ("lawyer", NoAnswer.UNKNOWN)], False),
        ([("applicant", True), ("family", NoAnswer.DECLINED)], True),
        ([("applicant", True), ("applicant", NoAnswer.UNKNOWN)], None),
        ([("applicant", NoAnswer.DECLINED)], None),
        ([("lawyer", True), ("lawyer", NoAnswer.UNKNOWN), ("family", False)], False),
    ],
)
def test_it_counts_the_lawyer_before_a_record_before_the_applicant(new_case, said, counts):
    case = new_case()
    for source, value in said:
        say(case, "detained", value, source)
    assert facts_of(case).get("detained") is counts


def test_it_counts_what_was_said_last_and_not_what_was_typed_last(new_case):
    case = new_case()
    say(case, "detained", False, days_ago=0)
    say(case, "detained", True, days_ago=30)
    assert facts_of(case)["detained"] is False


def test_it_shows_where_sources_disagree(new_case):
    case = new_case()
    say(case, "detained", True, "applicant")
    say(case, "detained", True, "family")
    assert not disagreements_of(case)
    say(case, "detained", False, "record")
    (found,) = disagreements_of(case)
    assert (found.counts.source, len(found.others)) == ("record", 2)


def test_it_counts_no_more_what_was_withdrawn_and_still_shows_it(new_case):
    case = new_case()
    said = say(case, "detained", True)
    withdraw_statement(ACTOR, case, said, timezone.now(), why="a mistake")
    assert facts_of(case) == {}
    assert [s.pk for s in statements_of(case, with_withdrawn=True)] == [said.pk]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("removed", "yes"),
        ("removed", 1),
        ("removal_date", "yesterday"),
        ("removal_date", "2019-02-30"),
        ("prior_removals", True),
        ("sex", "elephant"),
    ],
)
def test_it_refuses_what_is_no_value_of_the_fact_and_keeps_nothing(new_case, fact, value):
    case = new_case()
    with pytest.raises(NotAValue, match=fact):
        say(case, fact, value)
    assert not statements_of(case)


def test_it_tells_the_second_of_two_who_edit_at_once(new_case):
    case = new_case()
    read_by_both = case.edition
    say(case, "detained", True, edition=read_by_both)
    with pytest.raises(Stale) as told:
        say(case, "detained", False, edition=read_by_both)
    assert told.value.edition == read_by_both + 1
    assert facts_of(case)["detained"] is True


def test_it_saves_nothing_without_its_audit_event(new_case, monkeypatch):
    case = new_case()

    def fails(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "record", fails)
    with pytest.raises(OSError, match="disk"):
        say(case, "detained", True)
    case.refresh_from_db()
    assert (statements_of(case), case.edition) == ([], 1)


def test_it_writes_no_audit_event_for_what_was_not_saved(new_case, monkeypatch):
    case = new_case()

    def fails(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(actions, "refresh_worklist_fields", fails)
    with pytest.raises(OSError, match="disk"):
        say(case, "detained", True)
    assert not Event.objects.filter(case=case.pk).exists()
    assert not list(breaks())


def test_it_names_nothing_of_the_case_in_the_log(new_case):
    case = new_case(name="Quetzal Invented")
    say(case, "country_of_citizenship", "HT")
    (event,) = Event.objects.filter(case=case.pk)
    assert "HT" not in str(event.details)
    assert "country" not in str(event.details)


def test_it_screens_again_only_where_an_answer_can_move_what_counts(case, monkeypatch):
    seen = []
    screen = actions.refresh_worklist_fields
    monkeypatch.setattr(
        actions, "refresh_worklist_fields", lambda *given: (seen.append(given), screen(*given))
    )
    say(case, "bond_denied", NoAnswer.UNKNOWN)
    assert not seen, "nobody had said anything of it, and nobody knows it now"
    say(case, "removed", NoAnswer.UNKNOWN)
    assert len(seen) == 1, "they said yes before"
    assert "removed" not in facts_of(case)
    case.screened_on = TODAY - timedelta(days=1)
    say(case, "bond_denied", NoAnswer.DECLINED)
    assert len(seen) == 2, "the law or the deadlines may be others today"
