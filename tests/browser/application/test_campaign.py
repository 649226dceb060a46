"""Signing a letter as people do: on a phone, without scripts, by a link from a message."""

import re

import pytest
from tests.browser.application.conftest import PHONE

SIGN = {
    "en": "/letters/invented-harbor/invented-letter/sign/",
    "es": "/letters/es/invented-harbor/invented-letter/sign/",
}
SLOWER_THAN_A_ROBOT = 3_500  # milliseconds
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/(?:confirm|withdraw)/[\w-]+/)")


def _fill_in(page, language, organization, email):
    page.goto(SIGN[language])
    page.locator("#id_name").fill(organization)
    page.locator("#id_place").fill("Oakland, CA")
    page.locator("#id_signer").fill("Ana Invented")
    page.locator("#id_email").fill(email)
    page.wait_for_timeout(SLOWER_THAN_A_ROBOT)
    page.get_by_role("main").get_by_role("button").click()


def _link_of(office, email):
    """The link in the newest message that the demonstration kept for an address."""
    folder = office.environment["WAYHOME_HOME"]
    text = office.run(
        "from pathlib import Path; print('\\n'.join(p.read_text() for p in sorted("
        f"Path({folder!r}, 'messages').glob('*.log'), key=lambda p: p.stat().st_mtime)))"
    )
    of_address = [one for one in text.split("-" * 79) if email in one]
    return LINK.search(of_address[-1])[1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_organization_signs_on_a_phone_without_scripts(demo, office, visits, language):
    name, email = f"Invented Aid {language}", f"ana-{language}@aid.example"
    page = visits.open(demo, viewport=PHONE, java_script_enabled=False)
    _fill_in(page, language, name, email)
    assert page.url.endswith("/signed/")
    letter = SIGN[language].removesuffix("sign/")
    page.goto(letter)
    assert name not in page.get_by_role("main").inner_text()
    page.goto(_link_of(office, email))
    assert name in page.get_by_role("button").last.inner_text()
    page.get_by_role("main").get_by_role("button").click()
    page.goto(letter)
    assert name in page.get_by_role("main").inner_text()
    assert page.context.cookies() == []
    page.goto(_link_of(office, email))
    page.get_by_role("main").get_by_role("button").first.click()
    page.goto(letter)
    assert name not in page.get_by_role("main").inner_text()


def test_the_pages_of_a_link_shut_nobody_out(demo, office, visits, objections):
    page = visits.open(demo, viewport=PHONE)
    email = "bo@aid.example"
    page.goto(SIGN["en"])
    page.get_by_role("main").get_by_role("button").click()  # the browser asks for the name first
    assert page.url.endswith("/sign/")
    _fill_in(page, "en", "Maria Lopez", email)
    assert "looks like a person" in page.get_by_role("alert").inner_text()
    faults = objections(page)
    page.get_by_label("This is the name of an organization").check()
    page.wait_for_timeout(SLOWER_THAN_A_ROBOT)
    page.get_by_role("main").get_by_role("button").click()
    faults += objections(page)
    confirm = _link_of(office, email)
    page.goto(confirm)
    faults += objections(page)
    page.get_by_role("main").get_by_role("button").click()
    faults += objections(page)
    page.goto(confirm)
    assert "nothing more to do" in page.get_by_role("main").inner_text()
    faults += objections(page)
    page.goto(_link_of(office, email))
    faults += objections(page)
    assert faults == []


def test_the_status_follows_the_day_without_scripts(demo, visits):
    page = visits.open(demo, java_script_enabled=False)
    page.goto("/letters/invented-harbor/hundred-days/demands/release-consideration/")
    said = set()
    for on in ("2021-03-10", "2026-04-10"):
        page.locator("#suppose").fill("2021-03-01")
        page.locator("#on").fill(on)
        page.get_by_role("main").get_by_role("button").click()
        assert "Supposed, not known" in page.get_by_role("main").inner_text()
        said.add(page.locator(".status").first.inner_text())
    assert said == {"too early", "reversed"}


def test_an_organizer_pastes_a_list_from_an_email(demo, signed_in, objections):
    page = signed_in("organizer", demo)
    page.goto("/campaign/")
    page.get_by_role("link", name="An invented letter, to try signing").click()
    page.get_by_role("link", name="Paste a list").click()
    pasted = "Hi all, who is in:\n\n• Invented Alliance\n2. Invented Center\n\n> - invented alliance\nRosa Garcia\n"
    page.get_by_label("The list", exact=True).fill(pasted)
    page.get_by_label("How you know that these organizations sign").fill("An e-mail of each")
    page.get_by_role("button", name="Read it").click()
    read = page.get_by_role("main").inner_text()
    assert "repeats line 3" in read
    assert "a person, perhaps" in read
    assert objections(page) == []
    page.get_by_role("button", name="Take them in").click()
    shown = page.get_by_role("main").inner_text()
    assert "Invented Alliance" in shown
    assert "Rosa Garcia" not in shown


def test_a_corrected_name_is_compared_before_it_comes_in(demo, signed_in, objections):
    page = signed_in("organizer", demo)
    page.goto("/campaign/")
    page.get_by_role("link", name="An invented letter, to try signing").click()
    page.get_by_role("link", name="Paste a list").click()
    pasted = "Invented Harbour Law - Texas\nHarbr Law\nInvented Haven\n"
    page.get_by_label("The list", exact=True).fill(pasted)
    page.get_by_label("How you know that these organizations sign").fill("An e-mail of each")
    page.get_by_role("button", name="Read it").click()
    assert page.get_by_label("Name in line 1").input_value() == "Invented Harbour Law"
    assert page.get_by_label("Place in line 1").input_value() == "Texas"
    page.get_by_label("Name in line 3").fill("Harbr Law")
    page.get_by_role("button", name="Take them in").click()
    read = page.get_by_role("main").inner_text()
    assert "says something new of line 3" in read
    assert "repeats line 2" in read
    assert page.get_by_label("Leave out line 3").is_checked()
    assert objections(page) == []


def _demand(page, words, slug):
    page.get_by_role("link", name="Demands", exact=True).first.click()
    page.locator("#id_words").fill(words)
    page.locator("#id_slug").fill(slug)
    page.get_by_role("button", name="Keep the demand").click()


def _open(page, button):
    page.get_by_role("link", name="The letter", exact=True).click()
    page.get_by_role("button", name=button).click()


def test_an_organizer_looks_at_the_page_before_it_is_opened(demo, signed_in, visits, objections):
    page = signed_in("organizer", demo)
    page.goto("/campaign/new/")
    fields = {"title": "Invented, to look at", "recipient": "Nobody", "slug": "to-look-at"}
    for name, value in {**fields, "text": "Dear Nobody, *stay*"}.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Keep the draft").click()
    _demand(page, "Stay invented", "stay")
    page.get_by_role("link", name="The letter", exact=True).click()
    page.get_by_role("link", name="Preview").click()
    shown = page.get_by_role("main")
    assert "Nobody outside Invented Harbor Clinic can see it" in shown.inner_text()
    assert shown.get_by_text("Stay invented").is_visible()
    faults = objections(page)
    page.set_viewport_size(PHONE)
    faults += objections(page)
    address = page.url
    shown.get_by_role("link", name="Sign this letter").click(force=True)
    assert page.url == address
    page.get_by_role("link", name="Español").click()
    assert "Vista previa" in shown.inner_text()
    faults += objections(page)
    stranger = visits.open(demo)
    assert stranger.goto("/letters/invented-harbor/to-look-at/").status == 404
    page.get_by_role("link", name="Volver a la carta").click()
    assert page.get_by_role("button", name="Open the text for signing").is_visible()
    assert faults == []


def test_a_demand_is_dropped_and_its_page_says_on_which_day(demo, signed_in, objections):
    page = signed_in("organizer", demo)
    page.goto("/campaign/new/")
    fields = {"title": "Invented, to drop from", "recipient": "Nobody", "slug": "to-drop-from"}
    for name, value in {**fields, "text": "Dear Nobody"}.items():
        page.locator(f"#id_{name}").fill(value)
    page.get_by_role("button", name="Keep the draft").click()
    _demand(page, "Stay invented", "stay")
    _demand(page, "Go home", "go")
    _open(page, "Open the text for signing")
    _demand(page, "Never was", "never")
    page.get_by_role("button", name="Take it out of the next text").click()
    assert "Never was" not in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="2. Go home").click()
    page.get_by_role("button", name="Drop it from the next text").click()
    faults = objections(page)
    assert page.get_by_role("button", name="Leave it in").is_visible()
    _open(page, "Open the new text")
    page.get_by_role("link", name="Demands", exact=True).first.click()
    faults += objections(page)
    for path in ("", "demands/go/"):
        page.goto(f"/letters/invented-harbor/to-drop-from/{path}")
        faults += objections(page)
    told = page.get_by_role("main").inner_text()
    assert "The letter does not ask for this any more: text 2" in told
    assert "Text 2 dropped a demand" in told
    assert page.locator(".status").count() == 0
    assert faults == []


def test_another_site_may_frame_the_small_page_and_no_other(demo, visits):
    page = visits.open(demo)
    framed = page.goto("/letters/invented-harbor/hundred-days/embed/")
    assert "frame-ancestors *" in framed.headers["content-security-policy"]
    assert "x-frame-options" not in framed.headers
    assert page.context.cookies() == []
