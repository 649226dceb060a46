"""By the keyboard alone: Tab, Enter, Space and arrows, and wherever the focus is one sees it."""

from urllib.parse import urlsplit

import pytest
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import PHONE
from tests.browser.application.staff import DOMAIN, PASSWORD, code_of

_MOST_STOPS = 150
SHOWS_FOCUS = """() => {
  const held = document.activeElement;
  if (!held || held === document.body) return true;
  const style = getComputedStyle(held), box = held.getBoundingClientRect();
  const onScreen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return onScreen && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
}"""


def tab_to(page, target):
    """Tabs until the target has the focus; every stop on the way must show that it has it."""
    target.wait_for()
    for _ in range(_MOST_STOPS):
        if target.evaluate("(e) => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
        where = "document.activeElement.outerHTML.slice(0, 120)"
        assert page.evaluate(SHOWS_FOCUS), f"no focus to be seen on {page.evaluate(where)}"
    raise AssertionError(f"{target} is not reached by Tab")


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def path_of(page):
    return urlsplit(page.url).path


@pytest.fixture
def applicant(demo, visits):
    applicant = Applicant(visits.open(demo, viewport=PHONE), "en")
    applicant.begin("English", relation="sister")
    applicant.page.goto("/p/q/1/")
    return applicant


def test_a_question_is_answered_and_left_unknown(applicant):
    page = applicant.page
    press(page, page.get_by_role("button", name="Yes", exact=True))
    page.wait_for_url("**/p/q/2/")
    press(page, page.get_by_role("button", name=applicant.words("question.unknown")), "Space")
    page.wait_for_url("**/p/q/3/")


def test_enter_in_a_field_goes_on_and_keeps_the_language(demo, visits):
    applicant = Applicant(visits.open(demo, viewport=PHONE, locale="ht"), "ht")
    applicant.begin("Kreyòl ayisyen", relation="sè li")
    name = applicant.page.get_by_label(applicant.words("person.name"), exact=True)
    name.fill("INVENTED")
    name.press("Enter")
    applicant.page.wait_for_url("**/p/5/")
    applicant.sees("reach.heading_typing")


def test_a_choice_is_made_and_sent(applicant):
    page = applicant.page
    page.context.clear_cookies()
    page.goto("/p/1/")
    press(page, page.get_by_role("button", name=applicant.words("consent.agree")))
    radio = page.locator("[name=who][value=self]")
    page.wait_for_url("**/p/2/")
    tab_to(page, radio)
    page.keyboard.press("Space")
    assert radio.is_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/3/")


@pytest.mark.parametrize("how", ["the link", "Escape twice"])
def test_leaving_quickly_leaves_no_way_back(applicant, how):
    page = applicant.page
    if how == "the link":
        press(page, page.get_by_role("link", name=applicant.words("page.leave")))
    else:
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    page.wait_for_url("**/month/", wait_until="commit")
    page.wait_for_load_state()
    page.go_back()
    assert applicant.fact is None
    page.goto("/p/q/1/")
    assert path_of(page) == "/month/"


def test_somebody_on_the_staff_signs_in(demo, visits):
    page = visits.open(demo)
    page.goto("/sign-in/")
    tab_to(page, page.get_by_label("Email address"))
    page.keyboard.type(f"attorney2@{DOMAIN}")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/authenticate/")
    page.keyboard.type(code_of("attorney2"))
    page.keyboard.press("Enter")
    page.get_by_role("navigation", name="Main").wait_for()


def test_a_statement_is_recorded(demo, signed_in):
    page = signed_in("caseworker", demo)
    page.goto("/worklist/")
    press(page, page.locator("a.name").first)
    page.locator("#choose-fact").wait_for()
    case = page.url
    page.goto(f"{case}fact/?fact=hunger_strike")
    if page.locator("[name=answer][value=yes]").count() == 0:
        page.goto(f"{case}fact/?fact=removed")
    tab_to(page, page.locator("[name=answer]").first)
    page.keyboard.press("Space")
    tab_to(page, page.locator("[name=source]").first)
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Save"))
    page.wait_for_url(case)


def test_the_worklist_is_filtered(demo, signed_in):
    page = signed_in("caseworker", demo)
    page.goto("/worklist/")
    press(page, page.locator("details.filters > summary"))
    tab_to(page, page.get_by_label("State", exact=True))
    page.keyboard.type("prepa")
    press(page, page.get_by_role("button", name="Show", exact=True))
    page.wait_for_url("**/worklist/?*")
    states = page.locator("td[data-name=State]").all_inner_texts()
    assert states
    # A mark that it is late may follow.
    assert all(state.startswith("preparing") for state in states)


@pytest.mark.parametrize("path", ["/worklist/", "/sign-in/"])
def test_the_first_tab_leads_past_the_navigation(demo, signed_in, path):
    page = signed_in("caseworker", demo)
    page.goto(path)
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("(e) => e === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
