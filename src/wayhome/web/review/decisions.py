"""What two or three findings come to; in words: docs/how-to/review-a-case.md.

- Two findings agree when they recommend the same and accept the same grounds. Otherwise a third
  reader reads the case, and what two of the three say counts: of the recommendation, of each
  ground, each cause, the agency and the court, each by itself.
- A cause, agency or court counts where at least two coded it, so that it never rests on one
  person. That the two differ in causes alone sends no case to a third reader: a coding in which
  the outcome is not at stake need not keep a person waiting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wayhome.web.review.models import Finding

_ENOUGH = 2


@dataclass(frozen=True)
class Decision:
    """What the findings of a round come to. An empty agency or court is "not settled"."""

    recommends: bool
    grounds: tuple[str, ...]
    causes: tuple[str, ...]
    agency: str
    court: str


def accepted(finding: Finding) -> frozenset[str]:
    """The grounds that a reviewer accepted."""
    return frozenset(rule for rule, found in finding.grounds.items() if found["accepted"])


def agree(first: Finding, second: Finding) -> bool:
    """Whether two findings need no third reader."""
    return (first.recommends, accepted(first)) == (second.recommends, accepted(second))


def differences(first: Finding, second: Finding) -> list[str]:
    """What the two differ in: "recommendation", and the rule ids of grounds."""
    grounds = sorted(accepted(first) ^ accepted(second))
    return ["recommendation", *grounds] if first.recommends != second.recommends else grounds


def decision_of(findings: Sequence[Finding]) -> Decision:
    """The decision of two findings that agree, or of three."""
    return Decision(
        recommends=sum(f.recommends for f in findings) * 2 > len(findings),
        grounds=_told_by_two(rule for f in findings for rule in accepted(f)),
        causes=_told_by_two(cause for f in findings for cause in f.causes),
        agency=next(iter(_told_by_two(f.agency for f in findings if f.agency)), ""),
        court=next(iter(_told_by_two(f.court for f in findings if f.court)), ""),
    )


def _told_by_two(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(code for code, many in Counter(codes).items() if many >= _ENOUGH))
