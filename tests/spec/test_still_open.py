"""Looking at one question at a time finds the same questions as looking at them all."""

from datetime import date

import pytest

from wayhome.engine.graph import compile_graph
from wayhome.engine.questions import next_questions, still_open
from wayhome.programs import rulebook

DAY = date(2026, 5, 4)
CASES = (
    {"removed": True, "detained": False, "case_pending": False, "ordered_in_absentia": True},
    {"removed": False, "detained": True, "detention_start": date(2025, 1, 7)},
)


@pytest.mark.parametrize("facts", CASES)
def test_it_finds_the_same_questions_in_the_order_that_is_given(facts):
    book = rulebook()
    graph = compile_graph(book, DAY, ("return_home", "release"))
    every = {question.fact for question in next_questions(book, graph, facts)}
    order = sorted(book.vocabulary.facts)
    assert list(still_open(book, graph, facts, order)) == sorted(every)
