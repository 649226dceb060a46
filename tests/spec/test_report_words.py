"""The words of the reports: both languages say everything, and numbers are never misleading."""

import re
from datetime import date
from importlib import resources

import pytest
import yaml

from wayhome.engine.outcomes import Outcome
from wayhome.law.history import InForce
from wayhome.law.rules import Authority, Confidence, Kind
from wayhome.programs import FOLDER
from wayhome.report.palette import LOOKS
from wayhome.report.words import LANGUAGES, UnknownLanguage, share, words

TEXTS = yaml.safe_load(
    resources.files("wayhome.report").joinpath("words.yaml").read_text(encoding="utf-8")
)


def flat(texts, before=""):
    for key, value in texts.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def test_it_says_everything_in_every_language():
    english, spanish = (dict(flat(TEXTS[language])) for language in LANGUAGES)
    assert english.keys() == spanish.keys()
    assert all(isinstance(text, str) and text for text in (*english.values(), *spanish.values()))


def test_it_fills_the_same_blanks_in_every_language():
    def blanks(text):
        return sorted(re.findall(r"\{(\w+)\}", text))

    english, spanish = (dict(flat(TEXTS[language])) for language in LANGUAGES)
    assert {k: blanks(t) for k, t in english.items()} == {k: blanks(t) for k, t in spanish.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_a_word_for_every_kind_of_thing(language):
    said = words(language)
    for kind, group in ((Kind, "kind"), (Authority, "authority"), (Confidence, "confidence")):
        for each in kind:
            assert said.say(f"{group}.{each}")
    for outcome in Outcome:
        assert said.say(f"outcomes.{outcome}")
        assert outcome in LOOKS
    for program in FOLDER.iterdir():
        if (program / "rules.yaml").exists():
            assert said.program(program.name) != program.name
            assert said.program_question(program.name)


def test_it_says_which_languages_there_are():
    with pytest.raises(UnknownLanguage, match="en, es"):
        words("xx")


def test_it_names_a_program_that_it_does_not_know():
    assert words().program("new_program") == "New program"


@pytest.mark.parametrize(
    ("part", "whole", "says"),
    [
        (0, 0, "–"),
        (0, 10, "0.0%"),
        (1, 12_600_000, "<0.1%"),
        (12_599_999, 12_600_000, ">99.9%"),
        (10, 10, "100.0%"),
        (1, 8, "12.5%"),
    ],
)
def test_it_never_rounds_a_share_to_nothing_or_to_all(part, whole, says):
    assert share(part, whole) == says


def test_it_counts_one_and_many():
    assert words().count_of("people", 1) == "1 person"
    assert words().count_of("people", 12_000) == "12,000 people"
    assert words("es").count_of("people", 1) == "1 persona"


def test_it_says_when_a_day_comes():
    today = date(2021, 7, 1)
    said = words()
    assert said.days_until(date(2021, 7, 2), today) == "in 1 day"
    assert said.days_until(date(2021, 7, 31), today) == "in 30 days"
    assert said.days_until(today, today) == "today"
    assert said.days_until(date(2021, 6, 30), today) == "has passed"


def test_it_names_the_last_day_that_a_law_was_in_force():
    class Rule:
        in_force = (
            InForce(date(2010, 1, 1), date(2011, 1, 1)),
            InForce(date(2020, 2, 29), None),
        )

    assert words().in_force(Rule) == (
        "In force from January 1, 2010 through December 31, 2010; In force since February 29, 2020"
    )
    assert "31 de diciembre de 2010 inclusive" in words("es").in_force(Rule)
