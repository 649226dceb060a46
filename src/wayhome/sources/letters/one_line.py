"""One line of a list of signatories: the organization, and what is printed about it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from wayhome.sources.agreements.meanings import state_code, state_codes
from wayhome.sources.letters.contact import without_contact
from wayhome.sources.letters.words import (
    given_names,
    initials,
    says_organization,
    words_of,
)
from wayhome.sources.printed_text import cleaned

MARK = re.compile(
    r"(?:>\s*)+|[•●○◦▪▫■□‣⁃∙·►▶➢✓✔*+\uf000-\uf0ff]+\s*|[-–—o]\s+|\[[ xX]?\]\s*|"
    r"\(?\d{1,3}[.):\]]+(?:\s+|(?=[A-Z]))|\d{1,3}\t\s*"
)
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
ENDS = re.compile(r"(?:[\s,;*†‡]|\band\b)+$")
ABBREVIATED = re.compile(
    r"\b(inc|corp|co|ltd|llc|assn|esq|jr|u\.s|u\.s\.a|d\.c|m\.[ad]|ph\.d|j\.d)\.$", re.IGNORECASE
)

ACRONYM = re.compile(r"\(\s*([A-Z][A-Za-z]*[A-Z][A-Za-z.\-/]*)\s*\)")
IN_BRACKETS = re.compile(r"\(([^()]*)\)\s*$")
KIND = re.compile(r"\b(national|state|local|regional|international)\b", re.IGNORECASE)
KIND_ONLY = re.compile(
    r"(national|state|local|regional|international)( (organization|office|group|level))?",
    re.IGNORECASE,
)

HONORIFIC = re.compile(
    r"(dr|mr|mrs|ms|mx|prof|professor|rev|reverend|fr|father|sr|sister|rabbi|imam|pastor|bishop|"
    r"hon|attorney|deacon)\.?\s+(?=[A-Z])",
    re.IGNORECASE,
)
AFTER_PERSON = re.compile(
    r",?\s+(esq|ph\.?d|j\.?d|m\.?d|lcsw|msw|llm|ll\.m|m\.?a|attorney at law)\b\.?.*$",
    re.IGNORECASE,
)
DEGREES = frozenset({"MD", "MA"})  # that are the letters of a state too
PRONOUNS = re.compile(
    r"[,\s]*[(\[]?\b(?:she|he|they|ze|xe|ella|[eé]l|elle)\s*/\s*\w+(?:\s*/\s*\w+)*[)\]]?",
    re.IGNORECASE,
)
# "Border Angels, San Diego Chapter" is no person of a chapter.
BRANCH = re.compile(r"\b(chapter|office|branch|section|division|region|local)\b", re.IGNORECASE)
BEHIND_A_PERSON = re.compile(r",\s|\s[-|]\s")
# Behind these, PA is a professional association.
PRACTICE = frozenset({"law", "legal", "lawyers", "attorney", "attorneys", "associates", "abogados"})
PARTICLES = frozenset(
    {"de", "la", "las", "los", "del", "da", "dos", "y", "van", "von", "bin", "al"}
)
NAME_WORD = re.compile(r"[A-Z]\.?|[A-ZÀ-Þ][\w'’\-]*[a-zß-ÿ]")


@dataclass(frozen=True)
class Signatory:
    """One line: `line` from 1, `printed` without the marks of a list, telephone and addresses.

    `name` is the organization without acronym, place and kind. None is not printed. `person` is
    set where the line looks like a person's name: with an organization beside it, `name` is that
    organization, else the line as it stands.
    """

    line: int
    printed: str
    name: str
    acronym: str | None = None
    place: str | None = None
    kind: str | None = None
    person: str | None = None


def bare(line: str) -> str:
    """A line as printed, without bullets, numbers, marks of quotation and of lists."""
    text = html.unescape(TAG.sub("", line)).strip()
    while match := MARK.match(text):
        text = text[match.end() :].lstrip()
    text = "\t".join(" ".join(cell.split()) for cell in text.split("\t"))
    text = ENDS.sub("", re.sub(r"\*\*|__", "", text)).strip()
    return text[:-1] if text.endswith(".") and not ABBREVIATED.search(text) else text


def signatory_of(
    line: int, text: str, *, kind: str | None = None, place: str | None = None
) -> Signatory:
    """Read one line; `kind` and `place` are those of the heading over it."""
    printed = "\t".join(without_contact(cell)[0] or cell for cell in bare(text).split("\t"))
    name, beside = _cells(printed)
    person, name = _person(name, beside)
    told = [cell for cell in beside if cell != name]
    kind = next((k for cell in told if (k := _kind_only(cell))), kind)
    place = _place_beside([cell for cell in told if not _kind_only(cell)]) or place
    name, acronym = _without_acronym(name)
    name, kind, place = _without_brackets(name, kind, place)
    has_degree = person is not None and person in name and _ends_with_degree(name)
    name, in_line = (name, None) if has_degree else _without_place(name)
    name, acronym = _acronym_after_comma(name, acronym)
    if office := re.search(r"[,\-] (national) office$", name, re.IGNORECASE):
        kind = office[1].casefold()
    # Of a row of a table only the name: beside it stand addresses of mail and telephone numbers.
    shown = _cells(printed)[0] if "\t" in printed else printed
    return Signatory(line, shown, name, acronym, in_line or place, kind, person)


def _cells(text: str) -> tuple[str, list[str]]:
    """The first cell, and those beside it where the line is pasted from a table."""
    cells = [cell for part in text.split("\t") if (cell := cleaned(part))]
    if len(cells) > 1 and re.fullmatch(r"\d{1,4}[.)]?", cells[0]):
        cells = cells[1:]
    return (cells[0], cells[1:]) if cells else ("", [])


def _kind_only(text: str) -> str | None:
    match = KIND_ONLY.fullmatch(text)
    return match[1].casefold() if match else None


def says_only_place_or_kind(text: str) -> bool:
    """Whether a text is "Chicago, IL" or "national", and no name."""
    return _kind_only(text) is not None or _place(text) is not None


def _place_beside(cells: list[str]) -> str | None:
    """ "Chicago" and "IL" of the cells beside a name; a state must be among them."""
    for number, cell in reversed(list(enumerate(cells))):
        if is_state(cell):
            city = cells[number - 1] if number and _may_be_city(cells[number - 1]) else ""
            return f"{city}, {cell}" if city else cell
        if place := _place(cell):
            return place
    return None


def is_state(text: str) -> bool:
    """A state's name, or its two letters in capitals: "in", "or" and "me" are words."""
    text = text.strip(". ")
    return text in state_codes().values() or (len(text) > 2 and state_code(text) is not None)


def _may_be_city(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= 3
        and all(NAME_WORD.fullmatch(word) for word in words)
        and not says_organization(text)
    )


def _place(text: str) -> str | None:
    """The text where it is a place: "Chicago, IL", "California"."""
    parts = [part.strip() for part in text.split(",")]
    if not is_state(parts[-1]) or len(parts) > 2:
        return None
    return text if len(parts) == 1 or _may_be_city(parts[0]) else None


def _without_acronym(name: str) -> tuple[str, str | None]:
    match = ACRONYM.search(name)
    if match is None or is_state(match[1]):
        return name, None
    return " ".join((name[: match.start()] + " " + name[match.end() :]).split()), match[1]


def _without_brackets(
    name: str, kind: str | None, place: str | None
) -> tuple[str, str | None, str | None]:
    """Take "(national)" or "(Chicago, IL)" from the end of a name."""
    match = IN_BRACKETS.search(name)
    if match is None or not name[: match.start()].strip():
        return name, kind, place
    inside = match[1].strip()
    if found := _kind_only(inside):
        return name[: match.start()].strip(), found, place
    if found := _place(inside):
        return name[: match.start()].strip(), kind, found
    return name, kind, place


def _without_place(name: str) -> tuple[str, str | None]:
    """Take ", Chicago, IL" or " - Texas" from the end of a name."""
    parts = re.split(r"(,\s*|\s+-\s+)", name)
    if len(parts) < 3 or not is_state(parts[-1]):
        return name, None
    if len(parts) >= 5 and _may_be_city(parts[-3]):
        return "".join(parts[:-4]), f"{parts[-3]}, {parts[-1]}"
    if parts[-1].replace(".", "").strip() == "PA" and not PRACTICE.isdisjoint(words_of(parts[-3])):
        return name, None
    return "".join(parts[:-2]), parts[-1]


def _ends_with_degree(name: str) -> bool:
    """ "Dr. Amina Yusuf, MD": behind a person's name without a city it is no state."""
    head, comma, last = name.rpartition(",")
    return bool(comma) and last.replace(".", "").strip() in DEGREES and "," not in head


def _acronym_after_comma(name: str, acronym: str | None) -> tuple[str, str | None]:
    """ "Otros Dreams en Acción, ODA": letters after a comma that are the name's own initials."""
    head, comma, last = name.rpartition(", ")
    if acronym or not comma or not re.fullmatch(r"[A-Z]{2,8}", last):
        return name, acronym
    return (head, last) if initials(words_of(head)) == last.casefold() else (name, acronym)


def _person(name: str, beside: list[str]) -> tuple[str | None, str]:
    """Who it is where the line looks like a person, and the organization named beside them."""
    told = PRONOUNS.sub("", name)
    first, *behind_name = BEHIND_A_PERSON.split(told)
    text = AFTER_PERSON.sub("", HONORIFIC.sub("", first))
    words = [word for word in text.split() if word not in PARTICLES]
    if not 0 < len(words) <= 4 or says_organization(text):
        return None, name
    if not all(NAME_WORD.fullmatch(word) for word in words):
        return None, name
    behind = next(filter(says_organization, behind_name), None)
    is_given = not given_names().isdisjoint(words_of(words[0])[:1])
    titled = HONORIFIC.match(first) is not None or AFTER_PERSON.search(told) is not None
    named = len(words) > 1 and (titled or _is_behind_person(words, behind))
    if not (told != name or is_given or named):
        return None, name
    found = next((cell for cell in beside if says_organization(cell)), behind)
    return text, found or name


def _is_behind_person(words: list[str], organization: str | None) -> bool:
    """Whether "Dana Whitlock, Lakes Coalition" may be a person and theirs."""
    if organization is None or len(words) > 3:
        return False
    return not (BRANCH.search(organization) or says_only_place_or_kind(organization))
