"""A birth date is whom a case is about, and a fact that rules read: it stands in both."""

from datetime import UTC, date, datetime

import pytest
from django_scopes import scope

from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.cases.actions import change_person, receive_case, state_fact
from wayhome.web.cases.facts import NoAnswer, facts_of
from wayhome.web.cases.models import Person, Source
from wayhome.web.cases.search import cases_found

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BORN = date(1990, 12, 31)


@pytest.fixture
def worker(member):
    return member("attorney")


def state(worker, case, value, source=Source.RECORD, note=""):
    actor, today = actor_of_member(worker), NOW.date()
    state_fact(actor, case, "birth_date", value, source, today, NOW, member=worker, note=note)


def write_down(worker, case, **fields):
    change_person(actor_of_member(worker), case, fields, NOW, member=worker)


def born(case):
    with scope(organization=case.organization_id):
        return Person.objects.get(case=case).birth_date


def test_it_tells_the_rules_what_was_written_of_the_person(new_case, worker):
    case = new_case()
    write_down(worker, case, name="Marie Invented", birth_date="1990-12-31")
    assert facts_of(case)["birth_date"] == BORN
    assert case.outcomes


def test_it_says_the_same_once(new_case, worker):
    case = new_case()
    write_down(worker, case, birth_date="1990-12-31")
    write_down(worker, case, birth_date="1990-12-31", name="Marie Invented")
    with scope(organization=case.organization_id):
        assert case.statements.count() == 1


def test_it_is_known_from_the_first_day(clinic, worker):
    person = {"name": "Marie Invented", "birth_date": "1990-12-31"}
    how = {"source": "applicant", "language": "ht", "now": NOW, "member": worker}
    case = receive_case(actor_of_member(worker), clinic, person=person, facts={}, **how)
    assert facts_of(case)["birth_date"] == BORN


def test_it_finds_the_person_by_the_date_that_counts(new_case, worker):
    case = new_case()
    write_down(worker, case, birth_date="1990-12-30")
    state(worker, case, BORN)
    assert born(case) == "1990-12-31"
    assert cases_found(case.organization_id, "1990-12-31") == [case.pk]
    assert cases_found(case.organization_id, "1990-12-30") == []
    # The applicant's word comes after the record's.
    state(worker, case, date(1991, 1, 1), Source.APPLICANT)
    assert born(case) == "1990-12-31"


@pytest.mark.parametrize("value", [SomeDayOf(1990, 12, 1), NoAnswer.UNKNOWN])
def test_it_makes_no_day_of_what_is_no_whole_day(new_case, worker, value):
    case = new_case()
    state(worker, case, value)
    assert born(case) == ""


def test_it_takes_a_person_without_a_birth_date(new_case, worker):
    case = new_case()
    write_down(worker, case, name="Marie Invented", birth_date="")
    assert facts_of(case) == {}
