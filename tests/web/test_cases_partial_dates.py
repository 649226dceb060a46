"""Days of which only the month or the year is known: kept, shown, compared, never invented."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files.answers import NotAnAnswer, SomeDayOf, read_date
from wayhome.web.audit.chain import Actor
from wayhome.web.cases.actions import state_fact
from wayhome.web.cases.fact_form import FactForm
from wayhome.web.cases.facts import NoAnswer, disagreements_of, facts_of, statements_of
from wayhome.web.cases.partial_dates import ONLY_MONTH, note_of, year_note, year_of
from wayhome.web.cases.person_form import PersonForm
from wayhome.web.cases.worklist_forms import FilterForm, SearchForm
from wayhome.web.portal.answers import NotReadable, in_words, read_answer
from wayhome.words import LANGUAGES

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = timezone.now()
TODAY = NOW.date()
FACT = load_vocabulary()["removal_date"]
MONTH, DAY, FIRST = date(2019, 5, 1), date(2019, 5, 14), date(2019, 5, 1)


def say(case, value, source, *, note="", days_ago=0):
    day = TODAY - timedelta(days=days_ago)
    return state_fact(
        Actor("somebody"), case, "removal_date", value, source, day, timezone.now(), note=note
    )


def form(answer, note=""):
    sent = {"answer": answer, "source": "applicant", "said_on": "2026-01-02", "edition": 1}
    made = FactForm(FACT, {**sent, "note": note}, may_speak_as=["applicant"], today=TODAY)
    return made, made.is_valid()


@pytest.mark.parametrize(
    ("said", "counts", "differ"),
    [
        # (source, value, only the month is known), the newest last.
        ([("applicant", MONTH, True), ("record", DAY, False)], DAY, 0),
        ([("record", MONTH, True), ("applicant", DAY, False)], MONTH, 0),
        ([("family", DAY, False), ("applicant", MONTH, True)], DAY, 0),
        ([("applicant", MONTH, True), ("family", DAY, False)], DAY, 0),
        ([("family", date(2019, 6, 14), False), ("applicant", MONTH, True)], MONTH, 1),
        ([("family", DAY, False), ("applicant", FIRST, False)], FIRST, 1),
        ([("applicant", MONTH, True), ("record", date(2018, 5, 14), False)], date(2018, 5, 14), 1),
        ([("applicant", DAY, False), ("applicant", MONTH, True)], MONTH, 0),
    ],
)
def test_a_month_agrees_with_a_day_in_it(new_case, said, counts, differ):
    case = new_case()
    for number, (source, day, is_month) in enumerate(said):
        value = SomeDayOf(day.year, day.month, 1) if is_month else day
        say(case, value, source, days_ago=len(said) - number)
    assert facts_of(case)["removal_date"] == counts
    assert len(disagreements_of(case)) == differ


def test_no_hint_of_staff_or_of_a_file_invites_to_invent_a_day():
    for fact in load_vocabulary():
        assert "first day of that month" not in fact.help
        assert "first of the month" not in fact.meaning


def test_a_year_alone_is_answered_with_where_it_can_be_stated():
    said = str(PersonForm({"name": "A", "birth_date": "1985", "edition": 1}).errors["birth_date"])
    assert "state the year as a fact of the case" in said
    with pytest.raises(NotAnAnswer) as refused:
        read_date("1985")
    assert "leave the cell empty" in refused.value.advice()
    assert "2019-03" in refused.value.advice()


@pytest.mark.parametrize("typed", ["1985-13-01", "soon", "5/6/2019"])
def test_no_form_speaks_of_cells(typed):
    wrong = PersonForm({"name": "A", "birth_date": typed, "edition": 1}).errors["birth_date"]
    assert "cell" not in str(wrong)
    made, is_valid = form(typed)
    assert not is_valid
    assert "cell" not in str(made.errors["answer"])


def test_a_search_for_a_year_alone_says_that_the_whole_birth_date_is_needed(member):
    for made in (SearchForm({"text": " 1985 "}), FilterForm({"text": "1985"}, member("lead"))):
        assert "the whole birth date" in str(made.errors["text"])
    assert SearchForm({"text": "1985-05-01"}).is_valid()


def test_the_form_of_staff_notes_that_only_the_month_is_known():
    made, is_valid = form("2019-05", "page 3")
    assert is_valid
    assert made.cleaned_data["answer"] == MONTH
    assert note_of(made.cleaned_data["answer"], "page 3") == f"{ONLY_MONTH}\npage 3"
    made, is_valid = form("2019-05-01", "page 3")
    assert is_valid
    assert note_of(made.cleaned_data["answer"], "page 3") == "page 3"


def test_a_year_alone_is_not_known_to_the_rules_and_is_kept(new_case):
    made, is_valid = form("2019", "page 3")
    assert is_valid
    assert made.cleaned_data["answer"] is NoAnswer.UNKNOWN
    case = new_case()
    say(case, NoAnswer.UNKNOWN, "applicant", note=made.cleaned_data["note"])
    assert "removal_date" not in facts_of(case)
    assert year_of(statements_of(case)[0]) == 2019
    for wrong in ("1019", "9999", "20190", "19"):
        assert not form(wrong)[1]


def test_a_note_that_speaks_of_a_year_is_no_year(new_case):
    case = new_case()
    said = say(case, NoAnswer.UNKNOWN, "applicant", note="2019, he thinks")
    assert year_of(said) is None
    said = say(case, DAY, "applicant", note=year_note(2019))
    assert year_of(said) is None


def test_the_page_of_a_case_shows_a_month_and_a_year_as_such(client, member, settings, new_case):
    settings.SECOND_FACTOR_REQUIRED = False
    who = member("caseworker")
    client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    case = new_case()
    where = f"/cases/{case.pk}/fact/?fact=removal_date"
    sent = {"answer": "2019", "source": "applicant", "said_on": str(TODAY), "edition": case.edition}
    assert client.post(where, sent).status_code == 302
    assert (
        "2019 (the month and day are not known)"
        in client.get(f"/cases/{case.pk}/").content.decode()
    )
    sent |= {"answer": "2019-05", "source": "record", "edition": case.edition + 1}
    assert client.post(where, sent).status_code == 302
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "2019-05 (the day is not known)" in page
    assert "2019-05-01" not in page


def test_the_portal_takes_a_year_alone_and_says_it_in_every_language(new_case):
    read = read_answer(FACT, {"year": "2019", "month": "", "day": ""}, "ht", TODAY)
    assert read.answer is NoAnswer.UNKNOWN
    said = say(new_case(), read.answer, "applicant", note=read.note)
    told = {in_words(FACT, said, language) for language in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    assert all("2019" in text for text in told)
    assert "2019 (the month and day are not known)" in told


@pytest.mark.parametrize("sent", [{"year": "1019"}, {"year": "9999"}, {"year": "2019", "day": "3"}])
def test_the_portal_refuses_a_year_that_cannot_be(sent):
    with pytest.raises(NotReadable):
        read_answer(FACT, sent, "en", TODAY)
