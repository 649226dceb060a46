"""Nobody is lost: what a map cannot show stands beside it, and whom a county does not find."""

import html
import re

import pytest
from tests.web.invented_record import FACILITIES, TABLES, write_record

from wayhome.public_record.record import open_record
from wayhome.web.observatory.closing_plan import rows_of, spot_of
from wayhome.web.observatory.facilities import facilities
from wayhome.web.observatory.maps.places import states
from wayhome.web.observatory.pages import forget_pages

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
NOW = {"population": 12, "population_on": "2026-04-05"}
PAGO_PAGO = {"facility": "tafunaas", "name": "TAFUNA JAIL", "city": "TAFUNA", "state": "AS",
             "zip": "96799", **NOW}  # fmt: skip
LOST = {"facility": "lostroom", "name": "LOST HOLD ROOM", **NOW, "population": 3}
ISLAND_POLICE = {
    "agency": "AS-island-police", "name": "Island Police", "state": "AS", "active": 1,
    "agency_type": "municipality", "models": "task force", "first_listed": "2026-03-01",
    "last_listed": "2026-03-01",
}  # fmt: skip
ISLAND_AGREEMENT = {**TABLES["agreements"][0], "agency": "AS-island-police", "state": "AS",
                    "name": "Island Police", "county": "", "model": "task force"}  # fmt: skip


@pytest.fixture
def look(client, tmp_path, monkeypatch):
    """A page of a record in which American Samoa has a jail and an agreement, as text and links."""
    tables = {
        "facilities": [*FACILITIES, PAGO_PAGO, LOST],
        "agencies": [*TABLES["agencies"], ISLAND_POLICE],
        "agreements": [*TABLES["agreements"], ISLAND_AGREEMENT],
    }
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record", **tables)))
    forget_pages()
    return lambda path: _read(client, path)


@pytest.fixture
def packaged(client, monkeypatch, settings, tmp_path):
    """A page of the record that comes with the program."""
    monkeypatch.delenv("WAYHOME_PUBLIC_RECORD", raising=False)
    settings.HOME = tmp_path / "no-record-here"
    forget_pages()
    return lambda path: _read(client, path)


def _read(client, path):
    response = client.get(f"/observatory/{path}")
    assert response.status_code == 200, path
    page = response.content.decode()
    beside = re.findall(r'class="beside">(.*?)</(?:p|details)>', page, re.DOTALL)
    return page, [_plain(one) for one in beside]


def _plain(page):
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    return re.sub(r" ([:;.])", r"\1", text)


def test_a_territory_without_an_outline_stands_beside_the_map_of_detention(look):
    assert "AS" not in states()
    page, beside = look("detention/")
    assert beside[0] == (
        "Not on the map, which has no outline of them: American Samoa: 1 facility, 12 people."
    )
    assert 'href="/observatory/state/as/"' in page
    whole, _ = look("state/as/")
    assert "TAFUNA JAIL" in whole
    assert '<option value="AS">American Samoa</option>' in look("facilities/")[0]
    assert "AS,American Samoa,12" in look("detention/states.csv")[0]


def test_everybody_who_is_held_is_on_the_map_or_beside_it(look):
    page, beside = look("detention/")
    assert "2 facilities with 15 people on average" in beside[1]
    for name in ("TAFUNA JAIL", "LOST HOLD ROOM"):
        assert name in beside[1]
    assert "2 facilities with 15 people on average" in page.split("</desc>")[0]


def test_the_packaged_map_loses_no_facility_with_people(packaged):
    page, (beside,) = packaged("es/detention/")
    lost = [row for row in facilities(open_record()).values() if row.has_people and not row.spot]
    assert len(lost) > 50
    assert beside.startswith(
        f"No están en el mapa, porque no se sabe su lugar: {len(lost)} centros"
    )
    assert all(f'"/observatory/es/facilities/{row.id}/"' in page for row in lost)


def test_agreements_without_an_outline_or_a_county_stand_beside_their_map(look):
    page, beside = look("agreements/")
    assert beside[0].removesuffix(".").endswith("American Samoa: 1 agreement")
    assert "1 agency" in beside[1]
    assert 'href="/observatory/agreements/state/as/"' in page


def test_facilities_of_the_plan_without_a_place_are_named(packaged):
    _, (beside,) = packaged("closing-plan/?case=most")
    lost = [row for row in rows_of(open_record(), "facilities", "most") if spot_of(row) is None]
    assert beside.startswith(f"{len(lost)} facilities are not on the map")
    for row in lost:
        assert f"{row['name']}, {row['state']}: {row['people']:,} " in beside


def test_a_map_that_shows_everything_says_nothing_beside_it(client, tmp_path, monkeypatch):
    monkeypatch.setenv("WAYHOME_PUBLIC_RECORD", str(write_record(tmp_path / "record")))
    forget_pages()
    assert _read(client, "detention/")[1] == []


# --- facilities that a county does not find ---


def _without_county(*states):
    rows = facilities(open_record()).values()
    return [row for row in rows if row.county_number is None and row.state in states]


@pytest.mark.parametrize("asked", ["q=Butler+County,+Ohio", "q=butler+county&state=OH"])
def test_of_other_states_than_the_one_asked_for_none_is_named(packaged, asked):
    page, _ = packaged(f"facilities/?{asked}")
    told = _plain(page.split("cannot be found by their county")[1].split("</ul>")[0])
    unknown = len(_without_county(None))
    assert told == f", as it is not known: Not even the state is known: {unknown} facilities"


def test_a_search_by_county_says_which_facilities_it_cannot_find(packaged):
    page, _ = packaged("facilities/?q=polk+county")
    # There is a Polk County in Iowa and Florida, and none in New Jersey.
    rows = _without_county("FL", "IA", None)
    assert len(rows) > 300
    told = _plain(page.split('id="no-county">')[1].split("</ul>")[0])
    assert told.startswith(f"{len(rows)} facilities cannot be found by their county")
    counts = [int(number) for number in re.findall(r": (\d+) facilit", told)]
    assert sum(counts) == len(rows)
    assert "Iowa: 2 facilities" in told
    assert "New Jersey" not in told
    assert told.endswith(f"Not even the state is known: {counts[-1]} facilities")
    assert 'id="no-county"' not in packaged("facilities/?q=lumpkin")[0]


def test_its_links_lead_to_just_these_facilities(packaged, client):
    page, _ = packaged("es/facilities/?q=condado+de+polk")
    links = re.findall(r'href="(\?state=[^"]*county=unknown[^"]*)"', page)
    seen = set()
    for link in map(html.unescape, links):
        listed, _ = packaged(f"es/facilities/{link}")
        assert "Solo los centros cuyo condado no se sabe." in listed
        file = client.get(f"/observatory/es/facilities.csv{link}").content.decode("utf-8-sig")
        seen |= {line.split(",")[0] for line in file.splitlines()[1:]}
    assert seen == {row.id for row in _without_county("FL", "IA", None)}


def test_facilities_whose_state_is_not_known_can_be_asked_for(packaged):
    page, _ = packaged("facilities/?state=unknown")
    assert '<option value="unknown" selected>not known</option>' in page
    assert "MONTGOMERY HOLD RM" in page
    assert "STEWART DETENTION CENTER" not in page
