"""No number that was left out can be worked out from those that were not."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from wayhome.web.accountability.patterns import PARTITIONS, lines_of, rate_ratio, report_from
from wayhome.web.accountability.suppression import OTHER, SMALLEST, Group, folded, hidden
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
