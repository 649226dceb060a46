"""One citation of a line, and the line with all of its citations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class CitationKind(StrEnum):
    """What is cited."""

    STATUTE = "statute"
    REGULATION = "regulation"
    CASE = "case"
    BOARD_DECISION = "board decision"
    FEDERAL_REGISTER = "federal register"
    PUBLIC_LAW = "public law"
    CONSTITUTION = "constitution"
    TABLE = "table"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Citation:
    """One thing cited, where it stands in its line (`start` to `end`), and where it can be read.

    `key` is its one spelling everywhere; `twin` is the key of the same words elsewhere (a section
    of the Act has one in the US Code). `url` is empty where nothing public is known. `when` is the
    day or year of a decision, as far as the line says it.
    """

    kind: CitationKind
    key: str
    start: int
    end: int
    url: str = ""
    twin: str = ""
    name: str = ""
    when: str = ""
    table: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, self.twin) if self.twin else (self.key,)


@dataclass(frozen=True, slots=True)
class CitedLine:
    """A line as it was written, its citations in order, and what is wrong with it."""

    text: str
    citations: tuple[Citation, ...]
    faults: tuple[str, ...] = ()

    def pieces(self) -> Iterator[tuple[str, Citation | None]]:
        """The line in pieces, each with the citation that it is, if it is one."""
        at = 0
        for citation in self.citations:
            if citation.start > at:
                yield self.text[at : citation.start], None
            yield self.text[citation.start : citation.end], citation
            at = citation.end
        if at < len(self.text):
            yield self.text[at:], None
