"""Charges: from the courts' many spellings to a section of the statute, and to what it shows.

`charges.csv` says what a section shows; it can be read without this file. A section with a star
speaks for itself and for everything below it, one without for itself alone. What a charge shows
is the sum of all rows that speak for it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

# A charge that no reader can be sure of. It forbids the answer "no such charge".
UNCLEAR = "unclear"

# 212a02Ai  II, 237a01B, 241a11; the paragraph must have its leading zero, for `241a4B` is one of
# 1988 that would look like one of 1991.
COMPACT = re.compile(
    r"(?P<section>212|237|241)a(?P<paragraph>\d{2})\s*"
    r"(?P<letter>[A-Z]?)\s*(?P<roman>[ivx]*)\s*(?P<Roman>[IVX]*)\s*"
)
# (212)(a)(03)(E)(iii)(   ) and 237(a)(4)(E)
BRACKETED = re.compile(r"\(?(?P<section>212|237|241)\)?\(a\)(?P<rest>(?:\([^()]*\))+)\s*")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
LEVELS = (r"\d{1,2}", r"[A-Z]", r"[ivx]+", r"[IVX]+")


@dataclass(frozen=True)
class ChargeRule:
    """One row of `charges.csv`."""

    section: str
    with_all_below: bool
    effects: frozenset[str]

    def speaks_for(self, section: str) -> bool:
        return section == self.section or (
            self.with_all_below and section.startswith(f"{self.section}(")
        )


def normal_section(charge: str) -> str | None:
    """The section in its normal form, `212(a)(2)(A)(i)(II)`, or None when it cannot be read."""
    text = charge.strip()
    bracketed = BRACKETED.fullmatch(text)
    if bracketed:
        parts = [part.strip() for part in IN_BRACKETS.findall(bracketed["rest"])]
        while parts and not parts[-1]:
            parts.pop()
        return _joined(bracketed["section"], parts)
    compact = COMPACT.fullmatch(text)
    if compact is None:
        return None
    parts = [compact[name] for name in ("paragraph", "letter", "roman", "Roman")]
    while not parts[-1]:
        parts.pop()
    return _joined(compact["section"], parts)


def effects_of(charge: str) -> frozenset[str]:
    """What a charge shows: effects of `charges.csv`, or UNCLEAR where it cannot be read."""
    section = normal_section(charge)
    if section is None:
        return frozenset({UNCLEAR})
    speaking = (rule.effects for rule in charge_rules() if rule.speaks_for(section))
    return frozenset().union(*speaking)


@cache
def charge_rules() -> tuple[ChargeRule, ...]:
    text = resources.files(__package__).joinpath("charges.csv").read_text("utf-8")
    return tuple(
        ChargeRule(
            row["section"].removesuffix("*"),
            row["section"].endswith("*"),
            frozenset(row["effects"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def effect_bits() -> dict[str, int]:
    """A bit for every effect, so that what many charges show is told by OR."""
    names = sorted({UNCLEAR}.union(*(rule.effects for rule in charge_rules())))
    return {name: 1 << place for place, name in enumerate(names)}


def effect_mask(charge: str) -> int:
    """The effects of a charge as bits."""
    return sum(effect_bits()[effect] for effect in effects_of(charge))


def _joined(section: str, parts: list[str]) -> str | None:
    """The section with its parts, or None where a level is missing or is not of its kind."""
    if len(parts) > len(LEVELS):
        return None
    forms = zip(parts, LEVELS, strict=False)
    if not all(re.fullmatch(form, part) for part, form in forms):
        return None
    levels = [str(int(parts[0])), *parts[1:]]
    return f"{section}(a)" + "".join(f"({level})" for level in levels)
