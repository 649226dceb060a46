"""A page that leads to other pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wayhome.report.page import rendered
from wayhome.report.words import words


@dataclass(frozen=True)
class PageEntry:
    """A page beside the index: its file name, what it is called, and a sentence about it."""

    file: str
    title: str
    about: str


def index_page(pages: Sequence[PageEntry]) -> str:
    """The page that lists these pages."""
    return rendered("index.html", words("en"), pages=pages, is_synthetic=False)
