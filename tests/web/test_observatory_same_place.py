"""What may be one place under two names is counted twice, and the pages say so and how much."""

import html
import re

import pytest
from tests.web.invented_record import FACILITIES, FIELDS, write_record

from wayhome.public_record.record import open_record
from wayhome.web.observatory import records
from wayhome.web.observatory.facilities import facilities
from wayhome.web.observatory.pages import forget_pages
from wayhome.web.observatory.same_place import waiting

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
HARBOR, ORCHARD, *_ = FACILITIES
OLD = {"facility": "oldharbor", "name": "OLD HARBOR FAMILY CENTER", "state": "GA",
       "population": 1800.5, "population_on": "2026-04-05"}  # fmt: skip
ANNEX = {"facility": "annex", "name": "HARBOR ANNEX", "state": "GA",
         "population": 20, "population_on": "2026-04-05"}  # fmt: skip
PLACELESS = {"facility": "placeless", "name": "ORCHARD CO JAIL",
             "population": 55.5, "population_on": "2026-04-05"}  # fmt: skip
WHY = "names 48, own words 100; same address; people alike"
PATHS = ("facilities/", "state/ga/", "detention/")


def asked(one, other):
    return {"facility": one["facility"], "other": other["facility"], "likeness": 66, "because": WHY}


def average(row, note=""):
    told = {"field": "population", "value": row["population"], "on": row["population_on"]}
    return {**FIELDS[2], **told, "facility": row["facility"], "note": note}


MIDNIGHT = "at midnight, average of every day from 2025-10-01 to 2026-04-05"
CHANGED = {
    "facilities": [*FACILITIES, OLD, ANNEX, PLACELESS],
    "facility_fields": [*FIELDS, average(HARBOR), average(OLD, MIDNIGHT), average(ANNEX, MIDNIGHT)],
    "facility_questions": [asked(HARBOR, OLD), asked(ORCHARD, PLACELESS)],
}


@pytest.fixture
def write(monkeypatch, tmp_path):
    def written(**changes):
        folder = write_record(tmp_path / "record", **CHANGED | changes)
        monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(folder))
        monkeypatch.setattr(records, "_opened", None)
        forget_pages()
        return open_record(folder)

    return written


def words(client, path, language=""):
    response = client.get(f"/observatory/{language}{path}")
    assert response.status_code == 200
    plain = re.sub(r"<svg.*?</svg>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())


def test_each_of_two_names_the_other_and_why(client, write):
    write()
    for id, other in (("harborga", OLD), ("oldharbor", HARBOR)):
        text = words(client, f"facilities/{id}/")
        assert f"May be the same place as {other['name']}" in text
        assert "own words 100; same address; people alike" in text
        assert "Until somebody decides, they are counted apart." in text
        assert f'href="/observatory/facilities/{other["facility"]}/"' in (
            client.get(f"/observatory/facilities/{id}/").content.decode()
        )
        spanish = words(client, f"facilities/{id}/", "es/")
        assert f"Puede ser el mismo lugar que {other['name']}" in spanish
        assert "se cuentan por separado" in spanish
        assert "same address" not in spanish
    assert "May be the same" not in words(client, "facilities/annex/")


@pytest.mark.parametrize(
    ("path", "twice"), [("facilities/", "1,856"), ("detention/", "1,856"), ("state/ga/", "1,800")]
)
def test_lists_and_sums_say_how_many_may_be_counted_twice(client, write, path, twice):
    """What is at midnight would go, ICE's own would stay; a state counts only its own."""
    write()
    text = words(client, path)
    assert "2 pairs of facilities may each be one place under two names" in text
    assert f"at most {twice} of the people in the sums here" in text
    assert "OLD HARBOR FAMILY CENTER (1,800)" in text
    spanish = words(client, path, "es/")
    assert "2 pares de centros pueden ser cada uno un solo lugar con dos nombres" in spanish
    assert f"{twice} como máximo" in spanish


def test_three_names_of_one_place_are_one_group(write):
    pairs = [asked(HARBOR, OLD), asked(OLD, ANNEX), asked(ANNEX, HARBOR)]
    for told in (pairs, pairs[:2], pairs[1:]):
        found = waiting(write(facility_questions=told))
        assert (len(found.pairs), found.people) == (len(told), 1820.5)


def test_who_is_in_no_sum_twice_is_not_said_to_be(client, write):
    """The other of the pair has no state, so the state counts its people once."""
    write(facility_questions=[asked(ORCHARD, PLACELESS)])
    text = words(client, "state/ga/")
    assert "1 pair of facilities may be one place" in text
    assert "Nobody in the sums here is counted twice because of that." in text
    assert "Nadie en las sumas de aquí" in words(client, "state/ga/", "es/")
    assert "may be one place" not in words(client, "state/tx/")


def test_nothing_is_said_where_nothing_waits(client, write):
    write(facility_questions=[])
    for path in PATHS:
        assert "one place under two names" not in words(client, path)


def test_dilley_is_one_place_in_the_packaged_record_and_counted_by_ice():
    record = open_record()
    dilley = facilities(record)["stfrctx"]
    assert (dilley.name, dilley.population, dilley.way) == (
        "DILLEY IMMIGRATION PROCESSING CENTER", 566.8852, "ice"
    )  # fmt: skip
    assert waiting(record).pairs
    assert waiting(record).people == 0
