"""The facts and the questions that a person is asked about them."""

import csv
import re
from importlib import resources

import pytest

import wayhome.law
from wayhome.law.vocabulary import (
    CASE_ID,
    SCREENING_DATE,
    FactType,
    UnknownFact,
    load_vocabulary,
)
from wayhome.words import help_line, question

VOCABULARY = load_vocabulary()
ASKED = [fact for fact in VOCABULARY if fact.is_asked]

# Words that name a person by a status or an accusation, that frighten, or that promise. Each is
# matched as a whole word, in either language, in questions and in help.
FORBIDDEN = re.compile(
    r"\b(aliens?|illegals?|illegally|undocumented|inmates?|prisoners?|convicts?|offenders?|felons?"
    r"|criminals|deportees?|deportable|removable|absconders?|fugitives?|guarantee\w*|will be freed"
    r"|ilegal(es|mente)?|indocumentad[oa]s?|reos?|presos?|presas?|convictos?|delincuentes?"
    r"|criminales|pandilleros?|deportad[oa]s?|fugitivos?|garantiza\w*|extranjeros?)\b",
    re.IGNORECASE,
)


def rows_of(name):
    text = resources.files(wayhome.law).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


def texts_of(fact):
    return [fact.question, question(fact, "es"), fact.help, help_line(fact, "es")]


def test_it_loads_every_fact_of_the_list_in_its_order():
    assert [fact.name for fact in VOCABULARY] == [row["fact"] for row in rows_of("facts.csv")]


def test_it_asks_about_every_fact_that_a_person_can_answer():
    not_asked = {fact.name for fact in VOCABULARY if not fact.is_asked}
    assert not_asked == {CASE_ID, SCREENING_DATE}


def test_it_has_no_question_for_a_fact_that_does_not_exist_and_none_twice():
    asked = [row["fact"] for row in rows_of("questions.csv")]
    assert asked == [fact.name for fact in ASKED]


def test_it_gives_words_to_choose_from_to_every_category_and_to_nothing_else():
    for fact in VOCABULARY:
        words = fact.values
        assert bool(words) == (fact.type is FactType.CATEGORY), fact.name
        assert len(set(words)) == len(words), fact.name
        assert all(re.fullmatch(r"[A-Za-z0-9]+(_[a-z0-9]+)*", word) for word in words), fact.name


@pytest.mark.parametrize("fact", ASKED, ids=lambda fact: fact.name)
def test_it_asks_one_short_question_in_english_and_in_spanish(fact):
    assert re.fullmatch(r"[A-Z][^?]*\?", fact.question)
    assert re.search(r"¿[^¿?]+\?$", question(fact, "es"))
    assert max(len(fact.question), len(question(fact, "es"))) <= 150
    assert max(len(fact.help), len(help_line(fact, "es"))) <= 180


@pytest.mark.parametrize("fact", ASKED, ids=lambda fact: fact.name)
def test_it_never_names_a_person_by_an_accusation_nor_promises(fact):
    for text in texts_of(fact):
        assert not FORBIDDEN.search(text), text


@pytest.mark.parametrize("fact", ASKED, ids=lambda fact: fact.name)
def test_it_says_usted_and_not_tu(fact):
    informal = re.compile(r"\b(tú|tu|tus|tienes|eres|estás|naciste|fuiste|puedes|quieres)\b", re.I)
    assert not informal.search(f"{question(fact, 'es')} {help_line(fact, 'es')}")


def test_it_asks_yes_or_no_questions_for_yes_or_no_facts_only():
    other_english = re.compile(r"\b(what|which|how|in which)\b[^,]*\?|^(on|at|for) what", re.I)
    other_spanish = re.compile(r"¿(\w+ )?(qué|quién|cuál|cuándo|cómo|dónde|cuánt[oa]s)\b", re.I)
    for fact in ASKED:
        is_open = bool(other_spanish.search(question(fact, "es")))
        assert is_open == (fact.type is not FactType.BOOL), question(fact, "es")
        if fact.type is not FactType.BOOL:
            assert other_english.search(fact.question), fact.question


def test_it_asks_for_a_date_or_a_time_where_the_fact_is_one():
    word = {FactType.DATE: ("date", "fecha"), FactType.DATETIME: ("time", "hora")}
    for fact in ASKED:
        if fact.type in word:
            english, spanish = word[fact.type]
            assert english in fact.question, fact.name
            assert spanish in question(fact, "es"), fact.name


def test_it_asks_for_a_number_where_the_fact_counts():
    for fact in ASKED:
        if fact.type is FactType.INT:
            assert "how many" in fact.question.lower()
            assert re.search(r"cuánt[oa]s", question(fact, "es").lower())


@pytest.mark.parametrize(
    ("name", "phrase"),
    [
        # "Yes" to these must mean that something is missing or against the person.
        ("immigration_advice_missing", "without your lawyer telling"),
        ("bond_denied", "refuse"),
        ("appeal_deadline_missed", "without an appeal"),
        ("independent_ground_remains", "another reason"),
        ("obstructed_removal", "block"),
        ("counsel_ineffective", "mistake"),
        # and to these that nothing is missing.
        ("notice_received", "reach you"),
        ("nta_has_time_and_place", "give the date, time, and place"),
        ("judicial_warrant", "Did a judge sign"),
    ],
)
def test_it_keeps_yes_as_the_answer_that_makes_the_fact_true(name, phrase):
    assert phrase in VOCABULARY[name].question


def test_it_offers_the_nearest_fact_to_a_misspelled_one():
    with pytest.raises(UnknownFact, match="Did you mean ordered_in_absentia"):
        VOCABULARY["ordered_in_absentai"]
