"""The observatory in a real browser: in each language, without JavaScript, enlarged, by keyboard."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.application.conftest import LAPTOP, PHONE
from tests.browser.application.test_every_page import CUT_OFF, ENLARGED
from tests.pages_of_observatory import AGREEMENT_PAGES, PAGES
from tests.web.invented_record import write_record

BASES = {"en": "/observatory/", "es": "/observatory/es/"}
EVERY = {**PAGES, **AGREEMENT_PAGES}


@pytest.fixture(scope="module")
def invented(office, demo, tmp_path_factory):
    """The same office with a record of invented sources."""
    folder = write_record(tmp_path_factory.mktemp("record") / "public-record")
    office.environment["WAYHOME_PUBLIC_RECORD"] = str(folder)
    address = office.serve()
    del office.environment["WAYHOME_PUBLIC_RECORD"]
    return address


@pytest.mark.parametrize("language", BASES)
def test_nothing_on_any_page_shuts_anybody_out(demo, visits, objections, language):
    page, faults = visits.open(demo), []
    for path in EVERY.values():
        answer = page.goto(BASES[language] + path)
        faults += [] if answer.status == 200 else [f"{path} answered {answer.status}"]
        page.locator("main details").evaluate_all("(all) => all.forEach((e) => { e.open = true })")
        faults += [f"{path}: {found}" for found in objections(page)]
        page.set_viewport_size(ENLARGED)
        faults += [f"{path} at 200 %: {found}" for found in page.evaluate(CUT_OFF)]
        page.set_viewport_size(LAPTOP)
    assert faults == []
    assert page.context.cookies() == []


def test_a_reporter_gets_a_number_and_its_source_without_javascript(demo, visits):
    page = visits.open(demo, java_script_enabled=False)
    page.goto("/observatory/detention/")
    page.get_by_role("link", name="60,311").first.click()
    expect(page.locator(".cite")).to_contain_text("row 20")
    page.get_by_role("main").get_by_role("link", name=re.compile("sheet Detention FY26")).click()
    expect(page.locator(".hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(page.get_by_role("cell", name="60,311")).to_be_visible()


def test_a_commissioner_finds_her_jail_on_a_phone_without_javascript(demo, visits):
    page = visits.open(demo, java_script_enabled=False, viewport=PHONE)
    page.goto("/observatory/")
    page.get_by_role("link", name="Facilities", exact=True).click()
    page.get_by_label("Name, city, county or code").fill("Stewart County")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="STEWART DETENTION CENTER").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("STEWART DETENTION CENTER")
    expect(page.get_by_role("heading", name="287(g) agreements in the same county")).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_text("Mínimo garantizado").first).to_be_visible()


def test_a_map_is_walked_by_keyboard_or_passed_over(demo, visits):
    page = visits.open(demo)
    page.goto("/observatory/detention/")
    skip = page.get_by_role("link", name=re.compile("Skip the map"))
    skip.focus()
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.closest('svg.map') !== null")
    assert first, "the first state of the map comes after the way past it"
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert re.search(r"\d|not known", name)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/observatory/(state|facilities)/"))
    page.goto("/observatory/detention/")
    skip.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    after = page.evaluate("document.activeElement.getAttribute('href')")
    assert after.endswith("states.csv")


def test_a_map_is_read_without_its_colours(demo, visits):
    page = visits.open(demo, forced_colors="active")
    page.goto("/observatory/detention/")
    looks = page.evaluate("""() => {
      const tile = document.querySelector('.map .tile');
      const ink = document.querySelector('.map .tile-ink');
      return [getComputedStyle(tile).fill, getComputedStyle(ink).stroke];
    }""")
    assert looks[0] != looks[1]
    shades = page.locator(".map pattern").evaluate_all("(all) => all.map((e) => e.innerHTML)")
    assert len(set(shades)) == len(shades)


def test_every_picture_of_invented_data_says_so(invented, visits):
    page = visits.open(invented)
    for path in ("", "detention/", "facilities/harborga/", "closing-plan/"):
        page.goto(f"/observatory/{path}")
        assert page.locator(".synthetic").is_visible()
        maps = page.locator("svg.map")
        for number in range(maps.count()):
            expect(maps.nth(number).locator("text", has_text="SYNTHETIC")).to_be_visible()


def test_every_chart_of_a_page_is_there_with_words(demo, visits):
    page = visits.open(demo)
    page.goto("/observatory/detention/")
    charts = page.locator("figure img")
    charts.evaluate_all("(all) => all.forEach((e) => { e.loading = 'eager' })")
    for number in range(charts.count()):
        chart = charts.nth(number)
        assert len(chart.get_attribute("alt")) > 60
        expect(chart).to_have_js_property("complete", True, timeout=20_000)
        assert chart.evaluate("(e) => e.naturalWidth") > 300
