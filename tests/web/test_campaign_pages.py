"""Public pages of letters: both letters as they stand, status by date, files, embedding."""

import csv
import io
from datetime import date
from string import Formatter

import pytest
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from wayhome.web.accounts.models import Role
from wayhome.web.campaign.days import today_there
from wayhome.web.campaign.demonstration import letters_of_demonstration
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.signatories import signed
from wayhome.web.campaign.wording import words

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
BOTH = ("hundred-days", "chance-to-come-home")


@pytest.fixture
def published(clinic, member):
    """Both letters of 2021, and one to try."""
    member(Role.ORGANIZER)
    assert letters_of_demonstration(clinic, timezone.now()) == 3
    return clinic


def _at(name, language="en", coalition="harbor", letter="hundred-days", **names):
    given = {"language": language, "coalition": coalition, "letter": letter, **names}
    return reverse(name, kwargs=given)


def test_it_shows_both_letters_as_they_stand(published, client):
    with scope(organization=published):
        first, second = (signed(Letter.objects.get(slug=slug)) for slug in BOTH)
        assert (len(first.lines), first.organizations) == (103, 102)
        assert [one.name for one in first.repeated] == ["Doctors for Camp Closure"]
        assert (len(second.lines), second.organizations, second.repeated) == (83, 83, [])
    page = client.get(_at("public_letter")).content.decode()
    assert "103 lines, as printed; 102 organizations" in page
    assert "Doctors for Camp Closure stands there 2 times" in page
    assert "more than one hundred" in page
    assert page.count("Doctors for Camp Closure</bdi></li>") == 2


def test_it_says_who_signed_both_and_under_which_two_spellings(published, client):
    page = client.get(_at("both_letters", other="chance-to-come-home")).content.decode()
    assert "30 organizations signed both letters" in page
    assert "5 of them under two spellings" in page
    assert "SPLC Action Fund" in page  # a question, and not joined


def test_a_date_that_nobody_entered_is_never_guessed(published, client):
    page = client.get(_at("public_letter"), {"on": "2021-09-01"}).content.decode()
    assert "never guessed" in page
    assert page.count("inconclusive") >= 7
    second = client.get(_at("public_letter", letter="chance-to-come-home")).content.decode()
    assert "9 June 2021" in second
    assert "Human Rights Watch" in second


def test_a_date_can_be_supposed_and_the_page_says_that_it_is(published, client):
    path = _at("public_demand", demand="close-facilities")
    page = client.get(path, {"on": "2021-12-01", "suppose": "2021-03-01"}).content.decode()
    assert "Supposed, not known" in page
    with scope(organization=published):
        assert Letter.objects.get(slug="hundred-days").dated is None
    known = _at("public_letter", letter="chance-to-come-home")
    page = client.get(known, {"suppose": "2021-03-01"}).content.decode()
    assert "Supposed" not in page
    assert "9 June 2021" in page


@pytest.mark.parametrize("name", ["public_letter", "public_demand"])
def test_a_day_of_which_the_letter_cannot_be_is_said_to_be_none(published, client, name):
    path = _at(name, **({"demand": "close-facilities"} if name == "public_demand" else {}))
    says = "The letter cannot be of that day: it is of a day from 20 January 2021"
    assert says in client.get(path, {"suppose": "2024-05-01"}).content.decode()
    assert says not in client.get(path, {"suppose": "2021-03-01"}).content.decode()


def test_the_press_sheet_says_where_to_ask(published, client):
    with scope(organization=published):
        Letter.objects.filter(slug="hundred-days").update(contact="press@harbor.example")
    page = client.get(_at("letter_press")).content.decode()
    assert 'href="mailto:press@harbor.example"' in page
    other = client.get(_at("letter_press", letter="chance-to-come-home")).content.decode()
    with scope(organization=published):
        Letter.objects.filter(slug="hundred-days").update(contact="")
    assert "mailto:press" not in other + client.get(_at("letter_press")).content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_public_page_opens_without_a_cookie(published, client, language):
    pages = {
        "public_letters": {}, "public_letter": {}, "letter_press": {}, "letter_versions": {},
        "letter_timeline": {}, "embed_letter": {}, "letter_poster": {}, "letter_picture": {},
        "letter_feed": {}, "letter_calendar": {}, "both_letters": {"other": BOTH[1]},
        "letter_signatories": {"form": "csv"}, "public_demand": {"demand": "haiti-halt"},
        "demand_picture": {"demand": "haiti-halt"},
    }  # fmt: skip
    for name, names in pages.items():
        given = {"language": language} if name == "public_letters" else None
        path = reverse(name, kwargs=given) if given else _at(name, language, **names)
        answer = client.get(path)
        assert answer.status_code == 200, name
        assert not answer.cookies, name
        assert b"<script" not in answer.content, name


def test_only_the_page_to_embed_can_be_framed(published, client):
    framed = client.get(_at("embed_letter"))
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert b"<form" not in framed.content
    page = client.get(_at("public_letter"))
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("form", ["csv", "docx", "pdf"])
def test_signatories_can_be_taken_along_in_the_letters_order(published, client, form):
    answer = client.get(_at("letter_signatories", form=form))
    assert answer.status_code == 200
    names = _names_in(form, answer.content)
    assert len([name for name in names if name.startswith("Doctors for Camp Closure")]) == 2
    order = [one for one in names if one.startswith(("Adelante Alabama", "Al Otro Lado"))]
    assert order[0].startswith("Adelante")
    if form != "csv":  # a letter that can be sent: its text stands before
        assert any("Halt deportations to Haiti" in name for name in names)


def _names_in(form, content):
    if form == "csv":
        return [row["name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    if form == "docx":
        from docx import Document

        document = Document(io.BytesIO(content))
        assert 'w:num="2"' in document.sections[-1]._sectPr.xml
        return [p.text for p in document.paragraphs]
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).splitlines()


def test_a_draft_is_seen_by_nobody(published, client):
    with scope(organization=published):
        Letter.objects.filter(slug="invented-letter").update(stage="draft")
    for name in ("public_letter", "sign_letter", "embed_letter", "letter_feed"):
        assert client.get(_at(name, letter="invented-letter")).status_code == 404
    assert b"to try signing" not in client.get("/letters/").content


def test_the_feed_and_the_calendar_tell_the_same_days(published, client):
    feed = client.get(_at("letter_feed", letter="chance-to-come-home")).content.decode()
    days = client.get(_at("letter_calendar", letter="chance-to-come-home")).content.decode()
    assert "The day of the letter" in feed
    assert "DTSTART;VALUE=DATE:20210609" in days
    assert "DTSTART;VALUE=DATE:20210917" in days  # the last of the hundred days
    again = client.get(_at("letter_feed", letter="chance-to-come-home")).content.decode()
    assert feed == again


def test_a_day_that_is_none_shows_today(published, client):
    for on in ("nonsense", "0001-01-01", "9999-12-31", ""):
        answer = client.get(_at("public_letter"), {"on": on})
        assert f'value="{today_there().isoformat()}"' in answer.content.decode()


def test_both_languages_say_the_same_things():
    assert list(words("en")) == list(words("es"))
    for key, text in words("en").items():
        assert _blanks(text) == _blanks(words("es")[key]), key


def _blanks(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_text_of_a_letter_cannot_bring_tags_along(published, client):
    from wayhome.web.campaign.showing import as_html

    shown = as_html("<script>x</script> [a](javascript:alert(1)) ![p](http://x.example/p.png)")
    assert "<script" not in shown
    assert "javascript:" not in shown.replace("(javascript:", "")
    assert "<img" not in shown


def test_the_letter_of_june_names_who_published_it_and_tells_the_lines_from_what_it_says(
    published, client
):
    page = client.get(_at("public_letter", letter="chance-to-come-home")).content.decode()
    assert "Its own words were published by Human Rights Watch" in page
    assert page.count("The letter says 85; its list prints 83 lines.") == 2
    today = today_there()
    assert f"Entered here on {today.day} {today:%B %Y} by" in page
    assert "not confirmed by link" not in page  # said once, of the whole list
    assert "83 were named by the organizers" in page


def _copy(client, form, letter):
    """All that a copy says, and what a file manager shows of it."""
    content = client.get(_at("letter_signatories", letter=letter, form=form)).content
    told = " ".join(" ".join(_names_in(form, content)).split())
    if form == "pdf":
        from pypdf import PdfReader

        return told, PdfReader(io.BytesIO(content)).metadata.title
    from docx import Document

    document = Document(io.BytesIO(content))
    foot = document.sections[0].footer.paragraphs[0].text  # of every page
    assert "This copy was made on" in foot
    assert "Text 1" in foot
    assert document.core_properties.created.date() == today_there()
    return told, document.core_properties.title


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_a_copy_tells_its_title_text_count_and_days(published, client, form):
    today = today_there()
    made = f"{today.day} {today:%B %Y}"
    told, title = _copy(client, form, "hundred-days")
    assert title in told
    assert "100 days" in title
    assert f"Text 1, taken in here on {made}." in told
    assert "Date of the letter: not dated." in told
    assert "103 lines, as printed; 102 organizations." in told
    assert f"This copy was made on {made}." in told
    told, _ = _copy(client, form, "chance-to-come-home")
    assert "Date of the letter: 9 June 2021." in told
    told, _ = _copy(client, form, "invented-letter")
    assert f"Text 1, open for signing since {made}." in told


def test_a_copy_in_spanish_says_so_too(published, client):
    path = _at("letter_signatories", "es", form="docx")
    assert "Fecha de la carta: sin fecha." in _names_in("docx", client.get(path).content)


def _poster(client, language="en", **asked):
    from pypdf import PdfReader

    answer = client.get(_at("letter_poster", language), asked)
    pages = PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_the_poster_names_sheet_and_row_of_every_number(published, client):
    with scope(organization=published):
        Letter.objects.filter(slug="hundred-days").update(dated=date(2021, 3, 1))
    told = _poster(client, on="2021-07-01")
    assert (
        "ICE detention statistics, workbook FY21_detention-stats_0414.xlsx: sheet Detention FY21 "
        "YTD, row 21, column N (28 February 2021); sheet Detention FY21 YTD, row 21, column O"
    ) in told
    assert "rows 771817 to 776002, column n" in told  # a sum: its page says of which and how
    figure = "/observatory/figure/private_or_jail_headcount_month/2021-06-30/"
    assert f"http://testserver{figure}" in told.replace(" ", "")
    assert client.get(figure).status_code == 200
    assert "hoja Detention FY21 YTD, fila 21" in _poster(client, "es", on="2021-07-01")


def test_the_poster_names_the_source_of_its_figures(published, client):
    from pypdf import PdfReader

    for letter, pages in (("chance-to-come-home", 1), ("invented-letter", 1)):
        asked = {"on": "2021-12-01"} if letter == "chance-to-come-home" else {}
        answer = client.get(_at("letter_poster", letter=letter), asked)
        assert len(PdfReader(io.BytesIO(answer.content)).pages) == pages


def test_the_second_line_of_a_long_name_is_indented(published, client):
    from pypdf import PdfReader

    starts = {}

    def note(text, outer, matrix, *rest):
        starts.setdefault(text.strip(), outer[4] + matrix[4])

    content = client.get(_at("letter_signatories", form="pdf")).content
    PdfReader(io.BytesIO(content)).pages[1].extract_text(visitor_text=note)
    second = next(x for text, x in starts.items() if text.startswith("Consortium (NAKASEC)"))
    first = next(x for text, x in starts.items() if text.startswith("National Korean"))
    assert second > first + 5
