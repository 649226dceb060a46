"""The tree behind a rule's answer, as nested lists that open without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from wayhome.engine.explanation import Explanation, Step, explain
from wayhome.engine.plain import Reading
from wayhome.law.citations import parse_line
from wayhome.law.conditions import fact_of_term
from wayhome.law.kleene import Truth
from wayhome.law.vocabulary import Value, load_vocabulary
from wayhome.report.case_report import deciding
from wayhome.report.words import Words, words
from wayhome.web.cases.fact_groups import label_of
from wayhome.web.cases.models import Statement
from wayhome.web.cases.screening import CaseScreening, screener_of
from wayhome.web.cases.templatetags.marks import who_said

OPEN_DEPTH = 2
_SIGNS = {True: ("true", "✓"), False: ("false", "✗"), None: ("unknown", "?")}


def explained(screening: CaseScreening, rule: str) -> Explanation:
    """Why one rule answers as it does. Raises UnknownRule."""
    book = screener_of(screening.as_of).rulebook
    return explain(Reading(book, screening.as_of, screening.facts), book.rule(rule))


def facts_read(explanation: Explanation) -> list[str]:
    """The facts that the tree reads, and the one that a deadline is counted from, each once."""
    due = explanation.rule.due
    counted = fact_of_term(due) if due else None
    return list(dict.fromkeys([*_facts_below(explanation.tree), *filter(None, [counted])]))


def _facts_below(step: Step) -> Iterator[str]:
    yield from step.facts
    for part in step.parts:
        yield from _facts_below(part)


def tree_html(
    explanation: Explanation, statements: Mapping[str, Statement], *, whole: bool = False
) -> SafeString:
    """The tree; only the parts that make the answer what it is, unless `whole`.

    `statements` by fact are those that count: each value says whose word it is.
    """
    said = words()
    step = explanation.tree if whole else deciding(explanation.tree, said)
    return format_html('<ul class="tree">{}</ul>', _step(step, said, statements, 0))


def _step(step: Step, said: Words, statements: Mapping[str, Statement], depth: int) -> SafeString:
    head = format_html("{}{}", _truth(step.value, said), _heading(step, said))
    reads = _reads(step, said, statements)
    if not step.parts:
        return format_html("<li>{}{}</li>", head, reads)
    inner = ((_step(part, said, statements, depth + 1),) for part in step.parts)
    parts = format_html_join("", "{}", inner)
    is_open = mark_safe(" open") if depth < OPEN_DEPTH else ""
    return format_html(
        "<li><details{}><summary>{}</summary>{}<ul>{}</ul></details></li>",
        is_open,
        head,
        reads,
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


def _heading(step: Step, said: Words) -> str:
    """A fact that stands alone by its label; a rule's or a condition's words as they are."""
    fact = load_vocabulary().facts.get(step.text)
    return label_of(fact) if fact else said.step(step.text)


def _reads(step: Step, said: Words, statements: Mapping[str, Statement]) -> SafeString:
    facts = format_html_join(
        "",
        "<li>{} = <strong>{}</strong>{}{}</li>",
        (
            (
                _name(name, step),
                said.value(value),
                _asked(name, value, said),
                _whose(statements.get(name)),
            )
            for name, value in step.facts.items()
        ),
    )
    note = format_html('<p class="reads">{}</p>', step.note) if step.note else ""
    listed = format_html('<ul class="reads">{}</ul>', facts) if facts else ""
    return format_html("{}{}", note, listed)


def _name(name: str, step: Step) -> SafeString:
    """A fact's label; beside it the name that the condition above uses, where it uses it."""
    fact = load_vocabulary().facts.get(name)
    label = label_of(fact) if fact else name
    if name == step.text:
        return format_html("{}", label)
    return format_html("{} <code>{}</code>", label, name)


def _whose(statement: Statement | None) -> SafeString:
    return format_html(" {}", who_said(statement)) if statement else SafeString()


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
