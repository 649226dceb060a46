"""Many cases from a file: shown first, taken in whole, none twice, nothing left of the rest."""

import json
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.sources.case_files import CaseFileProblem
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases import actions as case_actions
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Consent, Note, SearchWord
from wayhome.web.casework import intake as module
from wayhome.web.casework.intake import (
    CannotTakeIn,
    choose,
    counts_of,
    end_intake,
    read_intake,
    take_in_rows,
)
from wayhome.web.casework.models import Intake, IntakeRow
from wayhome.web.files.what_is_taken import Refused
from wayhome.web.protection.erasure import Why, erase_case
from wayhome.web.protection.keys import Erased, case_keys, forget_opened_keys

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()
HEAD = "case_id,name,A-number,birth_date,country_of_citizenship,removed,phone"
ROWS = (
    "X-1,ማርያም ተስፋዬ,A 200-000-001,1990-05-01,ET,yes,+1 202 555 0100",
    "X-2,محمد الهادي,,1985-01-02,SY,,",
    "X-3,José 👩🏽‍👧 Núñez,,,GT,no,",
)


@pytest.fixture
def worker(member):
    return member("caseworker")


def file(*rows, head=HEAD, name="clients.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode())


def read(worker, *rows, source="applicant", **more):
    sent = more.pop("sent", None) or file(*(rows or ROWS), **more)
    return read_intake(ACTOR, worker, sent, source, "en", "signed retainers", NOW)


def take_all(worker, intake):
    total = 0
    while taken := take_in_rows(ACTOR, worker, intake, NOW, seconds=60):
        total += taken
    return total


def counts(intake):
    with scope(organization=intake.organization_id):
        return {state: n for state, n in counts_of(intake).items() if n}


def cases_of(worker):
    with scope(organization=worker.organization):
        return list(Case.objects.select_related("person").order_by("received_at", "pk"))


def test_it_shows_before_it_takes_in(worker):
    intake = read(worker)
    assert counts(intake) == {"waiting": 3}
    assert cases_of(worker) == []


def test_it_takes_in_what_the_file_says_and_no_more(worker):
    intake = read(worker)
    assert take_all(worker, intake) == 3
    by_name = {str(case.person.name): case for case in cases_of(worker)}
    case = by_name["ማርያም ተስፋዬ"]
    assert (case.person.a_number, case.person.birth_date) == ("200000001", "1990-05-01")
    facts = facts_of(case)
    assert (facts["removed"], facts["country_of_citizenship"]) == (True, "ET")
    assert "removed" not in facts_of(by_name["محمد الهادي"])
    assert facts_of(by_name["José 👩🏽‍👧 Núñez"])["removed"] is False
    with scope(organization=worker.organization):
        assert SearchWord.objects.filter(case=case).exists()
        assert Consent.objects.get(case=case).how["agreed"] == "signed retainers"
        note = Note.objects.get(case=case)
    assert ("X-1" in note.text, "+1 202 555 0100" in note.text) == (True, True)
    assert not note.is_for_applicant


def test_it_makes_no_day_of_a_month_in_a_file(worker):
    """Neither a birth date nor a day from which a deadline runs."""
    rows = ("m,INVENTED ONE,1990-05,2019-03", "d,INVENTED TWO,1990-05-02,2019-03-01")
    take_all(worker, read(worker, *rows, head="case_id,name,birth_date,removal_date"))
    months = {
        str(case.person.name): (case.person.birth_date, type(facts_of(case)["removal_date"]))
        for case in cases_of(worker)
    }
    assert months == {"INVENTED ONE": ("", SomeDayOf), "INVENTED TWO": ("1990-05-02", date)}


@pytest.mark.parametrize("kind", ["xlsx", "jsonl"])
def test_it_reads_workbooks_and_json_lines(worker, kind):
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for row in (["case_id", "Name", "removed"], ["1", "Invented One", "yes"]):
            book.active.append(row)
        out = BytesIO()
        book.save(out)
        data = out.getvalue()
    else:
        data = json.dumps({"case_id": "1", "name": "Invented One", "removed": True}).encode()
    intake = read(worker, sent=SimpleUploadedFile(f"a.{kind}", data))
    take_all(worker, intake)
    (case,) = cases_of(worker)
    assert (case.person.name, facts_of(case)) == ("Invented One", {"removed": True})


def test_it_sets_aside_rows_that_cannot_be_read_and_says_why(worker):
    intake = read(worker, ROWS[0], "X-9,Bad Date,,03/04/2019,,,", "X-1,Twice,,,,,")
    assert counts(intake) == {"waiting": 1, "unreadable": 2}
    with scope(organization=worker.organization):
        first, second = IntakeRow.objects.filter(state="unreadable").order_by("number")
    assert (first.number, second.number) == (3, 4)
    assert "2019-03-04 or 2019-04-03" in first.faults[0]
    assert "row 2 has the same case id" in second.faults[0]
    assert take_all(worker, intake) == 1


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("case_id,elephants", "there is no fact 'elephants'"),
        ("name,removed", "no column is named case_id"),
        ("case_id,name,full_name", "there is no fact"),
    ],
)
def test_it_stops_at_what_is_wrong_with_the_whole_file(worker, head, said):
    with pytest.raises(CaseFileProblem) as problem:
        read(worker, "1,yes,x"[: 2 * head.count(",") + 3], head=head)
    assert said in str(problem.value)
    with scope(organization=worker.organization):
        assert not Intake.objects.exists()


def test_it_refuses_what_is_no_such_file(worker, settings):
    for name, data in (("a.pdf", b"%PDF-1.7"), ("a.xlsx", b"PK\x03\x04 no"), ("a.csv", b"")):
        with pytest.raises(CaseFileProblem):
            read(worker, sent=SimpleUploadedFile(name, data))
    settings.LARGEST_UPLOAD = 100
    with pytest.raises(Refused, match="more than"):
        read(worker, sent=SimpleUploadedFile("a.csv", b"x" * 101))


def test_it_refuses_more_rows_than_can_be_looked_at(worker, monkeypatch):
    monkeypatch.setattr(module, "MOST_ROWS", 2)
    with pytest.raises(CannotTakeIn, match="more than 2 rows"):
        read(worker)


def test_it_leaves_out_who_resembles_somebody_until_it_is_said(worker, new_case):
    known = new_case()
    with scope(organization=worker.organization):
        case_actions.change_person(
            ACTOR, known, {"name": "Mohamed Alhadi", "birth_date": "1985-01-02"}, NOW
        )
    intake = read(worker)
    with scope(organization=worker.organization):
        for waiting in IntakeRow.objects.filter(intake=intake):
            module.compare(waiting)
        assert module.to_take(intake) == {"rows": 2, "resemble": 1, "open": 0}
    assert take_all(worker, intake) == 2
    assert counts(intake) == {"taken": 2, "left": 1}
    with scope(organization=worker.organization):
        row = IntakeRow.objects.get(state="left")
    assert row.likely[0]["code"] == known.code
    choose(worker, intake, {row.number: True})
    assert take_all(worker, intake) == 1


def test_it_forgets_that_a_row_resembles_a_case_that_was_erased(worker, new_case):
    erased, other = new_case(), new_case()
    with scope(organization=worker.organization):
        for known in (erased, other):
            person = {"name": "Mohamed Alhadi", "birth_date": "1985-01-02"}
            case_actions.change_person(ACTOR, known, person, NOW)
    intake = read(worker)
    take_all(worker, intake)
    for gone, left in ((erased, [str(other.pk)]), (other, [])):
        erase_case(applicant_of(gone), None, gone, NOW, why=Why.ASKED)
        with scope(organization=worker.organization):
            row = IntakeRow.objects.get(state="left")
        assert [one["case"] for one in row.likely] == left
        assert row.has_likely is bool(left)


def test_it_finds_one_person_in_two_rows_of_a_file(worker):
    again = "X-8,Mariam Tesfaye,200000001,1990-05-01,ET,yes,"
    intake = read(worker, ROWS[0], again)
    assert take_all(worker, intake) == 1
    assert counts(intake) == {"taken": 1, "left": 1}


def test_it_leaves_out_what_was_not_wanted(worker):
    intake = read(worker)
    choose(worker, intake, {2: False, 3: True, 99: True})
    take_all(worker, intake)
    assert counts(intake) == {"taken": 2, "left": 1}
    choose(worker, intake, {3: False})
    assert counts(intake) == {"taken": 2, "left": 1}


@pytest.mark.parametrize("place", ["receive_case", "_keep_consent", "_note"])
def test_it_leaves_whole_cases_when_it_is_killed_and_goes_on(worker, monkeypatch, place):
    intake = read(worker)
    real, calls = getattr(module, place), []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(module, place, killed)
    with pytest.raises(KeyboardInterrupt):
        take_in_rows(ACTOR, worker, intake, NOW, seconds=60)
    assert counts(intake) == {"taken": 1, "waiting": 2}
    (whole,) = cases_of(worker)
    with scope(organization=worker.organization):
        assert Note.objects.filter(case=whole).exists()
        assert Consent.objects.count() == 1
    assert not list(breaks())
    assert take_all(worker, intake) == 2
    assert len({str(case.person.name) for case in cases_of(worker)}) == 3


def test_it_takes_a_row_in_once_though_two_press_at_once(worker):
    intake = read(worker, ROWS[0])
    with scope(organization=worker.organization):
        row = IntakeRow.objects.get()
        assert module.take_in_row(ACTOR, worker, row, NOW)
        assert module.take_in_row(ACTOR, worker, row, NOW) is None
    assert len(cases_of(worker)) == 1
    assert counts(intake) == {"taken": 1}


def test_it_keeps_rows_sealed_and_destroys_them_in_the_end(worker):
    intake = read(worker)
    with scope(organization=worker.organization):
        held = IntakeRow.objects.filter(number=2).values_list("person", flat=True).get()
        assert b"200000001" not in bytes(held)
    end_intake(ACTOR, worker, intake, NOW)
    with scope(organization=worker.organization):
        assert not IntakeRow.objects.exists()
    forget_opened_keys()
    with pytest.raises(Erased):
        case_keys(intake.pk)


def test_it_ends_what_nobody_ended(worker):
    intake = read(worker)
    with scopes_disabled():
        Intake.objects.update(made_at=NOW - module.KEPT * 2)
    module.end_old_intakes(timezone.now())
    with scopes_disabled():
        assert Intake.objects.get(pk=intake.pk).ended_at
        assert not IntakeRow.objects.exists()


def test_it_leaves_no_file_behind(worker, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "_IN_MEMORY", tmp_path)
    read(worker)
    with pytest.raises(CaseFileProblem):
        read(worker, sent=SimpleUploadedFile("a.csv", b"elephants\n1"))
    assert list(tmp_path.iterdir()) == []


def test_it_is_for_those_who_may(worker, member):
    with pytest.raises(PermissionDenied):
        read(member("reviewer"))
    with pytest.raises(PermissionDenied):
        read(worker, source="lawyer")
    assert read(member("attorney"), source="lawyer")


def test_it_names_nobody_in_the_log(worker):
    take_all(worker, read(worker))
    told = " ".join(str(e.details) for e in Event.objects.all())
    for part in ("ማርያም", "200000001", "X-1", "clients", "555"):
        assert part not in told


# The pages.


@pytest.fixture
def signed_in(client, worker, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(worker.user)
    return client


def send(client, sent):
    form = {"file": sent, "source": "applicant", "language": "en", "how_agreed": "retainers"}
    return client.post("/intake/", form)


def test_it_goes_from_the_file_to_the_cases_by_the_pages(signed_in, worker):
    answer = send(signed_in, file(*ROWS, "X-9,<i>Bad,,03/04/2019,,,"))
    assert answer.status_code == 302
    page = signed_in.get(answer["Location"]).content.decode()
    for shown in ("ማርያም ተስፋዬ", "is not a date we can be sure of", "&lt;i&gt;Bad"):
        assert shown in page
    address = answer["Location"]
    sent = {"on_page": ["2", "3", "4"], "wanted": ["2", "3"], "page": "1", "show": "all"}
    answer = signed_in.post(f"{address}choose/", {**sent, "wanted": ["4"]})
    assert answer["Location"] == f"{address}?show=all&page=1"
    answer = signed_in.post(f"{address}take/", sent, follow=True)
    assert "Taken in: 2. Left out: 1." in answer.content.decode()
    assert len(cases_of(worker)) == 2
    bad = signed_in.get(f"{address}rows-to-mend.csv").content.decode()
    assert bad.splitlines()[0].startswith("row,what is wrong,case_id,name,a_number,birth_date")
    assert signed_in.post(f"{address}end/").status_code == 302
    assert signed_in.get(address).status_code == 404


def test_it_reads_the_mended_rows_again(signed_in, worker):
    answer = send(signed_in, file("X-9,=Bad,,03/04/2019,,,"))
    bad = signed_in.get(f"{answer['Location']}rows-to-mend.csv").content
    assert b"'=Bad" in bad
    mended = bad.replace(b"03/04/2019", b"2019-03-04")
    take_all(worker, read(worker, sent=SimpleUploadedFile("mended.csv", mended)))
    (case,) = cases_of(worker)
    assert case.person.name == "=Bad"


def test_it_says_what_is_wrong_with_a_file_without_its_name(signed_in):
    answer = send(signed_in, file("1,2", head="case_id,elephants", name="secret name.csv"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "row 1, column elephants: there is no fact" in page
    assert "file.csv" not in page
    answer = send(signed_in, SimpleUploadedFile("a.pdf", b"%PDF-1.7"))
    assert "a file named .pdf is not read" in answer.content.decode()


def test_it_says_where_one_person_is_taken_in(client, worker, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(worker.user)
    page = client.get("/intake/").text
    assert "One person by hand" in page
    assert 'href="/calls/"' in page


def test_it_shows_an_intake_to_no_other_organization(
    client, worker, member, other_clinic, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    intake = read(worker)
    client.force_login(member("lead", organization=other_clinic).user)
    for page in ("", "take/", "rows-to-mend.csv"):
        assert client.get(f"/intake/{intake.pk}/{page}").status_code == 404
    assert client.post(f"/intake/{intake.pk}/end/").status_code == 404
    client.force_login(member("auditor").user)
    assert client.get("/intake/").status_code == 403
