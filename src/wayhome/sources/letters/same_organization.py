"""Which lines are one organization: for certain, or for a person to decide.

Two names are one for certain where they are the same word for word in any script, without regard
to capitals, accents on Latin letters, punctuation, "&", "the", "Inc." and an acronym in brackets
that only one of them has. All else that is alike is a question, a plural too: clinics and alliances
share most of their words and are not one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from wayhome.sources.letters.one_line import Signatory
from wayhome.sources.letters.words import REMEMBERED, initials, singular, stems, weighty, words_of

SHORTEST_ACRONYM = 3
LONG_WORD = 5
SAINT = frozenset({"st", "ste", "sainte"})


class Verdict(StrEnum):
    SAME = "same"
    ASK = "ask"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Likeness:
    """`likeness` is 0 to 100, of the names; `because` why the verdict is not "different"."""

    verdict: Verdict
    likeness: float
    because: str


@dataclass(frozen=True)
class Pair:
    """Two lines, the first of the first list."""

    one: Signatory
    other: Signatory
    likeness: Likeness

    @property
    def spelt_alike(self) -> bool:
        return self.one.printed == self.other.printed


# What a person decided, by the keys of two names: whether they are one.
Decided = Mapping[frozenset[str], bool]


def organization_key(name: str) -> str:
    """By what an organization is known again; a decision is remembered by the keys of two."""
    return " ".join(words_of(name))


def compare(one: Signatory, other: Signatory, decided: Decided | None = None) -> Likeness:
    """Whether two lines are one organization."""
    here, there = words_of(one.name), words_of(other.name)
    score = round(fuzz.ratio(" ".join(here), " ".join(there)), 1)
    if decided:
        keys = frozenset((organization_key(one.name), organization_key(other.name)))
        if keys in decided:
            verdict = Verdict.SAME if decided[keys] else Verdict.DIFFERENT
            return Likeness(verdict, score, "a person decided so")
    if here and here == there:
        return _of_same_words(one, other, score)
    if here and singular(here) == singular(there):
        return Likeness(Verdict.ASK, score, "the same words but for a plural or a possessive")
    mine, yours = _spelt_out(here), _spelt_out(there)
    if here and mine == yours:
        return Likeness(Verdict.ASK, score, "the same words but for Saint and St.")
    because = _question(one, other, mine, yours)
    return Likeness(Verdict.ASK if because else Verdict.DIFFERENT, score, because)


@lru_cache(REMEMBERED)
def _spelt_out(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words to compare: without plurals, and "Saint" for its abbreviations."""
    return tuple("saint" if word in SAINT else word for word in singular(words))


def _of_same_words(one: Signatory, other: Signatory, score: float) -> Likeness:
    """Chapters in two places, a person and their organization: two until somebody decides."""
    if (one.person is None) != (other.person is None):
        return Likeness(Verdict.ASK, score, "one is a person of that organization")
    if one.place and other.place and one.place.casefold() != other.place.casefold():
        because = f"one name in two places: {one.place} and {other.place}"
        return Likeness(Verdict.ASK, score, because)
    if one.acronym and other.acronym and _letters(one.acronym) != _letters(other.acronym):
        return Likeness(Verdict.ASK, score, "one name with two acronyms")
    return Likeness(Verdict.SAME, score, "the same words")


def _question(
    one: Signatory, other: Signatory, here: tuple[str, ...], there: tuple[str, ...]
) -> str:
    """Why a person should look, empty where nothing speaks for it."""
    mine, yours = weighty(here), weighty(there)
    if not mine or not yours:
        return ""
    if mine == yours:
        return "the same words in another order"
    if stems(here) == stems(there):
        return "words of the same beginning"
    if len(here) == len(there) and _one_letter_wrong(here, there):
        return "a letter or two differ"
    if mine < yours or yours < mine:
        return "one has words that the other lacks: a branch, an affiliate or a longer name"
    return _by_acronym(one, other, here, there)


def _one_letter_wrong(here: Sequence[str], there: Sequence[str]) -> bool:
    wrong = [(a, b) for a, b in zip(here, there, strict=True) if a != b]
    return len(here) > 1 and all(
        min(len(a), len(b)) >= LONG_WORD
        and a[0] == b[0]
        and Levenshtein.distance(a, b, score_cutoff=2) <= 2
        for a, b in wrong
    )


def _by_acronym(
    one: Signatory, other: Signatory, here: tuple[str, ...], there: tuple[str, ...]
) -> str:
    for short, long, words in ((one, other, there), (other, one, here)):
        capitals = _capitals(short.name)
        if not capitals and not short.acronym:
            continue
        letters = {initials(words), _letters(long.acronym)} - {""}
        said = {_letters(short.acronym), *capitals}
        is_spelt_out = any(_stands_in(found, short, long) for found in capitals)
        if is_spelt_out or any(len(found) >= SHORTEST_ACRONYM for found in letters & said):
            return "the letters of the one stand for the other: the same or an affiliate"
    return ""


def _stands_in(acronym: str, short: Signatory, long: Signatory) -> bool:
    """Whether the names are one but for an acronym that the longer one spells out: "ACLU of
    Michigan", "American Civil Liberties Union of Michigan".
    """
    here, there = _spelt_out(words_of(short.name)), _spelt_out(words_of(long.name))
    (letters,) = _spelt_out((acronym,))
    if len(acronym) < SHORTEST_ACRONYM or letters not in here or len(here) < 2:
        return False
    before = here.index(letters)
    behind = len(here) - before - 1
    last = len(there) - behind
    same_rest = here[:before] == there[:before] and here[before + 1 :] == there[last:]
    return same_rest and initials(there[before:last]) == acronym


@lru_cache(REMEMBERED)
def _letters(acronym: str | None) -> str:
    return "".join(c for c in (acronym or "").casefold() if c.isalpha())


@lru_cache(REMEMBERED)
def _capitals(name: str) -> frozenset[str]:
    return frozenset(w.casefold() for w in name.split() if w.isalpha() and w.isupper())


def duplicates(
    signatories: Sequence[Signatory], decided: Decided | None = None
) -> tuple[Pair, ...]:
    """Lines of one list that are one organization, or may be; the first of several with each."""
    first, again = _firsts(signatories)
    pairs = [*again, *((first[i], first[j]) for i, j in _candidates(first))]
    return _worth(pairs, decided)


def in_both(
    one: Sequence[Signatory], other: Sequence[Signatory], decided: Decided | None = None
) -> tuple[Pair, ...]:
    """Organizations of two lists that are one, or may be; a repeated line once."""
    here, there = _firsts(one)[0], _firsts(other)[0]
    across = (
        (here[i], there[j - len(here)])
        for i, j in _candidates([*here, *there])
        if i < len(here) <= j
    )
    found = _worth(across, decided)
    certain = {
        id(line)
        for pair in found
        if pair.likeness.verdict is Verdict.SAME
        for line in (pair.one, pair.other)
    }
    return tuple(
        pair
        for pair in found
        if pair.likeness.verdict is Verdict.SAME or not {id(pair.one), id(pair.other)} & certain
    )


def _firsts(
    signatories: Iterable[Signatory],
) -> tuple[list[Signatory], list[tuple[Signatory, Signatory]]]:
    """The first line of each name and place, and each later one with its first."""
    first: dict[tuple[str, str, bool], Signatory] = {}
    again = []
    for line in signatories:
        place = (line.place or "").casefold()
        key = organization_key(line.name), place, line.person is None
        if key in first:
            again.append((first[key], line))
        else:
            first[key] = line
    return list(first.values()), again


def _candidates(signatories: Sequence[Signatory]) -> list[tuple[int, int]]:
    """Pairs, by place, that share one of their two rarest words or an acronym.

    Ten thousand names make fifty million pairs, and nearly all have nothing in common.
    """
    words = [stems(_spelt_out(words_of(line.name))) for line in signatories]
    times = Counter(word for found in words for word in set(found))
    by_block: dict[str, list[int]] = defaultdict(list)
    by_part: dict[str, list[int]] = defaultdict(list)
    for number, (line, found) in enumerate(zip(signatories, words, strict=True)):
        for word in {*found, *_letters_of(line)}:
            by_block[word].append(number)
        for letters in _letters_of_parts(line):
            by_part[letters].append(number)
    pairs = set()
    for number, (line, found) in enumerate(zip(signatories, words, strict=True)):
        rarest = sorted(set(found), key=lambda word: (times[word], word))[:2]
        for word in {*rarest, *_letters_of(line)}:
            pairs |= {(min(number, other), max(number, other)) for other in by_block[word]}
        for letters in _capitals(line.name):
            pairs |= {
                (min(number, other), max(number, other)) for other in by_part.get(letters, ())
            }
    return sorted((a, b) for a, b in pairs if a != b)


def _letters_of(line: Signatory) -> set[str]:
    """What may stand for the name: its initials, its acronym, words that are all capitals."""
    found = {initials(words_of(line.name)), _letters(line.acronym), *_capitals(line.name)}
    return {letters for letters in found if len(letters) >= SHORTEST_ACRONYM}


def _letters_of_parts(line: Signatory) -> set[str]:
    """The initials of the words that a name begins and ends with: "ACLU" of "… of Michigan"."""
    letters = initials(words_of(line.name))
    long_enough = range(SHORTEST_ACRONYM, len(letters))
    return {part for size in long_enough for part in (letters[:size], letters[-size:])}


def _worth(
    pairs: Iterable[tuple[Signatory, Signatory]], decided: Decided | None
) -> tuple[Pair, ...]:
    found = (Pair(one, other, compare(one, other, decided)) for one, other in pairs)
    worth = (pair for pair in found if pair.likeness.verdict is not Verdict.DIFFERENT)
    return tuple(sorted(worth, key=lambda pair: (pair.one.line, pair.other.line)))
