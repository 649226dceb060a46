"""What a program's screening comes to for one case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from wayhome.law.kleene import Truth, all_of, any_of, negate
from wayhome.law.rules import Authority, Kind, Rule


class Outcome(StrEnum):
    """A lead for a lawyer, never a verdict."""

    GROUND = "ground"
    GROUND_WITH_BAR = "ground_with_bar"
    OPEN = "open"
    NONE_FOUND = "none_found"


OUTCOME_WORDS = {
    Outcome.GROUND: "a ground holds and no bar stands in its way",
    Outcome.GROUND_WITH_BAR: "a ground holds, and a bar stands before it",
    Outcome.OPEN: "cannot tell yet: it depends on facts that are not known",
    Outcome.NONE_FOUND: "no ground found in these rules",
}


def outcome_of(any_ground: Truth, clear_ground: Truth) -> Outcome:
    """The outcome from two questions: does some ground hold, and does one hold unbarred."""
    if clear_ground:
        return Outcome.GROUND
    if any_ground is False:
        return Outcome.NONE_FOUND
    return Outcome.GROUND_WITH_BAR if any_ground and clear_ground is False else Outcome.OPEN


def program_outcome(
    rules: Sequence[Rule], answers: Mapping[str, Truth], *, demands: bool = False
) -> Outcome:
    """The outcome of one program's rules in force: from the law, or from the demands alone."""
    grounds = [
        rule
        for rule in rules
        if rule.kind is Kind.GROUND and (rule.authority is Authority.DEMAND) is demands
    ]
    bars = [rule for rule in rules if rule.kind is Kind.BAR]
    clear = any_of(
        all_of((answers[g.id], *(negate(answers[b.id]) for b in bars if b.bars(g))))
        for g in grounds
    )
    return outcome_of(any_of(answers[g.id] for g in grounds), clear)
