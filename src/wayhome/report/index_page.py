"""A first page that leads to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wayhome.report.rendering import rendered
from wayhome.report.words import words


@dataclass(frozen=True)
class PageEntry:
    """A page beside the index: its file's name, what it is called, and a line about it."""

    file: str
    title: str
    about: str


def index_page(pages: Sequence[PageEntry], *, language: str = "en") -> str:
    """The page of links, as whole and as quiet as the pages it leads to."""
    return rendered("index.html", words(language), pages=pages)
