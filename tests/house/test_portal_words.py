"""Every word of the portal is there in every language, is used, and can be read."""

import re
from pathlib import Path

import pytest

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.portal.wording import MACHINE, ORIGINAL, choice, hint, say, standing, words
from wayhome.words import LANGUAGES
from wayhome.words.languages import ENGLISH
from wayhome.words.reading_level import (
    GRADE,
    LONGEST_SENTENCE,
    MEASURED,
    grade,
    sentences,
    words_of,
)

PORTAL = Path(__file__).parents[2] / "src/wayhome/web/portal"
# Names that are the same in every language.
NAMES = {"reach.whatsapp", "reach.signal"}
# Made from a state, a month, a value of the vocabulary, a choice of a form, or what went wrong.
MADE = ("state.", "next.", "month.", "choice.", "hint.", "who.", "reach.", "refused.", "fault.")
# Names of things of the law, of which the reader has the paper at hand.
NOT_MEASURED = ("choice.", "month.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_text_with_its_blanks_in_every_language(language):
    english, told = words(ENGLISH), words(language)
    assert list(told) == list(english)
    assert [
        key for key, text in told.items() if not isinstance(text, str) or not text.strip()
    ] == []
    blanks = re.compile(r"\{\w+\}")
    assert [
        key
        for key in english
        if sorted(blanks.findall(told[key])) != sorted(blanks.findall(english[key]))
    ] == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != ENGLISH])
def test_a_translation_says_who_made_it_and_is_one(language):
    assert standing(language) == MACHINE or standing(language).startswith("signed: ")
    same = {key for key, text in words(language).items() if text == words(ENGLISH)[key]}
    assert len(same - NAMES) < 10


def test_the_english_is_the_original():
    assert standing(ENGLISH) == ORIGINAL


def test_it_has_no_text_that_no_page_says():
    files = [*PORTAL.rglob("*.html"), *PORTAL.glob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unused = [key for key in words(ENGLISH) if key not in said and not key.startswith(MADE)]
    assert unused == []


def test_every_value_that_can_be_chosen_has_words():
    asked = [
        fact for fact in load_vocabulary() if fact.is_asked and not fact.name.endswith("_circuit")
    ]
    values = {value for fact in asked for value in fact.values}
    own = {f"{fact.name}.{value}" for fact in asked for value in fact.values}
    chosen = {key.removeprefix("choice.") for key in words(ENGLISH) if key.startswith("choice.")}
    assert values <= chosen
    assert chosen <= values | own
    hinted = {key.removeprefix("hint.") for key in words(ENGLISH) if key.startswith("hint.")}
    assert hinted <= {fact.name for fact in asked}


# Everyday words, which say what they mean.
SAYS_ITSELF = {"never", "female", "male", "another", "illness_or_disability"}
# What stands in English on the papers, or is spelled alike: names, and words of both languages.
ON_THE_PAPERS = {"green", "card", "parole", "visa"}
ALIKE = {
    "es": {"comparable", "federal", "legal", "sexual", "visas"},
    "fr": {
        "application",
        "comparable",
        "crime",
        "marijuana",
        "oppose",
        "pause",
        "protection",
        "visas",
    },
    "pt": {"crime", "criminal", "federal", "sexual", "status"},
    "ht": {"federal"},
    "ar": set(),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_choice_is_the_key_of_its_value(language):
    chosen = {k.rpartition(".")[2]: t for k, t in words(language).items() if "choice." in k}
    told = {key for key, text in chosen.items() if text.casefold() == key.replace("_", " ")}
    assert told - SAYS_ITSELF == set()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != ENGLISH])
def test_no_english_word_stands_in_a_choice_or_hint(language):
    """The name of a paper or a program may stand in brackets or quotes, beside words for it."""
    english = (
        {
            word
            for key, text in words(ENGLISH).items()
            if key.startswith(("choice.", "hint."))
            for word in [*_plain(text), *re.findall(r"[a-z]{3,}", key)]
        }
        - ON_THE_PAPERS
        - ALIKE[language]
    )
    found = {
        key: left
        for key, text in words(language).items()
        if key.startswith(("choice.", "hint.")) and (left := set(_plain(text)) & english)
    }
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_names_only_choices_that_are_there(language):
    for fact in load_vocabulary():
        if not (fact.is_asked and fact.values) or fact.name.endswith("_circuit"):
            continue
        choices = [choice(language, fact, value) for value in fact.values]
        quoted = re.findall(r"[“«]\s*([^”»]+?)\s*[”»]", hint(fact, language))
        of_table = [q for q in quoted if q.replace(" ", "_").replace(",", "") in fact.values]
        named = [*choices, say(language, "question.unknown")]
        here = quoted if f"hint.{fact.name}" in words(ENGLISH) else of_table
        lost = [q for q in here if not any(q.casefold() in text.casefold() for text in named)]
        assert lost == [], fact.name


def _plain(text):
    """The words of a text without what stands in brackets or quotes, and without names."""
    plain = re.sub(r"\([^)]*\)|[“«][^”»]*[”»]", " ", text)
    return [word for word in re.findall(r"\b[a-zA-Z]{3,}\b", plain) if word.islower()]


@pytest.mark.parametrize("language", MEASURED)
def test_it_can_be_read_in_the_sixth_grade(language):
    texts = [text for key, text in words(language).items() if not key.startswith(NOT_MEASURED)]
    whole = [text for text in texts if re.search(r"[.?!:]$", text)]
    assert grade(whole, language) <= GRADE
    long = [s for text in whole for s in sentences(text) if len(words_of(s)) > LONGEST_SENTENCE]
    assert long == []


def test_the_title_of_every_page_tells_nothing():
    for language in LANGUAGES:
        title = words(language)["page.title"]
        assert len(title) < 12
        assert title == words(language)["leave.open"]
