"""What a text demands. Words and measure of a demand belong to the text that was signed with them:
they change with a new text only, which asks every signer again, and the day of it is public.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from wayhome.web.campaign.models import Demand, Letter, Version

WASHINGTON = ZoneInfo("America/New_York")
WORDS = ("words", "words_es")
MEASURE = ("known_as", "series", "direction", "target", "target_is")
TERMS = (*WORDS, *MEASURE)
Terms = dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """A text that was opened on a day, and its demands by their short names."""

    day: date
    number: int
    demands: dict[str, Terms]


@dataclass(frozen=True)
class Change:
    """What a new text changed of a demand; `before` is None for a demand that is new."""

    opened: Opened
    slug: str
    before: Terms | None
    after: Terms

    @property
    def words(self) -> bool:
        return self.before is not None and _differ(self.before, self.after, WORDS)

    @property
    def measure(self) -> bool:
        return self.before is not None and _differ(self.before, self.after, MEASURE)


def as_kept(letter: Letter) -> list[Terms]:
    """The demands that a letter has now, as a text keeps them."""
    return [
        {"slug": one.slug, "number": one.number, **{name: getattr(one, name) for name in TERMS}}
        for one in letter.demands.order_by("number")
    ]


def history(letter: Letter) -> list[Opened]:
    """Every text that was open with its demands, the first one first."""
    rows = letter.versions.exclude(opened_at=None).exclude(demands=None).order_by("number")
    return [
        Opened(
            one.opened_at.astimezone(WASHINGTON).date(),
            one.number,
            {terms["slug"]: terms for terms in one.demands},
        )
        for one in rows
    ]


def as_it_was(demand: Demand, texts: list[Opened], on: date) -> Demand:
    """A demand with the words and the measure that stood on a day; before the first text that has
    it, with those of that text. It is not to be saved.
    """
    having = [one for one in texts if demand.slug in one.demands]
    if not having:
        return demand
    then = next((one for one in reversed(having) if one.day <= on), having[0])
    found = copy(demand)
    for name in TERMS:
        setattr(found, name, then.demands[demand.slug][name])
    return found


def stands_since(slug: str, texts: list[Opened], on: date) -> Opened | None:
    """The text since which a demand stands with the words and the measure that it has on a day."""
    since: Opened | None = None
    for one in texts:
        if slug not in one.demands or (since is not None and one.day > on):
            continue
        if since is None or _differ(since.demands[slug], one.demands[slug], TERMS):
            since = one
    return since


def changes_of(texts: list[Opened]) -> Iterator[Change]:
    """What each text after the first changed of its demands."""
    for before, after in pairwise(texts):
        for slug, terms in after.demands.items():
            old = before.demands.get(slug)
            if old is None or _differ(old, terms, TERMS):
                yield Change(after, slug, old, terms)


def proposed(draft: Version, letter: Letter) -> list[Terms]:
    """What a draft demands: as it was changed in it, else as the letter has it."""
    return list(draft.demands) if draft.demands is not None else as_kept(letter)


def adopt(letter: Letter, version: Version) -> None:
    """Gives a letter the demands of a text that is opened now, and fixes them in the text."""
    for terms in version.demands or ():
        demand = letter.demands.filter(slug=terms["slug"]).first()
        demand = demand or Demand(letter=letter, slug=terms["slug"], number=terms["number"])
        demand.owner = terms.get("owner", demand.owner)
        for name in TERMS:
            setattr(demand, name, terms[name])
        demand.save()
    version.demands = as_kept(letter)


def _differ(one: Terms, other: Terms, names: tuple[str, ...]) -> bool:
    return any(one[name] != other[name] for name in names)
