"""Citations: what a rule's `cites:` lines name, a key for each to look it up by, and a link.

`eyecite` finds decisions, Federal Register notices and public laws; it loads slowly, so only
what reads citations (`wayhome rules check`, the book) imports this part.
"""

from wayhome.law.citations.citation import Citation, CitationKind, CitedLine
from wayhome.law.citations.lines import parse_line

__all__ = ["Citation", "CitationKind", "CitedLine", "parse_line"]
