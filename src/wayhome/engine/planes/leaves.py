"""What the planes reader takes straight from the columns of a fact table.

Each leaf stands for one bit a case. Bits of cases whose facts are unknown may be anything: the
plan puts `KnownBits` beside every leaf.
"""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.law.conditions import Comparison, Term, fact_of_term


@dataclass(frozen=True, slots=True)
class KnownBits:
    """The fact is known."""

    fact: str


@dataclass(frozen=True, slots=True)
class YesBits:
    """A yes/no fact, as Arrow holds it."""

    fact: str


@dataclass(frozen=True, slots=True)
class WordIn:
    """A word is one of these."""

    fact: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Below:
    """A number, or a moment counted in days or seconds since 1970, is less than `limit`."""

    fact: str
    limit: int


@dataclass(frozen=True, slots=True)
class Equals:
    """A number or moment, counted as in `Below`, is `value`."""

    fact: str
    value: int


@dataclass(frozen=True, slots=True)
class Related:
    """One fact, moved along the calendar or not, is less than or equal to another."""

    comparison: Comparison
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Kept:
    """A plane that an earlier screening of the same table kept: its name, and which of its two."""

    name: str
    number: int


Leaf = KnownBits | YesBits | WordIn | Below | Equals | Related | Kept


def facts_of(leaf: Leaf) -> tuple[str, ...]:
    """The columns that a leaf reads."""
    match leaf:
        case Related(_, left, right):
            found = (fact_of_term(left), fact_of_term(right))
            return tuple(fact for fact in found if fact is not None)
        case Kept():
            return ()
        case _:
            return (leaf.fact,)
