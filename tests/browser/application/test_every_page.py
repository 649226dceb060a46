"""Every page of the application: nothing that axe calls serious, and nothing cut off at 200 %.

Each page of the staff is opened by a role that may, each page of the portal in six languages. A
page that is added to the application fails here until it is opened here or named as no page.
"""

import json

import pytest
from django.urls import get_resolver
from tests.browser.application.applicant import Applicant
from tests.browser.application.conftest import LAPTOP, PHONE
from tests.browser.application.staff import PASSWORD
from tests.pages_of_observatory import ROUTES as OBSERVATORY
from tests.pages_of_staff import FRESH, STAFF

from wayhome.words.languages import LANGUAGES

# A screen of 640 by 512 pixels at 200 %.
ENLARGED = {"width": 320, "height": 256}
NOBODY = {
    "account_login": "/sign-in/",
    "account_inactive": "/sign-in/inactive/",
    "public_patterns": "/public/invented-harbor/patterns/",
    "public_letters": "/letters/",
    "public_letter": "/letters/invented-harbor/hundred-days/?on=2021-09-01",
    "public_letter es": "/letters/es/invented-harbor/chance-to-come-home/?on=2021-09-20",
    "sign_letter": "/letters/invented-harbor/invented-letter/sign/",
    "sign_letter es": "/letters/es/invented-harbor/invented-letter/sign/",
    "signed_letter": "/letters/invented-harbor/invented-letter/signed/",
    "letter_press": "/letters/invented-harbor/hundred-days/press/",
    "letter_versions": "/letters/invented-harbor/hundred-days/texts/",
    "letter_timeline": "/letters/invented-harbor/chance-to-come-home/timeline/",
    "embed_letter": "/letters/invented-harbor/hundred-days/embed/",
    "both_letters": "/letters/invented-harbor/hundred-days/with/chance-to-come-home/",
    "public_demand": "/letters/invented-harbor/hundred-days/demands/haiti-halt/",
    "portal_leave": "/month/",
}
FAULTS = {"/no-such-page/": 404, "/log/": 403, "/join/no-such-link/": 404}
PORTAL_OPEN = {
    "portal_next": "/p/q/",
    "portal_question": "/p/q/1/",
    "portal_person": "/p/4/",
    "portal_reach": "/p/5/",
    "portal_status": "/p/",
    "portal_answers": "/p/a/",
    "portal_messages": "/p/m/",
    "portal_papers": "/p/f/",
    "portal_erase": "/p/e/",
    "portal_enough": "/p/n/",
    "portal_key": "/p/3/",
    # The last one: it ends the visit.
    "portal_leave": "/month/",
}
PORTAL_BEFORE = {
    "portal_start": "/",
    "portal_consent": "/p/1/",
    "portal_door": "/p/back/",
    "portal_choose": "/p/by/",
    "portal_erased": "/p/e/done/",
}
SEEN_ON_THE_WAY = {"portal_who", "mfa_authenticate", "start"}
# They change something and show another page, give a file, or show what a page above shows.
_NO_PAGE = """
    save_view drop_view case_questions assign_case set_emergency acknowledge_case call_pause
    note_conflict
    withdraw_statement settle_duplicate settle_possible_conflict
    settle_fact reassign_seat step_case correct_day declare_conflict begin_review
    fill_seats export_patterns take_patterns_back add_document download_document
    add_version remove_document scan_document send_message mark_messages_read write_note add_task
    change_task add_contact write_contact change_contact remove_contact add_household
    remove_household keep_consent withdraw_consent offer_case take_offer_back answer_offer
    revoke_calendar calendar choose_rows take_intake bad_rows end_intake choose_organization
    end_every_session end_session let_go let_back_in withdraw_invitation begin_journey
    revoke_token make_paper paper_words paper_exhibits paper_batch_file keep_case
    letter_poster letter_picture letter_feed letter_calendar letter_signatories demand_picture
    frame_style
    evidence_file date_letter step_letter decide_likeness step_signature change_demand
    leave_demand
    mfa_download_recovery_codes mfa_login_webauthn mfa_reauthenticate_webauthn
"""
NO_PAGE = set(_NO_PAGE.split())
# Each needs something made for it first: test_after_a_deed.py, test_every_widget.py (joining).
NOT_OPENED = {"mfa_view_recovery_codes", "join", "join_by_link", "intake_rows", "paper_batch", "mfa_remove_webauthn",
              "confirm_signature", "withdraw_signature",
              "mfa_edit_webauthn"}  # fmt: skip

CASES = """
import os; os.environ["WAYHOME_DEMO"] = "1"
import django; django.setup()
import json
from django_scopes import scopes_disabled
from wayhome.web.accounts.models import Membership
from wayhome.web.campaign.models import Letter
from wayhome.web.cases.models import Case
from wayhome.web.review.models import Assignment, Finding
with scopes_disabled():
    of = Case.objects.filter(is_invented=True).order_by("received_at", "pk")
    seat = Assignment.objects.filter(finding=None, seat__lt=3).select_related("reviewer").first()
    letter = Letter.objects.get(slug="hundred-days")
    print(json.dumps({
        "letter": str(letter.pk),
        "other_letter": str(Letter.objects.get(slug="chance-to-come-home").pk),
        "signature": str(letter.signatures.first().pk),
        "demand": letter.demands.first().pk,
        "case": str(of.filter(state="preparing").first().pk),
        "granted": str(of.filter(state__in=("granted", "travelling", "home")).first().pk),
        "decided": str(of.filter(state="recommended").first().pk),
        "disputed": str(of.filter(rounds__is_by_panel=True).first().pk),
        "creole": str(of.filter(state="preparing", language="ht").first().pk),
        "finding": Finding.objects.filter(case__state="recommended").first().pk,
        "in_review": str(seat.case_id),
        "reviewer": seat.reviewer.email.split("@")[0],
        "member": Membership.objects.get(role="analyst").pk,
    }))
"""


@pytest.fixture(scope="module")
def places(office, demo):
    """Which cases and people the addresses of the pages name."""
    return json.loads(office.run(CASES))


@pytest.fixture
def look(objections):
    """Opens a page and collects what is wrong with it: `look(page, "/worklist/")`."""

    def at(page, path, status=200, size=LAPTOP):
        answer = page.goto(path)
        faults = [] if answer.status == status else [f"{path} answered {answer.status}"]
        faults += [f"{path}: {found}" for found in objections(page)]
        page.set_viewport_size(ENLARGED)
        faults += [f"{path} at 200 %: {found}" for found in page.evaluate(CUT_OFF)]
        page.set_viewport_size(size)
        return faults

    return at


# Pages may not scroll sideways; a box that is made for it (a wide table) may, with its own bar.
CUT_OFF = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth;
  const isHidden = (e) => e.closest('.unseen, .skip, .scroll, [hidden], option') || !e.checkVisibility();
  const out = [...document.querySelectorAll('body *')].filter((e) => {
    if (isHidden(e)) return false;
    const box = e.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  });
  const clipped = [...document.querySelectorAll('button, a, h1, h2, label, td, th, p')].filter((e) =>
    !isHidden(e) && getComputedStyle(e).overflow === 'hidden' && e.scrollWidth > e.clientWidth + 1);
  const told = [...(wide ? out.slice(0, 4) : []), ...clipped.slice(0, 4)];
  return told.map((e) => e.outerHTML.slice(0, 160)).concat(wide && !out.length ? ['scrolls'] : []);
}"""


def test_it_opens_every_page_that_there_is():
    opened = {name.split()[0] for pages in STAFF.values() for name in pages}
    opened |= {name.split()[0] for name in NOBODY}
    opened |= {*PORTAL_OPEN, *PORTAL_BEFORE, *FRESH, *SEEN_ON_THE_WAY}
    # test_observatory.py opens those, in each of their languages.
    every = {name for name in _names(get_resolver().url_patterns) if name} - OBSERVATORY
    assert every - opened - NO_PAGE - NOT_OPENED == set()
    assert (opened | NO_PAGE | NOT_OPENED) - every == set()


def _names(patterns):
    for pattern in patterns:
        if getattr(pattern, "namespace", None):
            continue
        if hasattr(pattern, "url_patterns"):
            yield from _names(pattern.url_patterns)
        else:
            yield pattern.name


@pytest.mark.parametrize("role", STAFF)
def test_nothing_on_a_page_of_the_staff_shuts_anybody_out(role, demo, places, signed_in, look):
    page, faults = signed_in(role.format(**places), demo), []
    addresses = {**places, "why": _why(page, places) if role == "caseworker" else ""}
    for path in STAFF[role].values():
        faults += look(page, path.format(**addresses))
    assert faults == []


def _why(page, places):
    page.goto(f"/cases/{places['case']}/")
    return page.locator("a[href*='/why/']").first.get_attribute("href")


def test_nothing_shuts_anybody_out_before_signing_in_or_where_something_is_wrong(
    demo, visits, signed_in, look
):
    lead = signed_in("lead", demo)
    lead.goto("/patterns/")
    lead.get_by_role("link", name="Publish").click()
    lead.get_by_role("button", name="Publish", exact=True).click()
    page = visits.open(demo)
    faults = [found for path in NOBODY.values() for found in look(page, path)]
    worker = signed_in("caseworker", demo)
    for path, status in FAULTS.items():
        faults += look(worker, path, status)
    worker.goto("/sign-in/again/")
    worker.get_by_label("Password").fill(PASSWORD)
    worker.get_by_role("main").get_by_role("button").first.click()
    for path in FRESH.values():
        faults += look(worker, path)
    assert faults == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_the_portal_shuts_anybody_out_in_any_language(demo, visits, look, language):
    page = visits.open(demo, locale=language, viewport=PHONE)
    faults = [f for path in PORTAL_BEFORE.values() for f in look(page, path, size=PHONE)]
    applicant = Applicant(page, language)
    applicant.begin(LANGUAGES[language].own_name, relation="INVENTED")
    applicant.say_who("INVENTED", "")
    for path in PORTAL_OPEN.values():
        faults += look(page, path, size=PHONE)
    assert faults == []
