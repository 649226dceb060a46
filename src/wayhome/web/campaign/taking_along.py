"""What can be taken along of a letter: its signatories for Word and as a table, feed, calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from docx import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from icalendar import Calendar, Event

from wayhome.papers.blocks import Style
from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.letter_lines import about_copy, days_of_copy, foot_of_copy, lines_of
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.signed_words import line_words
from wayhome.web.campaign.timeline import Happening
from wayhome.web.campaign.wording import say

HEADINGS = ("number", "name", "place", "kind", "how", "on")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# The address of the page that a happening is about.
PageOf = Callable[[Happening], str]


def signatories_csv(signed: Signed) -> bytes:
    """A line a signatory as printed: number, name, place, kind, how it is known,
    and since which day. No address.
    """
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n")
    write.writerow(HEADINGS)
    for number, one in enumerate(signed.lines, start=1):
        how, on = one.stands, one.linked_at or one.confirmed_at
        day = day_of(on).isoformat() if on else ""
        write.writerow([number, _cell(one.name), _cell(one.place), one.kind, how, day])
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


_STYLES = {
    Style.TITLE: "Heading 1",
    Style.HEADING: "Heading 1",
    Style.SMALL_HEADING: "Heading 2",
    Style.QUOTE: "Quote",
    Style.BULLET: "List Bullet",
    Style.NUMBER: "List Number",
}


def letter_docx(letter: Letter, signed: Signed, language: str, now: datetime) -> bytes:
    """The letter for Word, to be sent: its text, then who has signed in two columns.

    Which text it is, of which day, and when the copy was made stands above and on every page.
    """
    document = Document()
    _say_about(document, letter, language, now)
    foot = document.sections[0].footer.paragraphs[0]
    foot.add_run(foot_of_copy(letter, signed, language, now)).font.size = Pt(8)
    if settings.IS_DEMO:
        document.add_paragraph(say(language, "page.invented"))
    document.add_heading(letter.title, level=0)
    document.add_paragraph(f"{say(language, 'page.to')}: {letter.recipient}")
    for said in about_copy(letter, signed, language, now):
        document.add_paragraph(said).paragraph_format.space_after = Pt(0)
    for line in lines_of(letter):
        paragraph = document.add_paragraph(style=_STYLES.get(line.style, "Normal"))
        for run in line.runs:
            made = paragraph.add_run(run.text)
            made.bold, made.italic = run.strong, run.emphasis
    document.add_heading(say(language, "letter.signatories"), level=1)
    document.add_section(WD_SECTION.CONTINUOUS)
    _in_two_columns(document.sections[-1])
    for one in signed.lines:
        paragraph = document.add_paragraph(one.name)
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.paragraph_format.keep_together = True
        if one.place_shown:
            paragraph.add_run(f", {one.place_shown}").italic = True
        if how := line_words(letter, one, language):
            paragraph.add_run(f" {how}").font.size = Pt(8)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _say_about(document: Any, letter: Letter, language: str, now: datetime) -> None:
    """What a file manager shows of the file; Word takes 255 letters of each."""
    about = " ".join(days_of_copy(letter, language, now))
    properties = document.core_properties
    properties.title, properties.subject, properties.author = letter.title, about, ""
    properties.comments = ""
    properties.created = properties.modified = datetime.combine(day_of(now), time())


def _in_two_columns(section: Any) -> None:
    columns = section._sectPr.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        section._sectPr.append(columns)
    columns.set(qn("w:num"), "2")


def feed(
    letter: Letter, happened: Iterable[Happening], language: str, own: str, home: str,
    page_of: PageOf, today: date,
) -> bytes:  # fmt: skip
    """What happened to a letter until today, as Atom."""
    made = Atom1Feed(
        title=letter.title,
        link=home,
        description=say(language, "demand.timeline"),
        language=language,
        feed_url=own,
        feed_guid=f"urn:uuid:{letter.pk}",
        author_name=letter.organization.name,
    )
    for one in happened:
        if one.day <= today:
            moment = datetime.combine(one.day, time(), UTC)
            made.add_item(
                title=one.text,
                link=page_of(one),
                description=one.text,
                unique_id=f"urn:wayhome:{letter.pk}:{one.mark}",
                pubdate=moment,
                updateddate=moment,
            )
    return str(made.writeString("utf-8")).encode()


def calendar(letter: Letter, happened: Iterable[Happening], page_of: PageOf) -> bytes:
    """The days of a letter, those ahead too, as a calendar (ICS)."""
    made = Calendar()
    made.add("prodid", "-//Wayhome//letters//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", letter.title)
    for one in happened:
        entry = Event()
        entry.add("uid", f"{letter.pk}-{one.mark}@wayhome")
        entry.add("dtstamp", datetime.combine(one.day, time(), UTC))
        entry.add("dtstart", one.day)
        entry.add("summary", f"{letter.title}: {one.text}")
        entry.add("url", page_of(one))
        made.add_component(entry)
    return bytes(made.to_ical())
