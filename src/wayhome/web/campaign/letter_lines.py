"""A letter's text as lines in the few styles that papers know, for Word and PDF."""

from __future__ import annotations

import re
from datetime import datetime

from wayhome.papers.blocks import Line, Style, blocks_of
from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.letters import current_version, takes_signatures
from wayhome.web.campaign.models import Letter
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.signed_words import count_words, how_words, number_words
from wayhome.web.campaign.wording import say

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
# What papers mark a filled place with is no letter of any text.
_MARKS = dict.fromkeys(map(ord, "\ue000\ue001"))


def about_copy(letter: Letter, signed: Signed, language: str, now: datetime) -> list[str]:
    """Which letter a copy shows: the number of its text, the letter's date, how many sign it and
    how that is known, and the day of the copy.

    A copy is read without the page that it is from.
    """
    text, dated, made = days_of_copy(letter, language, now)
    count, how = count_words(letter, signed, language), how_words(letter, signed, language)
    return [sentence for sentence in (text, dated, count, how, made) if sentence]


def foot_of_copy(letter: Letter, signed: Signed, language: str, now: datetime) -> str:
    """What stands on every page of a copy: a page is passed on alone."""
    text, dated, made = days_of_copy(letter, language, now)
    told = (f"{letter.title}.", text, dated, number_words(signed, language), made)
    return " ".join(sentence for sentence in told if sentence)


def days_of_copy(letter: Letter, language: str, now: datetime) -> tuple[str, str, str]:
    """Which text a copy shows and since when, the letter's date, the day of the copy."""
    dated = say(language, "letter.copy_not_dated")
    if letter.dated:
        dated = say(language, "letter.copy_dated", day=letter.dated)
    made = say(language, "letter.copy_made", day=day_of(now))
    return _which_text(letter, language, now), dated, made


def _which_text(letter: Letter, language: str, now: datetime) -> str:
    """The text that a copy shows, and whether it can be signed."""
    version = current_version(letter)
    if version is None or version.opened_at is None:
        return say(language, "letter.copy_no_text")
    is_open = takes_signatures(letter, now)
    opened = day_of(version.opened_at)
    key = "copy_text" if is_open else "copy_text_closed"
    if letter.was_sent_before:
        key = "copy_text_sent"
    text = say(language, f"letter.{key}", number=version.number, day=opened)
    return text if is_open else f"{text} {say(language, 'letter.is_closed')}"


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
