"""The seven changes of the 100-day letter, each with the rule that states whom it reaches.

`demands.csv` lists them in the letter's order, in this project's own short words.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from wayhome.law.rules import Authority, Rule, Rulebook
from wayhome.law.vocabulary import did_you_mean, nearest_spelling

LETTER = "We Are Home and others, letter to Secretary Mayorkas (100 days, 2021)"


class UnknownDemand(KeyError):
    """A demand that the letter's list does not hold."""

    def __str__(self) -> str:
        return str(self.args[0])


class DemandWithoutRule(ValueError):
    """A demand whose rule is missing from a rulebook, or is no demand there."""


@dataclass(frozen=True)
class Demand:
    """One change that the letter asks for. `number` is its place there, from 1."""

    id: str
    number: int
    words: str
    program: str
    rule: str


@cache
def demands() -> tuple[Demand, ...]:
    """Every demand, in the letter's order."""
    text = resources.files(__package__).joinpath("demands.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Demand(row["demand"], number, row["words"], row["program"], row["rule"])
        for number, row in enumerate(rows, start=1)
    )


def chosen_demands(name: str) -> tuple[Demand, ...]:
    """The demand of an id, or every one for `all`. Raises UnknownDemand."""
    if name == "all":
        return demands()
    known = {demand.id: demand for demand in demands()}
    if name in known:
        return (known[name],)
    hint = did_you_mean(nearest_spelling(name, known))
    listed = ", ".join((*known, "all"))
    raise UnknownDemand(f"There is no demand {name!r}.{hint} There are: {listed}.")


def rules_of_demands(rulebook: Rulebook, asked: Sequence[Demand]) -> tuple[Rule, ...]:
    """The rule of each demand. Raises DemandWithoutRule with every fault found, a line each."""
    faults = [fault for demand in asked if (fault := _fault(rulebook, demand))]
    if faults:
        raise DemandWithoutRule("\n".join(faults))
    return tuple(rulebook.rules[demand.rule] for demand in asked)


def _fault(rulebook: Rulebook, demand: Demand) -> str:
    rule = rulebook.rules.get(demand.rule)
    place = f"demands.csv: the demand {demand.id} is stated by the rule {demand.rule}"
    if rule is None:
        hint = did_you_mean(nearest_spelling(demand.rule, rulebook.rules))
        return f"{place}, which the rulebook does not hold.{hint}"
    if rule.authority is not Authority.DEMAND:
        return f"{place}, whose authority is {rule.authority}; it must be {Authority.DEMAND}."
    if rule.program != demand.program:
        return f"{place} of {rule.program}, but the list puts it under {demand.program}."
    return ""
