"""Filling a template: Jinja2 in its sandbox, and every filled place kept apart from the Markdown.

What a template prints never becomes part of the Markdown: `{{ person.name }}` leaves a number
between two marks, and the words are put in after the Markdown was read. So no text of a person,
and no citation with a star in it, can be markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from wayhome.papers.values import Answer, Gap, day, paragraphs

BORDERS = OPEN, CLOSE = "\ue000", "\ue001"
PARTS = Path(__file__).parent / "parts"


@dataclass
class Sheet:
    """What was put into one paper: its values in order, its gaps, the rules that it names."""

    values: list[str | Gap] = field(default_factory=list)
    gaps: dict[Gap, None] = field(default_factory=dict)
    rules: dict[str, None] = field(default_factory=dict)

    def put(self, value: object) -> str:
        """Keeps a value and gives the mark that stands for it in the Markdown."""
        if isinstance(value, tuple):
            return "; ".join(map(self.put, value))
        self.values.append(self._shown(value))
        return f"{OPEN}{len(self.values) - 1}{CLOSE}"

    def _shown(self, value: object) -> str | Gap:
        shown = value.gap if isinstance(value, Answer) and value.value is None else value
        if isinstance(shown, Gap):
            self.gaps[shown] = None
            return shown
        return day(shown) if isinstance(shown, date) else str(shown)


@pass_context
def _put(context: Context, value: object) -> str:
    return context["sheet"].put(value)  # type: ignore[no-any-return]


@cache
def environment() -> Environment:
    """Jinja2 as templates know it. An unknown name in a template is an error."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=_put,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(PARTS),
        keep_trailing_newline=True,
    )
    made.filters = {
        "gap": lambda value, what: value.or_gap(what),
        "says": _says,
        "paragraphs": _paragraphs,
        "length": len,
    }
    made.tests = {
        "yes": lambda value: value.value is True,
        "no": lambda value: value.value is False,
        "unknown": lambda value: value.value is None,
        "known": lambda value: value.value is not None,
    }
    made.globals = {}
    return made


@cache
def compiled(body: str) -> Any:
    """A template's body, compiled once in a process."""
    return environment().from_string(body)


def _says(value: Answer, yes: str, no: str) -> str | Gap:
    """One sentence or the other; a gap where it is not known which."""
    if value.value is None:
        return value.gap
    return yes if value.value else no


def _paragraphs(value: Answer) -> list[str | Gap]:
    return [value.gap] if value.value is None else list(paragraphs(value.words))
