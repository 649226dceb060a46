"""Sections of the Act, of the US Code and of the Code of Federal Regulations in a line.

Lists and ranges are read as lawyers write them: `INA 301, 309, 320`, `8 CFR 1003.19, 1236.1(d)`,
`INA 241(a)(1), (3), (6)`, `8 CFR 214.200 to 214.216`, `INA 236(c)(1)(A)-(D)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wayhome.law.citations import links
from wayhome.law.citations.citation import Citation, CitationKind
from wayhome.law.citations.ina_sections import sections

INA, USC, CFR = "INA", "USC", "CFR"

_HEAD = re.compile(
    r"(?P<former>[Ff]ormer )?\b(?:(?P<ina>INA)|(?P<title>\d+) (?P<code>U\.?S\.?C\.?|C\.?F\.?R\.?))"
    r" (?:§+ ?|[Ss]ections? |[Pp]arts? )?(?=\d)"
)
_SECTION = {
    INA: r"\d{3,4}[A-Z]?(?![\w.])",
    USC: r"\d+[a-z]*(?:-\d{1,2}(?!\d))?(?![\w.])",
    CFR: r"\d+[a-z]?(?:\.\d+[a-z]?)?(?!\w)",
}
_PARAGRAPHS = r"(?:\((?:[a-z]{1,5}|[A-Z]{1,5}|\d{1,3})\))+"
_JOIN = re.compile(r"(?:,? and |,? or |, )")
_TO = re.compile(r"(?: ?[-–] ?| to | through )")


@dataclass(frozen=True, slots=True)
class CodeCitation:
    """One section of a code, with its paragraphs and the end of its range where it is one."""

    code: str
    title: str
    section: str
    paragraphs: tuple[str, ...]
    until: str
    is_former: bool
    start: int
    end: int

    @property
    def usc_section(self) -> str:
        """Its section in title 8 of the US Code; empty for what the Act does not hold."""
        if self.code == INA:
            return sections()[self.section].usc if self.section in sections() else ""
        return self.section if self.code == USC and self.title == "8" else ""

    def citation(self) -> Citation:
        """It with its key, its twin and its link."""
        place = "".join(f"({p})" for p in self.paragraphs) + self.until
        head = "INA" if self.code == INA else f"{self.title} {self.code}"
        twin = ""
        if self.code == INA and self.usc_section:
            # The end of a range of whole sections has another number in the Code; leave it out.
            tail = place if self.until.startswith("-(") or not self.until else ""
            twin = self._named(f"8 USC {self.usc_section}{tail}")
        return Citation(
            kind=CitationKind.REGULATION if self.code == CFR else CitationKind.STATUTE,
            key=self._named(f"{head} {self.section}{place}"),
            start=self.start,
            end=self.end,
            url=self._link(),
            twin=twin,
        )

    def _named(self, key: str) -> str:
        return f"{key} (former)" if self.is_former else key

    def _link(self) -> str:
        # Today's text has another paragraph, or none, in the place of a former one.
        paragraphs = () if self.is_former else self.paragraphs
        if self.code == CFR:
            return links.regulation(self.title, self.section, paragraphs)
        if self.code == USC:
            return links.us_code(self.title, self.section, paragraphs)
        return links.us_code("8", self.usc_section, paragraphs) if self.usc_section else ""


def code_citations(text: str) -> Iterator[CodeCitation]:
    """Every section of a code in a line, in order."""
    at = 0
    while head := _HEAD.search(text, at):
        at = head.end()
        for found in _list_from(text, head):
            yield found
            at = found.end


def _list_from(text: str, head: re.Match[str]) -> Iterator[CodeCitation]:
    """The sections after one head: `INA 301, 309(a), (c) and 320`."""
    code = INA if head["ina"] else USC if head["code"].upper().startswith("U") else CFR
    title, former = head["title"] or "8", bool(head["former"])
    start, at = head.start(), head.end()
    before: CodeCitation | None = None
    while found := _one(text, at, code, before):
        section, paragraphs, until, end = found
        before = CodeCitation(code, title, section, paragraphs, until, former, start, end)
        yield before
        joined = _JOIN.match(text, end)
        if not joined:
            return
        start = at = joined.end()


def _one(
    text: str, at: int, code: str, before: CodeCitation | None
) -> tuple[str, tuple[str, ...], str, int] | None:
    """The section, paragraphs and range that stand here, and where they end."""
    so_far: tuple[str, ...] = ()
    number = re.compile(_SECTION[code]).match(text, at)
    if number and not (before and not _continues(number.group(), text, number.end(), code)):
        section, end = number.group(), number.end()
    elif before is not None:
        section, end, so_far = before.section, at, before.paragraphs
    else:
        return None
    paragraphs = re.compile(_PARAGRAPHS).match(text, end)
    if paragraphs is None and end == at:
        return None
    own = _steps(paragraphs.group()) if paragraphs else ()
    end = paragraphs.end() if paragraphs else end
    until, end = _until(text, end, code)
    return section, _in_place(so_far, own), until, end


def _continues(number: str, text: str, end: int, code: str) -> bool:
    """Whether a number after a comma is one more section and not something else's number."""
    if re.compile(r" (?:U\.?S\.?C|C\.?F\.?R|FR|F\.|U\.S|S\. Ct|I&N|I\. & N|days|years)").match(
        text, end
    ):
        return False
    return "." in number if code == CFR else number in sections() if code == INA else True


def _until(text: str, end: int, code: str) -> tuple[str, int]:
    """The end of a range: `-(D)`, ` to 214.216`."""
    to = _TO.match(text, end)
    if to is None:
        return "", end
    paragraphs = re.compile(_PARAGRAPHS).match(text, to.end())
    if paragraphs:
        return f"-{paragraphs.group()}", paragraphs.end()
    section = re.compile(_SECTION[code] + f"(?:{_PARAGRAPHS})?").match(text, to.end())
    return (f" to {section.group()}", section.end()) if section else ("", end)


def _steps(paragraphs: str) -> tuple[str, ...]:
    return tuple(paragraphs[1:-1].split(")("))


def _in_place(before: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """`(3)` after `(a)(1)` is `(a)(3)`: it takes the place of the last step of its own kind."""
    if not before or not own:
        return own
    kinds = _kinds(own[0])
    for index in reversed(range(len(before))):
        if kinds & _kinds(before[index]):
            return (*before[:index], *own)
    return (*before, *own)


_STEP_KINDS = {
    "number": re.compile(r"\d+"),
    "letter": re.compile(r"[a-z]|([a-z])\1"),
    "small roman": re.compile(r"[ivxl]+"),
    "capital": re.compile(r"[A-Z]|([A-Z])\1"),
    "large roman": re.compile(r"[IVXL]+"),
}


def _kinds(step: str) -> set[str]:
    return {name for name, shape in _STEP_KINDS.items() if shape.fullmatch(step)}
