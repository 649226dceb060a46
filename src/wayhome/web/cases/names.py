"""Names across scripts and spellings: their words, and how a word sounds without its vowels.

Scripts that write no vowels (محمد) and spellings that differ in them (Mohamed, Muhammad) meet in
the consonants. This finds candidates; how alike two names are is for `likeness`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations, pairwise

from anyascii import anyascii
from rapidfuzz import fuzz

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")
# 王小明 is written WangXiaoMing: a name of three words.
_WORDS_RUN_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiouywh]")
# Spellings of one sound, the longer ones first.
_SOUNDS = (
    ("sch", "s"),
    ("tch", "s"),
    ("ph", "f"),
    ("gh", "g"),
    ("kh", "k"),
    ("ck", "k"),
    ("ch", "s"),
    ("sh", "s"),
    ("dj", "j"),
    ("ce", "se"),
    ("ci", "si"),
    ("x", "s"),
    ("z", "s"),
    ("c", "k"),
    ("q", "k"),
    ("v", "b"),
    ("ou", "u"),
    ("j", "g"),
)
# What is not heard, or heard alike, in a word's consonants.
_SPOKEN = (
    (re.compile(r"m(?=[bp])"), "n"),
    (re.compile(r"p(?=t)"), ""),
    (re.compile(r"(?<=s)t$"), ""),
    (re.compile(r"(?<=..)r$"), ""),
    (_DOUBLED, r"\1"),
)
# A sound shorter than this is shared by too many names to find anybody by.
SHORTEST_SOUND = 2
MOST_WORDS_PAIRED = 6


def folded(name: str) -> str:
    """A name in small Latin letters, a space between its words, whatever script it is in."""
    latin = anyascii(name.replace("'", "").replace("’", ""))
    if not name.isascii():
        latin = _WORDS_RUN_TOGETHER.sub(" ", latin)
    latin = latin.replace("'", "").replace("`", "").lower()
    return _NOT_A_LETTER.sub(" ", latin).strip()


def words_of(name: str) -> set[str]:
    """Every word of a name, and each two neighbours as one: Marie-Claire is Marieclaire too."""
    words = folded(name).split()
    return {*words, *(a + b for a, b in pairwise(words))}


def sound_of(word: str) -> str:
    """The consonants of a folded word, spelled one way; empty where too few are left."""
    for spelling, sound in _SOUNDS:
        word = word.replace(spelling, sound)
    sound = _VOWELS.sub("", _DOUBLED.sub(r"\1", word))
    return sound if len(sound) >= SHORTEST_SOUND else ""


def loose_sound_of(word: str) -> str:
    """As `sound_of`, without consonants that people leave out when they write as they speak.

    Janbatis and Jean-Baptiste, Vilnè and Vilner, Wilner and Vilner come to the same.
    """
    sound = sound_of(f"v{word[1:]}" if word.startswith("w") else word)
    for written, spoken in _SPOKEN:
        sound = written.sub(spoken, sound)
    return sound if len(sound) >= SHORTEST_SOUND else ""


def sounds_of(name: str) -> set[str]:
    """How each word sounds, and how it sounds loosely where that is something else."""
    sounds = (f(word) for word in words_of(name) for f in (sound_of, loose_sound_of))
    return {sound for sound in sounds if sound}


def pairs_of(name: str) -> set[str]:
    """Any two words of a name together, by their sound and in the order of the alphabet.

    A name that millions share in one word is told apart by two, whichever comes first.
    """
    words = folded(name).split()[:MOST_WORDS_PAIRED]
    return {
        f"{one} {other}"
        for sounding in (sound_of, loose_sound_of)
        for one, other in combinations(sorted({sounding(word) or word for word in words}), 2)
    }


@dataclass(frozen=True)
class Heard:
    """A name made ready to be compared: as it is written, as it sounds, and word by word.

    `words` has each word with its sound; `joined` each two neighbours as one as well.
    """

    written: str
    sounding: str
    words: tuple[tuple[str, str], ...]
    joined: tuple[tuple[str, str], ...]


def heard(name: str) -> Heard:
    written = folded(name)
    words = tuple(_with_sound(word) for word in written.split())
    joined = tuple(_with_sound(one + other) for (one, _), (other, _) in pairwise(words))
    return Heard(written, " ".join(sound for _, sound in words), words, (*words, *joined))


def _with_sound(word: str) -> tuple[str, str]:
    return word, sound_of(word) or word


def likeness(one: str | Heard, other: str | Heard) -> float:
    """How alike two names are, from 0 to 100, whatever the order of their words and the script.

    The better of how they are written and how their consonants sound; a name of which the other
    has one surname more counts as nearly the same.
    """
    first, second = _heard(one), _heard(other)
    sounding = _alike(first.sounding, second.sounding)
    return max(_alike(first.written, second.written), sounding)


def likeness_by_words(text: str | Heard, name: str | Heard) -> float:
    """How well each word of a text is found among the words of a name, from 0 to 100."""
    wanted, words = _heard(text).words, _heard(name).joined
    if not wanted or not words:
        return 0.0
    best = (max(_word_alike(one, other) for other in words) for one in wanted)
    return sum(best) / len(wanted)


def _heard(name: str | Heard) -> Heard:
    return heard(name) if isinstance(name, str) else name


def _word_alike(one: tuple[str, str], other: tuple[str, str]) -> float:
    # Omar and Maria sound the same without their vowels: the sound alone is not certain.
    return max(float(fuzz.ratio(one[0], other[0])), 0.92 * fuzz.ratio(one[1], other[1]))


def _alike(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    whole = float(fuzz.token_sort_ratio(one, other))
    # A single shared word, as one given name, is not the same person.
    few = min(len(one.split()), len(other.split()))
    return max(whole, 0.95 * fuzz.token_set_ratio(one, other)) if few > 1 else whole
