"""A screening as one page of HTML that needs nothing else: no network, no script."""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.law.rules import Kind, Rule
from wayhome.programs import rulebook
from wayhome.report.figures import Figure, Figures
from wayhome.report.rendering import rendered
from wayhome.report.summary import FactCount, ProgramSummary, RuleCount, Summary
from wayhome.report.words import words

MOST_FACTS = 12


@dataclass(frozen=True)
class ProgramView:
    """What the page says of one program, in the order in which it says it."""

    summary: ProgramSummary
    figure: Figure | None
    grounds: list[RuleCount]
    silent_grounds: list[RuleCount]
    others: list[tuple[str, list[RuleCount]]]
    demands: list[RuleCount]
    facts: tuple[FactCount, ...]
    more_facts: int
    groups: list[tuple[str, Figure]]


def page(summary: Summary, *, language: str = "en") -> str:
    """The page of a screening. Raises UnknownLanguage for one that has no words yet."""
    said = words(language)
    figures = Figures(summary, said)
    views = [_program_view(program, figures) for program in summary.programs]
    return rendered(
        "summary.html",
        said,
        s=summary,
        glance=figures.all_programs(summary.programs) if summary.programs else None,
        programs=views,
        unit=lambda number: said.count_of(summary.unit, number),
        rules={**rulebook().rules, **_rules_of(summary)},
    )


def _rules_of(summary: Summary) -> dict[str, Rule]:
    return {c.rule.id: c.rule for program in summary.programs for c in program.rules}


# The kinds of rule beside grounds, each with the words above its list.
_OTHER_KINDS = (
    (Kind.BAR, "bars"),
    (Kind.WAIVER, "waivers_found"),
    (Kind.DEADLINE, "deadlines"),
    (Kind.PRIORITY, "priorities"),
)


def _program_view(program: ProgramSummary, figures: Figures) -> ProgramView:
    grounds = program.of_law(Kind.GROUND)
    drawn = program.groups if program.has_grounds else {}
    others = ((key, [c for c in program.of_law(kind) if c.true]) for kind, key in _OTHER_KINDS)
    return ProgramView(
        summary=program,
        figure=figures.one_program(program) if program.has_grounds else None,
        grounds=[count for count in grounds if count.true],
        silent_grounds=[count for count in grounds if not count.true],
        others=[(key, found) for key, found in others if found],
        demands=program.demands(),
        facts=program.open_facts[:MOST_FACTS],
        more_facts=len(program.open_facts[MOST_FACTS:]),
        groups=[(g, figures.group(program, g, counts)) for g, counts in drawn.items()],
    )
