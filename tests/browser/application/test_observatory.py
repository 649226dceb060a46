"""The observatory in a real browser: in each language, without JavaScript, enlarged, by keyboard."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.application.conftest import LAPTOP, PHONE
from tests.browser.application.test_every_page import CUT_OFF, ENLARGED
from tests.pages_of_observatory import AGREEMENT_PAGES, PAGES

BASES = {"en": "/observatory/", "es": "/observatory/es/"}
EVERY = {**PAGES, **AGREEMENT_PAGES}


@pytest.mark.parametrize("language", BASES)
def test_nothing_on_any_page_shuts_anybody_out(demo, visits, objections, language):
    page, faults = visits.open(demo), []
    for path in EVERY.values():
        answer = page.goto(BASES[language] + path)
        faults += [] if answer.status == 200 else [f"{path} answered {answer.status}"]
        page.locator("main details").evaluate_all("(all) => all.forEach((e) => { e.open = true })")
        faults += [f"{path}: {found}" for found in objections(page, colours=language == "en")]
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
    beside = page.evaluate("document.activeElement.closest('.beside') !== null")
    assert beside, "what is not on the map comes after it"
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


# What a screen reader is told of a table: which of its parts are a row, a heading, a cell.
PARTS = ("table", "row", "columnheader", "rowheader", "cell")


def _told_of_table(page, selector):
    """The parts of a table as the browser tells them to a screen reader, each with its name."""
    session = page.context.new_cdp_session(page)
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": selector}
    node = session.send("DOM.querySelector", asked)["nodeId"]
    tree = session.send("Accessibility.queryAXTree", {"nodeId": node})["nodes"]
    told = [(one["role"]["value"], one.get("name", {}).get("value", "")) for one in tree]
    return {part: [name for role, name in told if role == part] for part in PARTS}


@pytest.mark.parametrize("language", BASES)
def test_the_closing_plan_is_read_on_a_phone_without_moving_sideways(demo, visits, language):
    page = visits.open(demo, java_script_enabled=False, viewport=PHONE)
    page.goto(f"{BASES[language]}closing-plan/")
    # A script is needed to look, not to read: the page itself runs none.
    assert page.locator("script").count() == 0
    tables = page.locator(".scroll > table")
    assert tables.count() == 4
    for number in range(tables.count()):
        box = tables.nth(number).bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["width"]
    row = page.locator("[aria-labelledby=each] tbody tr").first
    cells = row.locator("td")
    tops = {round(cells.nth(number).bounding_box()["y"]) for number in range(cells.count())}
    assert len(tops) >= 4, "the cells stand below each other"
    labels = cells.evaluate_all("(all) => all.map((e) => e.dataset.label)")
    headings = page.locator("[aria-labelledby=each] thead th").all_text_contents()
    assert labels == headings[1:]


SMALL_PHONE = {"width": 320, "height": 640}
WIDE = """() => [...document.querySelectorAll('.scroll')]
    .filter((each) => each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.getAttribute('aria-label') || each.getAttribute('aria-labelledby'))"""


def test_no_table_moves_sideways_on_a_phone(demo, visits):
    page, found = visits.open(demo, viewport=PHONE), {}
    for path in EVERY.values():
        page.goto(BASES["es"] + path)
        page.locator("main details").evaluate_all("(all) => all.forEach((e) => { e.open = true })")
        if wide := page.evaluate(WIDE):
            found[path] = wide
    assert found == {}


def test_all_numbers_of_a_chart_are_read_on_a_phone_each_with_its_line(demo, visits, objections):
    page = visits.open(demo, viewport=SMALL_PHONE)
    page.goto(f"{BASES['es']}chart/people/")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
    assert page.evaluate(WIDE) == []
    headings = page.locator("main thead th").all_text_contents()
    labels = (
        page.locator("main tbody tr")
        .first.locator("td")
        .evaluate_all("(all) => all.map((each) => each.dataset.label)")
    )
    assert labels == headings[1:]
    assert len(labels) == 3
    told = _told_of_table(page, "main table")
    rows = page.locator("main tbody tr").count()
    assert (len(told["row"]), len(told["columnheader"])) == (rows + 1, 4)
    assert (len(told["rowheader"]), len(told["cell"])) == (rows, 3 * rows)
    assert objections(page) == []


def test_a_table_that_stands_as_cards_is_a_table_to_a_screen_reader(demo, visits, objections):
    page = visits.open(demo, viewport=PHONE)
    page.goto("/observatory/closing-plan/")
    page.locator("main details").evaluate_all("(all) => all.forEach((e) => { e.open = true })")
    assert objections(page) == []
    told = _told_of_table(page, "[aria-labelledby=each] table")
    rows = page.locator("[aria-labelledby=each] tbody tr").count()
    assert len(told["row"]) == rows + 1
    assert len(told["columnheader"]) == 9
    assert len(told["rowheader"]) == rows
    assert len(told["cell"]) == 8 * rows
    first = page.locator("[aria-labelledby=each] tbody td").nth(2)
    assert told["cell"][2] == first.text_content(), "its heading is not read twice"


@pytest.mark.parametrize(("viewport", "shown"), [(LAPTOP, "letters"), (PHONE, "large-letters")])
def test_states_of_a_map_can_be_told_apart_at_each_width(demo, visits, viewport, shown):
    page = visits.open(demo, viewport=viewport)
    page.goto("/observatory/closing-plan/")
    groups = page.locator("svg.map g[aria-hidden]")
    seen = groups.evaluate_all(
        """(all) => all.filter((e) => getComputedStyle(e).display !== 'none')
                       .map((e) => [e.getAttribute('class'), e.getBoundingClientRect().width])"""
    )
    assert [name for name, _ in seen] == [shown]
    texas = page.locator(f"svg.map .{shown} text", has_text="TX")
    assert texas.bounding_box()["height"] >= 8, "it can be read"
    clash = page.evaluate(
        """(shown) => {
          const boxes = [...document.querySelectorAll(`svg.map .${shown} text`)]
            .map((e) => e.getBoundingClientRect())  // a line is higher than its capitals
            .map((b) => new DOMRect(b.x, b.y + 0.2 * b.height, b.width, 0.6 * b.height));
          return [...document.querySelectorAll('svg.map circle')].filter((circle) => {
            const at = circle.getBoundingClientRect();
            const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
            return boxes.some((b) => x > b.left && x < b.right && y > b.top && y < b.bottom);
          }).length;
        }""",
        shown,
    )
    assert clash == 0, "no letters lie on a circle"


def test_what_is_not_on_a_map_stands_beside_it_and_leads_to_its_page(demo, visits):
    page = visits.open(demo, java_script_enabled=False)
    page.goto("/observatory/detention/")
    beside = page.locator("details.beside")
    beside.locator("summary").click()
    beside.get_by_role("link", name="MONTGOMERY HOLD RM").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("MONTGOMERY HOLD RM")


def test_a_search_by_county_says_whom_it_cannot_find(demo, visits):
    page = visits.open(demo, java_script_enabled=False, viewport=PHONE)
    page.goto("/observatory/facilities/?q=putnam+county")
    expect(page.locator("#no-county")).to_contain_text("cannot be found by their county")
    page.get_by_role("link", name=re.compile("Not even the state is known")).click()
    expect(page.locator("h2#found + p")).to_have_text("Only facilities whose county is not known.")


@pytest.mark.parametrize("language", BASES)
def test_who_follows_a_wrong_address_of_a_facility_finds_it(demo, visits, objections, language):
    page = visits.open(demo, viewport=SMALL_PHONE)
    page.goto(f"{BASES[language]}facilities/ga-fci-atlanta-prison/")
    assert objections(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE["width"]
    page.get_by_role("searchbox").fill("dilley")
    page.locator("form.search button").click()
    page.get_by_role("link", name="DILLEY IMMIGRATION PROCESSING CENTER").first.click()
    assert page.url.endswith(f"{BASES[language]}facilities/stfrctx/")
