"""The faults of a rulebook's citations, for `wayhome rules check`."""

from __future__ import annotations

from collections.abc import Iterator

from wayhome.law.citations.citation import CitationKind
from wayhome.law.citations.lines import parse_line
from wayhome.law.faults import Fault
from wayhome.law.rules import Authority, Rule, Rulebook
from wayhome.law.vocabulary import did_you_mean, nearest_spelling

# What a rule must cite at least once to rest on what it says it rests on.
_RESTS_ON = {
    Authority.STATUTE: (
        *(CitationKind.STATUTE, CitationKind.PUBLIC_LAW, CitationKind.CONSTITUTION),
    ),
    Authority.REGULATION: (CitationKind.REGULATION, CitationKind.FEDERAL_REGISTER),
    Authority.PRECEDENT: (CitationKind.CASE, CitationKind.BOARD_DECISION, CitationKind.TABLE),
}


def citation_faults(book: Rulebook) -> list[Fault]:
    """Every fault of every rule's `cites:` lines, in the order of the rulebook."""
    return [
        Fault(rule.file, rule.id, rule.line, 0, f"cites: {message}")
        for rule in book.rules.values()
        for message in _of_rule(rule, book)
    ]


def _of_rule(rule: Rule, book: Rulebook) -> Iterator[str]:
    lines = [parse_line(text) for text in rule.cites]
    for line in lines:
        for fault in line.faults:
            yield f"{fault} (In {line.text!r}.)"
        for citation in line.citations:
            if citation.table and citation.table not in book.tables:
                hint = did_you_mean(nearest_spelling(citation.table, book.tables))
                yield f"There is no table {citation.table!r}.{hint} (In {line.text!r}.)"
    needed = _RESTS_ON.get(rule.authority)
    kinds = {citation.kind for line in lines for citation in line.citations}
    if needed and not kinds & set(needed):
        listed = " or ".join(needed)
        yield f"A rule by {rule.authority} cites at least one {listed}; this one cites none."
