"""The tree behind a rule's answer, as nested lists that open without JavaScript."""

from __future__ import annotations

from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from wayhome.engine.explanation import Explanation, Step, explain
from wayhome.engine.plain import Reading
from wayhome.law.citations import parse_line
from wayhome.law.kleene import Truth
from wayhome.law.vocabulary import Value, load_vocabulary
from wayhome.report.case_report import deciding
from wayhome.report.words import Words, words
from wayhome.web.cases.screening import CaseScreening, screener_of

OPEN_DEPTH = 2
_SIGNS = {True: ("true", "✓"), False: ("false", "✗"), None: ("unknown", "?")}


def explained(screening: CaseScreening, rule: str) -> Explanation:
    """Why one rule answers as it does. Raises UnknownRule."""
    book = screener_of(screening.as_of).rulebook
    return explain(Reading(book, screening.as_of, screening.facts), book.rule(rule))


def tree_html(explanation: Explanation, *, whole: bool = False) -> SafeString:
    """The tree; only the parts that make the answer what it is, unless `whole`."""
    said = words()
    step = explanation.tree if whole else deciding(explanation.tree, said)
    return format_html('<ul class="tree">{}</ul>', _step(step, said, 0))


def _step(step: Step, said: Words, depth: int) -> SafeString:
    head = format_html("{}{}", _truth(step.value, said), said.step(step.text))
    if not step.parts:
        return format_html("<li>{}{}</li>", head, _reads(step, said))
    parts = format_html_join("", "{}", ((_step(part, said, depth + 1),) for part in step.parts))
    is_open = mark_safe(" open") if depth < OPEN_DEPTH else ""
    return format_html(
        "<li><details{}><summary>{}</summary>{}<ul>{}</ul></details></li>",
        is_open,
        head,
        _reads(step, said),
        parts,
    )


def _truth(value: Truth, said: Words) -> SafeString:
    name, sign = _SIGNS[value]
    return format_html(
        '<span class="truth {}"><span aria-hidden="true">{}</span> {}</span> ',
        name,
        sign,
        said.truth(value),
    )


def _reads(step: Step, said: Words) -> SafeString:
    facts = format_html_join(
        "",
        "<li><code>{}</code> = <strong>{}</strong>{}</li>",
        (
            (name, said.value(value), _asked(name, value, said))
            for name, value in step.facts.items()
        ),
    )
    note = format_html('<p class="reads">{}</p>', step.note) if step.note else ""
    listed = format_html('<ul class="reads">{}</ul>', facts) if facts else ""
    return format_html("{}{}", note, listed)


def _asked(name: str, value: Value, said: Words) -> str:
    vocabulary = load_vocabulary()
    is_open = value is None and name in vocabulary
    return f": {said.question(vocabulary[name])}" if is_open else ""


@lru_cache(maxsize=4096)
def citation_html(line: str) -> SafeString:
    """A line of citations, each with a link to where it can be read."""
    pieces = (
        format_html('<a href="{}" rel="noreferrer external">{}</a>', citation.url, text)
        if citation is not None and citation.url
        else format_html("{}", text)
        for text, citation in parse_line(line).pieces()
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
