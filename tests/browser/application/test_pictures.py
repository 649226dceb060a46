"""Pictures of the main pages for the manual: docs/images/application.

They are drawn in every run, and kept only where WAYHOME_PICTURES=1 asks for it. Everybody on them
is invented, and every page says so; the figures of the observatory are real.
"""

import json

import pytest
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import PHONE
from tests.browser.application.test_every_page import CASES

DESK = {"width": 1100, "height": 760}


@pytest.fixture(scope="module")
def places(office, demo):
    return json.loads(office.run(CASES))


@pytest.mark.parametrize(("language", "own_name"), [("ht", "Kreyòl ayisyen"), ("ar", "العربية")])
def test_the_portal_on_a_phone(demo, visits, photograph, language, own_name):
    page = visits.open(demo, viewport=PHONE, locale=language)
    applicant = Applicant(page, language)
    page.goto("/")
    says_invented(page, ".invented")
    photograph(page, f"portal-start-{language}")
    applicant.begin(own_name, relation="INVENTED")
    page.goto("/p/5/")
    photograph(page, f"portal-safe-contact-{language}")
    page.goto("/p/q/1/")
    applicant.answer_until(1)
    says_invented(page, ".invented")
    photograph(page, f"portal-question-{language}")
    page.goto("/p/")
    says_invented(page, ".invented")
    photograph(page, f"portal-status-{language}", full_page=True)


def says_invented(page, banner=".synthetic"):
    assert page.locator(banner).is_visible()


def test_the_desk_of_a_caseworker(demo, signed_in, places, photograph):
    page = signed_in("caseworker", demo, viewport=DESK)
    page.goto("/worklist/")
    says_invented(page)
    photograph(page, "worklist")
    page.goto(f"/cases/{places['case']}/")
    photograph(page, "case")
    page.goto(page.locator("a[href*='/why/']").first.get_attribute("href"))
    page.locator(".tree details").evaluate_all("(all) => all.forEach((e) => { e.open = true; })")
    says_invented(page)
    page.set_viewport_size({"width": 1100, "height": 1400})
    photograph(page, "explanation")
    page.set_viewport_size(DESK)
    page.goto(f"/cases/{places['granted']}/more/journey/")
    says_invented(page)
    photograph(page, "journey")
    page.goto(f"/cases/{places['granted']}/more/papers/")
    photograph(page, "papers")


def test_operator_mode(demo, signed_in, places, photograph):
    page = signed_in("caseworker", demo, viewport=DESK)
    page.goto("/calls/new/?language=ht")
    says_invented(page)
    photograph(page, "operator-call")
    page.goto("/calls/")
    photograph(page, "operator-queue")
    page.goto(f"/calls/{places['creole']}/q/1/")
    says_invented(page)
    photograph(page, "operator-question")


def test_the_pages_of_review(demo, signed_in, places, photograph):
    page = signed_in(places["reviewer"], demo, viewport=DESK)
    page.goto(f"/cases/{places['in_review']}/review/")
    says_invented(page)
    photograph(page, "review")
    page.set_viewport_size({"width": 1100, "height": 1600})
    photograph(page, "finding-form")
    page = signed_in("lead", demo, viewport=DESK)
    page.goto(f"/cases/{places['disputed']}/findings/")
    says_invented(page)
    photograph(page, "findings")


def test_what_a_lead_shows_and_answers_for(demo, signed_in, places, photograph):
    page = signed_in("lead", demo, viewport=DESK)
    page.goto("/patterns/")
    page.locator("main details").first.evaluate("(e) => { e.open = true; }")
    says_invented(page)
    photograph(page, "accountability-report", full_page=True)
    page.goto(f"/cases/{places['case']}/held/")
    says_invented(page)
    photograph(page, "legal-demand")
    page.goto("/reviews/rota/")
    photograph(page, "rota")


@pytest.mark.parametrize(
    ("name", "path", "height"),
    [
        ("demands", "", 1100),
        ("detention", "detention/", 1300),
        ("facility", "facilities/stwrtga/", 1250),
        ("closing-plan", "closing-plan/", 1500),
        ("source-es", "es/figure/detained_total/2026-04-04/", 700),
    ],
)
def test_the_observatory(demo, visits, photograph, name, path, height):
    """Real figures of the packaged record: nothing on these is invented."""
    page = visits.open(demo, viewport={"width": 1100, "height": height})
    page.goto(f"/observatory/{path}")
    pictures = page.locator("figure img")
    pictures.evaluate_all("(all) => all.forEach((e) => { e.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    assert not page.locator(".synthetic").count()
    photograph(page, f"observatory-{name}")
