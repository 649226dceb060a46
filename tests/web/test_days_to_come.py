"""A day that has not come cannot be said of what lies in the past, wherever it is said."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scopes_disabled

from wayhome.law.days_to_come import MAY_LIE_AHEAD, why_not_to_come
from wayhome.law.vocabulary import FactType, load_vocabulary
from wayhome.sources.case_files import read_case_file
from wayhome.web.api.tokens import Scope, make_token
from wayhome.web.audit.chain import Actor
from wayhome.web.cases.actions import change_person, state_fact
from wayhome.web.cases.fact_form import FactForm
from wayhome.web.cases.facts import NotAValue, facts_of
from wayhome.web.cases.person_form import PersonForm
from wayhome.web.casework.intake import read_intake
from wayhome.web.casework.models import IntakeRow
from wayhome.web.portal.answers import NotReadable, read_answer

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = timezone.now()
TODAY = NOW.date()
SOON = TODAY + timedelta(days=40)
ACTOR = Actor("somebody")
FACTS = load_vocabulary()


def form(fact, answer):
    sent = {"answer": answer, "source": "applicant", "said_on": str(TODAY), "edition": 1}
    return FactForm(FACTS[fact], sent, may_speak_as=["applicant"], today=TODAY)


def test_every_fact_that_may_lie_ahead_is_a_day_of_the_vocabulary():
    for name in MAY_LIE_AHEAD:
        assert FACTS[name].type in (FactType.DATE, FactType.DATETIME)


@pytest.mark.parametrize("fact", ["birth_date", "order_date", "detention_start", "removal_date"])
def test_it_refuses_a_day_to_come_of_the_past_and_says_what_would_be_right(new_case, fact):
    said = str(form(fact, f"{SOON}").errors["answer"])
    assert "has not come yet" in said
    assert f"up to {TODAY}" in said
    assert "year" in str(form(fact, f"{TODAY.year + 2}").errors["answer"])
    with pytest.raises(NotAValue, match=fact):
        state_fact(ACTOR, new_case(), fact, SOON, "record", TODAY, NOW)


@pytest.mark.parametrize("fact", ["removal_scheduled_date", "next_hearing_date"])
def test_it_takes_a_day_to_come_where_one_is_meant(new_case, fact):
    case = new_case()
    assert form(fact, f"{SOON}").is_valid()
    state_fact(ACTOR, case, fact, SOON, "record", TODAY, NOW)
    assert facts_of(case)[fact] == SOON


def test_it_names_the_fact_that_is_meant():
    said = why_not_to_come("removal_date", SOON, TODAY)
    assert "Removal scheduled for" in said


def test_it_takes_today_as_it_is_where_the_day_begins_first():
    assert not why_not_to_come("detention_start", TODAY + timedelta(days=1), TODAY)


def test_nobody_is_born_tomorrow_by_the_form_of_a_person(new_case):
    case = new_case()
    sent = {"name": "A. Person", "birth_date": "2130-01-01", "edition": 1}
    assert "has not come yet" in str(PersonForm(sent).errors["birth_date"])
    with pytest.raises(NotAValue):
        change_person(ACTOR, case, {"birth_date": "2130-01-01"}, NOW)
    assert "birth_date" not in facts_of(case)


def test_it_refuses_the_row_of_a_file_and_keeps_its_cells(member):
    rows = "case_id,name,birth_date,next_hearing_date\n1,Ana,2130-01-01,\n2,Eva,1990-01-01,{}\n"
    file = SimpleUploadedFile("people.csv", rows.format(SOON).encode())
    read_intake(ACTOR, member("caseworker"), file, "applicant", "en", "signed", NOW)
    with scopes_disabled():
        first, second = IntakeRow.objects.order_by("number")
    assert first.state == "unreadable"
    assert "birth_date" in first.faults[0]
    assert "has not come yet" in first.faults[0]
    assert second.facts["next_hearing_date"] == str(SOON)


def test_a_file_that_is_screened_as_of_another_day_is_read_as_before(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("case_id,order_date\n1,2130-01-01\n")
    assert read_case_file(path).rows[0].facts == {"order_date": date(2130, 1, 1)}


def test_the_api_refuses_it(client, member, new_case):
    secret = make_token(ACTOR, member("lead"), "test", list(Scope), 1, timezone.now()).secret
    body = {"fact": "birth_date", "value": "2130-01-01", "source": "record"}
    answer = client.post(
        f"/api/cases/{new_case().pk}/facts",
        json.dumps(body | {"said_on": str(TODAY), "edition": 1}),
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )
    assert answer.status_code == 422
    assert "has not come yet" in answer.json()["detail"]


@pytest.mark.parametrize(
    "sent",
    [
        {"year": str(TODAY.year + 1), "month": "1", "day": "1"},
        {"year": str(TODAY.year + 2)},
    ],
)
def test_the_portal_refuses_it(sent):
    with pytest.raises(NotReadable, match="say_not_come"):
        read_answer(FACTS["birth_date"], sent, "es", TODAY)
    assert read_answer(FACTS["removal_scheduled_date"], sent, "es", TODAY)
