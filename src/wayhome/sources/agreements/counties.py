"""Counties held together across spellings, and the cells that a person should look at."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import fuzz, process

from wayhome.sources.agreements.agreement_list import Agreement, AgreementList
from wayhome.sources.agreements.decisions import About, Decisions, Name, pair_of
from wayhome.sources.agreements.meanings import county_key
from wayhome.sources.agreements.same_agency import Question
from wayhome.sources.decisions_file import Decision

ASKED = 80

# "Parmer County Sheriff's Office" says which county it is of.
IN_NAME = re.compile(
    r"^(?:metropolitan )?((?!county)[\w .'-]+? (?:county|parish))\b", re.IGNORECASE
)


class Counties:
    """The one spelling of each county: of those printed in its state, the most frequent.

    A county that a person said to be another is that one.
    """

    def __init__(self, lists: Sequence[AgreementList], decisions: Decisions) -> None:
        printed: dict[Name, Counter[str]] = defaultdict(Counter)
        for found in (found for published in lists for found in published.agreements):
            if found.county:
                printed[found.state, county_key(found.county)][found.county] += 1
        self._spelling = {
            name: max(sorted(counts), key=lambda text: (counts[text], len(text)))
            for name, counts in printed.items()
        }
        self._rows = {name: counts.total() for name, counts in printed.items()}
        self._is = dict(_decided(decisions, self._rows))
        self._decisions = decisions
        self._named = {
            (found.state, county_key(own)): own
            for published in lists
            for found in published.agreements
            if (own := own_county(found.agency))
        }

    def of(self, agreement: Agreement) -> str | None:
        """The agreement's county in its one spelling; None where the list does not tell it."""
        if agreement.county is None:
            return None
        name = agreement.state, county_key(agreement.county)
        other = self._is.get(name, name)
        return self._spelling.get(other) or self._named.get(other) or self._spelling[name]

    def questions(self, lists: Sequence[AgreementList]) -> tuple[Question, ...]:
        """Counties that look like a wrong spelling of another of their state, once each."""
        found: dict[Name, Question] = {}
        for published in lists:
            for agreement in published.agreements:
                if agreement.county is None:
                    continue
                name = agreement.state, county_key(agreement.county)
                if name in self._is or name in found:
                    continue
                question = self._of_own_name(agreement, name) or self._of_like(name)
                if question and self._pair(question) not in self._decisions:
                    found[name] = question
        return tuple(found.values())

    def _pair(self, question: Question) -> object:
        return pair_of(
            About.COUNTY,
            (question.state, question.one),
            (question.other_state, question.other),
        )

    def _of_own_name(self, agreement: Agreement, name: Name) -> Question | None:
        own = own_county(agreement.agency)
        if own is None or county_key(own) == name[1]:
            return None
        because = f"the agency is named {agreement.agency}"
        return self._question(name, own, because)

    def _of_like(self, name: Name) -> Question | None:
        """A county of few rows that no agency is named for, like one of more rows."""
        if name in self._named:
            return None
        others = {
            other: key
            for other in (*self._rows, *self._named)
            if other[0] == name[0]
            and (key := other[1]) != name[1]
            and (self._rows.get(other, 0) > self._rows[name] or other in self._named)
        }
        best = process.extractOne(name[1], others, scorer=fuzz.ratio, score_cutoff=ASKED)
        if best is None:
            return None
        other: Name = best[2]
        spelling = self._spelling.get(other) or self._named[other]
        rows = self._rows.get(other, 0)
        return self._question(name, spelling, f"{self._rows[name]} rows against {rows}")

    def _question(self, name: Name, other: str, because: str) -> Question:
        score = fuzz.ratio(name[1], county_key(other))
        return Question(
            About.COUNTY,
            name[0],
            self._spelling[name],
            name[0],
            other,
            round(score, 1),
            because,
        )


def own_county(agency: str) -> str | None:
    match = IN_NAME.match(agency)
    return match[1] if match else None


def _decided(decisions: Decisions, rows: Mapping[Name, int]) -> Iterator[tuple[Name, Name]]:
    """Which county is which: of two that are one, the second that the person was shown."""
    for (about, _), decided in decisions.items():
        if about is About.COUNTY and decided.decision is Decision.SAME:
            yield (
                (decided.state, county_key(decided.one)),
                (decided.other_state, county_key(decided.other)),
            )
