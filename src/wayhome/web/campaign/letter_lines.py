"""A letter's text as lines in the few styles that papers know, for Word and PDF."""

from __future__ import annotations

import re
from datetime import date

from wayhome.papers.blocks import Line, Style, blocks_of
from wayhome.web.campaign.letters import WASHINGTON, current_version
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.wording import say

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
# What papers mark a filled place with is no letter of any text.
_MARKS = dict.fromkeys(map(ord, "\ue000\ue001"))


def about_copy(letter: Letter, signed: Signed, language: str, today: date) -> list[str]:
    """Which letter a copy shows: the number of its text, the letter's date, how many sign
    it, and the day of the copy.

    A copy is read without the page that it is from.
    """
    version = current_version(letter)
    if version is None or version.opened_at is None:
        text = say(language, "letter.copy_no_text")
    else:
        key = "copy_text_sent" if letter.was_sent_before else "copy_text"
        opened = version.opened_at.astimezone(WASHINGTON).date()
        text = say(language, f"letter.{key}", number=version.number, day=opened)
    dated = say(language, "letter.copy_not_dated")
    if letter.dated:
        dated = say(language, "letter.copy_dated", day=letter.dated)
    count = say(language, "letter.count_many", count=signed.organizations)
    if signed.organizations == 1:
        count = say(language, "letter.count_one")
    return [text, dated, count, say(language, "letter.copy_made", day=today)]


def lines_of(letter: Letter) -> list[Line]:
    """The text that is open, line by line; on paper the address of a link stands beside it."""
    version = current_version(letter)
    if version is None:
        return []
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1 (\2)", version.text.translate(_MARKS)))
    found: list[Line] = []
    for block in blocks_of(text, ()):
        if isinstance(block, Line):
            if block.style is not Style.NEW_PAGE:
                found.append(block)
        else:
            rows = (tuple(run for cell in row for run in cell) for row in block.rows)
            found += [Line(Style.NORMAL, runs) for runs in rows]
    return found
