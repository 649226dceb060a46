"""A condition written out and read again means the same."""

from hypothesis import given
from hypothesis import strategies as st
from tests.generative.strategies import VOCABULARY, cases, conditions, screening_days, tables

from wayhome.engine.plain import Reading
from wayhome.law.conditions import condition_text
from wayhome.law.reading import ConditionReader
from wayhome.law.rules import Rulebook


@given(st.data(), screening_days)
def test_it_reads_a_condition_back_from_its_text(data, as_of):
    table = data.draw(tables("first"))
    condition = data.draw(conditions([table], [], spoken=True))
    rulebook = Rulebook(VOCABULARY, (), {}, {"first": table})
    read = ConditionReader(VOCABULARY, rulebook.tables).read_condition(condition_text(condition))
    for facts in data.draw(st.lists(cases(), min_size=1, max_size=4)):
        reading = Reading(rulebook, as_of, facts)
        assert reading.truth(read) is reading.truth(condition)
