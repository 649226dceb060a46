"""The docket of the record as its pages show it: counts and shares, none of them small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from babel import Locale

from wayhome.public_record.docket_counts import NOT_KNOWN
from wayhome.public_record.record import PublicRecord, Source
from wayhome.report.suppression import OTHER
from wayhome.sources.eoir.codes import courts
from wayhome.web.observatory.wording import say

# By what each measure is divided, in the order of its pages. Which table it is in.
MEASURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "pending": ("docket_counts", ("year", "court", "nationality", "represented")),
    "in_absentia": ("docket_counts", ("year", "court", "nationality", "represented")),
    "detained": ("docket_disparities", ("nationality", "court", "represented")),
    "granted": ("docket_disparities", ("nationality", "court", "represented")),
}
ANSWERS = ("true", "false", "cannot tell")
_LAST = (NOT_KNOWN, OTHER)


@dataclass(frozen=True)
class Group:
    """A group and its numbers: `count` of `denominator`, the share with its 95% interval."""

    key: str
    count: int
    denominator: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Divided:
    """A measure by one dimension. `together`: groups too few to be shown, counted as OTHER."""

    measure: str
    by: str
    groups: tuple[Group, ...]
    together: tuple[str, ...]


@dataclass(frozen=True)
class Reached:
    """How many cases of a group a demand reaches, does not reach, and nobody can tell of."""

    key: str
    reached: int
    not_reached: int
    unknown: int

    @property
    def cases(self) -> int:
        return self.reached + self.not_reached + self.unknown

    def share(self, answer: str) -> float:
        """Of all cases of the group, 0 to 1."""
        number = (self.reached, self.not_reached, self.unknown)[ANSWERS.index(answer)]
        return number / self.cases if self.cases else 0.0


def docket_source(record: PublicRecord) -> Source | None:
    """The release that the docket is from; None where no docket has been published."""
    found = [one for one in record.sources.values() if one.publication == "docket"]
    return found[-1] if found and record.table("docket_counts").num_rows else None


@lru_cache(maxsize=4)
def totals(record: PublicRecord) -> Mapping[str, Group]:
    """All cases of the docket, by measure; one that is too few to be shown is not there."""
    rows = record.table("docket_counts").to_pylist()
    return {row["measure"]: _group(row, "") for row in rows if not row["by"]}


@lru_cache(maxsize=4)
def divided(record: PublicRecord) -> Mapping[tuple[str, str], Divided]:
    """Every measure by every dimension that the record has."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for measure, (table, _) in MEASURES.items():
        for row in record.table(table).to_pylist():
            if row["measure"] == measure and row["by"]:
                rows[measure, row["by"]].append(row)
    return {key: _divided(*key, found) for key, found in rows.items()}


def _divided(measure: str, by: str, rows: list[Mapping[str, Any]]) -> Divided:
    shown = [_group(row, row["group"]) for row in rows if not row["suppressed"]]
    together = sorted(row["group"] for row in rows if row["suppressed"])
    return Divided(measure, by, tuple(sorted(shown, key=lambda g: _order(by, g))), tuple(together))


def _group(row: Mapping[str, Any], key: str) -> Group:
    numbers = (row[name] for name in ("count", "denominator", "share", "low", "high"))
    return Group(key, *numbers)


def _order(by: str, group: Group) -> tuple[int, int, str]:
    """Years from the newest, other groups from the largest; what is not known comes last."""
    last = _LAST.index(group.key) + 1 if group.key in _LAST else 0
    size = -int(group.key) if by == "year" and not last else -group.denominator
    return last, size, group.key


@lru_cache(maxsize=4)
def reached(record: PublicRecord) -> Mapping[str, Mapping[str, tuple[Reached, ...]]]:
    """By demand and dimension ("" is all cases): each group, the largest first."""
    counts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for row in record.table("docket_simulation").to_pylist():
        key = row["demand"], row["by"] or "", row["group"] or ""
        counts[key][row["answer"]] = row["count"]
    found: dict[str, dict[str, list[Reached]]] = defaultdict(lambda: defaultdict(list))
    for (demand, by, group), own in counts.items():
        found[demand][by].append(Reached(group, *(own[answer] for answer in ANSWERS)))
    return {
        demand: {
            by: tuple(sorted(groups, key=lambda one: (one.key in _LAST, -one.cases, one.key)))
            for by, groups in dimensions.items()
        }
        for demand, dimensions in found.items()
    }


@lru_cache(maxsize=4)
def law_on(record: PublicRecord) -> date | None:
    """The day of the law by which it was told whom the demands reach."""
    days = record.table("docket_simulation")["law_on"]
    return days[0].as_py() if len(days) else None


def group_name(language: str, by: str, key: str) -> str:
    """A group as a reader knows it."""
    if key == OTHER:
        return say(language, "docket.all_other")
    if key == NOT_KNOWN:
        return say(language, "docket.no_lawyer_known" if by == "represented" else "frame.unknown")
    if by == "represented":
        return say(language, f"docket.represented_{key}")
    if by == "court":
        court = courts().get(key)
        return f"{court.place} ({key})" if court else key
    if by == "nationality":
        return str(Locale(language).territories.get(key, key))
    return key
