"""Who of a case may be known from elsewhere: of the staff, or from another case; and what follows."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web.accounts.permissions import may_see_case
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.models import Event
from wayhome.web.cases.actions import (
    change_person,
    people_changed,
    receive_case,
    settle_duplicate,
)
from wayhome.web.cases.models import (
    Case,
    Conflict,
    Consent,
    Contact,
    Duplicate,
    PossibleConflict,
    SearchWord,
)
from wayhome.web.cases.people_around import told
from wayhome.web.cases.possible_conflicts import keep_possible_conflicts, why
from wayhome.web.cases.reindexing import reindex
from wayhome.web.cases.search import AROUND, search
from wayhome.web.casework.actions import (
    keep_contact,
    keep_household_member,
    remove_contact,
    remove_household_member,
)
from wayhome.web.casework.models import HouseholdMember, Intake, IntakeRow, Sharing
from wayhome.web.casework.resemblance import compare
from wayhome.web.casework.sharing import accept
from wayhome.web.exports.exporting import export
from wayhome.web.exports.importing import import_export
from wayhome.web.portal.actions import WhoTypes, begin
from wayhome.web.protection.erasure import Why, erase_case, held_of
from wayhome.web.protection.keys import forget_opened_keys, new_case_key
from wayhome.web.review.possible_conflicts import settle_possible_conflict
from wayhome.web.review.rota import eligible

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()

# A name, and the same one in another script or spelling.
SPELLINGS = [
    ("محمد عبد الرحمن", "Mohamed Abdelrahman"),
    ("ሰላም ተስፋዬ", "Selam Tesfaye"),
    ("Olga Shevchenko", "Ольга Шевченко"),
    ("José García Márquez", "Jose Garcia"),
    ("Marie-Claire Destinvil", "Destinville, Marie Claire"),
]


@pytest.fixture
def received(clinic):
    def receive(name, organization=None, **person):
        return receive_case(
            ACTOR,
            organization or clinic,
            person={"name": name, **person},
            facts={},
            source="applicant",
            language="en",
            now=NOW,
        )

    return receive


@pytest.fixture
def writer(member):
    return member("caseworker")


@pytest.fixture
def has_contact(writer):
    return lambda case, name: keep_contact(ACTOR, writer, case, {"name": name}, NOW)


@pytest.fixture
def lives_with(writer):
    def keep(case, name, birth_year=""):
        somebody = {"name": name, "birth_year": birth_year}
        return keep_household_member(ACTOR, writer, case, somebody, NOW)

    return keep


def found(case=None):
    with scopes_disabled():
        rows = PossibleConflict.objects.select_related("case", "other", "user").order_by("pk")
        return [row for row in rows if case is None or case in (row.case, row.other)]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_it_finds_that_a_contact_is_the_person_of_another_case(received, has_contact, one, other):
    known, case = received(one), received("Kwame Boateng")
    has_contact(case, other)
    (row,) = found()
    assert (row.case, row.other, row.here, row.there) == (case, known, "contact", "person")
    assert row.name == other


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_it_finds_that_a_new_person_is_in_the_household_of_another(
    received, lives_with, one, other
):
    known = received("Kwame Boateng")
    lives_with(known, one)
    case = received(other)
    (row,) = found()
    assert (row.case, row.other, row.here, row.there) == (case, known, "person", "household")


def test_it_finds_whoever_types_for_two_people(clinic, received, has_contact):
    one = received("Kwame Boateng")
    has_contact(one, "Selam Tesfaye")
    who = WhoTypes("family", "sister", "yes", "ሰላም ተስፋዬ")
    door = begin(ACTOR, clinic, who, one.pk, "en", NOW, NOW)
    (row,) = found()
    assert (row.case, row.other, row.here, row.there) == (door.case, one, "types", "contact")


def test_it_finds_a_person_when_they_are_named_later(received, has_contact):
    known, case = received("Kwame Boateng"), received("")
    has_contact(known, "Selam Tesfaye")
    assert not found()
    change_person(ACTOR, case, {"name": "ሰላም ተስፋዬ"}, NOW)
    assert [row.other for row in found(case)] == [known]


@pytest.mark.parametrize(
    ("born", "year", "is_found"),
    [
        ("1990-05-01", "1990", True),
        ("1990-05-01", "about 1991", True),
        ("1990-05-01", "1962", False),
    ],
)
def test_it_tells_people_apart_by_their_year_of_birth(received, lives_with, born, year, is_found):
    received("Selam Tesfaye", birth_date=born)
    lives_with(received("Kwame Boateng"), "ሰላም ተስፋዬ", year)
    assert bool(found()) is is_found


def test_a_birth_date_that_is_the_same_makes_less_alike_a_name_enough(received, lives_with):
    known = received("Kwame Boateng", birth_date="1990-05-01")
    lives_with(received("Marie Destinvil"), "Kwesi Boateng")
    assert not found()
    lives_with(received("Abena Mensah"), "Kwesi Boateng", "1990")
    assert len(found(known)) == 1


@pytest.mark.parametrize(
    "name", ["Selam", "Selam Invented17", "", "🌊", "Tesfaye Bekele", "a" * 500]
)
def test_it_finds_nothing_by_a_single_name_or_another_name(received, has_contact, name):
    received("Selam Tesfaye")
    has_contact(received("Kwame Boateng"), name)
    assert not found()
    assert told("Selam Invented17") == ""


def test_it_never_compares_with_another_organization(
    other_clinic, member, received, has_contact, lives_with
):
    member("reviewer", organization=other_clinic, name="Ama Mensah")
    theirs = received("Selam Tesfaye", other_clinic)
    with scope(organization=other_clinic):
        Contact.objects.create(case=theirs, name="Kwame Boateng")
        people_changed(theirs, NOW)
    case = received("Kwame Boateng")
    has_contact(case, "Selam Tesfaye")
    lives_with(case, "Kofi Mensah")
    assert not found()


def test_a_persons_own_contact_and_their_second_case_are_no_conflict(received, has_contact, writer):
    one, two = received("Selam Tesfaye"), received("ሰላም ተስፋዬ")
    for case in (one, two):
        has_contact(case, "Selam Tesfaye")
        has_contact(case, "Abena Mensah")
    assert not found()
    with scopes_disabled():
        duplicate = Duplicate.objects.get()
    settle_duplicate(ACTOR, writer, duplicate, False, NOW)
    assert {(row.here, row.there) for row in found()} == {("contact", "contact")}


def test_what_nobody_settled_goes_with_whom_it_was_about(received, has_contact, lives_with, writer):
    received("Selam Tesfaye")
    case = received("Kwame Boateng")
    has_contact(case, "")
    contact, somebody = has_contact(case, "Selam Tesfaye"), lives_with(case, "Selam Tesfaye")
    assert len(found()) == 1
    remove_household_member(ACTOR, writer, somebody, NOW)
    assert len(found()) == 1
    remove_contact(ACTOR, writer, contact, NOW)
    assert not found()
    with scopes_disabled():
        assert not SearchWord.objects.filter(case=case, kind=AROUND).exists()


@pytest.mark.parametrize(
    ("staff", "person", "there"),
    [
        ("Selam Tesfaye", "ሰላም ተስፋዬ", "name"),
        ("Ana García Márquez", "José Luis Garcia", "family_name"),
        ("Mohamed Cherif", "فاطمة شريف", "family_name"),
        ("王芳", "王小明", "family_name"),
        ("Kofi Mensah", "Abena Mensah", "family_name"),
        ("Mensah, Kofi", "Abena Mensah", "family_name"),
        ("Maria López", "Maria Diallo", None),
        ("Jean Luis Pierre", "Jose Luis Garcia", None),
        ("Lena Invented", "Marie Invented", None),
        ("Omar Li", "Maria Le", None),
    ],
)
def test_it_finds_staff_who_may_be_kin(member, received, staff, person, there):
    reviewer = member("reviewer", name=staff)
    received(person)
    assert [(row.user, row.there) for row in found()] == ([(reviewer.user, there)] if there else [])


def test_a_member_of_staff_is_found_by_the_household_once(member, received, lives_with):
    reviewer = member("reviewer", name="Kofi Mensah")
    case = received("Abena Mensah")
    lives_with(case, "Kofi Mensah")
    assert {row.user for row in found()} == {reviewer.user}
    rows = len(found())
    with scope(organization=case.organization):
        keep_possible_conflicts(case, NOW)
    assert len(found()) == rows


def test_no_former_staff_is_compared(member, received):
    gone = member("reviewer", name="Kofi Mensah")
    gone.is_active = False
    gone.save()
    received("Abena Mensah")
    assert not found()


def test_a_member_whose_conflict_it_is_reviews_and_reads_no_more(member, received, writer):
    reviewer = member("reviewer", name="Kofi Mensah")
    case = received("Abena Mensah")
    (row,) = found()
    assert sees(reviewer, case)
    settle_possible_conflict(ACTOR, writer, row, True, NOW)
    case = Case._base_manager.get(pk=case.pk)
    with scope(organization=case.organization):
        (conflict,) = Conflict.objects.all()
        assert (conflict.user, conflict.reason) == (reviewer.user, "declared")
        assert reviewer.user not in eligible(case, 1)
    assert not sees(reviewer, case)
    assert Event.objects.filter(case=case.pk, deed="settled possible conflict").count() == 1
    settle_possible_conflict(ACTOR, writer, row, False, NOW)
    assert found()[0].is_so is True


def test_what_is_none_is_settled_and_stays_so(member, received, writer):
    reviewer = member("reviewer", name="Kofi Mensah")
    case = received("Abena Mensah")
    (row,) = found()
    settle_possible_conflict(ACTOR, writer, row, False, NOW)
    change_person(ACTOR, case, {"name": "Abena Mensa"}, NOW)
    (row,) = found()
    assert row.is_so is False
    assert sees(reviewer, case)
    assert "Perhaps a conflict" not in page(writer, case)
    (event,) = Event.objects.filter(case=case.pk, deed="settled possible conflict")
    assert event.details == {"user": str(reviewer.user_id), "is_so": False}


def test_nobody_clears_themselves(member, received):
    own = member("caseworker", name="Kofi Mensah")
    received("Abena Mensah")
    (row,) = found()
    with pytest.raises(PermissionDenied, match="Somebody else"):
        settle_possible_conflict(ACTOR, own, row, False, NOW)
    with pytest.raises(PermissionDenied):
        settle_possible_conflict(ACTOR, member("reviewer"), row, True, NOW)
    assert found()[0].is_so is None


def sees(who, case):
    with scope(organization=case.organization):
        return may_see_case(who, Case.objects.get(pk=case.pk))


def page(who, case):
    client = Client()
    client.force_login(who.user)
    return client.get(f"/cases/{case.pk}/").content.decode()


def test_both_cases_show_it_and_either_settles_it(received, has_contact, writer):
    known, case = received("Selam Tesfaye"), received("Kwame Boateng")
    has_contact(case, "ሰላም ተስፋዬ")
    (row,) = found()
    assert f"case {known.code}</a>" in page(writer, case)
    assert why("contact", "person") in page(writer, case)
    assert f"case {case.code}</a>" in page(writer, known)
    assert why("person", "contact") in page(writer, known)
    client = Client()
    client.force_login(writer.user)
    address = f"/cases/{known.pk}/perhaps/{row.pk}/"
    assert client.post(address, {"is_so": "yes"})["Location"] == f"/cases/{known.pk}/"
    assert found()[0].is_so is True
    assert "A conflict of interest" in page(writer, case)
    elsewhere = received("Abena Owusu")
    assert client.post(f"/cases/{elsewhere.pk}/perhaps/{row.pk}/").status_code == 404


def test_an_erased_case_finds_nothing_and_leaves_nothing(received, has_contact, clinic):
    known, case = received("Selam Tesfaye"), received("Kwame Boateng")
    has_contact(case, "Selam Tesfaye")
    intake = taken_file(clinic, "Kwame Boateng")
    has_contact(known, "Kwame Boateng")
    row = row_of(intake, "Selam Tesfaye")
    assert row.likely
    erase_case(ACTOR, None, known, NOW, why=Why.ASKED)
    assert not found()
    assert held_of(known.pk) == {}
    assert str(known.pk) not in str(IntakeRow._base_manager.get(pk=row.pk).likely)
    with scope(organization=clinic):
        keep_possible_conflicts(case, NOW)
    has_contact(received("Abena Owusu"), "Selam Tesfaye")
    assert {r.other_id for r in found()} <= {case.pk}


def taken_file(clinic, name):
    intake = Intake.objects.create(organization=clinic, made_at=NOW, source="family", language="en")
    new_case_key(intake.pk, clinic.pk)
    return intake


def row_of(intake, name):
    number = IntakeRow._base_manager.count() + 1
    row = IntakeRow.objects.create(
        case=intake.pk, intake=intake, number=number, person={"name": name}
    )
    compare(row)
    return row


def test_a_row_of_a_file_tells_of_it_and_is_not_left_out(clinic, member, received, has_contact):
    case = received("Kwame Boateng")
    has_contact(case, "Selam Tesfaye")
    member("reviewer", name="Kofi Mensah")
    with scope(organization=clinic):
        intake = taken_file(clinic, "")
        row = row_of(intake, "ሰላም ተስፋዬ")
        kin = row_of(intake, "Abena Mensah")
    assert [(one["is_conflict"], one["code"]) for one in row.likely] == [(True, case.code)]
    assert [one["staff"] for one in kin.likely] == ["Kofi Mensah"]
    assert not row.has_likely
    assert not kin.has_likely


def test_nothing_readable_stands_in_the_index_and_nobody_is_searched_by_it(
    clinic, received, has_contact
):
    case = received("Kwame Boateng")
    has_contact(case, "Selam Tesfaye")
    assert search(clinic.pk, "Selam Tesfaye") == []
    with scope(organization=clinic):
        rows = list(SearchWord.objects.filter(case=case, kind=AROUND))
        assert rows
        assert all(len(bytes(row.digest)) == 32 for row in rows)
        assert not any(b"tesfaye" in bytes(row.digest).lower() for row in rows)


def test_the_index_of_the_people_around_is_made_again(clinic, received, lives_with):
    case = received("Kwame Boateng")
    lives_with(case, "Selam Tesfaye")
    with scope(organization=clinic):
        before = set(words(case))
        SearchWord.objects.filter(case=case).delete()
        list(reindex(clinic.pk))
        assert set(words(case)) == before
        assert HouseholdMember.objects.count() == 1
    received("ሰላም ተስፋዬ")
    assert len(found()) == 1


def words(case):
    return [(row.kind, bytes(row.digest)) for row in SearchWord.objects.filter(case=case)]


def test_an_export_carries_what_was_settled_and_finds_on(
    clinic, other_clinic, member, received, has_contact, writer, tmp_path, files
):
    member("reviewer", name="Kofi Mensah")
    known, case = received("Selam Tesfaye"), received("Abena Mensah")
    has_contact(case, "ሰላም ተስፋዬ")
    for row, is_so in zip(found(), (True, False), strict=True):
        settle_possible_conflict(ACTOR, writer, row, is_so, NOW)
    before = [(row.user, row.here, row.there, row.name, row.is_so) for row in found()]
    export(ACTOR, clinic, tmp_path / "out", format="jsonl", with_a_numbers=True, now=NOW)
    import_export(ACTOR, other_clinic, tmp_path / "out", NOW)
    with scope(organization=other_clinic):
        rows = list(PossibleConflict.objects.order_by("pk"))
        assert [(row.user, row.here, row.there, row.name, row.is_so) for row in rows] == before
        assert not {row.case_id for row in rows} & {known.pk, case.pk}
    new = received("Selam Tesfaye", other_clinic, a_number="A999000777")
    assert "contact" in {row.there for row in found(new)}


def test_an_offer_says_what_may_be_a_conflict_before_it_is_answered(
    clinic, other_clinic, member, received, has_contact, lives_with
):
    there = member("lead", organization=other_clinic, name="Kofi Mensah")
    theirs = received("Selam Tesfaye", other_clinic)
    case = received("Abena Mensah")
    lives_with(case, "ሰላም ተስፋዬ")
    client = Client()
    client.force_login(there.user)
    with scope(organization=clinic):
        consent = Consent.objects.create(case=case, text_version="1", language="en", given_at=NOW)
        sharing = Sharing.objects.create(
            case=case,
            code=case.code,
            kind="referral",
            from_organization=clinic,
            to_organization=other_clinic,
            consent=consent,
            offered_at=NOW,
        )
        assert f"?look={sharing.pk}" in client.get("/offered/").content.decode()
        look = f"/offered/?look={sharing.pk}"
        referral = client.get(look).content.decode()
        Sharing.objects.update(kind="transfer")
    assert why("person", "family_name") in referral
    assert theirs.code not in referral
    transfer = client.get(look).content.decode()
    assert theirs.code in transfer
    assert why("household", "person") in transfer
    taken = accept(ACTOR, there, sharing, NOW)
    with scope(organization=other_clinic):
        assert {row.other_id for row in PossibleConflict.objects.filter(case=taken)} == {
            None,
            theirs.pk,
        }


def test_the_case_page_asks_little_however_much_was_found(
    clinic, member, received, has_contact, writer, django_assert_max_num_queries
):
    case = received("Selam Tesfaye")
    for name in ("Kofi Tesfaye", "Abena Tesfaye"):
        member("reviewer", name=name)
    for name in ("Kwame Boateng", "Ama Serwaa", "Yaw Asante"):
        has_contact(received(name), "ሰላም ተስፋዬ")
    client = Client()
    client.force_login(writer.user)
    client.get(f"/cases/{case.pk}/")
    forget_opened_keys()
    with django_assert_max_num_queries(15):
        assert "Perhaps a conflict" in client.get(f"/cases/{case.pk}/").content.decode()
