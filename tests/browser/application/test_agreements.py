"""Agreements in a real browser, without JavaScript: found, traced to the row, a draft taken along."""

import re

from playwright.sync_api import expect
from tests.browser.application.conftest import PHONE


def test_a_commissioner_finds_her_sheriffs_agreement_and_its_row(demo, visits):
    page = visits.open(demo, java_script_enabled=False, viewport=PHONE)
    page.goto("/observatory/agreements/")
    page.get_by_label("County, city, agency or ZIP code").fill("Collier County")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Collier County Sheriff's Office", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Collier County Sheriff's Office")
    expect(page.get_by_role("rowheader", name=re.compile("^task force"))).to_be_visible()
    page.get_by_role(
        "link", name=re.compile(r"^row \d+ of the list of 2 December 2025")
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("participatingAgencies12022025pm")
    expect(page.locator(".hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(
        page.get_by_role("link", name="Collier County Sheriff's Office, FL").first
    ).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_text("Lo que el registro tiene de esta fila sobre acuerdos")).to_be_visible()


def test_the_map_of_agreements_leads_to_a_state_and_to_an_agency(demo, visits):
    page = visits.open(demo, java_script_enabled=False)
    page.goto("/observatory/agreements/")
    page.get_by_role("link", name=re.compile(r"^Wisconsin: \d+ agreements$")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wisconsin: 287(g) agreements")
    page.get_by_role("main").get_by_role("link", name="Brown County Sheriff's Office").first.click()
    with page.expect_download() as saved:
        page.get_by_role("link", name=re.compile("^Word ?: Notice of termination")).click()
    assert saved.value.suggested_filename.endswith("notice-of-termination-DRAFT.docx")
    page.goto("/observatory/docket/")
    expect(page.get_by_text("No docket has been published here")).to_be_visible()
