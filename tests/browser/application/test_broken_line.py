"""The line breaks while a form is in hand: what was typed stays, and nothing of it is stored."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import PHONE

from wayhome.words.languages import LANGUAGES

STORED = """async () => [localStorage.length, sessionStorage.length,
  (await caches.keys()).length, (await indexedDB.databases()).length]"""


@pytest.fixture
def applicant(demo, visits):
    applicant = Applicant(visits.open(demo, viewport=PHONE, locale="ht"), "ht")
    applicant.begin(LANGUAGES["ht"].own_name, relation="pitit")
    yield applicant
    # The browser itself says that the line was broken.
    visits.complaints = [each for each in visits.complaints if "ERR_INTERNET" not in each]


def photo(side):
    made = BytesIO()
    Image.effect_noise((side, side), 90).save(made, "JPEG", quality=95)
    return made.getvalue()


def test_what_was_typed_stays_and_goes_when_the_line_is_back(applicant):
    page = applicant.page
    applicant.type("person.name", "Marie ENVANTE")
    page.context.set_offline(True)
    applicant.tap("page.next")
    status = page.get_by_role("status")
    assert status.inner_text() == applicant.words("page.not_sent")
    assert page.get_by_label(applicant.words("person.name"), exact=True).input_value() == (
        "Marie ENVANTE"
    )
    assert applicant.where == "/p/4/"
    below = status.bounding_box()
    button = page.get_by_role("button", name=applicant.words("page.next"), exact=True).last
    assert button.bounding_box()["y"] + button.bounding_box()["height"] <= below["y"]
    assert below["y"] + below["height"] <= PHONE["height"]
    assert page.evaluate(STORED) == [0, 0, 0, 0]
    page.context.set_offline(False)
    applicant.tap("page.next")
    page.wait_for_url("**/p/5/")
    page.go_back()
    name = page.get_by_label(applicant.words("person.name"), exact=True)
    assert name.input_value() == "Marie ENVANTE"


def test_a_language_is_changed_with_what_was_typed_and_leaving_works_after_it(applicant):
    page = applicant.page
    applicant.type("person.name", "Marie ENVANTE")
    page.locator("summary").first.click()
    applicant.press(page.locator("button[name=language][value=ar]"))
    applicant.language = "ar"
    assert page.locator("html").get_attribute("dir") == "rtl"
    name = page.get_by_label(applicant.words("person.name"), exact=True)
    assert name.input_value() == "Marie ENVANTE"
    page.get_by_role("link", name=applicant.words("page.leave")).click()
    page.wait_for_url("**/month/")
    page.go_back()
    assert "ENVANTE" not in page.content()


def test_whoever_leaves_while_a_form_is_on_its_way_is_gone(applicant):
    page = applicant.page
    held = []

    def hold(route):
        held.append(route)

    page.route("**/p/4/", hold)
    applicant.type("person.name", "Marie ENVANTE")
    page.get_by_role("button", name=applicant.words("page.next"), exact=True).last.click()
    page.locator("[aria-busy]").wait_for()
    page.get_by_role("link", name=applicant.words("page.leave")).click()
    page.wait_for_url("**/month/")
    page.wait_for_timeout(200)
    assert urlsplit(page.url).path == "/month/"
    assert len(held) == 1


def test_a_fault_of_the_server_leaves_what_was_typed(applicant):
    page = applicant.page
    applicant.type("person.name", "Marie ENVANTE")
    page.route("**/p/4/", lambda route: route.fulfill(status=502, body="<html>gateway</html>"))
    applicant.tap("page.next")
    assert page.get_by_role("status").inner_text() == applicant.words("page.not_sent")
    page.unroute("**/p/4/")
    page.context.clear_cookies(name="csrftoken")
    applicant.tap("page.next")
    assert page.get_by_role("status").inner_text() == applicant.words("fault.stale")
    name = page.get_by_label(applicant.words("person.name"), exact=True)
    assert name.input_value() == "Marie ENVANTE"


def test_a_wrong_answer_is_said_where_it_was_typed(applicant):
    page = applicant.page
    applicant.type("person.a_number", "12")
    applicant.tap("page.next")
    assert page.get_by_role("alert").evaluate("(e) => e === document.activeElement")
    assert applicant.words("person.a_number_wrong") in page.get_by_role("alert").inner_text()


def test_a_paper_says_how_far_it_is_and_stays_chosen_when_the_line_breaks(applicant):
    page = applicant.page
    page.goto("/p/f/")
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.evaluate(
        """() => { const place = document.getElementById("sending");
        new MutationObserver(() => console.log(place.textContent)).observe(place, {childList: true})
        }"""
    )
    chosen = page.get_by_label(applicant.words("papers.file"))
    chosen.set_input_files({"name": "lòd.jpg", "mimeType": "image/jpeg", "buffer": photo(1500)})
    applicant.type("papers.what", "Lòd jij la")
    page.context.set_offline(True)
    applicant.tap("papers.send")
    assert page.get_by_role("status").inner_text() == applicant.words("page.not_sent")
    assert chosen.evaluate("(e) => e.files.length") == 1
    page.context.set_offline(False)
    page.get_by_role("button", name=applicant.words("papers.send"), exact=True).click()
    page.get_by_text("Lòd jij la").wait_for()
    assert applicant.words("page.looking") in told


def test_without_scripts_a_form_is_sent_by_the_browser(demo, visits):
    page = visits.open(demo, viewport=PHONE, java_script_enabled=False)
    page.goto("/p/1/")
    page.locator("button[value=agree]").click()
    page.wait_for_url("**/p/2/")
    page.locator("[name=who][value=self]").check()
    page.locator("#page .button").click()
    page.wait_for_url("**/p/3/")
