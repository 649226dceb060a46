"""What a text demands. Words and measure of a demand belong to the text that was signed with them:
they change with a new text only, which asks every signer again, and the day of it is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from wayhome.web.campaign.days import day_of
from wayhome.web.campaign.models import Demand, Letter, Version

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
    """What a new text changed of a demand. `before` is None for one that it adds (`is_again`: an
    earlier text had it), `after` for one that it drops.
    """

    opened: Opened
    slug: str
    before: Terms | None
    after: Terms | None
    is_again: bool = False

    @property
    def words(self) -> bool:
        return _have_changed(self.before, self.after, WORDS)

    @property
    def measure(self) -> bool:
        return _have_changed(self.before, self.after, MEASURE)


@dataclass(frozen=True)
class Dropped:
    """A demand that does not stand any more: as it stood last, and the text that dropped it."""

    terms: Terms
    by: Opened

    @property
    def slug(self) -> str:
        return str(self.terms["slug"])

    @property
    def last_day(self) -> date:
        """The last day to whose end it was signed."""
        return self.by.day - timedelta(days=1)


def as_kept(letter: Letter) -> list[Terms]:
    """The demands that stand now, as a text keeps them. The row of one that was dropped stays: its
    page is public, and tells of the days before.
    """
    texts = history(letter)
    rows = letter.demands.order_by("number")
    return _terms(one for one in rows if not texts or one.slug in texts[-1].demands)


def _terms(rows: Iterable[Demand]) -> list[Terms]:
    return [
        {"slug": one.slug, "number": one.number, **{name: getattr(one, name) for name in TERMS}}
        for one in rows
    ]


def history(letter: Letter) -> list[Opened]:
    """Every text that was open with its demands, the first one first."""
    rows = letter.versions.exclude(opened_at=None).exclude(demands=None).order_by("number")
    return [
        Opened(
            day_of(one.opened_at),
            one.number,
            {terms["slug"]: terms for terms in one.demands},
        )
        for one in rows
    ]


def reasons_since(letter: Letter, signed: Version | None) -> list[str]:
    """Why the organizers changed the text since one that was signed; None: only the newest."""
    opened = list(letter.versions.exclude(opened_at=None).order_by("number"))
    since = [one for one in opened if one.number > signed.number] if signed else opened[-1:]
    return [one.why for one in since if one.why]


def as_opened(draft: Version, letter: Letter, day: date) -> Opened:
    """A draft as if it were opened on a day."""
    return Opened(day, draft.number, {terms["slug"]: terms for terms in proposed(draft, letter)})


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
        if since is not None and one.day > on:
            continue
        if slug not in one.demands:
            since = None
        elif since is None or _differ(since.demands[slug], one.demands[slug], TERMS):
            since = one
    return since


def not_yet_on(letter: Letter, texts: list[Opened], on: date) -> dict[str, Opened]:
    """By their short names, the demands that nobody had signed by the end of a day, each with the
    text that brings it. What a letter demanded that was sent before it came in here was signed.
    """
    found: dict[str, Opened] = {}
    for text in reversed(texts[1:] if letter.stands_before_opening else texts):
        found |= dict.fromkeys(text.demands, text)
    if letter.stands_before_opening and texts:
        found = {slug: text for slug, text in found.items() if slug not in texts[0].demands}
    return {slug: text for slug, text in found.items() if text.day > on}


def dropped_on(texts: list[Opened], on: date) -> dict[str, Dropped]:
    """By their short names, the demands that do not stand on a day any more, by its end."""
    found: dict[str, Dropped] = {}
    for before, after in pairwise(one for one in texts if one.day <= on):
        for slug, terms in before.demands.items():
            if slug not in after.demands:
                found[slug] = Dropped(terms, after)
        for slug in after.demands:
            found.pop(slug, None)
    return found


def changes_of(texts: list[Opened]) -> Iterator[Change]:
    """What each text after the first changed of its demands."""
    had: set[str] = set()
    for before, after in pairwise(texts):
        had |= set(before.demands)
        for slug in {**before.demands, **after.demands}:
            change = Change(
                after, slug, before.demands.get(slug), after.demands.get(slug), slug in had
            )
            is_other = (change.before is None) != (change.after is None)
            if is_other or change.words or change.measure:
                yield change


def proposed(draft: Version, letter: Letter) -> list[Terms]:
    """What a draft demands: as it was changed in it, else as the letter has it."""
    return list(draft.demands) if draft.demands is not None else as_kept(letter)


def adopt(letter: Letter, version: Version) -> None:
    """Gives a letter the demands of a text that is opened now, and fixes them in the text."""
    if version.demands is None:
        version.demands = as_kept(letter)
        return
    for terms in version.demands:
        demand = letter.demands.filter(slug=terms["slug"]).first()
        demand = demand or Demand(letter=letter, slug=terms["slug"], number=terms["number"])
        demand.owner = terms.get("owner", demand.owner)
        for name in TERMS:
            setattr(demand, name, terms[name])
        demand.save()
    slugs = [terms["slug"] for terms in version.demands]
    version.demands = _terms(letter.demands.filter(slug__in=slugs).order_by("number"))


def _have_changed(one: Terms | None, other: Terms | None, names: tuple[str, ...]) -> bool:
    return one is not None and other is not None and _differ(one, other, names)


def _differ(one: Terms, other: Terms, names: tuple[str, ...]) -> bool:
    return any(one[name] != other[name] for name in names)
