"""What is wrong with a line of citations, as a sentence that says what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from wayhome.law.citations.citation import Citation
from wayhome.law.citations.codes import INA, USC, CodeCitation
from wayhome.law.citations.ina_sections import sections
from wayhome.law.vocabulary import did_you_mean, nearest_spelling

# Words that only a citation has; one outside every citation found was not understood.
_MARKS = re.compile(
    r"\bINA(?= [\d§]|$)|\b\d+ (?:U\.?S\.?C|C\.?F\.?R)\b|\b\d+ FR\b|I&N Dec|I\. & N\. Dec"
    r"|\b\d+ (?:U\.S\.|F\.\dd|F\.4th|F\. Supp)"
)


def code_faults(found: Sequence[CodeCitation]) -> Iterator[str]:
    """Sections that the Act does not have, and Act and Code naming different sections."""
    for citation in found:
        yield from _no_such_section(citation)
    of_act = [c for c in found if c.code == INA and c.usc_section]
    of_code = [c for c in found if c.code == USC and c.usc_section]
    apart_act = [c for c in of_act if not any(_agree(c, other) for other in of_code)]
    apart_code = [c for c in of_code if not any(_agree(c, other) for other in of_act)]
    if apart_act and apart_code:
        act, code = apart_act[0].citation(), apart_code[0].citation()
        yield f"{act.key} is {act.twin} in the Code, and the line gives {code.key}."


def _no_such_section(citation: CodeCitation) -> Iterator[str]:
    if citation.code != INA:
        return
    section = sections().get(citation.section)
    if section is None:
        hint = did_you_mean(_nearest_section(citation.section))
        yield f"The Act has no section {citation.section}.{hint}"
    elif section.is_repealed and not citation.is_former:
        yield f"INA {citation.section} was repealed: write 'former INA {citation.section}'."


def _nearest_section(number: str) -> str | None:
    """A slip is seldom in the first digits: the number cut shorter, or what is spelled like it."""
    shorter = (number[:length] for length in range(len(number) - 1, 2, -1))
    known = next((n for n in shorter if n in sections()), None)
    return known or nearest_spelling(number, sections())


def _agree(one: CodeCitation, other: CodeCitation) -> bool:
    """The same section, and paragraphs of which one may only be the more exact."""
    shared = min(len(one.paragraphs), len(other.paragraphs))
    same_place = one.paragraphs[:shared] == other.paragraphs[:shared]
    return one.usc_section == other.usc_section and same_place


def unread_faults(text: str, found: Iterable[Citation]) -> Iterator[str]:
    """Where a line begins what looks like a citation and is none that can be read."""
    if text.count("(") != text.count(")"):
        yield "A bracket is opened and not closed, or closed and not opened."
    spans = [(c.start, c.end) for c in found]
    for mark in _MARKS.finditer(text):
        if not any(start <= mark.start() < end for start, end in spans):
            near = text[mark.start() : mark.start() + 30]
            yield f"This looks like a citation and cannot be read: {near!r}."
