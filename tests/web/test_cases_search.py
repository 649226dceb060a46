"""Finding somebody whatever the script and spelling; and who is known already."""

import pytest
from django.utils import timezone
from django_scopes import scope

from wayhome.web.audit.chain import Actor
from wayhome.web.cases.actions import receive_case
from wayhome.web.cases.duplicates import likely_same
from wayhome.web.cases.models import Duplicate, SearchWord
from wayhome.web.cases.names import likeness, sound_of
from wayhome.web.cases.search import opened_text, sealed_text, search

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")

PEOPLE = [
    "محمد عبد الرحمن",
    "ሰላም ተስፋዬ",
    "José Luis García Márquez",
    "Marie-Claire Destinvil",
    "Олександр Шевченко",
    "王小明",
    "Nguyễn Thị Hương",
    "Oumar Diallo",
    "Yusuf Ibrahim Ali",
    "Siobhán O'Brien",
]


def received(organization, name, **person):
    return receive_case(
        ACTOR,
        organization,
        person={"name": name, **person},
        facts={},
        source="applicant",
        language="en",
        now=timezone.now(),
    )


@pytest.fixture
def everybody(clinic):
    return [received(clinic, name) for name in PEOPLE]


@pytest.mark.parametrize(
    ("looked_for", "found"),
    [
        ("Mohamed Abdelrahman", "محمد عبد الرحمن"),
        ("Muhammad Abd al-Rahman", "محمد عبد الرحمن"),
        ("محمد", "محمد عبد الرحمن"),
        ("Selam Tesfaye", "ሰላም ተስፋዬ"),
        ("Garcia", "José Luis García Márquez"),
        ("marquez", "José Luis García Márquez"),
        ("Jose Garcia", "José Luis García Márquez"),
        ("Garcia-Marquez, Jose", "José Luis García Márquez"),
        ("marie claire destinvil", "Marie-Claire Destinvil"),
        ("Marieclaire Destinville", "Marie-Claire Destinvil"),
        ("DESTINVIL", "Marie-Claire Destinvil"),
        ("Oleksandr Shevchenko", "Олександр Шевченко"),
        ("Wang Xiaoming", "王小明"),
        ("Nguyen Thi Huong", "Nguyễn Thị Hương"),
        ("Omar Dialo", "Oumar Diallo"),
        ("Youssef Ebrahim", "Yusuf Ibrahim Ali"),
        ("Siobhan OBrien", "Siobhán O'Brien"),
    ],
)
def test_it_finds_a_name_in_another_script_or_spelling(clinic, everybody, looked_for, found):
    names = [f.name for f in search(clinic.pk, looked_for)]
    assert names[:1] == [found], names


def test_it_does_not_find_everybody(clinic, everybody):
    assert search(clinic.pk, "Xochitl Quetzal") == []
    assert len(search(clinic.pk, "Diallo")) == 1


@pytest.mark.parametrize("text", ["", "   ", "🌊", "'", "-", "%", "\x00", "a" * 100, "١٢٣"])
def test_it_survives_any_text(clinic, everybody, text):
    assert isinstance(search(clinic.pk, text), list)


def test_it_finds_by_number_birth_date_and_code(clinic):
    case = received(clinic, "Marie Invented", a_number="A012345678", birth_date="1990-12-31")
    for text in ("A012 345 678", "12345678", "A-12345678", "1990-12-31", case.code.lower()):
        assert [f.case for f in search(clinic.pk, text)] == [case], text
    assert search(clinic.pk, "A012345679") == []


def test_it_finds_other_names(clinic):
    received(clinic, "Marie Invented", other_names="Manmi Jo\nM. Destinvil")
    assert len(search(clinic.pk, "Destinvil")) == 1


def test_it_finds_nobody_of_another_organization(clinic, other_clinic, everybody):
    assert search(other_clinic.pk, "Garcia") == []
    assert search(other_clinic.pk, everybody[0].code) == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Vilner Janbatis", "Vilner Jean-Baptiste"),
        ("Janbatis", "Vilner Jean-Baptiste"),
        ("Vilnè Janbatis", "Vilner Jean-Baptiste"),
        ("Wilner Jambatist", "Vilner Jean-Baptiste"),
        ("Jan Batis", "Vilner Jean-Baptiste"),
        ("Dezi", "Désir Mackenson"),
    ],
)
def test_it_offers_a_name_that_is_written_as_it_is_spoken(clinic, everybody, written, name):
    received(clinic, name)
    found = search(clinic.pk, written)
    assert found[0].name == name
    assert found[0].is_perhaps


def test_it_offers_what_is_only_like_it_after_what_is_exactly_it(clinic):
    like, exact = received(clinic, "Vilner Jean-Baptiste"), received(clinic, "Vilner Janbatis")
    found = search(clinic.pk, "Vilner Janbatis")
    assert [(f.case, f.is_perhaps) for f in found] == [(exact, False), (like, True)]


def test_no_name_stands_readable_in_the_index(clinic):
    case = received(clinic, "Vilner Jean-Baptiste")
    with scope(organization=clinic):
        rows = SearchWord.objects.filter(case=case)
        assert rows
        assert all(len(bytes(row.digest)) == 32 for row in rows)
        assert not any(b"vil" in bytes(row.digest).lower() for row in rows)


@pytest.mark.parametrize("typed", ["{}{}", "{} {}", "  {}-{} ", "{}–{}"])
def test_it_reads_a_code_whatever_way_it_is_typed(clinic, everybody, typed):
    code = everybody[0].code.lower()
    assert [f.case for f in search(clinic.pk, typed.format(*code.split("-")))] == everybody[:1]


def test_a_name_that_could_be_a_code_is_found_as_a_name(clinic):
    case = received(clinic, "Jean-Paul")
    assert [f.case for f in search(clinic.pk, "Jean-Paul")] == [case]


def test_it_keeps_the_same_word_of_two_organizations_apart(clinic, other_clinic):
    digests = []
    for organization in (clinic, other_clinic):
        received(organization, "Marie")
        with scope(organization=organization):
            found = SearchWord.objects.filter(organization=organization, kind="word")
            digests.append(bytes(found.get().digest))
    assert digests[0] != digests[1]


def test_it_seals_what_is_searched_for_with_the_organizations_key(clinic, other_clinic):
    sealed = sealed_text(clinic.pk, "Marie ሰላም")
    assert opened_text(clinic.pk, sealed) == "Marie ሰላም"
    assert opened_text(other_clinic.pk, sealed) == ""
    assert opened_text(clinic.pk, sealed[:-4]) == ""


@pytest.mark.parametrize(
    ("known", "new", "is_likely"),
    [
        ({"name": "A B", "a_number": "12345678"}, {"name": "C D", "a_number": "A012345678"}, True),
        (
            {"name": "Marie Invented", "a_number": "111111111"},
            {"name": "Marie Invented", "a_number": "222222222"},
            False,
        ),
        ({"name": "Marie Invented"}, {"name": "Marie Invented"}, True),
        ({"name": "محمد عبد الرحمن"}, {"name": "Mohamed Abdelrahman"}, True),
        ({"name": "José García Márquez"}, {"name": "Jose Garcia"}, True),
        (
            {"name": "Marie Invented", "birth_date": "1990-01-01"},
            {"name": "Marie Invented", "birth_date": "1991-01-01"},
            False,
        ),
        (
            {"name": "Mari Envented", "birth_date": "1990-01-01"},
            {"name": "Marie Invented", "birth_date": "1990-01-01"},
            True,
        ),
        ({"name": "Jean Pierre"}, {"name": "Jean Baptiste"}, False),
        ({"name": "Marie"}, {"name": "Marie Invented"}, False),
    ],
)
def test_it_says_who_is_known_already(clinic, known, new, is_likely):
    received(clinic, **known)
    assert bool(likely_same(clinic.pk, new)) is is_likely


def test_it_writes_down_a_likely_duplicate_when_a_case_comes_in(clinic, other_clinic):
    received(other_clinic, "Mohamed Abdelrahman")
    one = received(clinic, "محمد عبد الرحمن")
    two = received(clinic, "Mohamed Abdelrahman")
    with scope(organization=clinic):
        (found,) = Duplicate.objects.all()
    assert (found.case, found.other) == (two, one)


def test_it_hears_the_same_consonants():
    assert sound_of("muhammad") == sound_of("mohamed") == sound_of("mhmd")
    assert sound_of("li") == ""
    assert likeness("Garcia Marquez", "Márquez García") > 95
    assert likeness("Jean Pierre", "Marie Louise") < 60


def test_it_finds_two_common_names_among_many_who_share_one(clinic, monkeypatch):
    monkeypatch.setattr("wayhome.web.cases.search._MOST_SHARING", 3)
    for number in range(8):
        received(clinic, f"Marie Other{number}abc")
        received(clinic, f"Someone{number}xyz Destinvil")
    one = received(clinic, "Destinvil, Marie")
    assert search(clinic.pk, "Marie Destinvil")[0].case == one
