"""From a template and a case to a draft: its blocks, what is missing, and what it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from wayhome.engine.findings import Finding
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Value
from wayhome.papers.blocks import Block, Line, Run, Style, Table, blocks_of, runs
from wayhome.papers.edition import edition_of
from wayhome.papers.filling import Sheet, compiled
from wayhome.papers.fonts import letters_without_font
from wayhome.papers.naming import Screened, names_for
from wayhome.papers.templates import Template
from wayhome.papers.values import Gap, day
from wayhome.programs import rulebook

_CONFIDENCE = {
    "seen": "read against its source",
    "recalled": "from general knowledge, not yet read against its source",
    "check": "to be checked",
}


@dataclass(frozen=True)
class Exhibit:
    """A paper that is handed in with others: its letter (A, B, …, AA), title and pages."""

    letter: str
    title: str
    pages: int


@dataclass(frozen=True)
class Draft:
    """A paper filled for one case. `rules` are the ids of the rules that it names."""

    template: Template
    blocks: tuple[Block, ...]
    gaps: tuple[str, ...]
    rules: tuple[str, ...]
    as_of: date
    edition: str
    is_invented: bool

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join(block.text for block in self.blocks)

    @property
    def mark(self) -> str:
        """What stands at the head of every page."""
        invented = " · INVENTED: nobody in this paper is real" if self.is_invented else ""
        return f"DRAFT, not filed{invented}"

    @property
    def foot(self) -> str:
        """What stands at the foot of every page, before its number."""
        return f"DRAFT · law as of {day(self.as_of)} · rulebook edition {self.edition}"


def letter_of(place: int) -> str:
    """The letter of an exhibit by its place: 0 is A, 25 is Z, 26 is AA."""
    first, last = divmod(place, 26)
    return (letter_of(first - 1) if first else "") + chr(ord("A") + last)


def draft(
    template: Template,
    facts: Mapping[str, Value],
    findings: Iterable[Finding],
    person: Mapping[str, str],
    as_of: date,
    *,
    is_invented: bool,
    exhibits: Iterable[Exhibit] = (),
) -> Draft:
    """Fills a template for one case.

    `facts` by name, unknown ones left out; `findings` of the same facts on `as_of`; `person` by
    the names of `naming.PERSON`. Raises UnknownField for a name that is none of them.
    """
    sheet = Sheet()
    screened = Screened(rulebook(), findings, facts, as_of, sheet)
    names = names_for(template.program, template.for_rules, screened, person)
    names |= {"exhibits": tuple(exhibits), "title": template.title}
    markdown = compiled(template.body).render(names)
    body = blocks_of(markdown, sheet.values)
    gaps = tuple(sheet.gaps)
    rules = [screened.book.rules[name] for name in sheet.rules]
    end = (*missing_page(gaps), *_made_with(rules, screened, edition_of()), *_letters(body))
    return Draft(
        template=template,
        blocks=(*body, *end),
        gaps=tuple(gap.what for gap in gaps),
        rules=tuple(sheet.rules),
        as_of=as_of,
        edition=edition_of(),
        is_invented=is_invented,
    )


def missing_page(gaps: tuple[Gap, ...]) -> Iterator[Block]:
    """The page at the end of a draft that lists what it lacks."""
    yield Line(Style.NEW_PAGE)
    yield Line(Style.HEADING, runs("What is missing"))
    if not gaps:
        yield Line(Style.NORMAL, runs("No place of this draft was left open."))
        return
    yield Line(Style.NORMAL, runs("Each of these is marked in the draft. Take this page out last."))
    for number, gap in enumerate(gaps, 1):
        yield Line(Style.NUMBER, (Run(gap.what, is_gap=True),), number)


def _made_with(rules: list[Rule], screened: Screened, edition: str) -> Iterator[Block]:
    yield Line(Style.HEADING, runs("How this draft was made"))
    told = (
        f"Filled from the facts of the case, on the law as of {day(screened.as_of)}, with edition "
        f"{edition} of the rulebook. A lawyer checks every line of it, and every citation, before "
        "anything is filed."
    )
    yield Line(Style.NORMAL, runs(told))
    if rules:
        yield Table((_head(), *(_rule_row(rule, screened) for rule in rules)))
    for rule in rules:
        if rule.check:
            yield Line(Style.BULLET, runs(Run("Check: ", strong=True), f"{rule.check} ({rule.id})"))


def _letters(body: tuple[Block, ...]) -> Iterator[Block]:
    """Says which letters the PDF cannot show. Word takes them from the reader's own computer."""
    if letters := letters_without_font("".join(block.text for block in body)):
        named = ", ".join(f"U+{ord(letter):04X}" for letter in letters[:8])
        more = f" and {len(letters) - 8} more" if len(letters) > 8 else ""
        told = f"No font of this installation has these letters: {named}{more}. The PDF shows boxes"
        yield Line(Style.BULLET, runs(Run("Letters: ", strong=True), f"{told}; Word may not."))


def _head() -> tuple[tuple[Run, ...], ...]:
    return tuple(runs(word) for word in ("Rule", "On what is known", "How well it is sourced"))


def _rule_row(rule: Rule, screened: Screened) -> tuple[tuple[Run, ...], ...]:
    answers = {True: "holds", False: "does not hold", None: "not known yet"}
    in_force = rule.is_in_force(screened.as_of)
    answer = answers[screened.answers.get(rule.id)] if in_force else "not law on this day"
    return (runs(rule.id), runs(answer), runs(_CONFIDENCE[rule.confidence]))
