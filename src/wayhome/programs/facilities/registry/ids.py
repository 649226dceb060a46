"""The id of each facility, which is in the address of its page, and the ids that it had before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from wayhome.programs.facilities.registry.field_values import newest_name
from wayhome.programs.facilities.registry.units import Unit

Group = Sequence[Unit]


def ids_of(groups: Sequence[Group]) -> tuple[str, ...]:
    """The id of each group, in their order; none twice."""
    taken: set[str] = set()
    return tuple(_free(_id(group), taken) for group in groups)


def codes_of(group: Group) -> tuple[str, ...]:
    """Its codes, the one in use last first."""

    def last_use(unit: Unit) -> str:
        return max(unit.first("last_day") or "", unit.first("last_use") or "")

    coded = sorted((unit for unit in group if unit.code), key=lambda unit: unit.code or "")
    coded.sort(key=last_use, reverse=True)
    return tuple(unit.code for unit in coded if unit.code)


def former_ids(groups: Sequence[Group], undecided: Sequence[Group]) -> tuple[tuple[str, ...], ...]:
    """Of each group the ids that it, or a part of it, may have had before, in their order.

    `undecided`: the groups as they are without what persons decided. What a unit is called alone
    counts too: so it was called until another source had its code, or a newer name. An id that is
    in use is none of them, nor one that two groups may have had.
    """
    place = {unit.number: at for at, group in enumerate(groups) for unit in group}
    claimed: dict[str, set[int]] = defaultdict(set)
    for id, group in _every_id(groups, undecided):
        claimed[id] |= {place[unit.number] for unit in group}
    in_use = set(ids_of(groups))
    found: list[list[str]] = [[] for _ in groups]
    for id, places in sorted(claimed.items()):
        if id not in in_use and len(places) == 1:
            found[min(places)].append(id)
    return tuple(map(tuple, found))


def _every_id(
    groups: Sequence[Group], undecided: Sequence[Group]
) -> Iterator[tuple[str, Sequence[Unit]]]:
    yield from zip(ids_of(undecided), undecided, strict=True)
    yield from ((_id((unit,)), (unit,)) for group in groups for unit in group)


def _id(group: Group) -> str:
    """Its first code in lower case, else its state and newest name."""
    if codes := codes_of(group):
        return codes[0].lower()
    state = next((unit.state for unit in group if unit.state), None) or ""
    name = newest_name([row for unit in group for row in unit.rows])
    return re.sub(r"[^a-z0-9]+", "-", f"{state} {name}".lower()).strip("-") or "unnamed"


def _free(id: str, taken: set[str]) -> str:
    free, number = id, 2
    while free in taken:
        free, number = f"{id}-{number}", number + 1
    taken.add(free)
    return free
