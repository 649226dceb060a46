"""Somebody asks for help on a phone, in their own language, without JavaScript."""

import re
from datetime import date

import pytest
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.chain import breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.asking import (
    URGENT_AFTER_REMOVAL,
    URGENT_BEFORE_REMOVAL,
    open_questions,
)
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Consent, Contact, Message, Person, Statement
from wayhome.web.portal.places import length_of_time
from wayhome.web.portal.walk import QUESTIONS_A_SITTING
from wayhome.web.portal.wording import say
from wayhome.words import LANGUAGES, question

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def only_case():
    with scopes_disabled():
        return Case.objects.select_related("organization").get()


def statements():
    with scopes_disabled():
        return list(Statement.objects.select_related("case").order_by("pk"))


@pytest.mark.parametrize(("language", "direction"), [("ht", "ltr"), ("ar", "rtl")])
def test_it_is_walked_from_the_first_page_to_where_it_stands(clinic, language, direction):
    visitor = Visitor(language)
    assert f'lang="{language}" dir="{direction}"' in visitor.go("/")
    visitor.begin()
    visitor.to_the_questions("Marie Envante")
    for number in range(1, QUESTIONS_A_SITTING + 1):
        assert visitor.path == f"/p/q/{number}/"
        assert question(load_vocabulary()[visitor.fact], language) in visitor.page.replace(
            "&#x27;", "'"
        )
        visitor.answer("yes" if visitor.fact == "removed" else None)
    assert visitor.path == "/p/n/"
    assert f'lang="{language}" dir="{direction}"' in visitor.page
    case = only_case()
    assert case.language == language
    assert facts_of(case)["removed"] is True
    assert len(statements()) == QUESTIONS_A_SITTING
    assert list(breaks()) == []


def test_it_asks_only_what_can_still_change_something(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    asked = []
    while visitor.fact and len(asked) < QUESTIONS_A_SITTING:
        asked.append(visitor.fact)
        visitor.answer("no" if visitor.fact == "removed" else None)
    assert asked[0] == "removed"
    assert "removal_date" not in asked
    assert len(asked) == len(set(asked))


def test_unknown_and_declined_stay_unknown_and_are_not_asked_again(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    first = visitor.fact
    visitor.answer("unknown")
    second = visitor.fact
    visitor.answer("declined")
    assert visitor.fact not in {first, second}
    unknown, declined = statements()
    assert (unknown.is_unknown, unknown.is_declined, unknown.value) == (True, False, "")
    assert (declined.is_unknown, declined.is_declined, declined.value) == (False, True, "")
    assert facts_of(only_case()) == {}


def test_it_goes_back_and_changes_an_answer_without_losing_the_others(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    first = visitor.fact
    visitor.answer("yes")
    visitor.answer("no")
    third = visitor.fact
    visitor.go("/p/q/1/")
    assert visitor.fact == first
    assert "You said: Yes" in visitor.page
    visitor.answer("no")
    assert facts_of(only_case())[first] is False
    visitor.go("/p/q/3/")
    assert visitor.fact is not None
    visitor.go("/p/q/99/")
    assert visitor.path == "/p/q/3/"
    assert third


def test_an_answer_sent_twice_is_kept_once(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    sent = {"fact": visitor.fact, "said": "yes"}
    visitor.send(sent, path="/p/q/1/")
    after = visitor.path
    visitor.send(sent, path="/p/q/1/")
    assert visitor.path == after
    assert len(statements()) == 1


def test_the_form_that_begins_sent_twice_begins_one_case(clinic):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    session = visitor.browser.session
    held = {name: session[name] for name in ("agreed_at", "begun_with")}
    visitor.send(who="self")
    session = visitor.browser.session
    session.update(held)
    session.save()
    visitor.send({"who": "self"}, path="/p/2/")
    assert only_case()


def test_another_language_keeps_the_answers_and_what_is_being_typed(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    visitor.answer("yes")
    visitor.go("/p/5/")
    visitor.send(
        {
            "channel": "call",
            "address": "+509 1234",
            "from_hour": "3",
            "to_hour": "4",
            "language": "ar",
        }
    )
    assert 'dir="rtl"' in visitor.page
    assert 'value="+509 1234"' in visitor.page
    assert visitor.path == "/p/5/"
    with scopes_disabled():
        assert not Contact.objects.filter(from_hour=3).exists()
    visitor.go("/p/q/1/")
    assert 'lang="ar"' in visitor.page
    assert "قلت: نعم" in visitor.page
    assert len(statements()) == 1


def test_a_half_typed_date_is_kept_in_another_language_and_not_as_an_answer(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    while load_vocabulary()[visitor.fact].type != "date":
        visitor.answer("yes" if visitor.fact == "removed" else None)
    before = len(statements())
    visitor.send({"fact": visitor.fact, "year": "2014", "month": "7", "language": "fr"})
    assert 'value="2014"' in visitor.page
    assert re.search(r'<option value="7" selected>juillet', visitor.page)
    assert len(statements()) == before


def test_only_month_and_year_are_kept_as_such(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    while load_vocabulary()[visitor.fact].type != "date":
        visitor.answer("yes" if visitor.fact == "removed" else None)
    fact, number = visitor.fact, visitor.path
    visitor.answer(year="2014", month="7", day="")
    said = statements()[-1]
    assert facts_of(only_case())[fact] == date(2014, 7, 1)
    assert said.note == "only month and year are known"
    assert "You said: July 2014" in visitor.go(number)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"year": "2014", "month": "2", "day": "30"}, "There is no such day"),
        ({"year": "", "month": "2", "day": "3"}, "Write the year too"),
        ({"year": "24", "month": "2", "day": "3"}, "four digits"),
        ({"year": "24", "month": "", "day": ""}, "four digits"),
        ({"year": "2090", "month": "2", "day": "3"}, "Look at the year"),
        ({"year": "1014", "month": "2", "day": "3"}, "Look at the year"),
        ({"year": "9999", "month": "2", "day": "3"}, "Look at the year"),
        ({"year": "٢٠١٤", "month": "x", "day": "3"}, "Choose a month and a year"),
    ],
)
def test_what_is_no_date_is_said_and_kept_in_the_form_only(clinic, fields, words):
    visitor = Visitor()
    visitor.begin()
    visitor.send({"fact": "removal_date", **fields}, path="/p/q/1/")
    assert words in visitor.page
    assert statements() == []


def test_a_name_in_any_script_stays_what_it_is(clinic):
    name = "محمد عبد الله ማርያም 🌊👩‍👧"
    visitor = Visitor("ar")
    visitor.begin()
    visitor.to_the_questions(name)
    with scopes_disabled():
        person = Person.objects.get()
        assert person.name == name
    assert name in visitor.go("/p/4/")


def test_whoever_writes_for_somebody_says_who_they_are_and_how_that_person_agreed(clinic):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    visitor.send(who="relative")
    assert visitor.path == "/p/2/"
    assert "Write who you are to them." in visitor.page
    assert "Choose how they agreed." in visitor.page
    with scopes_disabled():
        assert not Case.objects.exists()
    visitor.send(who="relative", relation="sister", agreed="yes_by_phone")
    visitor.to_the_questions()
    visitor.answer("yes")
    with scopes_disabled():
        consent = Consent.objects.select_related("case").get()
        assert consent.is_by_proxy
        assert consent.proxy == {"who": "relative", "relation": "sister"}
        assert consent.how["agreed"] == "yes_by_phone"
    assert statements()[0].source == "family"


def test_nothing_is_kept_without_consent(clinic):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="no")
    assert "Nothing was kept" in visitor.page
    for path in ("/p/2/", "/p/3/", "/p/4/", "/p/5/", "/p/q/1/", "/p/m/", "/p/f/"):
        visitor.send(
            {"who": "self", "name": "X", "fact": "removed", "said": "yes", "text": "X"}, path=path
        )
    with scopes_disabled():
        assert not Case.objects.exists()
        assert not Event.objects.exists()


def test_consent_is_recorded_before_anything_else_with_the_words_that_were_read(clinic):
    visitor = Visitor("ht")
    visitor.begin()
    visitor.to_the_questions("Marie")
    visitor.answer("yes")
    deeds = list(Event.objects.order_by("number").values_list("deed", flat=True))
    assert deeds[:2] == ["received case", "gave consent"]
    with scopes_disabled():
        consent = Consent.objects.get()
    assert consent.language == "ht"
    assert re.fullmatch(r"\d+/ht/[0-9a-f]{12}", consent.text_version)


def test_messages_go_both_ways_and_once(clinic):
    visitor = Visitor()
    visitor.begin()
    visitor.send({"text": "They come\non Friday"}, path="/p/m/")
    visitor.send({"text": "They come\non Friday"}, path="/p/m/")
    case = only_case()
    with scopes_disabled():
        from django.utils import timezone

        assert Message.objects.count() == 1
        Message.objects.create(case=case, text="We see it <b>now</b>", sent_at=timezone.now())
    assert "New messages: 1" in visitor.go("/p/")
    assert "We see it &lt;b&gt;now&lt;/b&gt;" in visitor.go("/p/m/")
    assert "New messages" not in visitor.go("/p/")


@pytest.mark.parametrize("language", ["en", "es", "ht", "fr", "pt", "ar"])
def test_where_it_stands_is_told_for_every_state(clinic, language):
    from wayhome.web.cases.models import State
    from wayhome.web.portal.wording import say

    visitor = Visitor(language)
    visitor.begin()
    for state in State:
        with scopes_disabled():
            Case.objects.update(state=state)
        page = visitor.go("/p/").replace("&#x27;", "'")
        assert say(language, f"state.{state}") in page
        assert say(language, f"next.{state}") in page


def test_it_asks_twice_before_it_erases_and_then_nothing_opens(clinic):
    visitor = Visitor()
    code, words = visitor.begin()
    visitor.to_the_questions("Marie")
    visitor.go("/p/e/")
    visitor.send(step="go_on")
    assert "Are you sure" in visitor.page
    assert only_case().erased_at is None
    visitor.send(step="do_it")
    assert "It is erased" in visitor.page
    assert only_case().erased_at is not None
    with scopes_disabled():
        assert not Person.objects.exists()
    visitor.go("/p/")
    assert visitor.path == "/p/back/"
    again = Visitor()
    again.send({"code": code, "words": words}, path="/p/back/")
    assert again.status == 403


def test_where_there_is_more_than_one_organization_it_asks_which(clinic, other_clinic):
    visitor = Visitor()
    visitor.go("/p/1/")
    assert visitor.path == "/p/by/"
    visitor.send(organization="hill")
    assert "Hill Clinic" in visitor.page
    visitor.send(consent="agree")
    visitor.send(who="self")
    assert only_case().organization == other_clinic


def test_an_organization_that_takes_no_applications_is_not_offered(clinic, other_clinic):
    clinic.takes_applications = False
    clinic.save()
    visitor = Visitor()
    visitor.go("/p/1/")
    assert visitor.path == "/p/1/"
    assert "Hill Clinic" in visitor.page
    visitor.send({"organization": clinic.slug}, path="/p/by/")
    visitor.go("/p/1/")
    assert clinic.name not in visitor.page


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_takes_applications_it_says_so_and_keeps_nothing(clinic, language):
    clinic.takes_applications = False
    clinic.save()
    visitor = Visitor(language)
    visitor.go("/p/1/")
    page = visitor.page.replace("&#x27;", "'")
    assert say(language, "choose.nobody") in page
    assert say(language, "choose.nobody_help") in page
    assert 'href="/p/back/"' in page
    visitor.send(consent="agree")
    with scopes_disabled():
        assert not Case.objects.exists()


def test_the_time_in_the_consent_is_that_of_the_settings_and_is_kept_with_it(clinic):
    clinic.months_kept = 18
    clinic.save()
    visitor = Visitor()
    assert "for 1 year and 6 months after it ends" in visitor.go("/p/1/")
    visitor.begin()
    with scopes_disabled():
        assert Consent.objects.get().how["months_kept"] == 18


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("months", [1, 2, 6, 11, 12, 18, 23, 84, 600])
def test_a_length_of_time_is_words_of_the_language(language, months):
    said = length_of_time(months, language)
    assert "duration" not in said
    assert str(months) not in said or months < 12
    years, rest = divmod(months, 12)
    wanted = {str(n) for n in (years, rest) if n > 2}
    assert wanted <= set(re.findall(r"\d+", said))


def first_asked(answers, most=9):
    """The first questions to somebody who answers so; what is not in it they do not know."""
    facts, asked = {}, []
    while len(asked) < most:
        fact = next(iter(open_questions(facts, asked, date(2026, 9, 1))))
        asked.append(fact)
        if fact in answers:
            facts[fact] = answers[fact]
    return asked


def test_whether_time_is_short_is_asked_first():
    away = first_asked({"removed": True, "detained": False})
    assert away[:6] == [
        "removed",
        "detained",
        "removed_in_violation_of_order",
        "serious_medical_condition",
        "family_serious_medical_condition",
        "danger_abroad",
    ]
    for held in (True, False):
        here = first_asked({"removed": False, "detained": held})
        assert here[:3] == ["removed", "detained", "removal_scheduled_date"]
        assert not set(URGENT_AFTER_REMOVAL) & set(here[:4])
    assert first_asked({})[:3] == ["removed", "detained", "removal_scheduled_date"]


def test_every_fact_that_makes_a_case_of_urgency_by_itself_is_among_the_first():
    """A new rule with `emergency: true` must bring its question to the front."""
    from wayhome.law.conditions import facts_read
    from wayhome.programs import rulebook

    citizens = ("us_citizen", "citizen_")
    urgent = [
        rule
        for rule in rulebook().rules.values()
        if rule.emergency and not rule.id.split(".")[1].startswith(citizens)
    ]
    read = {fact for rule in urgent for fact in facts_read(rule.condition)} - {"removed"}
    read -= {"screening_date"}
    assert read == {*URGENT_AFTER_REMOVAL, *URGENT_BEFORE_REMOVAL}


@pytest.mark.parametrize("removed", [True, False, None])
def test_no_question_is_asked_that_could_change_nothing(removed):
    """Each question of a sitting is among those that the kernel finds open by itself."""
    from wayhome.engine.questions import next_questions
    from wayhome.programs import rulebook
    from wayhome.web.cases.asking import _screener

    as_of, asked = date(2026, 9, 1), []
    facts = {} if removed is None else {"removed": removed, "detained": not removed}
    for _ in range(8):
        fact = next(iter(open_questions(facts, asked, as_of)))
        open_now = next_questions(rulebook(), _screener().graph(as_of), facts)
        assert fact in {question.fact for question in open_now}
        asked.append(fact)
        if load_vocabulary()[fact].type == "bool":
            facts[fact] = False


def test_a_day_left_empty_is_unknown_and_said_to_be_left_empty(clinic):
    """Many days are asked for with "leave it empty if there is none"."""
    visitor = Visitor()
    visitor.begin()
    visitor.to_the_questions()
    while visitor.fact != "removal_scheduled_date":
        visitor.answer("no")
    number = visitor.path
    visitor.send(fact=visitor.fact, day="", month="", year="")
    assert visitor.path != number
    (said,) = (one for one in statements() if one.fact == "removal_scheduled_date")
    assert said.is_unknown
    assert "removal_scheduled_date" not in facts_of(only_case())
    assert "You said: left empty" in visitor.go(number)


def test_whoever_types_for_somebody_is_told_who_you_is(clinic):
    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    visitor.send(who="relative", relation="mother", agreed="yes_by_phone")
    visitor.to_the_questions()
    assert "“You” means the person who needs help." in visitor.page
    own = Visitor()
    own.begin()
    assert "“You” means" not in own.to_the_questions()


def test_a_case_with_the_reviewers_takes_messages_and_no_answers(clinic):
    visitor = Visitor()
    visitor.begin()
    with scopes_disabled():
        Case.objects.update(state="first_review")
    visitor.send({"fact": "removed", "said": "yes"}, path="/p/q/1/")
    assert visitor.path == "/p/"
    assert statements() == []


def test_what_was_sent_to_whom_is_told_once_with_its_day(clinic, request):
    from datetime import UTC, datetime

    from wayhome.web.audit.chain import Actor, record

    visitor = Visitor()
    visitor.begin()
    other_clinic = request.getfixturevalue("other_clinic")
    case = only_case()
    at = datetime(2026, 5, 4, 12, tzinfo=UTC)
    sides = {"from": str(clinic.pk), "to": str(other_clinic.pk)}
    for organization in (clinic, other_clinic):
        record(
            Actor("staff:x", organization.pk),
            "accepted transfer",
            case=case.pk,
            details=sides,
            at=at,
        )
    step = {"from": "recommended", "to": "filed"}
    record(Actor("staff:x", clinic.pk), "filed the request", case=case.pk, details=step, at=at)
    page = visitor.go("/p/")
    assert page.count("4 May 2026: The case was passed on to Hill Clinic, as you agreed.") == 1
    assert "4 May 2026: The request was filed with the government." in page
    assert "Nothing was sent" not in page


def test_a_later_consent_does_not_change_whose_word_an_answer_is(clinic):
    from django.utils import timezone

    visitor = Visitor()
    visitor.go("/p/1/")
    visitor.send(consent="agree")
    visitor.send(who="relative", relation="sister", agreed="yes_by_phone")
    visitor.to_the_questions()
    with scopes_disabled():
        Consent.objects.create(
            case=only_case(), text_version="share/t/x", language="en", given_at=timezone.now()
        )
    visitor.answer("yes")
    assert statements()[0].source == "family"
