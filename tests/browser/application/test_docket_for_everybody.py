"""Pages of a docket that has counts, in a real browser; all of it is invented and says so."""

from playwright.sync_api import expect
from tests.browser.application.conftest import LAPTOP
from tests.browser.application.test_every_page import CUT_OFF, ENLARGED
from tests.pages_of_observatory import DOCKET_PAGES

NOTHING_BUT_TRIFLES = ("moderate", "serious", "critical")


def _cut_off(page, path):
    page.set_viewport_size(ENLARGED)
    found = page.evaluate(CUT_OFF)
    page.set_viewport_size(LAPTOP)
    return [f"{path} at 200 %: {what}" for what in found]


def test_nothing_on_a_page_of_a_docket_shuts_anybody_out(invented, visits, objections):
    page, faults = visits.open(invented), []
    for path in DOCKET_PAGES.values():
        page.goto(f"/observatory/{path}")
        expect(page.get_by_role("region", name="Invented data")).to_contain_text("SYNTHETIC")
        faults += [f"{path}: {found}" for found in objections(page, NOTHING_BUT_TRIFLES)]
        faults += _cut_off(page, path)
    assert faults == []


def test_every_page_of_a_docket_is_whole_in_spanish(invented, visits):
    page, faults = visits.open(invented), []
    for path in DOCKET_PAGES.values():
        assert page.goto(f"/observatory/es/{path}").status == 200
        expect(page.get_by_role("region", name="Datos inventados")).to_be_visible()
        faults += _cut_off(page, path)
    assert faults == []
