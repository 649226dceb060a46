"""How hard a text is to read, in English and in Spanish."""

import pytest

from wayhome.words.english import Text
from wayhome.words.reading_level import (
    english_syllables,
    grade,
    sentences,
    spanish_syllables,
    too_hard,
    words_of,
)

# As in the CMU Pronouncing Dictionary.
ENGLISH = {
    1: "judge court law you're year moved called held charged 1990 asks through",
    2: "lawyer people person little settled wanted something being client safety places",
    3: "citizen decided deported video somebody hospital remember protection's",
    4: "immigration certificate education",
    5: "university",
}
SPANISH = {
    1: "ley la y hay juez quien muy dos 1990",
    2: "fianza guerra ella una cuida",
    3: "amigo persona ayuda proceso detención",
    4: "todavía ciudadano inmigración incluyendo",
}


def listed(counts):
    return [(word, count) for count, words in counts.items() for word in words.split()]


@pytest.mark.parametrize(("word", "count"), listed(ENGLISH))
def test_it_counts_english_syllables(word, count):
    assert english_syllables(word) == count


@pytest.mark.parametrize(("word", "count"), listed(SPANISH))
def test_it_counts_spanish_syllables(word, count):
    assert spanish_syllables(word) == count


def test_it_ends_a_sentence_at_its_sign_and_not_at_a_number():
    text = "See 8 CFR 1003.18(d). Is it “final”? Ask!"
    assert sentences(text) == ["See 8 CFR 1003.18(d).", "Is it “final”?", "Ask!"]
    assert words_of("See 8 – now.") == ["See", "8", "now."]


def test_it_grades_by_the_published_formulas():
    # 11 words, 1 sentence, 13 syllables: 0.39 * 11 + 11.8 * 13 / 11 - 15.59
    text = "The judge asked the lawyer to come back to court today."
    assert grade([text], "en") == pytest.approx(0.39 * 11 + 11.8 * 13 / 11 - 15.59)
    # 206.84 - 60 * 11 / 6 - 1.02 * 6 = 90.7: the fourth grade
    assert grade(["La juez pidió volver a casa."], "es") == 4
    with pytest.raises(ValueError, match="no words"):
        grade([], "en")


def test_it_finds_the_law_itself_too_hard():
    statute = (
        "An alien who has been ordered removed under this section and who subsequently seeks "
        "admission within the applicable period is inadmissible notwithstanding reapplication."
    )
    hard = [Text("rule stay.one holds", statute, "rules of stay")]
    found = list(too_hard(hard, "en"))
    assert any("rules of stay read like school grade" in fault for fault in found)


def test_it_names_a_sentence_that_is_too_long_even_in_an_easy_text():
    long = "He may " + "go and " * 12 + "go. He may go." + " Go now." * 9
    (fault,) = too_hard([Text("rule stay.one holds", long, "rules of stay")], "en")
    assert "a sentence of 27 words" in fault


def test_it_does_not_let_headings_make_a_page_look_easy():
    hard = "Administrative authorities nevertheless reconsider applications periodically."
    texts = [Text("page stay section 1 paragraph 1", hard, "page of stay")]
    easy = [Text(f"page stay section {n} heading", "Go.", "page of stay") for n in range(40)]
    assert list(too_hard(texts + easy, "en")) == list(too_hard(texts, "en")) != []
