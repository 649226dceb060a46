"""Markdown tokens as the few kinds of block that a paper is made of, for Word and PDF alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wayhome.papers.values import Gap

_FILLED = re.compile("\ue000(\\d+)\ue001")


@dataclass(frozen=True)
class Run:
    """Words in one style. A gap is marked."""

    text: str
    strong: bool = False
    emphasis: bool = False
    is_gap: bool = False


Runs = tuple[Run, ...]


class Style(StrEnum):
    """What a line of a paper is."""

    TITLE = "title"
    HEADING = "heading"
    SMALL_HEADING = "small_heading"
    NORMAL = "normal"
    QUOTE = "quote"
    BULLET = "bullet"
    NUMBER = "number"
    NEW_PAGE = "new_page"


@dataclass(frozen=True)
class Line:
    """A paragraph, heading or item of a list. `number` is an item's own number."""

    style: Style
    runs: Runs = ()
    number: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the heading."""

    rows: tuple[tuple[Runs, ...], ...]

    @property
    def text(self) -> str:
        return "\n".join(" | ".join("".join(r.text for r in c) for c in row) for row in self.rows)


Block = Line | Table
_HEADINGS = {"h1": Style.TITLE, "h2": Style.HEADING, "h3": Style.SMALL_HEADING}


class NotInPapers(ValueError):
    """A template uses Markdown that papers have no form for."""


@cache
def _markdown() -> MarkdownIt:
    """Headings, paragraphs, lists, quotes, tables, new pages, strong and emphasis; nothing else."""
    reader = MarkdownIt("zero").enable(["heading", "list", "blockquote", "table", "hr"])
    return reader.enable(["emphasis", "escape", "newline"])


def blocks_of(markdown: str, values: Sequence[str | Gap]) -> tuple[Block, ...]:
    """The blocks of filled Markdown, with the values in their places. Raises NotInPapers."""
    return tuple(_Reading(values).blocks(_markdown().parse(markdown)))


class _Reading:
    """Goes through the tokens once, from front to back."""

    def __init__(self, values: Sequence[str | Gap]) -> None:
        self.values = values
        self.lists: list[tuple[Style, int]] = []
        self.quotes = 0
        self.heading: Style | None = None
        self.rows: list[list[Runs]] | None = None
        self.finished: Table | None = None

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token in tokens:
            if token.type == "hr":
                yield Line(Style.NEW_PAGE)
            elif token.type != "inline":
                self._enter_or_leave(token)
            elif self.rows is not None:
                self.rows[-1].append(self._runs(token))
            else:
                yield self._line(token)
            if self.finished is not None:
                yield self.finished
                self.finished = None

    def _enter_or_leave(self, token: Token) -> None:
        handle = _HANDLERS.get(token.type)
        if handle is None:
            raise NotInPapers(f"Papers have no form for {token.type} (at {token.map}).")
        handle(self, token)

    def _line(self, token: Token) -> Line:
        runs = self._runs(token)
        if self.heading is not None:
            return Line(self.heading, runs)
        if self.lists:
            style, number = self.lists[-1]
            return Line(style, runs, number)
        return Line(Style.QUOTE if self.quotes else Style.NORMAL, runs)

    def open_heading(self, token: Token) -> None:
        self.heading = _HEADINGS.get(token.tag, Style.SMALL_HEADING)

    def close_heading(self, _: Token) -> None:
        self.heading = None

    def open_bullets(self, _: Token) -> None:
        self.lists.append((Style.BULLET, 0))

    def open_numbers(self, token: Token) -> None:
        self.lists.append((Style.NUMBER, int(token.attrGet("start") or 1) - 1))

    def close_list(self, _: Token) -> None:
        self.lists.pop()

    def open_item(self, _: Token) -> None:
        style, number = self.lists[-1]
        self.lists[-1] = (style, number + (style is Style.NUMBER))

    def open_quote(self, _: Token) -> None:
        self.quotes += 1

    def close_quote(self, _: Token) -> None:
        self.quotes -= 1

    def open_table(self, _: Token) -> None:
        self.rows = []

    def open_row(self, _: Token) -> None:
        assert self.rows is not None
        self.rows.append([])

    def close_table(self, _: Token) -> None:
        assert self.rows is not None
        self.finished = Table(tuple(tuple(row) for row in self.rows))
        self.rows = None

    def nothing(self, _: Token) -> None:
        """What has no mark of its own in a paper."""

    def _runs(self, token: Token) -> Runs:
        strong = emphasis = 0
        runs: list[Run] = []
        for child in token.children or ():
            match child.type:
                case "text":
                    runs += self._filled(child.content, bool(strong), bool(emphasis))
                case "softbreak":
                    runs.append(Run(" "))
                case "hardbreak":
                    runs.append(Run("\n"))
                case "strong_open" | "strong_close":
                    strong += child.nesting
                case "em_open" | "em_close":
                    emphasis += child.nesting
                case other:
                    raise NotInPapers(f"Papers have no form for {other}.")
        return tuple(run for run in runs if run.text)

    def _filled(self, text: str, strong: bool, emphasis: bool) -> Iterator[Run]:
        for place, part in enumerate(_FILLED.split(text)):
            value = self.values[int(part)] if place % 2 else part
            yield Run(str(value), strong, emphasis, isinstance(value, Gap))


_HANDLERS: dict[str, Callable[[_Reading, Token], None]] = {
    "heading_open": _Reading.open_heading,
    "heading_close": _Reading.close_heading,
    "bullet_list_open": _Reading.open_bullets,
    "bullet_list_close": _Reading.close_list,
    "ordered_list_open": _Reading.open_numbers,
    "ordered_list_close": _Reading.close_list,
    "list_item_open": _Reading.open_item,
    "blockquote_open": _Reading.open_quote,
    "blockquote_close": _Reading.close_quote,
    "table_open": _Reading.open_table,
    "table_close": _Reading.close_table,
    "tr_open": _Reading.open_row,
}
_HANDLERS |= dict.fromkeys(
    ("paragraph_open", "paragraph_close", "list_item_close", "tr_close"), _Reading.nothing
)
_HANDLERS |= dict.fromkeys(
    ("thead_open", "thead_close", "tbody_open", "tbody_close"), _Reading.nothing
)
_HANDLERS |= dict.fromkeys(("th_open", "th_close", "td_open", "td_close"), _Reading.nothing)


def runs(*parts: str | Run) -> Runs:
    """Runs of plain words and of words in a style."""
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from the right."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
