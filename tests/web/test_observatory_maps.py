"""Maps and charts: where things fall, what tells them apart, what a reader without eyes gets."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from wayhome.web.observatory.charts import Chart, Line, drawn
from wayhome.web.observatory.maps import places
from wayhome.web.observatory.maps.drawing import (
    SHADES,
    CountryMap,
    Spot,
    StateValue,
    classes,
    draw,
    legend,
)
from wayhome.web.observatory.maps.lettering import LARGE, SMALL, letters
from wayhome.web.observatory.maps.projection import HEIGHT, WIDTH, on_the_map

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("state", "longitude", "latitude", "west", "east"),
    [("53", -122.3, 47.6, 90, 130), ("12", -80.2, 25.8, 800, 860), ("02", -149.9, 61.2, 60, 160),
     ("15", -157.9, 21.3, 260, 330), ("72", -66.1, 18.4, 870, 930), ("66", 144.8, 13.5, 330, 380)],
)  # fmt: skip
def test_it_puts_places_where_they_are_looked_for(state, longitude, latitude, west, east):
    x, y = on_the_map(state, longitude, latitude)
    assert west < x < east
    assert 0 < y < HEIGHT


def test_every_state_and_county_lies_on_the_map():
    assert len(places.states()) == 55
    for one in (*places.states().values(), *places.counties().values()):
        assert -10 <= one.x <= WIDTH
        assert 0 <= one.y <= HEIGHT


def test_the_tables_of_places_are_small():
    folder = Path(places.__file__).parent
    assert sum(path.stat().st_size for path in folder.iterdir() if "csv" in path.name) < 300_000


@pytest.mark.parametrize(
    ("name", "state", "number"),
    [("STEWART", "GA", "13259"), ("LaSalle Parish", "LA", "22059"), ("St. Lucie", "FL", "12111"),
     ("Saint Lucie County", "FL", "12111"), ("DeKalb", "GA", "13089"), ("Doña Ana", "NM", "35013"),
     ("Nowhere", "GA", None), (None, "GA", None), ("Stewart", None, None)],
)  # fmt: skip
def test_it_knows_a_county_as_sources_write_it(name, state, number):
    county = places.county_named(state, name)
    assert (county.number if county else None) == number


def test_a_zip_code_that_is_no_area_has_no_place():
    assert places.county_of_zip("31815").name == "Stewart"
    assert places.county_of_zip("31815-1234").name == "Stewart"
    for unknown in ("00000", "", None):
        assert places.county_of_zip(unknown) is None
        assert places.spot_of_zip(unknown) is None


def a_map(**states):
    values = {
        code: StateValue(value, f"{code}: {value}", f"/{code}/") for code, value in states.items()
    }
    spots = [Spot(100, 100, 50, "A <b>", "/a/"), Spot(120, 100, 2000, "B", "/b/", is_open=True)]
    return CountryMap("m", "Title & more", "What it shows", values, spots, "SYNTHETIC")


def test_a_map_is_told_in_words_and_every_part_is_a_link():
    root = ET.fromstring(draw(a_map(TX=900, GA=3, AL=0, FL=None)))
    assert root.find(f"{SVG}title").text == "Title & more"
    assert root.find(f"{SVG}desc").text == "What it shows"
    links = {link.get("href"): link.get("aria-label") for link in root.iter(f"{SVG}a")}
    assert links == {"/TX/": "TX: 900", "/GA/": "GA: 3", "/AL/": "AL: 0", "/FL/": "FL: None",
                     "/a/": "A <b>", "/b/": "B"}  # fmt: skip
    assert not any("style" in element.attrib for element in root.iter())
    assert "SYNTHETIC" in [text.text for text in root.iter(f"{SVG}text")]


def test_shades_differ_without_colour():
    def grey(colour):
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    greys = [grey(colour) for colour, _ in SHADES]
    assert all(before - after > 20 for before, after in pairwise(greys))
    assert len({lines for _, lines in SHADES}) == len(SHADES)


def test_unknown_is_neither_none_nor_little():
    root = ET.fromstring(draw(a_map(TX=900, AL=0, FL=None)))
    looks = {
        link.get("href"): (link.find(f"{SVG}path").get("fill"), link.find(f"{SVG}path").get("stroke-dasharray"))
        for link in root.iter(f"{SVG}a") if link.find(f"{SVG}path") is not None
    }  # fmt: skip
    assert len(set(looks.values())) == 3
    assert looks["/FL/"][1]
    keys = legend(a_map(TX=900, AL=0, FL=None))
    assert [(key.low, key.high) for key in keys if not key.is_spot] == [
        (None, None), (0, 0), (900, None),
    ]  # fmt: skip


# --- letters ---

_WIDE, _HIGH = 0.9, 0.36  # of two letters: half of their size
_IN_THE_SEA = {"DE", "GU", "HI", "MA", "MP", "NJ", "PR", "RI", "VI"}


def _corners(one, size):
    """The corners of two letters and the middle of each side."""
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]
    return [(one.x + x * _WIDE * size, one.y + y * _HIGH * size) for x, y in steps]


def _within(code, x, y):
    """Whether a point is within an outline: a line to the right of it meets the edge oddly."""
    met = 0
    for part in places.states()[code].path.split("z")[:-1]:
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        at = (0, 0)
        corners = []
        for right, down in zip(numbers[::2], numbers[1::2], strict=True):
            at = (at[0] + right, at[1] + down)
            corners.append(at)
        for (x1, y1), (x2, y2) in pairwise((*corners, corners[0])):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                met += 1
    return met % 2 == 1


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_letters_stand_in_their_own_state_or_in_the_sea(size):
    found = {one.code: one for one in letters([], size)}
    assert {"TX", "CA", "AK", "HI", "PR"} <= set(found)
    assert not {"DC", "MD"} & set(found), "there is no room for them"
    for code, one in found.items():
        for corner in _corners(one, size):
            lies_in = {each for each in places.states() if _within(each, *corner)}
            assert lies_in == {code} or (not lies_in and code in _IN_THE_SEA), (code, corner)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_letters_give_way_to_circles(size):
    georgia = places.states()["GA"]
    alone = {one.code: one for one in letters([], size)}
    beside = {one.code: one for one in letters([(georgia.x, georgia.y, 12)], size)}
    assert (beside["GA"].x, beside["GA"].y) != (alone["GA"].x, alone["GA"].y)
    for x, y in _corners(beside["GA"], size):
        assert (x - georgia.x) ** 2 + (y - georgia.y) ** 2 > 12**2
    covered = {one.code for one in letters([(georgia.x, georgia.y, 90)], size)}
    assert "GA" not in covered
    assert "TX" in covered


def test_letters_are_for_the_eye_alone_and_under_the_circles():
    page, file = (ET.fromstring(draw(a_map(TX=900), by_itself=by)) for by in (False, True))
    groups = [one for one in page.iter(f"{SVG}g") if one.find(f"{SVG}text") is not None]
    assert [one.get("aria-hidden") for one in groups] == ["true", "true"]
    assert [one.get("display") for one in groups] == [None, "none"], "the larger for a phone"
    order = list(page.iter())
    circles = [at for at, one in enumerate(order) if one.tag == f"{SVG}circle"]
    assert max(order.index(one) for one in groups) < min(circles)
    assert len([one for one in file.iter(f"{SVG}g") if one.get("aria-hidden")]) == 1


def test_a_map_without_shades_has_letters_too():
    country = CountryMap("m", "T", "D", {}, [Spot(100, 100, 5, "A")])
    texts = [text.text for text in ET.fromstring(draw(country)).iter(f"{SVG}text")]
    assert "WY" in texts


def test_a_place_beside_the_sheet_is_nowhere_on_it():
    assert places.county_of_zip("99546") is not None
    assert places.spot_of_zip("99546") is None, "Adak lies west of the inset of Alaska"


def test_classes_cover_every_number():
    numbers = [1, 2, 5, 9, 14, 33, 80, 400, 1234, 18734]
    ends = classes(numbers)
    assert ends[0] <= 1
    assert ends == sorted(set(ends))
    assert len(ends) <= 5
    assert classes([0, 0]) == []
    assert classes([7]) == [7]


def test_a_chart_does_not_bridge_what_is_not_known():
    points = [(date(2021, month, 1), 10.0 * month) for month in range(1, 5)]
    later = [(date(2024, month, 1), 10.0 * month) for month in range(1, 5)]
    whole = drawn(Chart("T", "D", "people", [Line("a", points + later, gap=5000)]))
    parted = drawn(Chart("T", "D", "people", [Line("a", points + later, gap=70)]))
    lines = [svg.count('stroke="#00533f"') for svg in (whole, parted)]
    assert lines[1] > lines[0]


def test_a_chart_carries_its_words_and_its_language():
    points = [(date(2026, month, 1), 10.0 * month) for month in range(1, 13)]
    chart = Chart("Título", "Descripción", "personas", [Line("uno", points), Line("dos", points)],
                  "es", "DATOS INVENTADOS")  # fmt: skip
    root = ET.fromstring(drawn(chart))
    assert root.find(f"{SVG}title").text == "Título"
    assert root.find(f"{SVG}desc").text == "Descripción"
    texts = {text.text for text in root.iter(f"{SVG}text")}
    assert {"uno", "dos", "personas", "DATOS INVENTADOS"} <= texts
    assert texts & {"abril", "julio"}
