"""The law in plain words: English beside the law, translations that go stale when it changes."""

import json

import pytest

from wayhome.law.faults import FaultyRulebook
from wayhome.law.loading import load_rulebook
from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook
from wayhome.words import (
    LANGUAGES,
    UnknownLanguage,
    help_line,
    language_of,
    program_page,
    question,
    sentence,
)
from wayhome.words.catalogs import (
    Translation,
    UnreadableCatalog,
    brought_up_to_date,
    catalog_faults,
    read_catalog,
    rewrite,
    tally,
)
from wayhome.words.english import Text, english_by_context, english_texts, words_faults
from wayhome.words.exchange import brought_in, exported

HOLDS = Text("rule stay.one holds", "This person may stay until {day}.", "rules of stay")
TITLE = Text("page stay title", "Staying", "page of stay")
TEXTS = (TITLE, HOLDS)
SPANISH = {
    text.context: Translation(text.context, text.english, told)
    for text, told in ((TITLE, "Quedarse"), (HOLDS, "Puede quedarse hasta el {day}."))
}


def changed(text, english):
    return Text(text.context, english, text.group)


def kept(path, entries):
    rewrite(path, lambda _: entries)
    return path


@pytest.fixture
def spanish(tmp_path):
    return kept(tmp_path / "es.po", SPANISH.values())


def faults_of(path, texts):
    return list(catalog_faults(path.stem, texts, path.parent))


# --- what people are told ---------------------------------------------------------------------


def test_it_tells_each_answer_of_a_rule_in_the_language_asked_for():
    rule = rulebook().rules["stay.haiti_halt"]
    told = {sentence(rule, answer, "en") for answer in (True, False, None)}
    assert len(told) == 3
    assert "Haití" in sentence(rule, True, "es")
    assert sentence(rule, True, "es") != sentence(rule, True, "en")


def test_it_asks_in_the_language_asked_for_and_asks_nothing_nobody_can_answer():
    facts = load_vocabulary()
    assert question(facts["birth_date"], "es").startswith("¿")
    assert help_line(facts["birth_date"], "es")
    assert question(facts["case_id"], "es") == ""


def test_it_has_a_page_of_every_program_and_none_of_another():
    for program in rulebook().programs:
        english, spanish = (program_page(program, language) for language in ("en", "es"))
        assert len(english.sections) == len(spanish.sections) >= 5
        assert all(section.paragraphs for section in english.sections)
        assert english.title != spanish.title
    assert program_page("no_such_program", "en") is None


def test_it_writes_arabic_from_the_right_and_names_each_language_in_itself():
    assert [code for code in LANGUAGES if LANGUAGES[code].direction == "rtl"] == ["ar"]
    assert LANGUAGES["ht"].own_name == "Kreyòl ayisyen"


@pytest.mark.parametrize(("asked", "meant"), [("ee", None), ("spanish", "es"), ("haitian", "ht")])
def test_it_offers_the_nearest_language(asked, meant):
    with pytest.raises(UnknownLanguage) as error:
        language_of(asked)
    assert meant is None or f"Did you mean {meant}?" in str(error.value)


def test_it_tells_the_sentences_of_somebodys_own_rulebook(programs, rule_text):
    folder = programs({"stay": rule_text("stay.one")})
    (folder / "stay" / "words.yaml").write_text(
        "stay.one: {holds: Mine., does_not_hold: Not mine., cannot_tell: Who knows.}\n"
    )
    rule = load_rulebook(folder).rules["stay.one"]
    assert sentence(rule, None, "en", folder) == "Who knows."
    assert sentence(rule, None, "ht", folder) == "Who knows."  # nobody translated it
    assert sentence(rule, None, "en") == ""


# --- English beside the law ---------------------------------------------------------------------


def test_it_says_which_rules_have_no_words_and_which_words_no_rule(programs, rule_text):
    folder = programs({"stay": rule_text("stay.one") + rule_text("stay.two")})
    (folder / "stay" / "words.yaml").write_text(
        "stay.tow: {holds: a, does_not_hold: b, cannot_tell: c}\nstay.one: {holds: a}\n"
    )
    found = [str(fault) for fault in words_faults(folder, load_rulebook(folder))]
    assert any("stay.two: There are no words" in fault for fault in found)
    assert any("line 1: stay.tow" in f and "Did you mean stay.two" in f for f in found)
    assert any("line 2: stay.one: A rule has a sentence each" in fault for fault in found)


@pytest.mark.parametrize(
    "text",
    ["stay.one: [", "- a list", "stay.one: {holds: a, does_not_hold: 3, cannot_tell: c}"],
)
def test_it_names_the_file_of_words_that_it_cannot_read(programs, rule_text, text):
    folder = programs({"stay": rule_text("stay.one")})
    (folder / "stay" / "words.yaml").write_text(text)
    with pytest.raises(FaultyRulebook, match=r"stay/words\.yaml"):
        english_texts(folder)


@pytest.mark.parametrize(
    "text",
    [
        "title: A\nsummary: B\n",
        "title: A\nsummary: B\nsections: []\n",
        "title: A\nsummary: B\nsections: [{heading: C}]\n",
        "title: A\nsummary: B\nsections: [{heading: C, paragraphs: [1, D]}]\n",
    ],
)
def test_it_names_a_page_that_is_not_whole(programs, rule_text, text):
    folder = programs({"stay": rule_text("stay.one")})
    (folder / "stay" / "words.yaml").write_text("{}")
    (folder / "stay" / "page.yaml").write_text(text)
    with pytest.raises(FaultyRulebook, match=r"stay/page\.yaml"):
        english_by_context(folder)


# --- translations -------------------------------------------------------------------------------


def test_it_writes_a_catalog_that_reads_back_the_same_and_never_differently(spanish):
    entries = {
        **SPANISH,
        HOLDS.context: Translation(
            HOLDS.context,
            HOLDS.english,
            'Con "comillas" y {day}.',
            previous='It was "so".',
            comments=("a note of a translator",),
            is_stale=True,
        ),
    }
    kept(spanish, entries.values())
    first = spanish.read_bytes()
    assert read_catalog(spanish) == entries
    rewrite(spanish, lambda old: old.values())
    assert spanish.read_bytes() == first
    assert b"translated: machine, needs a human reader" in first
    assert list(spanish.parent.iterdir()) == [spanish]


def test_it_finds_no_fault_in_a_whole_catalog(spanish):
    assert faults_of(spanish, TEXTS) == []


def test_it_marks_a_translation_stale_when_its_english_changes(spanish):
    now = (TITLE, changed(HOLDS, "This person can stay until {day}."))
    assert "the English is now" in faults_of(spanish, now)[0]
    rewrite(spanish, lambda old: brought_up_to_date(old, now))
    entry = read_catalog(spanish)[HOLDS.context]
    assert (entry.text, entry.previous) == (SPANISH[HOLDS.context].text, HOLDS.english)
    assert not entry.is_current
    assert "stale" in faults_of(spanish, now)[0]
    assert tally(read_catalog(spanish), now) == (1, 1, 0, 0)


def test_it_takes_a_translation_back_when_its_english_comes_back(spanish):
    for english in ("Once changed.", "Twice changed.", HOLDS.english):
        now = (TITLE, changed(HOLDS, english))
        rewrite(spanish, lambda old, now=now: brought_up_to_date(old, now))
    assert read_catalog(spanish) == SPANISH


def test_it_no_longer_counts_a_signature_for_a_sentence_that_changed(spanish):
    signed = Translation(HOLDS.context, HOLDS.english, "Puede {day}.", signed="Ana 2026-11-21")
    kept(spanish, [signed])
    assert tally(read_catalog(spanish), [HOLDS]) == (1, 0, 0, 1)
    now = [changed(HOLDS, "Something else.")]
    rewrite(spanish, lambda old: brought_up_to_date(old, now))
    assert tally(read_catalog(spanish), now) == (0, 1, 0, 0)


def test_it_keeps_the_translation_of_a_paragraph_that_moved_within_its_page(spanish):
    moved = Text("page stay section 1 heading", TITLE.english, TITLE.group)
    now = (changed(TITLE, "A new title"), moved)
    found = {e.context: e for e in brought_up_to_date(SPANISH, now)}
    assert found[moved.context].is_current
    assert found[moved.context].text == "Quedarse"
    assert not found[TITLE.context].is_current


def test_it_drops_what_has_no_english_any_more_and_says_so_before(spanish):
    (fault,) = faults_of(spanish, [TITLE])
    assert "there is no such English text" in fault
    rewrite(spanish, lambda old: brought_up_to_date(old, [TITLE]))
    assert list(read_catalog(spanish)) == [TITLE.context]


@pytest.mark.parametrize(
    ("told", "said"),
    [("", "missing"), ("Puede quedarse.", "blanks"), ("Hasta el {dia}.", "blanks")],
)
def test_it_says_what_is_missing_and_which_blanks_differ(spanish, told, said):
    kept(spanish, [Translation(HOLDS.context, HOLDS.english, told)])
    (fault,) = faults_of(spanish, [HOLDS])
    assert said in fault
    assert HOLDS.context in fault


def test_it_says_that_a_language_has_no_catalog(tmp_path):
    assert list(catalog_faults("ht", TEXTS, tmp_path)) == [
        "ht.po: there is no catalog of Haitian Creole yet."
    ]


def test_it_names_a_file_that_is_no_catalog(spanish):
    spanish.write_text('msgid "a"\nnonsense\n')
    with pytest.raises(UnreadableCatalog, match=r"es\.po, line 2"):
        read_catalog(spanish)


def test_it_loses_nothing_when_two_bring_in_translations_at_once(spanish):
    other = Translation(TITLE.context, TITLE.english, "Quedarse aquí")
    calls = []

    def change(old):
        calls.append(1)
        if len(calls) == 1:  # while this one thinks, somebody else is quicker
            kept(spanish, [other, old[HOLDS.context]])
        return [*(e for c, e in old.items() if c != HOLDS.context), Translation(*HOLDS_NEW)]

    HOLDS_NEW = (HOLDS.context, HOLDS.english, "Se queda hasta {day}.")
    rewrite(spanish, change)
    assert {e.text for e in read_catalog(spanish).values()} == {
        "Quedarse aquí",
        "Se queda hasta {day}.",
    }


# --- in bulk --------------------------------------------------------------------------------------


def lines_of(*entries):
    return [json.dumps(entry) for entry in entries]


def line(text, translation, **more):
    return {"context": text.context, "english": text.english, "translation": translation, **more}


def test_it_brings_in_what_it_gave_out():
    given = [json.loads(line) for line in exported({}, TEXTS, missing=True)]
    assert [entry["english"] for entry in given] == [TITLE.english, HOLDS.english]
    for entry in given:
        entry["translation"] = SPANISH[entry["context"]].text
    brought = brought_in(brought_up_to_date({}, TEXTS), lines_of(*given), TEXTS, "es.jsonl")
    assert {e.context: e for e in brought.entries} == SPANISH
    assert (brought.taken, brought.refused) == (2, ())


def test_it_gives_out_only_what_is_missing_or_stale_with_what_there_was():
    now = (TITLE, changed(HOLDS, "He may stay."))
    (given,) = exported(SPANISH, now, missing=True)
    told = json.loads(given)
    assert told["translation"] == ""
    assert told["previous"] == SPANISH[HOLDS.context].text
    assert told["previous_english"] == HOLDS.english
    assert len(exported(SPANISH, now, missing=False)) == 2


def test_it_refuses_a_line_whose_english_is_not_that_of_today_and_takes_the_others():
    now = (TITLE, changed(HOLDS, "This person can stay until {day}."))
    lines = lines_of(line(HOLDS, "Puede {day}."), line(TITLE, "Quedarse aquí"))
    brought = brought_in(brought_up_to_date(SPANISH, now), lines, now, "es.jsonl")
    assert brought.taken == 1
    (refused,) = brought.refused
    assert "es.jsonl, line 1" in refused
    assert "is now" in refused
    assert next(e.text for e in brought.entries if e.context == TITLE.context) == "Quedarse aquí"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "not JSON"),
        ("[1]", "no JSON object"),
        (json.dumps({"context": TITLE.context, "english": TITLE.english}), "translation"),
        (json.dumps({**line(TITLE, "a"), "context": "page sty title"}), "Did you mean page stay"),
        (json.dumps(line(HOLDS, "without its blank")), "{day}"),
    ],
)
def test_it_says_what_is_wrong_with_a_line(text, said):
    brought = brought_in(SPANISH.values(), [text], TEXTS, "es.jsonl")
    assert said in brought.refused[0]
    assert brought.entries == tuple(SPANISH.values())


def test_it_never_writes_over_what_somebody_signed_unless_somebody_signs_again():
    signed = Translation(TITLE.context, TITLE.english, "Quedarse", signed="Ana 2026-11-21")
    again = brought_in([signed], lines_of(line(TITLE, "Permanecer")), [TITLE], "es.jsonl")
    assert again.entries == (signed,)
    assert "Ana 2026-11-21" in again.refused[0]
    by = line(TITLE, "Permanecer", signed="Luz 2026-12-01")
    (entry,) = brought_in([signed], lines_of(by), [TITLE], "es.jsonl").entries
    assert (entry.text, entry.signed) == ("Permanecer", "Luz 2026-12-01")


def test_it_changes_nothing_for_an_empty_translation():
    brought = brought_in(SPANISH.values(), lines_of(line(TITLE, " ")), TEXTS, "es.jsonl")
    assert (brought.entries, brought.taken) == (tuple(SPANISH.values()), 0)
