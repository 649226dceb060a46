"""A hotline worker: the queue of calls, and the same questions with the caller."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.models import Event
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Consent, Contact, Statement
from wayhome.web.portal.call_backs import next_safe_hours
from wayhome.web.portal.doors import open_door
from wayhome.web.portal.models import CallBack
from wayhome.words import question

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ROLES = ("caseworker", "attorney", "reviewer", "lead", "analyst", "auditor", "administrator")


@pytest.fixture
def sign_in(settings):
    """A browser of a member of staff, past the second factor."""
    settings.MIDDLEWARE = [
        m
        for m in settings.MIDDLEWARE
        if not m.endswith(("SessionLimitsMiddleware", "SecondFactorMiddleware"))
    ]

    def make(member):
        browser = Client()
        browser.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return browser

    return make


@pytest.fixture
def worker(member, sign_in):
    return sign_in(member("caseworker"))


def new_case_by_phone(browser, language="ht", **fields):
    page = browser.get("/calls/new/", {"language": language}).content.decode()
    number = re.search(r'name="begun_with" value="([^"]+)"', page)[1]
    sent = {"language": language, "begun_with": number, "consent": "agree", "who": "self", **fields}
    return browser.post("/calls/new/", sent), sent


def test_it_takes_a_case_in_by_phone_and_walks_the_same_questions(worker):
    answer, _ = new_case_by_phone(worker)
    with scopes_disabled():
        case = Case.objects.select_related("organization").get()
        consent = Consent.objects.get()
        assert consent.how == {"agreed": "", "on": "phone", "months_kept": 84}
    assert answer.url == f"/calls/{case.pk}/person/"
    worker.post(answer.url, {"name": "Marie Envante"})
    page = worker.get(f"/calls/{case.pk}/q/1/").content.decode()
    fact = re.search(r'name="fact" value="(\w+)"', page)[1]
    shown = page.replace("&#x27;", "'")
    assert question(load_vocabulary()[fact], "ht") in shown
    assert question(load_vocabulary()[fact], "en") in shown
    assert "Ou ka di wi, non" in shown
    answer = worker.post(f"/calls/{case.pk}/q/1/", {"fact": fact, "said": "yes"})
    assert answer.url == f"/calls/{case.pk}/q/2/"
    assert facts_of(case)[fact] is True
    with scopes_disabled():
        assert Statement.objects.get().recorded_by is not None


def test_a_caller_who_does_not_agree_leaves_nothing(worker):
    new_case_by_phone(worker, consent="no")
    with scopes_disabled():
        assert not Case.objects.exists()


def test_the_form_sent_twice_takes_in_one_case(worker):
    _, sent = new_case_by_phone(worker)
    worker.post("/calls/new/", sent)
    with scopes_disabled():
        assert Case.objects.count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_only_whoever_may_take_in_cases_sees_the_calls(member, sign_in, role, new_case):
    browser, case = sign_in(member(role)), new_case()
    wanted = 200 if role in {"caseworker", "attorney", "lead"} else 403
    for path in ("/calls/", "/calls/new/", f"/calls/{case.pk}/", f"/calls/{case.pk}/q/1/"):
        assert browser.get(path).status_code == wanted, path


def test_another_organizations_case_is_not_there(worker, new_case, other_clinic):
    case = new_case(organization=other_clinic)
    for page in ("call", "call_person", "call_reach", "call_words"):
        assert worker.get(reverse(page, args=[case.pk])).status_code == 404
    assert worker.post(reverse("call_pause", args=[case.pk]), {"how": "done"}).status_code == 404
    assert "No case here" in worker.get("/calls/", {"code": case.code}).content.decode()


def test_every_page_of_a_call_is_in_the_log(worker, new_case):
    case = new_case()
    worker.get(f"/calls/{case.pk}/")
    worker.get(f"/calls/{case.pk}/q/1/")
    read = Event.objects.filter(deed="read case", case=case.pk)
    assert [event.details["page"] for event in read] == ["call", "question"]


def contact_with_hours(case, zone, start, end):
    with scopes_disabled():
        return Contact.objects.create(
            case=case,
            channel="call",
            address="+1",
            time_zone=zone,
            from_hour=start,
            to_hour=end,
            code_word="mango",
        )


def test_the_queue_shows_who_may_be_called_now_by_the_callers_clock(worker, new_case):
    now = timezone.now()
    case, later = new_case("Marie Envante"), new_case()
    with scopes_disabled():
        CallBack.objects.create(
            case=case, safe_from=now - timedelta(hours=1), safe_to=now + timedelta(hours=1)
        )
        CallBack.objects.create(
            case=later, safe_from=now + timedelta(hours=5), safe_to=now + timedelta(hours=6)
        )
    contact_with_hours(case, "America/Port-au-Prince", 0, 23)
    page = worker.get("/calls/").content.decode()
    first, rest = page.split("Safe hours passed")
    assert case.code in first
    assert later.code in rest
    assert "Port-au-Prince" in first
    assert "Marie" not in page


def test_a_call_shows_the_word_to_say_first_and_not_to_leave_a_message(worker, new_case):
    case = new_case()
    contact_with_hours(case, "UTC", 0, 23)
    page = worker.get(f"/calls/{case.pk}/").content.decode()
    assert "“mango”" in page
    assert "Leave no message" in page


def test_nobody_answered_moves_the_call_to_the_next_safe_hours(worker, new_case):
    case, now = new_case(), timezone.now()
    contact_with_hours(case, "UTC", now.hour, (now.hour + 2) % 24)
    with scopes_disabled():
        call = CallBack.objects.create(case=case, safe_from=now, safe_to=now + timedelta(hours=1))
    worker.post(f"/calls/{case.pk}/pause/", {"how": "missed"})
    with scopes_disabled():
        moved = CallBack.objects.get()
    assert moved.safe_from >= call.safe_to
    worker.post(f"/calls/{case.pk}/pause/", {"how": "done"})
    with scopes_disabled():
        assert CallBack.objects.get().done_at is not None


def test_new_words_are_shown_once_and_named_in_the_log(worker, new_case):
    case = new_case()
    page = worker.post(f"/calls/{case.pk}/words/").content.decode()
    words = re.findall(r"<li>([^<]+)</li>", page.split("read-words")[1])
    assert len(words) == 6
    assert not any(
        f">{word}<" in worker.get(f"/calls/{case.pk}/words/").content.decode() for word in words
    )
    made = Event.objects.get(deed="made new passphrase")
    assert made.actor.startswith("staff:")


def test_words_cannot_be_guessed_by_the_operators_pages(worker, new_case):
    """They take no words: right and wrong ones are answered alike, and open nothing."""
    case = new_case()
    page = worker.post(f"/calls/{case.pk}/words/").text
    words = " ".join(re.findall(r"<li>([^<]+)</li>", page.split("read-words")[1]))
    asked = {"code": case.code, "words": words}
    for path in ("/calls/", f"/calls/{case.pk}/", f"/calls/{case.pk}/words/"):
        told = [
            re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", worker.get(path, {"words": w}).text)
            for w in (words, "six words that are quite wrong")
        ]
        assert told[0] == told[1], path
    assert "No case here has this code" in worker.get("/calls/", {"code": words}).text
    stranger = Client()
    for path in ("/calls/", f"/calls/{case.pk}/words/"):
        assert stranger.get(path, asked).url.startswith("/sign-in/")
        assert stranger.post(path, asked).status_code in {302, 403}
    assert Event.objects.filter(deed="made new passphrase").count() == 1
    with scopes_disabled():
        assert open_door(case.code, words, timezone.now()).case_id == case.pk
    # Who sends the right words gets new ones as anybody does, and the old ones are over.
    worker.post(f"/calls/{case.pk}/words/", {"words": words})
    with scopes_disabled():
        assert open_door(case.code, words, timezone.now()) is None


@pytest.mark.parametrize(
    ("zone", "hours", "now", "begins", "ends"),
    [
        (
            "America/Port-au-Prince",
            (9, 12),
            "2026-07-01T12:00",
            "2026-07-01T13:00",
            "2026-07-01T16:00",
        ),
        (
            "America/Port-au-Prince",
            (9, 12),
            "2026-07-01T14:00",
            "2026-07-01T14:00",
            "2026-07-01T16:00",
        ),
        (
            "America/Port-au-Prince",
            (9, 12),
            "2026-07-01T15:31",
            "2026-07-02T13:00",
            "2026-07-02T16:00",
        ),
        (
            "America/Port-au-Prince",
            (9, 12),
            "2026-07-01T15:30",
            "2026-07-01T15:30",
            "2026-07-01T16:00",
        ),
        ("Asia/Kabul", (22, 2), "2026-07-01T18:00", "2026-07-01T18:00", "2026-07-01T21:30"),
        ("Asia/Kabul", (22, 2), "2026-07-01T20:00", "2026-07-01T20:00", "2026-07-01T21:30"),
        ("UTC", (20, 24), "2026-07-01T21:00", "2026-07-01T21:00", "2026-07-02T00:00"),
        ("America/New_York", (1, 4), "2026-03-08T04:00", "2026-03-08T06:00", "2026-03-08T08:00"),
    ],
)
def test_safe_hours_are_those_of_the_callers_own_clock(zone, hours, now, begins, ends):
    at = {
        name: datetime.fromisoformat(text).replace(tzinfo=UTC)
        for name, text in (("now", now), ("begins", begins), ("ends", ends))
    }
    assert next_safe_hours(zone, *hours, at["now"]) == (at["begins"], at["ends"])


def test_yes_or_no_is_a_choice_with_a_key_each_and_enter_goes_on(worker, new_case):
    case = new_case()
    path = f"/calls/{case.pk}/q/1/"
    page = worker.get(path).content.decode()
    form = page.split("data-keys")[1].split("</form>")[0]
    said = re.findall(r'name="said" value="(\w+)" accesskey="(\d)"', form)
    assert said == [("yes", "1"), ("no", "2"), ("unknown", "3"), ("declined", "4")]
    # The first button of a form is what Enter presses: it must choose nothing itself.
    assert "name=" not in re.search(r"<button([^>]*)>", form)[1]
    fact = re.search(r'name="fact" value="(\w+)"', form)[1]
    assert "Choose an answer" in worker.post(path, {"fact": fact}).content.decode()
    worker.post(path, {"fact": fact, "said": "unknown"})
    again = worker.get(path).content.decode()
    assert re.search(r'value="unknown" accesskey="3" checked', again)


def test_a_call_is_paused_and_gone_on_with_where_it_stopped(worker, new_case):
    case = new_case()
    contact_with_hours(case, "America/Port-au-Prince", 0, 23)
    page = worker.get(f"/calls/{case.pk}/q/1/").content.decode()
    fact = re.search(r'name="fact" value="(\w+)"', page)[1]
    worker.post(f"/calls/{case.pk}/q/1/", {"fact": fact, "said": "yes"})
    worker.post(f"/calls/{case.pk}/pause/", {"how": "day"})
    with scopes_disabled():
        assert CallBack.objects.get().safe_from >= timezone.now() + timedelta(hours=23)
    assert f'href="/calls/{case.pk}/q/2/"' in worker.get(f"/calls/{case.pk}/").content.decode()


def test_the_consent_is_read_with_the_time_that_the_settings_say(worker, clinic):
    clinic.months_kept = 30
    clinic.save()
    page = worker.get("/calls/new/", {"language": "ht"}).content.decode()
    assert "2 an ak 6 mwa" in page
    assert "2 years and 6 months" in page


def test_the_worker_reads_every_choice_in_english_too(worker, new_case):
    case = new_case()
    with scopes_disabled():
        Case.objects.update(language="ar")
    page = worker.get(f"/calls/{case.pk}/q/1/").content.decode()
    for said in ("Yes", "No", "I don’t know", "I’d rather not say"):
        assert f'<bdi class="quiet" lang="en">{said}</bdi>' in page
    sent = {"fact": "manner_of_entry", "value": ""}
    page = worker.post(f"/calls/{case.pk}/q/1/", sent).content.decode()
    assert 'lang="en">Without meeting an officer</bdi>' in page
    assert re.search(r'name="value" value="\w+" accesskey="1"', page)


def test_an_administrator_says_whether_people_may_apply(member, sign_in, clinic):
    browser = sign_in(member("administrator"))
    sent = {"name": clinic.name, "months_kept": "84", "takes_applications": "False"}
    assert browser.post(reverse("organization_settings"), sent).status_code == 302
    clinic.refresh_from_db()
    assert clinic.takes_applications is False
    assert Event.objects.filter(deed="changed the settings").exists()
    del sent["takes_applications"]
    assert browser.post(reverse("organization_settings"), sent).status_code == 200


@pytest.mark.parametrize("line", ["+1 555 0100, code 7", ""])
def test_the_interpreter_line_is_at_hand_or_said_to_be_missing(worker, settings, line):
    settings.INTERPRETER_LINE = line
    page = worker.get("/calls/new/", {"language": "ht"}).content.decode()
    assert (line or "No interpreter line is set here") in page
    assert "nterpreter line" not in worker.get("/calls/new/", {"language": "en"}).content.decode()
