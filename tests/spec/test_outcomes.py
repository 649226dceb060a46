"""What a program's screening comes to: unknown never becomes no, and a demand is not law."""

from datetime import date

import pytest

from wayhome.engine.findings import CaseScreener
from wayhome.engine.outcomes import Outcome, outcome_of

T, F, U = True, False, None


@pytest.mark.parametrize(
    ("any_ground", "clear_ground", "outcome"),
    [
        (T, T, Outcome.GROUND),
        (T, F, Outcome.GROUND_WITH_BAR),
        (T, U, Outcome.OPEN),
        (U, U, Outcome.OPEN),
        (U, F, Outcome.OPEN),
        (F, F, Outcome.NONE_FOUND),
    ],
)
def test_it_reads_the_outcome_from_two_answers(any_ground, clear_ground, outcome):
    assert outcome_of(any_ground, clear_ground) is outcome


@pytest.fixture
def found(book_of, rule_text):
    demand = rule_text("stay.asked", "disability").replace(
        "authority: statute", "authority: demand\n  asked_by: a letter"
    )
    rules = (
        rule_text("stay.one")
        + rule_text("stay.other", "represented").replace("undo_order", "visa")
        + rule_text("stay.bar", "detained", kind="bar")
        + demand
    )
    book = book_of({"stay": rules})

    def screen(**facts):
        return next(iter(CaseScreener(book, ["stay"]).findings("x", facts, date(2021, 7, 1))))

    return screen


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"removed": T, "detained": F}, Outcome.GROUND),
        ({"removed": T, "detained": T, "represented": F}, Outcome.GROUND_WITH_BAR),
        ({"removed": T, "detained": T}, Outcome.OPEN),  # the other ground, unbarred, may hold
        ({"removed": T}, Outcome.OPEN),  # the bar is not known
        (
            {"removed": F, "represented": T, "detained": T},
            Outcome.GROUND,
        ),  # barred on another route
        ({"removed": F, "represented": F}, Outcome.NONE_FOUND),
        ({}, Outcome.OPEN),
    ],
)
def test_it_sets_bars_only_before_the_routes_they_name(found, facts, outcome):
    assert found(**facts).outcome is outcome


def test_it_shows_what_was_demanded_apart_from_the_law(found):
    finding = found(removed=F, represented=F, disability=T, detained=F)
    assert finding.outcome is Outcome.NONE_FOUND
    assert finding.demand_outcome is Outcome.GROUND
    assert [(g.id, g.authority) for g in finding.grounds] == [("stay.asked", "demand")]
