"""One case as one page of HTML that needs nothing else: what was found, what to ask, and why."""

from __future__ import annotations

from collections.abc import Sequence

from wayhome.engine.explanation import Explanation
from wayhome.report.case_report import CaseReport, open_facts
from wayhome.report.rendering import rendered
from wayhome.report.words import Words

# A tree opens this deep by itself; below, a reader opens what they want to see.
OPEN_DEPTH = 3
FIRST_QUESTIONS = 10


def case_page(report: CaseReport, words: Words) -> str:
    """The page of one case, with every explanation that the report holds."""
    return rendered(
        "case.html",
        words,
        r=report,
        explanations=_with_open_facts(report.explanations, report),
        sentence=words.sentence,
        open_depth=OPEN_DEPTH,
        first_questions=FIRST_QUESTIONS,
    )


def _with_open_facts(
    explanations: Sequence[Explanation], report: CaseReport
) -> list[tuple[Explanation, list[str]]]:
    return [(e, [f.name for f in open_facts(e, report.vocabulary)]) for e in explanations]
