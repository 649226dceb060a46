"""A number without the code of its country, and places where a reader looks for them."""

import pytest
from babel.core import get_global
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor

from wayhome.web.cases.models import Contact
from wayhome.web.portal.calling_codes import CALLING_CODES, with_code
from wayhome.web.portal.places import ZONES, countries, zones
from wayhome.words import LANGUAGES

HAITI = "America/Port-au-Prince"


@pytest.mark.parametrize(
    ("number", "zone", "right"),
    [
        ("3712 3456", HAITI, "+509 3712 3456"),
        ("509 3712 3456", HAITI, "+509 3712 3456"),
        ("00509 3712 3456", HAITI, "+50937123456"),
        ("+509 3712 3456", HAITI, ""),
        ("0612345678", "Europe/Paris", "+33 612345678"),
        ("06 1234 5678", "Europe/Rome", "+39 06 1234 5678"),
        ("305 555 0199", "America/New_York", "+1 305 555 0199"),
        ("1 305 555 0199", "America/New_York", "+1 305 555 0199"),
        ("a@b.org", HAITI, ""),
        ("911", HAITI, ""),
        ("3712 3456", "UTC", ""),
        ("3712 3456", "", ""),
    ],
)
def test_a_number_gets_the_code_of_the_country_of_its_zone(number, zone, right):
    assert with_code(number, zone) == right


def test_every_country_of_the_zones_has_its_code():
    territory = get_global("zone_territories")
    assert {territory[zone] for zone in ZONES if zone != "UTC"} == set(CALLING_CODES)


REACH = {
    "channel": "whatsapp",
    "address": "3712 3456",
    "time_zone": HAITI,
    "from_hour": "9",
    "to_hour": "20",
    "message": "no",
}


@pytest.fixture
def visitor(clinic):
    visitor = Visitor("ht")
    visitor.begin()
    return visitor


def kept():
    with scopes_disabled():
        return [one.address for one in Contact.objects.all()]


@pytest.mark.django_db(databases=["default", "keyring"])
@pytest.mark.parametrize("second", ["+509 3712 3456", "3712 3456"])
def test_it_asks_once_with_the_number_filled_in_and_then_takes_what_is_sent(visitor, second):
    page = visitor.send(REACH, path="/p/5/")
    assert "\u2066+509 3712 3456\u2069" in page
    assert 'value="+509 3712 3456"' in page
    assert 'name="code_asked" value="1"' in page
    assert kept() == []
    visitor.send({**REACH, "address": second, "code_asked": "1"}, path="/p/5/")
    assert visitor.path == "/p/q/1/"
    assert kept() == [second]


@pytest.mark.django_db(databases=["default", "keyring"])
@pytest.mark.parametrize(
    "more",
    [{"address": "+509 3712 3456"}, {"channel": "email", "address": "12345678@mail.ht"}],
)
def test_it_asks_nothing_where_nothing_is_missing(visitor, more):
    visitor.send({**REACH, **more}, path="/p/5/")
    assert visitor.path == "/p/q/1/"


def test_haiti_is_first_for_whoever_reads_creole_and_countries_have_their_creole_names():
    assert zones("ht")[0][0] == HAITI
    assert countries("ht")[0] == ("HT", "Ayiti")
    told = dict(countries("ht"))
    assert [told[c] for c in ("US", "DO", "CA", "MX", "CU", "CL", "BR", "BS")] == [
        "Etazini", "Sendomeng", "Kanada", "Meksik", "Kiba", "Chili", "Brezil", "Bayamas",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_places_has_each_once_and_utc_last(language):
    assert len({code for code, _ in zones(language)}) == len(zones(language)) == len(ZONES)
    assert zones(language)[-1][0] == "UTC"
    assert {code for code, _ in countries(language)} == {code for code, _ in countries("en")}
