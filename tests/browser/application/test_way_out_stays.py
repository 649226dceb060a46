"""The way out stays on the screen of a small phone, zoomed or not, and covers nothing typed in."""

import pytest
from tests.browser.application.applicant import Applicant

OLD_PHONE = {"width": 320, "height": 568}
ZOOMED = {"width": 160, "height": 284}  # the same phone at 200 %
# Whether the way out is on the screen, and whether a field shows where it is in use.
WAY_OUT = """() => {
  const box = document.getElementById('leave').getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth
    && box.height >= 44 && box.height < innerHeight / 4;
}"""
IS_COVERED = """(field) => {
  field.focus();
  const box = field.getBoundingClientRect();
  const there = document.elementFromPoint(box.left + box.width / 2, box.top + 2);
  return there !== field && !there?.contains(field) && !field.contains(there);
}"""


@pytest.mark.parametrize("viewport", [OLD_PHONE, ZOOMED], ids=["phone", "zoomed"])
@pytest.mark.parametrize(("code", "own_name"), [("ht", "Kreyòl ayisyen"), ("ar", "العربية")])
def test_the_way_out_stays_and_covers_no_field(demo, visits, objections, viewport, code, own_name):
    applicant = Applicant(visits.open(demo, viewport=viewport), code)
    applicant.begin(own_name, relation="sè li")
    page = applicant.page
    for path in ("/p/5/", "/p/", "/"):
        page.goto(path)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        assert page.evaluate(WAY_OUT), path
        fields = page.locator("main input:visible, main select:visible")
        for number in reversed(range(fields.count())):
            assert not fields.nth(number).evaluate(IS_COVERED), (path, number)
        assert objections(page) == []


def test_what_is_asked_of_somebody_who_types_for_another_shows_only_then(demo, visits):
    page = visits.open(demo, viewport=OLD_PHONE, java_script_enabled=False)
    page.goto("/p/1/")
    page.locator("button[value=agree]").click()
    page.wait_for_url("**/p/2/")
    relation = page.locator("#relation")
    assert not relation.is_visible()
    page.locator("[name=who][value=relative]").check()
    assert relation.is_visible()
    page.locator("[name=who][value=self]").check()
    assert not relation.is_visible()
