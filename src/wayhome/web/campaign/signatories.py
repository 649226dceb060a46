"""Who has signed a letter, in its order, and how many they are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from wayhome.sources.agreements.meanings import state_code, state_name
from wayhome.sources.letters.same_organization import Verdict
from wayhome.web.campaign.choices import Order, SignatureState
from wayhome.web.campaign.likeness import twins_in
from wayhome.web.campaign.models import Letter, Signature


@dataclass(frozen=True)
class Repeated:
    """A name that stands under a letter more than once."""

    name: str
    times: int


@dataclass(frozen=True)
class Signed:
    """Who signs the text that is open: `lines` as they are printed."""

    lines: list[Signature]
    repeated: list[Repeated]
    asked_again: int

    @property
    def organizations(self) -> int:
        """How many organizations the lines are."""
        return len(self.lines) - sum(one.times - 1 for one in self.repeated)

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
    again = letter.signatures.filter(state=SignatureState.ASKED_AGAIN).count()
    return Signed(in_order(letter, rows), _repeated(letter), again)


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


def _repeated(letter: Letter) -> list[Repeated]:
    same = [pair for pair in twins_in(letter) if pair.likeness.verdict is Verdict.SAME]
    times = Counter(pair.one.printed for pair in same)
    return [Repeated(name, count + 1) for name, count in times.items()]


def _state_in(place: str) -> str:
    """The name of the state at the end of a place; empty where there is none."""
    code = state_code(place.rpartition(",")[2].strip(" ."))
    return state_name(code) if code else ""
