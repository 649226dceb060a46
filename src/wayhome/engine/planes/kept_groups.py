"""Counts by group kept beside planes, so that asking again does not look at any case."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from wayhome.engine.planes.counting import Group, Histogram

# By group, how many cases have each of the four codes of each unit: a row a unit.
GroupCodes = Mapping[Group, Histogram]


class KeptGroups:
    """The counts that were kept of one table, by column and by the name of a unit's content."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "groups.json"
        self._columns: dict[str, tuple[list[Group], dict[str, list[list[int]]]]] = {}
        if self.path.exists():
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            self._columns = {name: (groups, units) for name, (groups, units) in kept.items()}

    def hold(self, columns: Sequence[str], units: Sequence[str]) -> bool:
        """Whether the counts of all these units by all these columns are kept."""
        return all(c in self._columns and self._columns[c][1].keys() >= {*units} for c in columns)

    def counts(self, column: str, units: Sequence[str]) -> GroupCodes:
        """The counts of some units by a column, as they were kept."""
        groups, kept = self._columns[column]
        rows = np.array([kept[unit] for unit in units], dtype=np.int64)
        return {group: rows[:, place] for place, group in enumerate(groups)}

    def keep(self, units: Sequence[str], found: Mapping[str, GroupCodes]) -> None:
        """Adds counts by column. Those of one table and column always have the same groups."""
        for column, counts in found.items():
            groups = list(counts)
            earlier = self._columns.get(column)
            kept = earlier[1] if earlier and earlier[0] == groups else {}
            codes = np.array(list(counts.values()), np.int64).reshape(len(groups), len(units), 4)
            kept |= zip(units, codes.transpose(1, 0, 2).tolist(), strict=True)
            self._columns[column] = groups, kept
        beside = self.path.with_name(f"{self.path.name}.part")
        beside.write_text(json.dumps(self._columns), encoding="utf-8")
        beside.replace(self.path)
