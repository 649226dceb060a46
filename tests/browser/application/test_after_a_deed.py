"""The pages that follow when somebody has done something, as axe sees them."""

from tests.browser.application.staff import PASSWORD

ROWS = (
    "case_id,name,birth_date,removed\n1,INVENTED One,1990-01-02,yes\n2,INVENTED Two,not a day,no\n"
)

FILED = """
import os; os.environ["WAYHOME_DEMO"] = "1"
import django; django.setup()
from django_scopes import scopes_disabled
from wayhome.web.cases.models import Case
with scopes_disabled():
    print(Case.objects.filter(state="filed").first().pk)
"""


def test_what_was_kept_is_said_so_that_everybody_hears_it(demo, signed_in, objections):
    page = signed_in("administrator", demo)
    page.goto("/settings/")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    assert page.get_by_role("status").get_by_role("listitem").count() == 1
    assert objections(page) == []


def test_the_rows_of_a_file_are_read_before_they_are_taken_in(demo, signed_in, objections):
    page = signed_in("caseworker", demo)
    page.goto("/intake/")
    page.locator("input[type=file]").set_input_files(
        {"name": "invented.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    )
    page.get_by_label("How these people agreed").fill("INVENTED")
    with page.expect_navigation():
        page.get_by_role("button", name="Read the file").click()
    assert "INVENTED One" in page.get_by_role("main").inner_text()
    assert objections(page) == []


def test_drafts_for_many_cases_are_read(demo, signed_in, objections):
    page = signed_in("attorney", demo)
    page.goto("/papers/?template=return_home/cover_letter_and_request")
    page.locator("[name=case]").first.check()
    with page.expect_navigation():
        page.get_by_role("button", name="Make the drafts").click()
    page.get_by_text("1 of 1").first.wait_for()
    assert objections(page) == []


def test_recovery_codes_are_read(demo, signed_in, objections):
    page = signed_in("caseworker2", demo)
    page.goto("/sign-in/again/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto("/second-factor/recovery-codes/generate/")
    with page.expect_navigation():
        page.get_by_role("button", name="Make new codes").click()
    assert "/recovery-codes" in page.url
    assert objections(page) == []


def test_a_grant_that_lacks_something_is_asked_for_again(demo, office, signed_in, objections):
    page = signed_in("attorney", demo)
    page.goto(f"/cases/{office.run(FILED)}/more/review/")
    page.get_by_label("On which day it was granted").fill("2001-01-01")
    with page.expect_navigation():
        page.get_by_role("button", name="Granted", exact=True).click()
    told = page.get_by_role("main").inner_text()
    assert "is before the state that this follows" in told
    assert "write which paper you saw" in told
    assert objections(page) == []
