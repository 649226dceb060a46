"""What went wrong, over decided cases: by year, court, agency, nationality, lawyer or none.

Each line is a share: the cases of a group that have a cause, of all decided cases of that group.
The rate ratio is that share over the share among all other cases, with a 95 % interval (Miettinen
and Nurminen's score interval, statsmodels). Small numbers are left out (suppression.py) before
anything leaves this file; page, export and public page are drawn from the same Report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from django.db.models import Count, QuerySet

from wayhome.report.suppression import OTHER, SMALLEST, Group, folded, hidden, is_small
from wayhome.sources.case_files.countries import country_names
from wayhome.web.accountability.models import FindingRow
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.review.taxonomy import court_names, taxonomy

NOT_KNOWN = "not known"
PARTITIONS = {
    "year": "Year of the order",
    "court": "Immigration court",
    "agency": "Agency whose act it was",
    "nationality": "Nationality",
    "represented": "Had a lawyer",
}


class Row(Protocol):
    """One sort of decided case and how many there are of it: a key a partition, causes, cases."""

    def __getitem__(self, key: str) -> Any: ...


@dataclass(frozen=True)
class Line:
    """A cause in a group. None: left out, or (a ratio) without sense."""

    group: str
    cases: int
    with_cause: int | None
    share: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Table:
    """A cause over one partition."""

    partition: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class CauseReport:
    """A cause: in how many of all decided cases (None: too few to say), and its tables."""

    code: str
    name: str
    definition: str
    with_cause: int | None
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Report:
    """Everything that may be shown. `cases` is the denominator: decided cases (None: too few)."""

    cases: int | None
    recommended: int | None
    causes: tuple[CauseReport, ...]
    smallest: int = SMALLEST
    is_invented: bool = False

    def as_json(self) -> dict[str, Any]:
        """As a Publication keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Report:
        """What `as_json` gave."""
        causes = tuple(
            CauseReport(**{**cause, "tables": tuple(map(_table_from_json, cause["tables"]))})
            for cause in kept["causes"]
        )
        return cls(**{**kept, "causes": causes})


def _table_from_json(kept: dict[str, Any]) -> Table:
    return Table(**{**kept, "lines": tuple(Line(**line) for line in kept["lines"])})


def report_of(member: Membership | None) -> Report:
    """The report of an organization as it is now, for whoever may see patterns and the cases.

    It moves with each decision, and so tells of it: all others read editions (editions.py).
    """
    check_may(member, Deed.SEE_PATTERNS)
    check_may(member, Deed.SEE_CASE)
    assert member is not None
    return report_for(FindingRow.objects.filter(organization=member.organization_id))


def report_for(rows: QuerySet[FindingRow]) -> Report:
    """The report over rows; the caller has asked whether it may be shown."""
    sorts = rows.values(*PARTITIONS, "causes", "recommends").annotate(cases=Count("pk"))
    invented = rows.filter(is_invented=True).exists()
    return report_from(list(sorts), is_invented=invented)


def report_from(rows: Iterable[Row], *, is_invented: bool = False) -> Report:
    """The report over sorts of cases (see Row)."""
    rows = list(rows)
    cases = sum(row["cases"] for row in rows)
    if cases < SMALLEST:
        return Report(None, None, (), is_invented=is_invented)
    recommended = sum(row["cases"] for row in rows if row["recommends"])
    partitions = [_Partition(name, rows) for name in PARTITIONS]
    return Report(
        cases=cases,
        recommended=None if is_small(recommended, cases) else recommended,
        causes=tuple(_cause_report(code, rows, cases, partitions) for code in taxonomy().causes),
        is_invented=is_invented,
    )


class _Partition:
    """The cases by the groups of one partition as they are shown, small ones folded."""

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        self.name = name
        rows = list(rows)
        every: Counter[str] = Counter()
        for row in rows:
            every[row[name]] += row["cases"]
        self.shown_as = folded(every)
        self.cases: Counter[str] = Counter()
        for key, many in every.items():
            self.cases[self.shown_as[key]] += many

    def with_cause(self, code: str, rows: Iterable[Row]) -> Counter[str]:
        found: Counter[str] = Counter(dict.fromkeys(self.cases, 0))
        for row in rows:
            if code in row["causes"].split(","):
                found[self.shown_as[row[self.name]]] += row["cases"]
        return found


def _cause_report(
    code: str, rows: list[Row], cases: int, partitions: list[_Partition]
) -> CauseReport:
    cause = taxonomy().causes[code]
    total = sum(row["cases"] for row in rows if code in row["causes"].split(","))
    if is_small(total, cases):
        return CauseReport(code, cause.name, cause.definition, None, ())
    tables = tuple(_table(p, p.with_cause(code, rows), total, cases) for p in partitions)
    return CauseReport(code, cause.name, cause.definition, total, tables)


def _table(partition: _Partition, with_it: Counter[str], total: int, cases: int) -> Table:
    out = hidden((Group(key, many) for key, many in partition.cases.items()), with_it)
    lines = (
        _line(partition, key, None if key in out else with_it[key], total, cases)
        for key in sorted(partition.cases, key=lambda key: _order(partition, key))
    )
    return Table(partition.name, PARTITIONS[partition.name], tuple(lines))


def _order(partition: _Partition, key: str) -> tuple[bool, bool, int, str]:
    """Years in their order, other groups by size; "not known" and "all other" last."""
    size = 0 if partition.name == "year" else -partition.cases[key]
    return key == "", key == OTHER, size, key


def _line(partition: _Partition, key: str, with_cause: int | None, total: int, cases: int) -> Line:
    of = partition.cases[key]
    name = label(partition.name, key)
    if with_cause is None:
        return Line(name, of, None)
    share = with_cause / of
    ratio = rate_ratio(with_cause, of, total - with_cause, cases - of)
    return Line(name, of, with_cause, share, *(ratio or (None, None, None)))


def rate_ratio(one: int, of_one: int, rest: int, of_rest: int) -> tuple[float, float, float] | None:
    """The share among these over the share among the rest, with its 95 % interval.

    None where there is no rest, or nobody in it has the cause.
    """
    if not of_rest or not rest:
        return None
    # Two seconds to import: not for everybody who starts the application.
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

    low, high = confint_proportions_2indep(
        one, of_one, rest, of_rest, compare="ratio", method="score"
    )
    return (one / of_one) / (rest / of_rest), float(low), float(high)


def label(partition: str, key: str) -> str:
    """A group as a reader knows it."""
    if key in ("", OTHER):
        return key or NOT_KNOWN
    names = {
        "court": court_names(),
        "agency": taxonomy().agencies,
        "nationality": {code: names[0] for code, names in country_names().items()},
    }
    return names.get(partition, {}).get(key, key)


def lines_of(report: Report) -> Iterator[dict[str, Any]]:
    """The report line by line, as it is exported."""
    for cause in report.causes:
        yield _export(cause, "all decided cases", Line("all", report.cases or 0, cause.with_cause))
        for table in cause.tables:
            for line in table.lines:
                yield _export(cause, table.title, line)


def _export(cause: CauseReport, by: str, line: Line) -> dict[str, Any]:
    return {
        "cause": cause.name,
        "by": by,
        "group": line.group,
        "decided cases (denominator)": line.cases,
        "cases with the cause": line.with_cause,
        "share": line.share,
        "rate ratio to all other cases": line.ratio,
        "95% low": line.low,
        "95% high": line.high,
    }
