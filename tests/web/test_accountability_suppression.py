"""No number that was left out can be worked out from those that were not."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest
from django_scopes import scope
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from wayhome.report.suppression import OTHER, SMALLEST, Group, folded, hidden
from wayhome.web.accountability.actions import publish
from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accountability.patterns import (
    PARTITIONS,
    Report,
    lines_of,
    rate_ratio,
    report_from,
)
from wayhome.web.audit.chain import Actor
from wayhome.web.review.taxonomy import taxonomy

CAUSES = list(taxonomy().causes)


def ranges(lines, total):
    """What an attacker can tell of each hidden count: its least and greatest value.

    Everything that is shown, of one cause in all partitions at once, as linear equations.
    """
    unknown = [line for line in lines if line.with_cause is None]
    partitions = {line.partition for line in lines}
    equations, sums = [], []
    for partition in sorted(partitions):
        row = [float(line.partition == partition) for line in unknown]
        known = sum(
            line.with_cause
            for line in lines
            if line.partition == partition and line.with_cause is not None
        )
        equations.append(row)
        sums.append(total - known)
    bounds = [(0, line.cases) for line in unknown]
    for number in range(len(unknown)):
        aim = np.zeros(len(unknown))
        aim[number] = 1
        least, most = (
            linprog(sign * aim, A_eq=equations, b_eq=sums, bounds=bounds) for sign in (1, -1)
        )
        assert least.success
        assert most.success
        yield unknown[number], least.fun, -most.fun


class Cell:
    def __init__(self, partition, line):
        self.partition, self.cases, self.with_cause = partition, line.cases, line.with_cause
        self.group = line.group


def check_report(report):
    for cause in report.causes:
        cells = [Cell(t.partition, line) for t in cause.tables for line in t.lines]
        for cell in cells:
            assert cell.cases >= SMALLEST
            if cell.with_cause is not None:
                assert cell.with_cause >= SMALLEST
                assert cell.cases - cell.with_cause >= SMALLEST
        if cause.with_cause is None:
            assert not cells
            continue
        for cell, least, most in ranges(cells, cause.with_cause):
            assert most - least >= SMALLEST - 1 - 1e-6, (cell.group, least, most)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "year": st.sampled_from(["2017", "2018", "2019", ""]),
            "court": st.sampled_from(["ATL", "BOS", "MIA", "NYC", ""]),
            "agency": st.sampled_from(["ice", "court"]),
            "nationality": st.sampled_from(["HT", "MX", "GT", "SV", "HN", "JM"]),
            "represented": st.sampled_from(["yes", "no"]),
            "causes": st.sampled_from(["", CAUSES[0], CAUSES[1], ",".join(CAUSES[:2])]),
            "recommends": st.booleans(),
            "cases": st.sampled_from([1, 1, 2, 5, 11, 40]),
        }
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_it_lets_nobody_solve_for_a_number_that_was_left_out(rows):
    check_report(report_from(rows))


@settings(max_examples=300, deadline=None)
@given(
    cells=st.lists(
        st.integers(SMALLEST, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        min_size=2,
        max_size=8,
    )
)
def test_it_hides_enough_that_the_total_gives_no_cell_away(cells):
    cases = {str(i): n for i, (n, _) in enumerate(cells)}
    counts = {str(i): k for i, (_, k) in enumerate(cells)}
    total, everybody = sum(counts.values()), sum(cases.values())
    if total < SMALLEST or everybody - total < SMALLEST:
        return
    out = hidden((Group(key, n) for key, n in cases.items()), counts)
    together = sum(counts[key] for key in out)
    assert len(out) != 1
    for key in out:
        others = sum(cases[other] for other in out if other != key)
        least, most = max(0, together - others), min(cases[key], together)
        assert most - least >= SMALLEST - 1


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        # One small cell would follow from the total: the next smallest goes with it.
        ({"a": 3, "b": 20, "c": 40}, {"c"}),
        # Two small cells of 5 and 4: together 9, so a third goes too.
        ({"a": 5, "b": 4, "c": 20, "d": 40}, {"d"}),
        # Nothing small: nothing hidden.
        ({"a": 11, "b": 20, "c": 40}, {"a", "b", "c"}),
        # Nobody is as telling as few.
        ({"a": 0, "b": 20, "c": 40}, {"c"}),
        # All but two of a group have it: that tells of each in it.
        ({"a": 98, "b": 20, "c": 40}, {"c"}),
    ],
)
def test_it_hides_by_hand_worked_examples(counts, shown):
    groups = [Group(key, 100) for key in counts]
    assert set(counts) - hidden(groups, counts) == shown


def test_it_folds_small_groups_until_they_are_no_small_group():
    assert folded({"HT": 50, "MX": 40, "JM": 3}) == {"HT": "HT", "MX": OTHER, "JM": OTHER}
    assert folded({"HT": 50, "JM": 6, "GT": 7}) == {"HT": "HT", "JM": OTHER, "GT": OTHER}
    assert folded({"HT": 50, "MX": 11}) == {"HT": "HT", "MX": "MX"}


def row(cases, causes="", **where):
    every = dict.fromkeys(PARTITIONS, "") | where
    return {**every, "causes": causes, "recommends": True, "cases": cases}


def test_it_says_nothing_of_fewer_than_eleven_cases():
    report = report_from([row(10, "notice")])
    assert (report.cases, report.causes) == (None, ())
    assert list(lines_of(report)) == []


def test_it_counts_shares_and_ratios_with_their_denominators():
    rows = [
        row(30, "notice", nationality="HT"),
        row(70, nationality="HT"),
        row(20, "notice", nationality="MX"),
        row(180, nationality="MX"),
    ]
    report = report_from(rows)
    notice = next(c for c in report.causes if c.code == "notice")
    table = next(t for t in notice.tables if t.partition == "nationality")
    haiti = next(line for line in table.lines if line.group == "Haiti")
    assert (report.cases, notice.with_cause) == (300, 50)
    assert (haiti.cases, haiti.with_cause, haiti.share) == (100, 30, 0.3)
    assert haiti.ratio == pytest.approx(3.0)
    assert 1.8 < haiti.low < 3.0 < haiti.high < 5.1
    # A cause that hardly anybody has is not told at all, and nor is its total.
    assert next(c for c in report.causes if c.code == "counsel").with_cause is None


def test_it_agrees_with_a_published_score_interval():
    # Miettinen and Nurminen 1985, and Koopman 1984: 36/40 against 16/80, ratio 4.5 (2.94 to 7.15).
    ratio, low, high = rate_ratio(36, 40, 16, 80)
    assert ratio == pytest.approx(4.5)
    assert low == pytest.approx(2.94, abs=0.05)
    assert high == pytest.approx(7.15, abs=0.1)


def test_it_has_no_ratio_without_others():
    assert rate_ratio(12, 40, 0, 0) is None
    assert rate_ratio(12, 40, 0, 50) is None


def test_it_keeps_what_is_not_known_apart():
    rows = [row(50, "notice", represented="yes"), row(40, represented=""), row(30, "notice")]
    notice = next(c for c in report_from(rows).causes if c.code == "notice")
    table = next(t for t in notice.tables if t.partition == "represented")
    assert Counter(line.group for line in table.lines) == {"yes": 1, "not known": 1}


# Two editions, and whoever has both.


class Attack:
    """What follows from two reports about the cases of each: linear equations over small counts.

    The attacker knows every group that there is. Unknown are, for each report, group and one cause,
    the cases that came in with that report (with the cause, without it). `cumulated`: the second
    report counts the cases of the first again; else it counts others.
    """

    def __init__(self, reports, code, partition, groups, *, cumulated):
        self.groups = groups
        self.equations, self.sums = [], []
        for number, report in enumerate(reports):
            parts = range(number + 1) if cumulated else [number]
            if report.cases is None:
                continue
            cause = next(c for c in report.causes if c.code == code)
            self._add(parts, groups, report.cases, cause.with_cause)
            tables = [t for c in report.causes for t in c.tables if t.partition == partition]
            shown = {line.group for line in tables[0].lines} if tables else set()
            # The sizes of groups stand in the table of any cause.
            for line in tables[0].lines if tables else ():
                self._add(parts, self._members(line.group, shown), line.cases, None)
            for table in (t for t in cause.tables if t.partition == partition):
                for line in table.lines:
                    members = self._members(line.group, shown)
                    self._add(parts, members, line.cases, line.with_cause)

    def _members(self, group, shown):
        return [g for g in self.groups if g not in shown] if group == OTHER else [group]

    def _add(self, parts, groups, cases, with_cause):
        self._equation([(p, g, side) for p in parts for g in groups for side in (0, 1)], cases)
        if with_cause is not None:
            self._equation([(p, g, 1) for p in parts for g in groups], with_cause)

    def _at(self, part, group, side):
        return (part * len(self.groups) + self.groups.index(group)) * 2 + side

    def _equation(self, places, value):
        row = np.zeros(4 * len(self.groups))
        row[[self._at(*place) for place in places]] = 1
        self.equations.append(row)
        self.sums.append(value)

    def range_of(self, *place):
        """The least and the greatest that a count can be; the greatest may be without end."""
        if not self.equations:
            return 0, np.inf
        aim = np.zeros(4 * len(self.groups))
        aim[self._at(*place)] = 1
        found = [
            linprog(sign * aim, A_eq=np.array(self.equations), b_eq=self.sums) for sign in (1, -1)
        ]
        assert all(one.status in (0, 3) for one in found), [one.message for one in found]
        least, most = found
        return least.fun, np.inf if most.status == 3 else -most.fun

    def isolated(self):
        """The small counts that can be told to within fewer than SMALLEST values.

        That a group had nobody at all tells of nobody.
        """
        for part in (0, 1):
            for group in self.groups:
                ranges = {side: self.range_of(part, group, side) for side in (0, 1)}
                if all(most < 1e-6 for _, most in ranges.values()):
                    continue
                for side, (least, most) in ranges.items():
                    if least < SMALLEST - 1e-6 and most - least < SMALLEST - 1 - 1e-6:
                        yield part, group, side, round(least), round(most)


NATIONS = ["Haiti", "Mexico", "Guatemala", "Jamaica"]


def nations(*counts):
    """Rows by (nationality, with the cause, without it)."""
    for nation, with_it, without in counts:
        for causes, cases in ((CAUSES[0], with_it), ("", without)):
            if cases:
                yield row(cases, causes, nationality=nation)


FIRST = [*nations(("HT", 15, 15), ("MX", 20, 20), ("GT", 20, 20))]
# Eleven cases in all, one of them of a person from Haiti.
SINCE = [*nations(("HT", 1, 0), ("MX", 5, 5))]


def test_it_finds_the_one_new_case_where_reports_are_cumulated():
    reports = [report_from(FIRST), report_from(FIRST + SINCE)]
    attack = Attack(reports, CAUSES[0], "nationality", NATIONS[:3], cumulated=True)
    assert (1, "Haiti", 1, 1, 1) in list(attack.isolated())


def test_it_tells_nothing_of_the_one_new_case_in_an_edition():
    reports = [report_from(FIRST), report_from(SINCE)]
    attack = Attack(reports, CAUSES[0], "nationality", NATIONS[:3], cumulated=False)
    assert list(attack.isolated()) == []


DECIDED = st.lists(
    st.tuples(
        st.sampled_from(["HT", "MX", "GT", "JM"]),
        st.sampled_from([0, 1, 2, 5, 11, 15, 40]),
        st.sampled_from([0, 1, 5, 11, 20]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(first=DECIDED, since=DECIDED)
def test_it_lets_nobody_isolate_a_change_from_two_editions(first, since):
    reports = [report_from([*nations(*first)]), report_from([*nations(*since)])]
    attack = Attack(reports, CAUSES[0], "nationality", NATIONS, cumulated=False)
    assert list(attack.isolated()) == []


@pytest.mark.django_db(databases=["default", "keyring"])
def test_it_makes_editions_that_share_no_case(clinic, member):
    lead = member("lead")
    actor = Actor(lead.user.email, clinic.pk)
    with scope(organization=clinic):
        kept = [
            decided_and_published(actor, lead, n, rows) for n, rows in enumerate([FIRST, SINCE])
        ]
    reports = [Report.from_json(one.report) for one in Publication._base_manager.order_by("pk")]
    assert reports == [report_from(FIRST), report_from(SINCE)]
    assert [one.cases for one in kept] == [110, 11]


def decided_and_published(actor, lead, number, rows):
    many = (one for one in rows for _ in range(one["cases"]))
    FindingRow.objects.bulk_create(
        FindingRow(
            organization=lead.organization,
            key=f"{number} {place}".encode(),
            decided_in=2026,
            nationality=one["nationality"],
            causes=one["causes"],
            recommends=True,
            is_by_panel=False,
        )
        for place, one in enumerate(many)
    )
    made = publish(actor, lead, datetime(2026, 6, 1 + number, tzinfo=UTC))
    # A case that is decided again stays in its edition, and erased ones leave it as it was.
    FindingRow.objects.filter(nationality="MX").update(causes="")
    FindingRow.objects.filter(nationality="GT").first().delete()
    return made
