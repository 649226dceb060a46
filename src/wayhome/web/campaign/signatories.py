"""Who has signed a letter, in its order, and how many they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Count

from wayhome.sources.agreements.meanings import state_code, state_name
from wayhome.sources.letters.one_line import Signatory
from wayhome.web.campaign.choices import Order, SignatureState
from wayhome.web.campaign.likeness import SIGNED, repeated_in
from wayhome.web.campaign.models import Letter, Signature


@dataclass(frozen=True)
class Repeated:
    """A name that stands under a letter more than once."""

    name: str
    times: int


@dataclass(frozen=True)
class Signed:
    """Who signs the text that is open: `lines` as they are printed.

    `asked_again`: who signed an earlier text and has been asked; `can_be_asked`: the same with an
    address, but not asked yet; `cannot_be_asked`: the same, and no address is kept.
    """

    lines: list[Signature]
    repeated: list[Repeated]
    asked_again: int
    can_be_asked: int
    cannot_be_asked: int

    @property
    def organizations(self) -> int:
        """How many organizations the lines are."""
        return len(self.lines) - sum(one.times - 1 for one in self.repeated)

    @property
    def by_link(self) -> int:
        """How many lines their organizations confirmed by a link of their own."""
        return sum(line.linked_at is not None for line in self.lines)

    @property
    def named(self) -> int:
        """How many lines only the organizers of the letter have named."""
        return len(self.lines) - self.by_link

    def by_state(self) -> list[tuple[str, list[Signature]]]:
        """Signatories with a place, by the state that stands in it."""
        found: dict[str, list[Signature]] = {}
        for line in self.lines:
            if state := _state_in(line.place):
                found.setdefault(state, []).append(line)
        return sorted(found.items())


def signed(letter: Letter) -> Signed:
    """Who signs a letter now; nobody who has not confirmed."""
    rows = list(letter.signatures.filter(state=SignatureState.CONFIRMED))
    again = letter.signatures.filter(state=SignatureState.ASKED_AGAIN)
    counted = again.aggregate(
        every=Count("pk"), reached=Count("signer"), asked=Count("signer__mailed_at")
    )
    return Signed(
        in_order(letter, rows),
        _repeated(letter, rows),
        asked_again=counted["asked"],
        can_be_asked=counted["reached"] - counted["asked"],
        cannot_be_asked=counted["every"] - counted["reached"],
    )


def signed_after_opening(letter: Letter) -> Signed:
    """Who would sign a letter once its next text is opened: nobody before confirming, but those
    whom organizers named under a draft.
    """
    now = signed(letter)
    if letter.opened_at is None:
        return now
    confirmed = letter.signatures.filter(state=SignatureState.CONFIRMED)
    counted = confirmed.aggregate(every=Count("pk"), reached=Count("signer"))
    return Signed(
        [],
        [],
        asked_again=now.asked_again,
        can_be_asked=now.can_be_asked + counted["reached"],
        cannot_be_asked=now.cannot_be_asked + counted["every"] - counted["reached"],
    )


def counted_by_state(letter: Letter) -> list[tuple[str, int, int]]:
    """Each state with how many signatures stand in it, and of how many an address is kept."""
    rows = letter.signatures.values_list("state")
    return list(rows.annotate(every=Count("pk"), reached=Count("signer")).order_by())


def reach_of_next_text(counted: list[tuple[str, int, int]]) -> dict[str, int]:
    """How many would stand under a next text only after confirming: with an address (`reached`),
    and without one (`not_reached`).
    """
    signs = [(every, reached) for state, every, reached in counted if state in SIGNED]
    reached = sum(reached for _, reached in signs)
    return {"reached": reached, "not_reached": sum(every for every, _ in signs) - reached}


def in_order(letter: Letter, rows: list[Signature]) -> list[Signature]:
    """Signatures as the letter prints them."""
    if letter.order == Order.AS_SIGNED:
        return sorted(rows, key=lambda row: (row.number or 0, row.name))
    return sorted(rows, key=lambda row: (alphabetical(row.name), row.number or 0))


def alphabetical(name: str) -> str:
    """Where a name stands in the alphabet: without accents, marks, and "The" before it."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", letters)
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _repeated(letter: Letter, rows: list[Signature]) -> list[Repeated]:
    """Each organization of more than one line; three lines that are one are counted once."""
    first: dict[int, Signatory] = {}
    names: dict[int, str] = {}
    times: dict[int, int] = {}
    for pair in repeated_in(letter, rows):
        one, other = (_first(first, line) for line in (pair.one, pair.other))
        if one is not other:
            first[id(other)] = one
            times[id(one)] = times.get(id(one), 1) + times.pop(id(other), 1)
            names[id(one)] = one.printed
    return [Repeated(names[key], count) for key, count in times.items()]


def _first(first: dict[int, Signatory], line: Signatory) -> Signatory:
    while id(line) in first:
        line = first[id(line)]
    return line


def _state_in(place: str) -> str:
    """The name of the state at the end of a place; empty where there is none."""
    code = state_code(place.rpartition(",")[2].strip(" ."))
    return state_name(code) if code else ""
