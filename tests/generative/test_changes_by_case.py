"""Whom demands reach and whose outcomes change, against the plain reader case by case."""

from collections import Counter
from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generative.fact_tables import table_of
from tests.generative.strategies import (
    COLOURS,
    HISTORIES,
    VOCABULARY,
    cases,
    rulebooks,
    screening_days,
)

from wayhome.changes.case_changes import Case, changes_of_case, changes_of_cases
from wayhome.changes.change_list import ChangeCounts
from wayhome.changes.demands import Demand
from wayhome.changes.docket_changes import changes_of_docket
from wayhome.changes.reasons import Law, Reason
from wayhome.changes.simulation import simulate
from wayhome.engine import plain
from wayhome.engine.fact_tables import fact_table_of
from wayhome.law.conditions import AllOf, Holds, Not, RuleHolds, walk
from wayhome.law.rules import Authority
from wayhome.law.vocabulary import FactType

GROUPS = {"nationality": "country", "year": "day_a"}


@pytest.fixture(autouse=True)
def small_blocks():
    with (
        patch("wayhome.engine.planes.work.BLOCK_ROWS", 64),
        patch("wayhome.engine.fact_tables.BLOCK_ROWS", 64),
    ):
        yield


@st.composite
def many_cases(draw):
    few = draw(st.lists(cases(), min_size=1, max_size=8))
    chance = draw(st.randoms(use_true_random=False))
    return [chance.choice(few) for _ in range(draw(st.sampled_from([1, 5, 64, 70])))]


def demanded(rulebook):
    """The rulebook with every rule a demand, and its demands."""
    rules = {n: replace(r, authority=Authority.DEMAND) for n, r in rulebook.rules.items()}
    asked = [
        Demand(f"demand_{i}", i, "words", r.program, n) for i, (n, r) in enumerate(rules.items())
    ]
    return replace(rulebook, rules=rules), asked


def counted(answers):
    return tuple(sum(a is value for a in answers) for value in (True, False, None))


def group_of(name, row):
    value = row.get(GROUPS[name])
    return value.year if isinstance(value, date) else value


@given(rulebooks(most_rules=4), screening_days, many_cases())
def test_it_counts_whom_a_demand_reaches_as_the_plain_reader_does(rulebook, as_of, rows):
    book, asked = demanded(rulebook)
    table = fact_table_of(table_of(rows), VOCABULARY)
    found = simulate(book, asked, table, as_of, source="a test", is_synthetic=True, groups=GROUPS)
    told = [plain.answers(book, as_of, row) for row in rows]
    for demand in found.demands:
        rule = demand.rule
        if not rule.is_in_force(as_of):
            assert demand.reach is None
            continue
        answers = [answer[rule.id] for answer in told]
        reach = demand.reach
        assert (reach.reached, reach.not_reached, reach.unknown) == counted(answers)
        assert reach.cases == len(rows)
        for name, groups in demand.groups.items():
            assert set(groups) == {group_of(name, row) for row in rows}
            for label, of_group in groups.items():
                own = [a for a, r in zip(answers, rows, strict=True) if group_of(name, r) == label]
                counts = of_group.reached, of_group.not_reached, of_group.unknown
                assert counts == counted(own)
                assert of_group.at_least <= own.count(True) + own.count(None) == of_group.at_most


@given(rulebooks(most_rules=3), screening_days, many_cases())
def test_it_says_what_would_settle_a_demand(rulebook, as_of, rows):
    book, asked = demanded(rulebook)
    table = fact_table_of(table_of(rows), VOCABULARY)
    found = simulate(book, asked, table, as_of, source="a test", is_synthetic=True, groups={})
    every = {FactType.BOOL: (True, False), FactType.CATEGORY: COLOURS}
    for demand in found.demands:
        for missing in demand.missing:
            fact, rule = missing.fact, demand.rule.id
            waiting = [
                row
                for row in rows
                if fact.name not in row and plain.answers(book, as_of, row)[rule] is None
            ]
            assert missing.cases == len(waiting)
            if fact.type in every:
                settled = sum(
                    any(
                        plain.answers(book, as_of, {**row, fact.name: value})[rule] is not None
                        for value in every[fact.type]
                    )
                    for row in waiting
                )
                if fact.type is FactType.BOOL:
                    assert missing.could_settle == settled
            if missing.could_settle is not None:
                assert missing.could_settle <= missing.cases


@st.composite
def edited(draw, rulebook):
    """The rulebook as somebody else might write it: rules changed or gone, tables shorter."""
    every = [c for rule in rulebook.rules.values() for c in walk(rule.condition)]
    read = {c.rule for c in every if isinstance(c, RuleHolds)}
    changes = {
        "otherwise": lambda r: replace(r, condition=Not(r.condition)),
        "stricter": lambda r: replace(r, condition=AllOf((r.condition, Holds("yes_a")))),
        "demanded": lambda r: replace(r, authority=Authority.DEMAND),
        "before nothing": lambda r: replace(r, stands_before=()),
        "other days": lambda r: replace(r, history=HISTORIES[2]),
    }
    rules = {}
    for place, (name, rule) in enumerate(rulebook.rules.items()):
        what = draw(st.sampled_from(["same", "gone", *changes]))
        if what != "gone" or name in read or place == 0:
            rules[name] = changes.get(what, lambda r: r)(rule)
    first = next(iter(rules))
    rules[first] = replace(rules[first], history=HISTORIES[0])
    shorter = draw(st.booleans())
    tables = {n: replace(t, rows=t.rows[shorter:]) for n, t in rulebook.tables.items()}
    return replace(rulebook, rules=rules, tables=tables, _rows={})


@st.composite
def two_books(draw):
    one = draw(rulebooks(most_rules=4))
    books = [one, draw(edited(one))]
    return books if draw(st.booleans()) else books[::-1]


@given(two_books(), screening_days, screening_days, many_cases())
def test_it_lists_docket_changes_as_case_by_case(books, one_day, other_day, rows):
    old, new = Law("old", books[0], one_day), Law("new", books[1], other_day)
    lists = []
    for as_docket in (True, False):
        counts = ChangeCounts("old", "new", "a test", True, tuple(GROUPS))
        batches = []
        if as_docket:
            table = fact_table_of(table_of(rows), VOCABULARY)
            changes_of_docket(old, new, table, counts, GROUPS, batches.append)
        else:
            people = [Case(str(number), row) for number, row in enumerate(rows)]
            changes_of_cases(old, new, people, counts, GROUPS, batches.append)
        listed = [
            tuple(str(value) for value in row.values()) for b in batches for row in b.to_pylist()
        ]
        lists.append((counts, sorted(listed)))
    (docket, docket_rows), (people, people_rows) = lists
    assert docket_rows == people_rows
    assert docket.changed_cases == people.changed_cases
    assert docket.cases == people.cases == len(rows)
    assert docket.moves == people.moves
    assert docket.groups == people.groups
    assert docket.rules == people.rules
    for name in GROUPS:
        by = Counter()
        for counter in docket.by(name).values():
            by += counter
        assert by == docket.moves


@given(two_books(), screening_days, screening_days, cases())
def test_it_gives_a_reason_for_every_change(books, one_day, other_day, facts):
    old, new = Law("old", books[0], one_day), Law("new", books[1], other_day)
    for change in changes_of_case(old, new, Case("a", facts)):
        assert change.move.before is not change.move.after
        assert change.why
        assert all(moved.reason != Reason.NONE for moved in change.why)
