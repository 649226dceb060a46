"""Why two names are taken for one, on Spanish pages too."""

import pytest
from django.utils import timezone

from wayhome.sources.letters.one_line import Signatory
from wayhome.sources.letters.same_organization import Pair, compare, organization_key
from wayhome.web.accounts.models import Role
from wayhome.web.campaign.because_words import because_words
from wayhome.web.campaign.demonstration import letters_of_demonstration
from wayhome.web.campaign.wording import words


def _line(name, place=None, acronym=None, person=None):
    return Signatory(1, name, name, acronym, place, None, person)


ALIKE = {
    "same": (_line("Harbor Legal Aid"), _line("harbor legal aid")),
    "plural": (_line("Immigrant Defense Alliance"), _line("Immigrants Defense Alliance")),
    "person": (_line("Harbor Legal Aid"), _line("Harbor Legal Aid", person="Ana Invented")),
    "places": (_line("Legal Aid", "Oakland, CA"), _line("Legal Aid", "Salem, OR")),
    "acronyms": (_line("Legal Aid", acronym="LAX"), _line("Legal Aid", acronym="LAY")),
    "saint": (_line("St. Mary's Parish"), _line("Saint Mary's Parish")),
    "order": (_line("Harbor Immigrant Alliance"), _line("Immigrant Harbor Alliance")),
    "beginning": (_line("Immigrant Harbor Network"), _line("Immigration Harbor Network")),
    "letter": (_line("Harbor Detention Watch"), _line("Harbor Dotention Watch")),
    "longer": (_line("Harbor Detention Watch"), _line("Harbor Detention Watch Riverside")),
    "initials": (_line("HDWN"), _line("Harbor Detention Watch Neighbors")),
}


@pytest.mark.parametrize("key", ALIKE)
def test_every_reason_has_its_words(key):
    one, other = ALIKE[key]
    pair = Pair(one, other, compare(one, other))
    assert because_words(pair, "en") == pair.likeness.because
    places = {"one": one.place, "other": other.place}
    assert because_words(pair, "es") == words("es")[f"because.{key}"].format(**places)


def test_what_a_person_decided_is_said_so():
    one, other = _line("Harbor Legal Aid"), _line("Harbor Aid")
    keys = frozenset(organization_key(line.name) for line in (one, other))
    pair = Pair(one, other, compare(one, other, {keys: True}))
    assert because_words(pair, "es") == "así lo decidió una persona"
    assert {*ALIKE, "decided"} == {k[8:] for k in words("es") if k.startswith("because.")}


@pytest.mark.django_db(databases=["default", "keyring"])
def test_the_spanish_page_of_both_letters_gives_its_reasons_in_spanish(clinic, member, client):
    member(Role.ORGANIZER)
    letters_of_demonstration(clinic, timezone.now())
    path = f"/letters/es/{clinic.slug}/hundred-days/with/chance-to-come-home/"
    page = client.get(path).content.decode()
    assert "las mismas palabras" in page
    assert "the same words" not in page
