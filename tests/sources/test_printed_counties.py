"""Counties that the lists of agreements print wrongly: decided where that is plain, else not."""

import pytest
from rapidfuzz.distance import Levenshtein
from tests.sources.agreement_lists import REAL

from wayhome.sources.agreements.meanings import county_key
from wayhome.sources.agreements.printed_counties import county_meant
from wayhome.sources.agreements.reading import read_list
from wayhome.sources.county_population.estimates import packaged_estimates

# Texarkana is a city of Texas and of Arkansas: the row, of Arkansas, prints the county of Texas.
# Boone, in Arkansas, is only spelt alike.
TEXARKANA = ("AR", "Bowie County")
OPEN = {
    TEXARKANA,
    ("GU", "Kattan District"),
    ("MA", "Crow Wing County"),
    ("MN", "Freedom County"),
    ("NC", "Albemarle County"),
    ("WV", "Washington County"),
}


@pytest.mark.parametrize(
    ("state", "printed", "meant"),
    [
        ("MI", "Berrian County", "Berrien County"),
        ("MI", "BERRIAN CO.", "Berrien County"),
        ("OH", "Berrian County", "Berrian County"),
        ("LA", "Arcadia County", "Acadia Parish"),
        ("AR", "Bowie County", "Bowie County"),
        ("TX", None, None),
    ],
)
def test_it_knows_the_county_that_is_meant_in_its_state_alone(state, printed, meant):
    assert county_meant(state, printed) == meant


@pytest.fixture(scope="module")
def unknown():
    """What the real lists print for a county that the state does not have."""
    if not REAL.is_dir():
        pytest.skip("the lists are not there")
    people = packaged_estimates()
    rows = [row for path in REAL.glob("*.xlsx") for row in read_list(path).agreements]
    printed = {(row.state, row.county) for row in rows if row.county}
    return {(s, county) for s, county in printed if not people.of(s, county_meant(s, county))}


def test_no_printed_county_is_left_open_that_only_one_county_of_its_state_is_like(unknown):
    keys = list(packaged_estimates().counties)
    for state, printed in unknown - {TEXARKANA}:
        like = [
            name
            for of, name in keys
            if of == state and Levenshtein.distance(name, county_key(printed)) <= 2
        ]
        assert len(like) != 1, (state, printed, like)


def test_what_is_left_open_is_what_was_looked_at(unknown):
    assert unknown == OPEN


def test_each_decision_is_of_a_county_that_its_state_has():
    for state, printed in (("VA", "Hopewell County"), ("LA", "German Coast County")):
        assert packaged_estimates().of(state, county_meant(state, printed))
