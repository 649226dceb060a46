"""Every word of the law is there in every language, is of today, and can be read."""

import pytest

from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook
from wayhome.words import program_page
from wayhome.words.catalogs import catalog_faults, catalog_path
from wayhome.words.english import english_texts
from wayhome.words.languages import TRANSLATIONS
from wayhome.words.reading_level import MEASURED, too_hard

# A language joins the day its first translation is brought in, and is whole from then on.
LANGUAGES = [code for code in TRANSLATIONS if catalog_path(code).exists()]


def test_it_speaks_spanish():
    assert "es" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_has_every_text_in_every_language_as_it_is_today(language):
    assert list(catalog_faults(language, english_texts())) == []


@pytest.mark.parametrize("language", MEASURED)
def test_it_can_be_read_in_the_sixth_grade(language):
    assert list(too_hard(english_texts(), language)) == []


def test_it_helps_with_every_question():
    assert [fact.name for fact in load_vocabulary() if fact.is_asked and not fact.help] == []


@pytest.mark.parametrize("program", rulebook().programs)
def test_it_has_a_page_of_each_program_that_promises_nothing(program):
    page = program_page(program, "en")
    paragraphs = [text for section in page.sections for text in section.paragraphs]
    assert 150 <= sum(len(text.split()) for text in paragraphs) <= 250
    assert any("a lead for a lawyer, not advice" in text for text in paragraphs)
