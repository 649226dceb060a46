"""Every way to ask and every fault of the portal, in six languages, as axe sees it.

Many pages are drawn in one context of the browser, for the pages are many.
"""

import json

import pytest
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import PHONE
from tests.browser.application.staff import DOMAIN
from tests.browser.application.test_every_page import CASES

from wayhome.words.languages import LANGUAGES

# By the template that asks for it: a fact.
WIDGETS = {
    "bool": "removed",
    "category": "daca_status",
    "country": "country_of_citizenship",
    "state": "judicial_circuit",
    "int": "citizen_parent_years_in_us",
    "text": "language",
    "date": "order_date",
    "datetime": "detainer_issued_at",
}
# Each page without a fault is seen in six languages; those with one in a language that is written
# from the left, and in one from the right.
FAULTS_SEEN_IN = ("ht", "ar")
# Makes what is chosen and typed no answer to `fact`, and sends it.
SPOIL = """([form, fact]) => {
  form.elements.fact.value = fact;
  if (!form.elements.year) {
    const year = document.createElement('input');
    year.type = 'hidden';
    year.name = 'year';
    form.append(year);
  }
  for (const field of form.elements) {
    if (field.type === 'radio') field.checked = false;
    else if (field.name === 'year') field.value = 'x';
    else if (['value', 'day', 'month', 'hour'].includes(field.name)) field.value = '';
  }
  form.requestSubmit();
}"""


@pytest.fixture
def checked(objections):
    """Collects what axe finds on each page that it is shown: `checked(page, "what it is")`."""
    found = []

    def look(page, name):
        found.extend(f"{name}: {each}" for each in objections(page))

    look.found = found
    return look


def spoil(page, fact):
    form = page.locator("#page, form[data-keys]").first
    page.evaluate(SPOIL, [form.element_handle(), fact])


def answered(page, fact):
    """Answers a question beside the page, so that its own page shows it."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value")
    form = {"csrfmiddlewaretoken": token, "fact": fact, "said": "unknown"}
    assert page.request.post("/p/q/1/", form=form, max_redirects=0).status == 302


def test_every_widget_can_be_used_by_everybody(demo, visits, checked):
    page = visits.open(demo, viewport=PHONE)
    applicant = Applicant(page, "en")
    applicant.begin(LANGUAGES["en"].own_name, relation="INVENTED")
    for fact in WIDGETS.values():
        answered(page, fact)
    for language in LANGUAGES:
        page.context.add_cookies([{"name": "language", "value": language, "url": demo}])
        for number, (widget, fact) in enumerate(WIDGETS.items(), start=1):
            page.goto(f"/p/q/{number}/")
            assert applicant.fact == fact
            assert page.locator("html").get_attribute("lang") == language
            checked(page, f"{widget} in {language}")
            if language in FAULTS_SEEN_IN:
                spoil(page, fact)
                page.get_by_role("alert").wait_for()
                assert applicant.fact == fact
                checked(page, f"{widget} in {language} with a fault")
        page.goto("/p/a/")
        checked(page, f"answers in {language}")
    assert checked.found == []


@pytest.mark.parametrize("language", FAULTS_SEEN_IN)
def test_every_fault_and_every_step_can_be_used_by_everybody(demo, visits, checked, language):
    page = visits.open(demo, locale=language, viewport=PHONE)
    applicant = Applicant(page, language)
    before_it_begins(applicant, checked)
    applicant.begin(LANGUAGES[language].own_name, relation="INVENTED")
    applicant.type("person.a_number", "12")
    applicant.tap("page.next")
    checked(page, "person with a fault")
    page.goto("/p/5/")
    checked(page, "reach")
    page.locator("details.more > summary").click()
    page.locator("[name=their_channel][value=call]").check()
    applicant.tap("page.next")
    page.get_by_role("alert").wait_for()
    checked(page, "reach with faults")
    page.goto("/p/m/")
    applicant.tap("messages.send")
    checked(page, "messages with a fault")
    applicant.type("messages.write", "INVENTED")
    applicant.tap("messages.send")
    checked(page, "messages")
    page.goto("/p/f/")
    drawing = {"name": "x.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    page.locator("[name=file]").set_input_files(drawing)
    applicant.tap("papers.send")
    page.get_by_role("alert").wait_for()
    checked(page, "papers with a fault")
    page.goto("/p/e/")
    applicant.tap("erase.go_on")
    checked(page, "erase, sure")
    applicant.tap("erase.do_it")
    applicant.sees("erase.done_heading")
    checked(page, "erased")
    page.goto("/p/nothing-here/")
    checked(page, "no such page")
    assert checked.found == []


def before_it_begins(applicant, checked):
    """What is seen before a case is open: no consent, each branch of who types, words, a wrong key."""
    page = applicant.page
    page.goto("/p/1/")
    applicant.tap("consent.disagree")
    checked(page, "not kept")
    page.goto("/p/back/")
    applicant.type("door.code", "AAAA-AAAA")
    applicant.type("door.words", "one two")
    applicant.tap("door.open")
    checked(page, "door with a fault")
    page.goto("/p/1/")
    applicant.tap("consent.agree")
    page.wait_for_url("**/p/2/")
    for who in ("self", "relative", "volunteer"):
        page.locator(f"[name=who][value={who}]").check()
        if who != "self":
            applicant.tap("page.next")
            page.get_by_role("alert").wait_for()
        checked(page, f"who: {who}")
    page.locator("[name=who][value=self]").check()
    applicant.tap("page.next")
    page.wait_for_url("**/p/3/")
    checked(page, "key")
    applicant.tap("key.show")
    checked(page, "key with words")
    page.context.clear_cookies()


def test_every_widget_of_a_call_can_be_used_by_everybody(demo, office, signed_in, checked):
    case = json.loads(office.run(CASES))["creole"]
    page = signed_in("caseworker", demo)
    for widget, fact in WIDGETS.items():
        page.goto(f"/calls/{case}/q/1/")
        with page.expect_navigation():
            spoil(page, fact)
        page.locator("#fault").wait_for()
        checked(page, f"call: {widget} with a fault")
    for path in ("", "person/", "reach/", "words/"):
        page.goto(f"/calls/{case}/{path}")
        checked(page, f"call: {path}")
    page.goto("/calls/new/?language=ar")
    with page.expect_navigation():
        page.get_by_role("button", name="The caller agrees").click()
    page.locator("#faults").wait_for()
    checked(page, "a new call with a fault")
    assert checked.found == []


def test_whoever_is_invited_can_join(demo, visits, signed_in, checked):
    lead = signed_in("administrator", demo)
    lead.goto("/people/")
    lead.get_by_label("Email").fill(f"new-widget@{DOMAIN}")
    lead.locator("select[name=role]").select_option("caseworker")
    with lead.expect_navigation():
        lead.get_by_role("button", name="Make a link for them").click()
    checked(lead, "the link")
    link = lead.get_by_role("main").inner_text()
    link = next(word for word in link.split() if "/join/" in word)
    page = visits.open(demo)
    page.goto(link)
    checked(page, "join")
    with page.expect_navigation():
        page.locator("main form").evaluate("(form) => { form.noValidate = true; form.submit(); }")
    checked(page, "join with faults")
    lead.goto("/people/")
    with lead.expect_navigation():
        lead.get_by_role("button", name=f"new-widget@{DOMAIN}").click()
    assert checked.found == []
