"""Leaving out small numbers, and as many others as it takes that nobody can work them out.

A table is one question ("how many cases have this cause?") over the groups of one partition (years,
courts, ...), with the number of cases of each group and the totals beside it. SMALLEST is 11, as
the US Centers for Medicare & Medicaid Services ask for health records (CMS Cell Size Suppression
Policy, 2024-01-26: no cell of 1 to 10, nor any that lets one be derived). We also hide 0, and
groups in which fewer than 11 cases do *not* have the cause: that everybody from one country had it
tells of each.

How: small groups are first folded into one ("all other"), so that every group shown has SMALLEST
cases or more. Then a count is hidden where it, or the group's cases without the cause, are fewer
than SMALLEST. Then the smallest shown counts are hidden as well until the hidden groups taken
together are no small number themselves: two groups or more, and SMALLEST cases or more both with
the cause and without. Each hidden count can then be any of SMALLEST values or more, whatever is
shown beside it: the partitions share only the total, so no other table narrows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SMALLEST = 11
OTHER = "all other"


@dataclass(frozen=True)
class Group:
    """A group of a partition: its key, and how many cases it has."""

    key: str
    cases: int


def folded(cases: Mapping[str, int]) -> dict[str, str]:
    """For each group the key it is shown under: its own, or OTHER where it is too small.

    OTHER is itself no small group: the smallest of the rest is folded into it where it would be.
    """
    by_size = sorted(cases, key=lambda key: (cases[key], key))
    small = [key for key in by_size if cases[key] < SMALLEST]
    while small and sum(cases[key] for key in small) < SMALLEST and len(small) < len(by_size):
        small.append(by_size[len(small)])
    return {key: OTHER if key in small else key for key in cases}


def is_small(with_it: int, cases: int) -> bool:
    """Whether a count tells too much: of those who have it, or of those who do not."""
    return with_it < SMALLEST or cases - with_it < SMALLEST


def hidden(groups: Iterable[Group], with_it: Mapping[str, int]) -> frozenset[str]:
    """The groups whose count is left out, so that none that is small can be worked out.

    `with_it`: how many cases of each group have the cause. The total must not be small itself
    (`is_small`): then all is hidden, which is the caller's to do.
    """
    cases = {group.key: group.cases for group in groups}
    out = {key for key in cases if is_small(with_it[key], cases[key])}
    if not out:
        return frozenset()
    rest = sorted(cases.keys() - out, key=lambda key: (with_it[key], key))
    while rest and _can_be_worked_out(out, cases, with_it):
        out.add(rest.pop(0))
    return frozenset(out)


def _can_be_worked_out(out: set[str], cases: Mapping[str, int], with_it: Mapping[str, int]) -> bool:
    together = sum(with_it[key] for key in out)
    return len(out) < 2 or is_small(together, sum(cases[key] for key in out))


def kept_apart(cells: Mapping[str, tuple[int, ...]]) -> dict[str, str] | None:
    """For each group of one question the key it is shown under: its own, or OTHER.

    `cells`: how many cases of each group have each of the answers, every case in exactly one. A
    group is shown by itself where each of its cells is SMALLEST or more, and OTHER is no small
    group either: the smallest of the rest go into it until it is none. So nothing that is shown,
    and no difference of what is shown, is a small number, but an answer that no case of the whole
    has, which everybody may know. None: even all groups together are too few to be shown.
    """
    whole = tuple(map(sum, zip(*cells.values(), strict=True)))
    if not any(whole) or not _is_shown(whole, whole):
        return None
    by_size = sorted(cells, key=lambda key: (sum(cells[key]), key))
    out = [key for key in by_size if not _is_shown(cells[key], whole)]
    rest = [key for key in by_size if key not in out]
    while out and rest and not _is_shown(_together(cells, out), whole):
        out.append(rest.pop(0))
    return {key: OTHER if key in out else key for key in cells}


def _together(cells: Mapping[str, tuple[int, ...]], keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(cells[key] for key in keys), strict=True)))


def _is_shown(cells: tuple[int, ...], whole: tuple[int, ...]) -> bool:
    return all(own >= SMALLEST for own, all_of_it in zip(cells, whole, strict=True) if all_of_it)
