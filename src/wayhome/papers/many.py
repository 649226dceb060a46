"""Many drafts, each as Word and PDF, on a few processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache
from multiprocessing import get_context
from typing import TypeVar

from wayhome.engine.findings import CaseScreener
from wayhome.law.vocabulary import Value
from wayhome.papers.as_pdf import pdf
from wayhome.papers.as_word import word
from wayhome.papers.drafting import draft
from wayhome.papers.templates import template_of
from wayhome.programs import rulebook

_AT_ONCE = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Order:
    """One paper for one case; `name` comes back with it."""

    name: str
    template: str
    facts: Mapping[str, Value]
    person: Mapping[str, str]
    as_of: date
    is_invented: bool


@dataclass(frozen=True)
class Made:
    """A paper that was ordered, in both forms."""

    name: str
    word: bytes
    pdf: bytes
    gaps: tuple[str, ...]
    rules: tuple[str, ...]


def drafts(orders: Iterable[Order], processes: int = 2) -> Iterator[Made]:
    """Each paper as it was ordered, in that order."""
    yield from many(made, orders, processes)


def many(make: Callable[[T], Made], orders: Iterable[T], processes: int = 2) -> Iterator[Made]:
    """What `make` makes of each order, in that order. Each process starts its Typst once."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(make, orders, chunksize=_AT_ONCE)


def made(order: Order) -> Made:
    """One paper, here and now. Raises UnknownTemplate, UnknownField, NoLawInForce."""
    found = _screener().findings(order.name, order.facts, order.as_of, with_questions=False)
    filled = draft(
        template_of(order.template),
        order.facts,
        tuple(found),
        order.person,
        order.as_of,
        is_invented=order.is_invented,
    )
    return Made(order.name, word(filled), pdf(filled), filled.gaps, filled.rules)


@cache
def _screener() -> CaseScreener:
    book = rulebook()
    return CaseScreener(book, book.programs)
