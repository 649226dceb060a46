"""The log: whole whoever writes at once, unchangeable in the database, and readable by few."""

import csv
import hashlib
import io
import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from wayhome.web.api.tokens import Scope, make_token
from wayhome.web.audit.actors import NOBODY, actor_of, actor_of_member, applicant_of, command
from wayhome.web.audit.append_only import guard, missing_guards, unguard
from wayhome.web.audit.chain import Actor, breaks, head_of_chain, holds, record
from wayhome.web.audit.models import Event, Head
from wayhome.web.audit.queries import LogFilter, events_of
from wayhome.web.cases.actions import set_emergency
from wayhome.web.cases.models import Case
from wayhome.web.cases.searches_in_log import HASHED, hashes_of

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("staff:somebody")


def signed_in(member):
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_it_chains_events():
    events = [record(ACTOR, f"deed {number}") for number in range(5)]
    assert [event.number for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous for event in events[1:]] == [event.hash for event in events[:-1]]
    assert not list(breaks())


def test_it_holds_whatever_the_time_zone_of_the_clock_and_whatever_the_details():
    there = timezone(timedelta(hours=-4))
    details = {"counts": (1, 2), "état": "ክፍት 🌊", 3: None}
    record(ACTOR, "deed", at=datetime(2026, 11, 22, 8, 0, 0, 123456, tzinfo=there), details=details)
    assert not list(breaks())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET deed = 'nothing' WHERE number = 2",
        "DELETE FROM audit_event WHERE number = 2",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = 1",
    ],
)
def test_it_lets_nobody_change_the_log_in_the_database(sql):
    for _ in range(3):
        record(ACTOR, "deed")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not list(breaks())


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE audit_event SET deed = 'nothing' WHERE number = 2", "something else"),
        ("DELETE FROM audit_event WHERE number = 2", "missing"),
        ("DELETE FROM audit_event WHERE number = 3", "ends here"),
        ("DELETE FROM audit_head", "taken out"),
    ],
)
def test_it_finds_what_the_owner_of_the_database_changed(sql, said):
    for _ in range(3):
        record(ACTOR, "deed")
    unguard(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    guard(connection)
    assert said in " ".join(found.message for found in breaks())


@pytest.mark.parametrize(
    "sql",
    [
        "REPLACE INTO audit_event (number, at, actor, deed, details, previous, hash) "
        "SELECT number, at, actor, 'nothing', details, previous, hash "
        "FROM audit_event WHERE number = 2",
        "INSERT OR REPLACE INTO audit_head (id, number, hash) VALUES (1, 1, 'x')",
    ],
)
def test_it_lets_nobody_write_over_the_log(sql):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite replaces rows without taking them out")
    for _ in range(3):
        record(ACTOR, "deed")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert not list(breaks())


def test_it_finds_a_log_that_was_written_anew_by_a_head_noted_before():
    record(ACTOR, "deed")
    noted = head_of_chain()
    assert holds(*noted)
    unguard(connection)
    Event.objects.all().delete()
    Head.objects.all().delete()
    guard(connection)
    record(ACTOR, "another story")
    assert not list(breaks())
    assert not holds(*noted)


def test_it_knows_when_a_guard_is_missing():
    assert missing_guards(connection) == []
    unguard(connection)
    assert "audit_event_not_changed" in missing_guards(connection)
    guard(connection)


def test_it_stands_or_falls_with_the_deed():
    with transaction.atomic():
        record(ACTOR, "deed")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "keyring"])
def test_it_stays_whole_when_many_write_at_once():
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("many processes on one SQLite file: the test below")
    failed = []

    def write():
        try:
            for _ in range(25):
                record(ACTOR, "deed", details={"thread": threading.get_ident()})
        except DatabaseError as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Event.objects.count() == 200
    assert not list(breaks())


WRITER = """
import os, sys
import django
django.setup()
from wayhome.web.audit.chain import Actor, record
for number in range(int(sys.argv[1])):
    record(Actor("command:test"), "deed", details={"process": os.getpid()})
    if number == int(sys.argv[2]):
        from django.db import transaction
        with transaction.atomic():
            record(Actor("command:test"), "half a deed")
            os.kill(os.getpid(), 9)
"""


def test_it_stays_whole_when_processes_write_at_once_and_some_are_killed(own_home):
    """Three processes on one file; two of them are killed in the middle of a transaction."""
    processes = [own_home.start("-c", WRITER, "20", kill_at) for kill_at in ("7", "13", "-1")]
    for process in processes:
        process.wait(60)
    assert sorted(process.returncode for process in processes) == [-9, -9, 0]
    said = own_home.run(
        "-c",
        "import django; django.setup()\n"
        "from wayhome.web.audit.chain import breaks\n"
        "from wayhome.web.audit.models import Event\n"
        "print(Event.objects.count(), Event.objects.filter(deed='half a deed').count(), list(breaks()))",
    )
    assert said.stdout.strip() == f"{8 + 14 + 20} 0 []"


def test_it_names_actors_by_kind_and_id(member, new_case, rf):
    request = rf.get("/")
    assert actor_of(request) == NOBODY
    request.member = member("lead")
    assert actor_of(request) == Actor(
        f"staff:{request.member.user_id}", request.member.organization_id
    )
    case = new_case()
    assert applicant_of(case) == Actor("applicant", case.organization_id)
    for actor in (actor_of(request), applicant_of(case)):
        assert len(actor.name) <= Event._meta.get_field("actor").max_length


@pytest.mark.parametrize(
    ("role", "status"),
    [("lead", 200), ("auditor", 200), ("attorney", 403), ("reviewer", 403), ("administrator", 403)],
)
def test_it_opens_the_log_to_leads_and_auditors(member, role, status):
    assert signed_in(member(role)).get(reverse("log")).status_code == status


def test_it_sends_a_stranger_to_sign_in(client):
    assert client.get(reverse("log")).url.startswith(reverse("account_login"))


def test_it_shows_the_log_of_ones_own_organization_only(member, clinic, other_clinic):
    record(Actor("staff:a", clinic.pk), "ours")
    record(Actor("staff:b", other_clinic.pk), "theirs")
    page = signed_in(member("auditor")).get(reverse("log")).content.decode()
    assert "ours" in page
    assert "theirs" not in page


def test_it_shows_what_was_done_to_the_whole_installation(member, clinic, other_clinic):
    record(command("backup"), "made a backup")
    record(command("keys"), "rotates the master key", details={"to": "second"})
    record(command("export", other_clinic.pk), "exported everything")
    record(NOBODY, "refused a sign-in")
    page = signed_in(member("auditor")).get(reverse("log")).text
    rows = page.split("<tbody>")[1].split("</tr>")
    (rotated,) = [row for row in rows if "rotates the master key" in row]
    assert "of the whole installation" in rotated
    assert "made a backup" in page
    assert "exported everything" not in page
    assert "refused a sign-in" not in page


def test_it_says_why_numbers_are_missing_and_who_could_write_another_log(member):
    page = signed_in(member("auditor")).get(reverse("log")).text
    assert "of another organization on this installation" in page
    assert "whoever owns the machine" in page
    assert "wayhome verify --expect" in page
    assert "Nothing in it can be changed" not in page


def test_it_keeps_what_was_typed_out_of_the_address(member, new_case, clinic):
    case, client = new_case(), signed_in(member("auditor"))
    record(Actor("applicant", clinic.pk), "sent a message", case=case.pk)
    for typed in ({"case": "Marie Invented"}, {"deed": "Marie"}, {"actor": "Marie"}):
        answer = client.post(reverse("log"), typed)
        assert answer.status_code == 400
        assert "errorlist" in answer.text
        assert "<table" not in answer.text
    for typed, shown in (
        (case.code.lower().replace("-", " "), case.code),
        (str(case.pk).upper(), str(case.pk)),
    ):
        answer = client.post(reverse("log"), {"case": typed, "since": "2026-01-02"})
        assert answer.status_code == 302
        assert answer.url == f"{reverse('log')}?case={shown}&since=2026-01-02"
        assert "sent a message" in client.get(answer.url).text
    answer = client.post(reverse("log"), {"deed": "message"})
    assert answer.url == f"{reverse('log')}?deed=message"
    assert 'method="get"' not in client.get(reverse("log")).text


def test_it_can_be_checked_elsewhere_from_its_file(member, clinic, new_case):
    record(Actor("applicant", clinic.pk), "état", case=new_case().pk, details={"n": [1, "é"]})
    record(command("backup"), "made a backup")
    file = signed_in(member("auditor")).get(reverse("log"), {"format": "csv"})
    lines = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    assert len(lines) >= 2
    for line in lines:
        said = [line[name] for name in ("at", "actor", "organization", "case", "deed")]
        whole = [int(line["number"]), *said, json.loads(line["details"]), line["previous"]]
        text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == line["hash"]
    for after, before in pairwise(lines):
        if int(after["number"]) == int(before["number"]) + 1:
            assert after["previous"] == before["hash"]


def test_it_filters_by_case_deed_person_and_day(member, clinic):
    case, auditor = uuid4(), member("auditor")
    who = Actor(f"staff:{auditor.user_id}", clinic.pk)
    record(who, "read case", case=case, at=datetime(2026, 3, 5, 23, 59, tzinfo=UTC))
    record(Actor("applicant", clinic.pk), "sent a message", case=uuid4())
    client = signed_in(auditor)
    for query, shown in (
        ({"case": str(case)}, True),
        ({"deed": "read case"}, True),
        ({"actor": who.name, "deed": "case"}, True),
        ({"since": "2026-03-05", "until": "2026-03-05"}, True),
        ({"since": "2026-03-06", "deed": "read case"}, False),
        ({"actor": "applicant"}, False),
    ):
        page = client.get(reverse("log"), query).content.decode()
        assert ("2026-03-05" in page.split("<table")[1]) is shown, query


@pytest.mark.parametrize(
    "query",
    [{"case": "x"}, {"since": "31.12.2026"}, {"before": "x"}, {"before": "9" * 40}, {"actor": "'"}],
)
def test_it_takes_a_filter_that_is_none_without_breaking(member, query):
    assert signed_in(member("auditor")).get(reverse("log"), query).status_code == 200


@pytest.mark.parametrize("query", [{"case": "x"}, {"case": "ZZZZ-ZZZZ"}, {"since": "31.12.2026"}])
@pytest.mark.parametrize("form", [{}, {"format": "csv"}])
def test_it_lists_nothing_below_a_filter_that_it_cannot_read(member, clinic, query, form):
    record(Actor("applicant", clinic.pk), "sent a message")
    answer = signed_in(member("auditor")).get(reverse("log"), query | form)
    assert "errorlist" in answer.text
    assert "sent a message" not in answer.text
    assert "<table" not in answer.text


def test_it_finds_a_case_by_its_code_however_it_is_typed(member, clinic, new_case):
    case, other = new_case(), new_case()
    record(Actor("applicant", clinic.pk), "sent a message", case=case.pk)
    record(Actor("applicant", clinic.pk), "withdrew consent", case=other.pk)
    client = signed_in(member("auditor"))
    for typed in (case.code, case.code.lower().replace("-", " "), str(case.pk)):
        page = client.get(reverse("log"), {"case": typed}).text
        assert "sent a message" in page
        assert "withdrew consent" not in page
    assert reverse("held", args=[case.pk]) in page
    assert f">{case.code}</a>" in page


def test_it_finds_no_case_of_another_organization_by_its_code(member, other_clinic, new_case):
    theirs = new_case(organization=other_clinic)
    assert (
        "No case here"
        in signed_in(member("auditor")).get(reverse("log"), {"case": theirs.code}).text
    )


def test_it_names_staff_and_codes_in_the_file(member, clinic, new_case):
    case, auditor = new_case(name="Marie Invented"), member("auditor", name="=Ada Auditor")
    record(Actor(f"staff:{auditor.user_id}", clinic.pk), "read case", case=case.pk)
    record(Actor("applicant", clinic.pk), "sent a message", case=case.pk)
    file = signed_in(auditor).get(reverse("log"), {"format": "csv", "case": case.code})
    lines = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    told = {line["deed"]: (line["name"], line["email"], line["case_code"]) for line in lines}
    assert told["read case"] == ("'=Ada Auditor", auditor.user.email, case.code)
    assert told["sent a message"] == ("", "", case.code)
    assert "Marie" not in str(lines)


def log_of(case, organization):
    found = events_of(organization.pk, LogFilter(case=case.pk))
    return [event.deed for event in reversed(found)]


def test_it_tells_of_every_case_what_touched_them_all(member, clinic, other_clinic, new_case):
    case = new_case()
    for deed in ("made a backup", "restored a backup", "copied the keyring"):
        record(command("backup"), deed)
    record(command("export", clinic.pk), "exported everything")
    record(command("export", other_clinic.pk), "exported everything")
    record(command("daily"), "did the daily work")
    assert log_of(case, clinic) == [
        "made a backup",
        "restored a backup",
        "copied the keyring",
        "exported everything",
    ]
    page = signed_in(member("auditor")).get(reverse("log"), {"case": case.code}).text
    assert page.count("touched every case") == 4


def test_it_tells_of_a_case_nothing_from_before_it_came_or_after_it_went(
    clinic, other_clinic, new_case
):
    def all_exported(organization, day):
        at = datetime(2026, 11, day, tzinfo=UTC)
        record(command("export", organization.pk), "exported everything", details={"d": day}, at=at)

    def told(organization):
        found = events_of(organization.pk, LogFilter(case=case.pk)).order_by("number")
        return [e.details["d"] for e in found if e.deed == "exported everything"]

    case = new_case()
    all_exported(clinic, 1)
    record(Actor("applicant", clinic.pk), "received case", case=case.pk)
    all_exported(clinic, 2)
    all_exported(other_clinic, 3)
    over = {"from": str(clinic.pk), "to": str(other_clinic.pk)}
    for side in (clinic, other_clinic):
        record(Actor("staff:x", side.pk), "accepted transfer", case=case.pk, details=over)
    Case._base_manager.filter(pk=case.pk).update(organization=other_clinic)
    all_exported(clinic, 4)
    all_exported(other_clinic, 5)
    record(Actor("applicant", other_clinic.pk), "erased case", case=case.pk)
    all_exported(other_clinic, 6)
    assert told(clinic) == [2]
    assert told(other_clinic) == [5]


def test_it_names_organizations_and_people_where_details_hold_their_ids(
    member, clinic, other_clinic, new_case
):
    case, lead = new_case(), member("lead", name="Lea Lead")
    who = Actor(f"staff:{lead.user_id}", clinic.pk)
    over = {"from": str(clinic.pk), "to": str(other_clinic.pk)}
    record(who, "offered transfer", case=case.pk, details=over)
    record(who, "assigned case", case=case.pk, details={"to": str(lead.user_id)})
    record(who, "read journeys", details={"cases": [str(case.pk)]})
    page = signed_in(lead).get(reverse("log")).text
    # PostgreSQL keeps the keys of a record in an order of its own.
    assert f"from: {clinic.name}" in page
    assert f"to: {other_clinic.name}" in page
    assert "to: Lea Lead" in page
    assert f"cases: {case.code}" in page


def test_it_says_which_panel_was_read_and_nothing_that_was_typed(member, new_case):
    case, client = new_case(), signed_in(member("lead"))
    client.get(reverse("case_panel", args=[case.pk, "contacts"]))
    client.get(reverse("case_panel", args=[case.pk, "marie-invented"]))
    details = [event.details for event in Event.objects.filter(deed="read case")]
    assert details == [{"page": "case_panel", "panel": "contacts"}, {"page": "case_panel"}]


def test_it_notes_which_cases_the_rota_listed(member, new_case):
    case, unseen = new_case(state="ready"), new_case(state="home")
    signed_in(member("lead")).get(reverse("rota"))
    (event,) = Event.objects.filter(deed="read rota")
    assert event.details == {"cases": [str(case.pk)]}
    assert str(unseen.pk) not in str(event.details)


def test_it_says_nothing_of_an_emergency(member, new_case):
    case, lead = new_case(), member("lead")
    set_emergency(actor_of_member(lead), lead, case, True, datetime.now(UTC), why="a call")
    assert Event.objects.get(deed="set emergency").details == {}


def test_it_takes_the_last_day_of_the_calendar(member, clinic):
    answer = signed_in(member("auditor")).get(reverse("log"), {"until": "9999-12-31"})
    assert answer.status_code == 200


def test_it_shows_a_hundred_events_a_page(member, clinic):
    for _ in range(105):
        record(Actor("applicant", clinic.pk), "sent a message")
    client = signed_in(member("auditor"))
    first = client.get(reverse("log"), {"deed": "sent"})
    assert first.content.decode().count("sent a message") == 100
    following = client.get(reverse("log") + first.context["next"])
    assert following.content.decode().count("sent a message") == 5


def test_it_notes_who_reads_the_log_and_who_takes_it_away(member):
    client = signed_in(member("auditor"))
    client.get(reverse("log"))
    file = client.get(reverse("log"), {"format": "csv"})
    assert b"".join(file.streaming_content).startswith(b"number,at,actor")
    deeds = set(Event.objects.values_list("deed", flat=True))
    assert {"read the log", "took the log away as a file"} <= deeds


def test_it_finds_a_case_among_those_that_a_list_showed(member, clinic):
    case, other = uuid4(), uuid4()
    lists = {"cases": [str(uuid4()) for _ in range(30)] + [str(case)]}
    record(Actor("applicant", clinic.pk), "read worklist", details=lists)
    client = signed_in(member("auditor"))
    page = client.get(reverse("log"), {"case": str(case)}).content.decode()
    assert "read worklist" in page
    assert "31 of them" in page
    assert "read worklist" not in client.get(reverse("log"), {"case": str(other)}).content.decode()


def searches(client, text):
    return client.post(reverse("search"), {"text": text}, follow=True)


def test_it_notes_a_search_that_finds_nobody_and_never_what_was_typed(member, new_case):
    case, client = new_case(name="Marie Invented"), signed_in(member("lead"))
    for text in ("Somebody Unheard-of", case.code.lower(), "1950-01-31", "A012345678"):
        searches(client, text)
    client.post(reverse("worklist"), {"state": "open", "text": "Nobody Known"}, follow=True)
    events = Event.objects.filter(deed__in=["searched", "read worklist"]).order_by("number")
    told = [(event.deed, event.details["cases"], event.details["by"]) for event in events]
    assert told == [
        ("searched", [], "name"),
        ("searched", [str(case.pk)], "code"),
        ("searched", [], "birth date"),
        ("searched", [], "number"),
        ("read worklist", [], "name"),
    ]
    kept = str([event.details for event in events]).casefold()
    for typed in ("unheard", case.code.casefold(), "1950-01", "12345678", "known"):
        assert typed not in kept


def test_it_answers_who_searched_for_a_name_and_keeps_it_out_of_the_address(member):
    curious = member("caseworker", name="Carl Curious")
    searches(signed_in(curious), "José  UNHEARD")
    searches(signed_in(curious), "Another Person")
    client = signed_in(member("auditor"))
    answer = client.post(reverse("log"), {"searched": "unheard jose"})
    assert "unheard" not in answer.url.casefold()
    page = client.get(answer.url)
    rows = page.text.split("<tbody>")[1]
    assert rows.count("Carl Curious") == 1
    # PostgreSQL keeps the keys of a record in an order of its own.
    assert "cases: none" in rows
    assert "by: name" in rows
    assert Event.objects.filter(deed="searched").first().details[HASHED] not in page.text
    nobody = client.post(reverse("log"), {"searched": "Never Searched"}, follow=True)
    assert "Nothing was found" in nobody.text


def test_it_takes_no_plain_text_to_look_for_in_an_address(member):
    page = signed_in(member("auditor")).get(reverse("log"), {"searched": "Marie Invented"})
    assert "<table" not in page.text
    assert "Marie" not in page.text.split("<main")[1]


def test_the_hash_of_a_search_is_another_in_each_organization(clinic, other_clinic):
    assert hashes_of(clinic.pk, "Marie") != hashes_of(other_clinic.pk, "Marie")


def refusals():
    found = Event.objects.filter(deed="was refused").order_by("number")
    return [(event.actor, event.case, event.details) for event in found]


def test_it_notes_who_was_refused_which_page_and_which_case(member, other_clinic, new_case):
    case, theirs = new_case(), new_case(organization=other_clinic)
    auditor = member("auditor")
    client, who = signed_in(auditor), f"staff:{auditor.user_id}"
    for address in (
        reverse("case", args=[case.pk]),
        reverse("case", args=[theirs.pk]),
        reverse("case_panel", args=[case.pk, "marie-invented"]),
    ):
        cache.clear()
        assert client.get(address).status_code == 403
    assert refusals() == [
        (who, case.pk, {"page": "case"}),
        (who, None, {"page": "case"}),
        (who, case.pk, {"page": "case_panel"}),
    ]
    assert "was refused" in client.get(reverse("log")).text


def test_it_notes_one_refusal_a_second_so_that_nobody_fills_the_log(member, monkeypatch):
    client = signed_in(member("attorney"))
    monkeypatch.setattr(cache, "add", lambda *said, add=cache.add, **_: add(*said, timeout=60))
    for _ in range(5):
        assert client.get(reverse("log")).status_code == 403
    assert len(refusals()) == 1


def test_it_notes_what_a_token_was_refused(member, new_case, client):
    lead, case = member("lead"), new_case()
    now = datetime.now(UTC)
    made = make_token(actor_of_member(lead), lead, "x", [Scope.READ_CASES], 1, now)
    bearer = {"Authorization": f"Bearer {made.secret}"}
    answer = client.get(reverse("api:read_facts", args=[case.pk]), headers=bearer)
    assert answer.status_code == 403
    assert refusals() == [(f"token:{made.token.pk}", case.pk, {"page": "api:read_facts"})]


def test_it_notes_no_refusal_of_a_stranger(client, new_case):
    client.get(reverse("case", args=[new_case().pk]))
    client.post(reverse("log"))
    assert refusals() == []
