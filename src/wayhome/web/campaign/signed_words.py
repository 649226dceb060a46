"""What is said of who has signed: the same on the page, in every file, frame and picture."""

from __future__ import annotations

from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.models import Letter, Signature
from wayhome.web.campaign.signatories import Signed
from wayhome.web.campaign.wording import say, say_count


def count_words(letter: Letter, signed: Signed, language: str) -> str:
    """How many organizations sign, which of them stand there more than once, and how many the
    letter itself says.
    """
    told = [_organizations(signed, language)]
    for one in signed.repeated:
        told.append(say(language, "letter.printed_twice", name=one.name, times=one.times))
    said, lines = letter.signers_said, len(signed.lines)
    if said.isdecimal() and int(said) != lines:
        told.append(say(language, "letter.said_other", said=said, lines=str(lines)))
    elif said:
        told.append(say(language, "letter.said", said=said))
    return " ".join(told)


def _organizations(signed: Signed, language: str) -> str:
    count = signed.organizations
    if signed.repeated:
        return say(language, "letter.lines", lines=len(signed.lines), organizations=count)
    return say_count(language, "letter.count", count)


def how_words(letter: Letter, signed: Signed, language: str) -> str:
    """How many confirmed by a link of their own, and how many were named only."""
    told = number_words(signed, language)
    if told and letter.was_sent_before:
        told += " " + say(language, "letter.how_sent", coalition=letter.organization.name)
    return told


def number_words(signed: Signed, language: str) -> str:
    """The two numbers of `how_words` alone, for where there is little room."""
    if not signed.lines:
        return ""
    link = say_count(language, "letter.how_link", signed.by_link)
    return f"{link}; {say_count(language, 'letter.how_named', signed.named)}"


def line_words(letter: Letter, line: Signature, language: str) -> str:
    """Of one line, how it is known. Empty for what was only named in a letter that was sent before
    it came in: of all of those `how_words` says it once.
    """
    if line.linked_at:
        return say(language, "letter.by_link", day=day_of(line.linked_at))
    if letter.was_sent_before or line.confirmed_at is None:
        return ""
    return say(language, "letter.named", day=day_of(line.confirmed_at))
