"""The whole way home, walked in a browser: from the first question to the arrival and the report.

A sister in Port-au-Prince asks on an old phone, in Haitian Creole, without JavaScript, for her
brother who was removed; the office does its part with its second factors; two reviewers disagree.
"""

import re
from datetime import UTC, datetime

import pikepdf
from docx import Document as Word
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import PHONE
from tests.browser.application.staff import DOMAIN
from tests.web.files_made import photo

NAME = "Jan Envante-Wout"
COURT = "Invented Immigration Court"
ON_A_PHONE = {"viewport": PHONE, "java_script_enabled": False, "locale": "ht", "has_touch": True}
BOARD = (
    "Fee or exemption", "Parole or visa step", "Travel document", "Address to live at", "Ticket",
    "Notice to the port of entry", "Who meets them",
)  # fmt: skip


def test_it_goes_the_whole_way_from_the_first_question_to_home(address, office, visits, signed_in):
    sister = Applicant(visits.open(address, **ON_A_PHONE), "ht")
    code, words = ask_for_help(sister)
    elsewhere = Applicant(visits.open(address, **ON_A_PHONE), "ht")
    resume(elsewhere, code, words, sister.asked)
    elsewhere.stands("received")

    caseworker = signed_in("caseworker", address)
    case = prepare(caseworker, code)
    elsewhere.stands("ready")
    lead = signed_in("lead", address)
    before = decided_cases(lead)
    begin_review(lead, case)

    first, second = (signed_in(who, address) for who in readers(lead, case, office))
    disagree(first, second, case, office, elsewhere)
    third = decide(signed_in, address, lead, case, office)
    assert third not in {who_is(first), who_is(second)}
    elsewhere.stands("recommended")

    attorney = signed_in("attorney", address)
    open_drafts(attorney, case)
    file_and_win(attorney, case, elsewhere)
    bring_home(caseworker, case, elsewhere)
    assert decided_cases(lead) == before + 1
    assert office.run(AUDIT_IS_WHOLE) == "[]"


AUDIT_IS_WHOLE = """
import django; django.setup()
from wayhome.web.audit.chain import breaks
print(list(breaks()))
"""


def ask_for_help(sister):
    code, words = sister.begin("Kreyòl ayisyen", relation="sè li")
    sister.say_who(NAME, "Pòtoprens")
    sister.say_how_to_reach("+509 0000 0000", "Port-au-Prince", 9, 17, "zaboka")
    sister.answer_until(6)
    assert sister.where == "/p/q/7/"
    return code, words


def resume(elsewhere, code, words, asked):
    elsewhere.come_back(code, words)
    elsewhere.sees("status.heading")
    elsewhere.tap("status.more")
    assert elsewhere.fact not in asked
    elsewhere.answer_until(19)
    assert not set(elsewhere.asked) & set(asked)
    elsewhere.page.goto("/p/")
    elsewhere.send_paper("lòd.jpg", photo(size=(1200, 900)), "Lòd jij la")
    elsewhere.page.get_by_text("Lòd jij la").wait_for()


def prepare(caseworker, code):
    """Finds the new case, sees it, states what the record says, and calls the file complete."""
    caseworker.goto("/search/")
    caseworker.locator("[name=text]").fill(NAME)
    caseworker.get_by_role("main").get_by_role("button", name="Search").click()
    found = caseworker.get_by_role("listitem").filter(has_text=code)
    found.get_by_role("link", name=NAME).click()
    caseworker.get_by_role("heading", name=NAME).wait_for()
    case = caseworker.url.split("?")[0]
    caseworker.get_by_role("button", name="Acknowledge").click()
    for fact, said in (("removed", "Yes"), ("notice_received", "No")):
        state(caseworker, case, fact, said)
    document(caseworker, case)
    step(caseworker, case, "Preparing")
    step(caseworker, case, "Ready for review")
    return case


def state(page, case, fact, said):
    page.goto(f"{case}fact/?fact={fact}")
    page.get_by_label(said, exact=True).check()
    page.locator("[name=source][value=record]").check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(case)


def document(page, case):
    """The photo of the order came as a PDF."""
    page.goto(f"{case}more/documents/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Lòd jij la").click()
    with pikepdf.open(download.value.path()) as opened:
        assert len(opened.pages) == 1


def step(page, case, to):
    page.goto(f"{case}more/review/")
    page.get_by_role("main").get_by_role("button", name=to, exact=True).click()
    page.get_by_text("The case is now").wait_for()


def begin_review(lead, case):
    lead.goto(f"{case}more/review/")
    lead.get_by_role("button", name="Ask two reviewers").click()
    lead.get_by_text("Two reviewers were asked").wait_for()


def readers(lead, case, office):
    """Who sits in review of the case, by their names for signing in."""
    lead.goto(f"{case}more/review/")
    lines = lead.get_by_role("region", name="Readers").locator("li").all_inner_texts()
    names = [re.search(r": (.+?) (?:has not|✓|recorded)", line)[1].strip() for line in lines]
    by_name = dict(line.split("\t") for line in office.run(STAFF_BY_NAME).splitlines())
    return [by_name[name] for name in names]


STAFF_BY_NAME = f"""
import django; django.setup()
from wayhome.web.accounts.models import User
for user in User.objects.all():
    print(f"{{user}}\\t{{user.email.removesuffix('@{DOMAIN}')}}")
"""


def who_is(page):
    return page.locator(".whoami a").inner_text()


def record_finding(page, case, *, recommends):
    """Fills in the whole form and records it; gives the link of the finding."""
    page.goto(f"{case}review/")
    said = "yes" if recommends else "no"
    for ground in page.locator("div.ground").all():
        ground.locator(f"[type=radio][value={said}]").check()
        ground.locator("textarea").fill("INVENTED: the order and the envelope show it.")
    if recommends:
        page.locator("[name=causes][value=notice]").check()
    page.locator(f"[name=recommends][value={said}]").check()
    page.get_by_label("Reasons for your recommendation").fill("INVENTED: as the file shows.")
    page.get_by_role("button", name="Go on to recording").click()
    page.get_by_role("button", name="for good").click()
    page.get_by_text("Your finding is recorded").first.wait_for()


def disagree(first, second, case, office, elsewhere):
    """Two blind readers: nobody can open what the other recorded until both have."""
    assert second.goto(f"{case}findings/").status == 404
    record_finding(first, case, recommends=True)
    elsewhere.stands("second_review")
    link = "/findings/" + office.run(NEWEST_FINDING) + "/"
    assert first.goto(link).status == 200
    for hidden in (link, f"{case}findings/"):
        assert second.goto(hidden).status == 404
    for shown in ("review/", "more/review/"):
        second.goto(case + shown)
        assert "INVENTED: the order" not in second.content()
    record_finding(second, case, recommends=False)
    assert second.goto(link).status == 200
    elsewhere.stands("panel")


NEWEST_FINDING = """
import django; django.setup()
from django_scopes import scopes_disabled
from wayhome.web.review.models import Finding
with scopes_disabled():
    print(Finding.objects.latest("pk").pk)
"""


def decide(signed_in, address, lead, case, office):
    """The third reader sees both findings; what two of three find counts."""
    third = signed_in(readers(lead, case, office)[-1], address)
    third.goto(f"{case}review/")
    third.get_by_role("heading", name="The two findings").wait_for()
    record_finding(third, case, recommends=True)
    return who_is(third)


def open_drafts(attorney, case):
    """Makes the first paper that is called for, and opens it as Word and as PDF."""
    attorney.goto(f"{case}more/papers/")
    attorney.get_by_role("button", name="Make a draft").first.click()
    attorney.get_by_role("link", name="PDF file of").first.wait_for()
    with attorney.expect_download() as word:
        attorney.get_by_role("link", name="Word file of").first.click()
    with attorney.expect_download() as pdf:
        attorney.get_by_role("link", name="PDF file of").first.click()
    text = "".join(Word(word.value.path()).element.body.itertext())
    assert NAME in text
    assert "DRAFT" in text.upper()
    with pikepdf.open(pdf.value.path()) as opened:
        assert len(opened.pages) >= 1


def file_and_win(attorney, case, elsewhere):
    attorney.goto(f"{case}more/review/")
    attorney.get_by_label("To which office or court").fill(COURT)
    attorney.get_by_role("group", name="Papers that went along").get_by_role(
        "checkbox"
    ).first.check()
    attorney.get_by_label("The person was asked").check()
    attorney.get_by_role("button", name="Filed", exact=True).click()
    attorney.get_by_text("The case is now").wait_for()
    elsewhere.stands("filed")
    elsewhere.sees("status.sent_filed_to", day=today_in(elsewhere), who=COURT)
    attorney.goto(f"{case}more/review/")
    attorney.get_by_label("On which day it was granted").fill(str(datetime.now(UTC).date()))
    attorney.get_by_role("button", name="Granted", exact=True).click()
    assert "Nothing was changed yet" in attorney.get_by_role("main").inner_text()
    attorney.get_by_label("Which paper you saw").fill("Order of the court")
    attorney.get_by_label("The office or court granted it").check()
    attorney.get_by_role("button", name="Granted", exact=True).click()
    attorney.get_by_text("The case is now").wait_for()
    elsewhere.stands("granted")


def today_in(applicant):
    today = datetime.now(UTC)
    return f"{today.day} {applicant.words(f'month.{today.month}')} {today.year}"


def bring_home(caseworker, case, elsewhere):
    """Every step in its order; the arrival is refused while one is missing."""
    for name in BOARD:
        do_step(caseworker, case, name)
    step(caseworker, case, "Travelling")
    elsewhere.stands("travelling")
    caseworker.goto(f"{case}more/review/")
    caseworker.get_by_role("main").get_by_role("button", name="Home", exact=True).click()
    assert "Escort" in caseworker.get_by_role("main").inner_text()
    elsewhere.stands("travelling")
    caseworker.goto(f"{case}journey/escort/")
    caseworker.get_by_label("Why this journey does not need it").fill("He travels with his aunt.")
    caseworker.get_by_role("button", name="Not needed").click()
    step(caseworker, case, "Home")
    elsewhere.stands("home")
    caseworker.goto(f"{case}more/journey/")
    assert "Follow-up after 365 days" in caseworker.get_by_role("main").inner_text()


def do_step(page, case, name):
    page.goto(f"{case}more/journey/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    row.get_by_role("button", name="Done today").click()
    row.locator(".tag.done").wait_for()


def decided_cases(page):
    """The denominator of the accountability report."""
    page.goto("/patterns/")
    return int(re.search(r"([\d,]+) cases are decided", page.get_by_role("main").inner_text())[1])
