"""The school grade that a text asks of its reader, in English and in Spanish.

English: the Flesch-Kincaid grade (Kincaid and others 1975). Spanish: the Fernández Huerta score
(1959), `206.84 - 60 P - 1.02 F` with P syllables a word and F words a sentence; its author's own
table gives the grade: 90 and more the fourth, 80 the fifth, 70 the sixth, 60 the eighth.

Syllables are counted from the spelling. Against the CMU Pronouncing Dictionary the English count
of all words of this rulebook was off by 0.1 percent (16,075 for 16,093; on 2026-11-21); Spanish
spelling leaves nothing to guess. docs/decisions/0020-reading-level.md says why no library does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from wayhome.words.english import Text
from wayhome.words.languages import ENGLISH
from wayhome.words.telling import translation

GRADE = 6
# Names of the matter itself, for which there is no plainer word that is true. Whoever reads this
# has met them on every paper of the case, so each counts as one familiar word of two syllables.
FAMILIAR = {
    "en": ("Temporary Protected Status", "immigration", "detention", "deportation"),
    "es": ("Estatus de Protección Temporal", "inmigración", "detención", "deportación"),
}
_FAMILIAR_WORD = "paper"
LONGEST_SENTENCE = 25
MEASURED = ("en", "es")

_SENTENCE_END = re.compile(r"(?<=[.?!])[”»)]*\s+")
_SILENT_E = re.compile(
    r"""
      (?<=[^aeiouylr])e$ | (?<=[aeiouy][lr])e$ | (?<=[lr]{2})e$
    | (?<=[^aeiouylrtd])e(?=d$) | (?<=[aeiouylr][lr])e(?=d$)
    | (?<=[^aeiouylrsxzcgh])e(?=s$) | (?<=[aeiouylr][lr])e(?=s$) | (?<=[^sc]h)e(?=s$)
    | (?<=[^aeiouy])e(?=(?:ly|ment|ful|less|ness|ty|thing|one|body|land|giver|where)s?$)
    """,
    re.VERBOSE,
)
# Vowels that stand together and are spoken apart (client, create, being), and a spoken m (prism).
_APART = re.compile(
    r"""
      (?<=[^tcsgx])i(?=[ao]|u[^s]) | (?<=[^qg])u(?=a(?!r[ds])) | u(?=el) | e(?=o[^pu]|o$)
    | [aeiou](?=ing) | (?<=l)i(?=e[tnr]) | i(?=et) | (?<=r)i(?=en[ct])
    | e(?=a$|ate) | [aeiou](?=y[aeiou]) | (?<=[aeo])i(?=re) | [st](?=hm$|m$)
    """,
    re.VERBOSE,
)
# Each strong or accented vowel is one; weak ones count where no other vowel carries them.
_SPANISH = re.compile(r"[aeoáéíóú]|(?<![aeoáéíóúiuü])[iuüy]+(?![aeoáéíóúiuü])")


def english_syllables(word: str) -> int:
    """How many syllables a word has; a number counts as one."""
    spelled = re.sub(r"['’].*$|[^a-z'’]", "", word.lower())
    spoken = _SILENT_E.sub("", re.sub(r"^y(?=[aeiou])", "", spelled))
    return max(1, len(re.findall(r"[aeiouy]+", spoken)) + len(_APART.findall(spoken)))


def spanish_syllables(word: str) -> int:
    """How many syllables a word has; a number counts as one. Between vowels y is a consonant."""
    spoken = re.sub(r"y(?=[aeiouáéíóú])", "ll", re.sub(r"[\W\d]", "", word.lower()))
    return max(1, len(_SPANISH.findall(spoken)))


def sentences(text: str) -> list[str]:
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def words_of(sentence: str) -> list[str]:
    return [word for word in sentence.split() if re.search(r"\w", word)]


def grade(texts: Iterable[str], language: str) -> float:
    """The school grade of some texts read as one; `language` is `en` or `es`.

    Raises KeyError for another language and ValueError for no words at all.
    """
    syllables, grade_of = _MEASURES[language]
    familiar = re.compile("|".join(FAMILIAR[language]), re.IGNORECASE)
    plain = (familiar.sub(_FAMILIAR_WORD, text) for text in texts)
    parts = [words_of(sentence) for text in plain for sentence in sentences(text)]
    words = [word for part in parts for word in part]
    if not words:
        raise ValueError("There are no words to measure.")
    return grade_of(sum(map(syllables, words)) / len(words), len(words) / len(parts))


def too_hard(texts: Iterable[Text], language: str) -> Iterator[str]:
    """A sentence for each group of texts above the sixth grade, and for each sentence too long.

    Titles and headings are no sentences, and would make a page look easier than it is. A text that
    is not translated yet is passed over: that is another fault.
    """
    groups: dict[str, list[str]] = {}
    for text in texts:
        words = (
            text.english
            if language == ENGLISH
            else translation(text.context, text.english, language)
        )
        if not words or text.context.endswith((" title", " heading")):
            continue
        groups.setdefault(text.group, []).append(words)
        for sentence in sentences(words):
            if (length := len(words_of(sentence))) > LONGEST_SENTENCE:
                yield (
                    f"{language}: {text.context}: a sentence of {length} words; make it "
                    f"{LONGEST_SENTENCE} at most: {sentence!r}."
                )
    for group, members in groups.items():
        if (found := grade(members, language)) > GRADE:
            yield (
                f"{language}: the {group} read like school grade {found:.1f}; write shorter "
                f"sentences and shorter words, for grade {GRADE}."
            )


def _flesch_kincaid(syllables_a_word: float, words_a_sentence: float) -> float:
    return 0.39 * words_a_sentence + 11.8 * syllables_a_word - 15.59


def _fernandez_huerta(syllables_a_word: float, words_a_sentence: float) -> float:
    score = 206.84 - 60 * syllables_a_word - 1.02 * words_a_sentence
    grades = {90: 4, 80: 5, 70: 6, 60: 8, 50: 10}
    return next((grade for least, grade in grades.items() if score >= least), 13)


_MEASURES: dict[str, tuple[Callable[[str], int], Callable[[float, float], float]]] = {
    "en": (english_syllables, _flesch_kincaid),
    "es": (spanish_syllables, _fernandez_huerta),
}
